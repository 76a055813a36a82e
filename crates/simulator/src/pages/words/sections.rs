//! Into which sections a form is split. Most older integrations have a flat form.

use serde_json::{Value as Json, json};

use crate::kinds::Kind;
use crate::version::Version;

fn section(kind: &str, title: &str, description: &str) -> Json {
    json!({ "type": kind, "title": title, "description": description, "plan": null })
}

fn connection() -> Json {
    section("connection", "Connection details", "")
}

fn trigger() -> Json {
    let when = "An event will be triggered when one of the following items happen.";
    section("trigger", "Trigger", when)
}

fn configuration() -> Json {
    section("configuration", "Notification settings", "Configure the scope of notifications.")
}

/// `data-sections`; empty = one flat form.
pub(in crate::pages) fn sections(kind: &Kind, version: &Version) -> Vec<Json> {
    match kind.slug {
        "slack"
        | "gitlab-slack-application"
        | "mattermost"
        | "discord"
        | "hangouts-chat"
        | "microsoft-teams"
        | "pumble"
        | "unify-circuit"
        | "webex-teams"
        | "matrix"
        | "telegram" => vec![connection(), trigger(), configuration()],
        "jira" => {
            let mut all = vec![
                connection(),
                section("jira_trigger", "Trigger", "When a Jira issue is mentioned in a commit."),
                section("configuration", "Jira issue matching", "Configure custom rules."),
            ];
            if version.enterprise() {
                let view = "View issues from multiple Jira projects in this GitLab project.";
                let mut issues = section("jira_issues", "Jira issues", view);
                issues["plan"] = "premium".into();
                all.push(issues);
            }
            all
        }
        "jenkins" | "datadog" | "asana" | "linear" | "jira-cloud-app" => {
            let more = (kind.events.len() > 1).then(trigger);
            [connection()].into_iter().chain(more).collect()
        }
        "apple-app-store" => {
            vec![section("apple_app_store", "Integration details", ""), configuration()]
        }
        "google-play" => vec![section("google_play", "Integration details", ""), configuration()],
        _ => Vec::new(),
    }
}
