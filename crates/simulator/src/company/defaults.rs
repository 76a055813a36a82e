//! The defaults of the instance and of groups, the oldest first.

use serde_json::json;

use super::{Office, custom};
use crate::world::{Form, RowEdit, UnknownTarget};

pub(super) fn set(office: &mut Office<'_>) -> Result<(), UnknownTarget> {
    of_instance(office)?;
    of_acme(office)?;
    of_platform(office)?;
    of_other_groups(office)
}

fn of_instance(office: &mut Office<'_>) -> Result<(), UnknownTarget> {
    let git_guardian = custom(json!({ "token": "gg-4f1c0d5e" }));
    office.save("", "git-guardian", 410, &git_guardian)?;

    let jira = custom(json!({
        "url": "https://jira-corp.acme.example",
        "jira_auth_type": 0,
        "username": "gitlab@acme.example",
        "password": "corp-jira-password",
        "issues_enabled": "false",
    }));
    office.save("", "jira", 900, &jira)?;

    let pipelines = custom(json!({
        "recipients": "ci-alerts@acme.example",
        "notify_only_broken_pipelines": "true",
        "branches_to_be_notified": "default",
    }));
    office.save("", "pipelines-email", 900, &pipelines.events(&[("pipeline_events", true)]))?;

    // Left over from a trial, and off for everyone.
    let mattermost = custom(json!({
        "webhook": "https://mattermost.acme.example/hooks/trial",
        "username": "gitlab",
        "channel": "town-square",
    }));
    office.save("", "mattermost", 800, &mattermost.switched_off())
}

fn of_acme(office: &mut Office<'_>) -> Result<(), UnknownTarget> {
    let emails = custom(json!({
        "recipients": "release-managers@acme.example audit@acme.example",
        "disable_diffs": "1",
        "send_from_committer_email": "0",
        "branches_to_be_notified": "protected",
    }));
    let events = [("push_events", true), ("tag_push_events", true)];
    office.save("acme", "emails-on-push", 620, &emails.events(&events))?;

    let teams = custom(json!({
        "webhook": "https://acme.webhook.office.example/webhookb2/7c0d",
        "notify_only_broken_pipelines": true,
        "branches_to_be_notified": "default_and_protected",
    }));
    let events = [("push_events", false), ("pipeline_events", true), ("issues_events", false)];
    office.save("acme", "microsoft-teams", 540, &teams.events(&events))?;

    let slack = custom(json!({
        "webhook": "https://hooks.slack.example/services/T0ACME/B0GENERAL/general",
        "username": "GitLab",
        "channel": "#engineering",
    }));
    office.save("acme", "slack", 520, &slack)
}

fn of_platform(office: &mut Office<'_>) -> Result<(), UnknownTarget> {
    let jira = custom(json!({
        "url": "https://jira.acme.example",
        "jira_auth_type": 0,
        "username": "svc-gitlab",
        "password": "platform-jira-password",
        "jira_issue_regex": "[A-Z]{2,5}-\\d+",
        "jira_issue_transition_automatic": true,
        "issues_enabled": "true",
        "project_keys": ["PLAT", "OPS"],
    }));
    let events = [
        ("commit_events", true),
        ("merge_requests_events", true),
        ("comment_on_event_enabled", true),
    ];
    office.save("acme/platform", "jira", 380, &jira.events(&events))?;

    let slack = custom(json!({
        "webhook": "https://hooks.slack.example/services/T0ACME/B0PLATFORM/platform",
        "username": "GitLab",
        "channel": "#platform",
        "pipeline_channel": "#platform-ci",
        "alert_channel": "#platform-oncall",
        "notify_only_broken_pipelines": true,
        "branches_to_be_notified": "default_and_protected",
        "labels_to_be_notified": "~incident",
    }));
    let events = [("pipeline_events", true), ("deployment_events", true), ("push_events", false)];
    office.save("acme/platform", "slack", 360, &slack.events(&events))?;

    let datadog = custom(json!({
        "datadog_site": "datadoghq.eu",
        "api_key": "dd-platform-api-key",
        "datadog_ci_visibility": "true",
        "datadog_service": "gitlab",
        "datadog_env": "production",
        "datadog_tags": "team:platform\ncost-centre:4410",
    }));
    office.save("acme/platform", "datadog", 300, &datadog.events(&[("pipeline_events", true)]))?;

    let harbor = custom(json!({
        "url": "https://harbor.acme.example",
        "project_name": "platform",
        "username": "robot$gitlab",
        "password": "platform-harbor-password",
    }));
    office.save("acme/platform", "harbor", 210, &harbor)?;

    let wiki = custom(json!({ "external_wiki_url": "https://wiki.acme.example/checkout" }));
    office.save("acme/platform/checkout", "external-wiki", 190, &wiki)?;

    // Linked to its default by an API call on an older server, which copies nothing for a group:
    // it keeps the channels it had.
    let linked = RowEdit {
        active: Some(true),
        linked: Some(true),
        fields: super::pairs(json!({
            "webhook": "https://hooks.slack.example/services/T0ACME/B0WEB/web",
            "channel": "#web",
            "pipeline_channel": "#web-ci",
            "branches_to_be_notified": "all",
        })),
        ..RowEdit::default()
    };
    office.leave("acme/platform/web", "slack", 120, &linked)
}

fn of_other_groups(office: &mut Office<'_>) -> Result<(), UnknownTarget> {
    let mobile = custom(json!({
        "url": "https://jira.acme.example",
        "jira_auth_type": 1,
        "password": "mobile-jira-token",
        "jira_issue_regex": "MOB-\\d+",
        "jira_issue_prefix": "MOB-",
        "issues_enabled": "true",
        "project_keys": ["MOB"],
    }));
    office.save("acme/mobile", "jira", 280, &mobile)?;

    let confluence = custom(json!({
        "confluence_url": "https://acme.atlassian.net/wiki/spaces/DATA",
    }));
    office.save("acme/data", "confluence", 330, &confluence)?;

    // The lab tracks its work in YouTrack: Jira is off for it.
    office.save("acme-labs", "jira", 700, &Form { inherit: Some(false), ..off() })?;
    let youtrack = custom(json!({
        "project_url": "https://youtrack.labs.acme.example/projects/LAB",
        "issues_url": "https://youtrack.labs.acme.example/issue/:id",
    }));
    office.save("acme-labs", "youtrack", 699, &youtrack)?;

    let vendors = custom(json!({
        "webhook": "https://mattermost.acme.example/hooks/vendors",
        "username": "gitlab",
        "channel": "vendors",
    }));
    office.save("vendors", "mattermost", 260, &vendors)?;

    let security = custom(json!({
        "token": "123:security-bot",
        "room": "-100200300",
    }));
    office.save("acme-security", "telegram", 150, &security)
}

fn off() -> Form {
    Form { active: Some(false), ..Form::default() }
}
