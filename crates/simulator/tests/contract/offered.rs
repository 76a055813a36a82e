//! Section 3: which integrations a server offers, and when.

use heirloom_simulator::{Config, Features, Level, RowEdit};
use serde_json::json;

use crate::harness::Server;

const PAYMENTS: &str = "acme/platform/checkout/payments-api";

#[tokio::test]
async fn apps_are_not_created_or_switched_off_over_the_api() {
    let features = Features { jira_connect: true, slack_app: true, ..Features::default() };
    let server = Server::start(Config { features, ..Config::default() }).await;
    for (slug, title) in [
        ("jira-cloud-app", "GitLab for Jira Cloud app"),
        ("gitlab-slack-application", "GitLab for Slack app"),
    ] {
        let refused = server.put(&server.of_project(PAYMENTS, slug), json!({})).await;
        assert_eq!(refused.status, 422, "{slug} is installed elsewhere");
        let text = format!("You cannot create the {title} integration from the API");
        assert_eq!(refused.json()["message"], text, "GitLab's text");
    }
    let installed = RowEdit { active: Some(false), ..RowEdit::default() };
    let id = server.project(PAYMENTS);
    let world = server.simulator.world();
    for slug in ["jira-cloud-app", "gitlab-slack-application"] {
        world.overwrite(Level::Project, id, slug, &installed).expect("a row");
        let path = server.of_project(PAYMENTS, slug);
        let row = server.put(&path, json!({ "use_inherited_settings": false })).await;
        assert_eq!(row.status, 200, "an installed app can be edited: {}", row.text);
        assert_eq!(row.json()["active"], false, "but is not switched on by it");
    }
    let refused = server.delete(&server.of_project(PAYMENTS, "jira-cloud-app")).await;
    assert_eq!(refused.status, 422, "nor switched off");
    let text = "You cannot disable the GitLab for Jira Cloud app integration from the API";
    assert_eq!(refused.json()["message"], text, "GitLab's text");
    let slack = server.delete(&server.of_project(PAYMENTS, "gitlab-slack-application")).await;
    assert_eq!(slack.status, 204, "the Slack app can be");
}

#[tokio::test]
async fn apps_that_are_not_set_up_are_not_offered() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "jira-cloud-app");
    let put = server.put(&path, json!({})).await;
    assert_eq!(put.json(), json!({ "message": "400 Integration not available" }), "no key is set");
    assert_eq!(server.get(&path).await.status, 404, "hidden");
}

#[tokio::test]
async fn what_is_not_offered_is_hidden_and_comes_back_when_it_is() {
    let allowed = Some(vec!["jira".to_owned()]);
    let features = Features { allowed_integrations: allowed, ..Features::default() };
    let server = Server::start(Config { features, ..Config::default() }).await;
    let list = server.get(&format!("/projects/{}/integrations", server.project(PAYMENTS))).await;
    let list = list.json();
    assert_eq!(list.as_array().map(Vec::len), Some(1), "only what is allowed: {list}");
    let path = server.of_project(PAYMENTS, "slack");
    assert_eq!(server.get(&path).await.status, 404, "hidden from GET");
    let put = server.put(&path, json!({ "webhook": "https://hooks.example/x" })).await;
    assert_eq!(put.json(), json!({ "message": "400 Integration not available" }), "and from PUT");
    let kept = server.row(Level::Project, PAYMENTS, "slack");
    assert!(kept.active, "the row itself survives");
}

#[tokio::test]
async fn each_release_has_its_own_gates() {
    // Release, inheritance in the API, group integrations, Slack slash commands.
    for (release, inheritance, groups, slash_commands) in [
        ("16.11.10-ee", false, false, true),
        ("17.2.9-ee", false, false, true),
        ("17.3.0-ee", true, false, true),
        ("17.9.8-ee", true, true, true),
        ("18.10.2-ee", true, true, true),
        ("19.3.0-ee", true, true, false),
    ] {
        let config = Config { gitlab_version: release.to_owned(), ..Config::default() };
        let server = Server::start(config).await;
        let list =
            server.get(&format!("/projects/{}/integrations", server.project(PAYMENTS))).await;
        let shown = list.json()[0].get("inherited").is_some();
        assert_eq!(shown, inheritance, "{release}: the inherited field");
        let path = format!("/groups/{}/integrations", server.group("acme"));
        let status = if groups { 200 } else { 404 };
        assert_eq!(server.get(&path).await.status, status, "{release}: group integrations");
        let slash = server.get(&server.of_project(PAYMENTS, "slack-slash-commands")).await;
        let status = if slash_commands { 404 } else { 400 };
        assert_eq!(slash.status, status, "{release}: slack-slash-commands, {}", slash.text);
    }
}

#[tokio::test]
async fn what_only_instances_have_is_no_slug_of_the_api() {
    let server = Server::demo().await;
    for slug in ["beyond-identity", "amazon-q"] {
        let one = server.get(&server.of_project(PAYMENTS, slug)).await;
        assert_eq!(one.json()["error"], "slug does not have a valid value", "{slug}");
        let put = server.put(&server.of_group("acme", slug), json!({ "token": "t" })).await;
        assert_eq!(put.status, 404, "{slug}: no route");
    }
}
