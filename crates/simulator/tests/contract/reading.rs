//! Sections 1, 2 and 3: lists, one integration, permissions, order of checks.

use heirloom_simulator::{Config, Level};
use serde_json::json;

use crate::harness::Server;

const PAYMENTS: &str = "acme/platform/checkout/payments-api";

#[tokio::test]
async fn the_list_has_active_rows_only_without_properties_or_pages() {
    let server = Server::demo().await;
    let id = server.project(PAYMENTS);
    let list = server.get(&format!("/projects/{id}/integrations?per_page=1")).await;
    let rows = list.json();
    let rows = rows.as_array().expect("rows");
    assert_eq!(rows.len(), 9, "the whole list, whatever per_page says");
    assert!(list.header("x-total").is_none(), "no paging headers");
    assert!(rows.iter().all(|row| row["active"] == true), "pipelines-email is off, so not listed");
    assert!(rows.iter().all(|row| row.get("properties").is_none()), "no values");
    let jira = rows.iter().find(|row| row["slug"] == "jira").expect("jira");
    assert_eq!(jira["title"], "Jira issues", "GitLab's title");
    assert_eq!(jira["inherited"], false, "custom");
    assert_eq!(jira["merge_requests_events"], false, "flags are there");
    assert!(jira["vulnerability_events"].is_boolean(), "one more on the Enterprise Edition");
    assert!(jira["incident_events"].is_boolean() && jira["comment_on_event_enabled"] == true);
}

#[tokio::test]
async fn get_shows_an_inactive_row_and_404_for_none() {
    let server = Server::demo().await;
    let off = server.get(&server.of_project(PAYMENTS, "pipelines-email")).await;
    assert_eq!(off.status, 200, "stored");
    assert_eq!(off.json()["active"], false, "but off");
    let none = server.get(&server.of_project(PAYMENTS, "redmine")).await;
    assert_eq!(none.status, 404, "never set");
    assert_eq!(none.json(), json!({ "message": "404 Integration Not Found" }), "GitLab's body");
}

#[tokio::test]
async fn secret_fields_are_absent_not_masked() {
    let server = Server::demo().await;
    let jira = server.get(&server.of_project(PAYMENTS, "jira")).await.json();
    let properties = jira["properties"].as_object().expect("properties");
    assert!(!properties.contains_key("password"), "type password: {properties:?}");
    assert_eq!(properties["username"], "svc-gitlab-payments", "the rest is there");
    let slack = server.get(&server.of_project(PAYMENTS, "slack")).await.json();
    assert!(slack["properties"].get("webhook").is_none(), "the field named webhook");
    assert_eq!(slack["properties"]["pipeline_channel"], "#payments-ci", "channels are shown");
    assert!(!slack.to_string().contains("hooks.slack"), "nowhere in the answer");
}

#[tokio::test]
async fn two_private_keys_come_back_in_clear() {
    let server = Server::demo().await;
    let path = server.of_project("acme/mobile/ios/shop-ios", "apple-app-store");
    let key = server.get(&path).await.json()["properties"]["app_store_private_key"].to_string();
    assert!(key.contains("BEGIN PRIVATE KEY"), "a plain field to GitLab");
    let path = server.of_project("acme/mobile/android/shop-android", "google-play");
    let key = server.get(&path).await.json()["properties"]["service_account_key"].to_string();
    assert!(key.contains("service_account"), "this one too");
}

#[tokio::test]
async fn discord_leaves_its_channels_out() {
    let server = Server::demo().await;
    let path = server.of_project("acme-labs/prototypes/voice-cart", "discord");
    let properties = server.get(&path).await.json()["properties"].clone();
    let keys: Vec<_> = properties.as_object().expect("properties").keys().collect();
    assert!(keys.iter().all(|key| !key.ends_with("_channel")), "webhook addresses: {keys:?}");
}

#[tokio::test]
async fn some_booleans_are_text() {
    let server = Server::demo().await;
    let emails = server.get(&server.of_group("acme", "emails-on-push")).await.json();
    assert_eq!(emails["properties"]["disable_diffs"], "1", "as a form stored it");
    let jira = server.get(&server.of_group("acme/platform", "jira")).await.json();
    assert_eq!(jira["properties"]["issues_enabled"], "true", "declared as a string");
    assert_eq!(jira["properties"]["jira_issue_transition_automatic"], true, "others are not");
}

#[tokio::test]
async fn only_owners_reach_group_integrations() {
    let server = Server::demo().await;
    let tokens = server.simulator.tokens().clone();
    let path = format!("/groups/{}/integrations", server.group("acme/platform"));
    assert_eq!(server.get(&path).await.status, 200, "the owner");
    assert_eq!(server.get_as(&tokens.admin, &path).await.status, 200, "an administrator");
    for token in [&tokens.maintainer, &tokens.developer] {
        let refused = server.get_as(token, &path).await;
        assert_eq!(refused.status, 403, "a Maintainer is not enough");
        assert_eq!(refused.json(), json!({ "message": "403 Forbidden" }), "GitLab's body");
    }
}

#[tokio::test]
async fn maintainers_reach_project_integrations_and_developers_do_not() {
    let server = Server::demo().await;
    let tokens = server.simulator.tokens().clone();
    let path = format!("/projects/{}/integrations", server.project(PAYMENTS));
    assert_eq!(server.get_as(&tokens.maintainer, &path).await.status, 200, "a Maintainer");
    assert_eq!(server.get_as(&tokens.developer, &path).await.status, 403, "a Developer");
}

#[tokio::test]
async fn the_demo_has_groups_that_are_listed_but_cannot_be_read() {
    let server = Server::demo().await;
    for (path, projects) in [("vendors", 200), ("acme-security", 403)] {
        let group = format!("/groups/{}/integrations", server.group(path));
        assert_eq!(server.get(&group).await.status, 403, "{path}: not its Owner");
        let list = server.get(&format!("/groups/{}/projects", server.group(path))).await.json();
        let project = format!("/projects/{}/integrations", list[0]["id"]);
        assert_eq!(server.get(&project).await.status, projects, "a project of {path}");
    }
}

#[tokio::test]
async fn an_archived_group_is_403_even_for_its_owner_but_its_projects_are_not() {
    let server = Server::demo().await;
    let group = format!("/groups/{}/integrations", server.group("acme/legacy-2019"));
    assert_eq!(server.get(&group).await.status, 403, "the ability is withdrawn");
    let admin = server.simulator.tokens().admin.clone();
    assert_eq!(server.get_as(&admin, &group).await.status, 403, "from everyone");
    let project = server.project("acme/legacy-2019/catalog-soap");
    let project = format!("/projects/{project}/integrations");
    assert_eq!(server.get(&project).await.status, 200, "projects keep it");
    let world = server.simulator.world();
    world.archive(Level::Group, server.group("acme/platform"), true).expect("a group");
    let below = format!("/groups/{}/integrations", server.group("acme/platform/checkout"));
    assert_eq!(server.get(&below).await.status, 403, "an archived ancestor counts");
}

#[tokio::test]
async fn unknown_slugs_are_400_on_get_and_404_on_put_and_post() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "no-such-thing");
    let get = server.get(&path).await;
    assert_eq!(get.status, 400, "GET checks the slug as a parameter");
    assert_eq!(get.json(), json!({ "error": "slug does not have a valid value" }), "Grape's text");
    let delete = server.delete(&path).await;
    assert_eq!(delete.status, 400, "DELETE too");
    let put = server.put_as("glpat-nobody", &path, &json!({})).await;
    assert_eq!(put.status, 404, "PUT has no such route, and asks for no token");
    assert_eq!(put.json(), json!({ "error": "404 Not Found" }), "the catch-all's body");
    let known = server.of_project(PAYMENTS, "jira");
    for method in [reqwest::Method::POST, reqwest::Method::PATCH] {
        let answer = server.send(server.request(method, &known)).await;
        assert_eq!(answer.status, 404, "no such method on any slug");
        assert_eq!(answer.json(), json!({ "error": "404 Not Found" }), "the same body");
    }
}

#[tokio::test]
async fn underscored_names_are_not_slugs() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "emails_on_push");
    assert_eq!(server.get(&path).await.status, 400, "the slug has dashes");
}

#[tokio::test]
async fn project_only_slugs_are_400_on_groups() {
    let server = Server::demo().await;
    let path = server.of_group("acme", "jenkins");
    for answer in [server.get(&path).await, server.delete(&path).await] {
        assert_eq!(answer.status, 400, "not for groups");
        assert_eq!(answer.json(), json!({ "message": "400 Integration not available" }));
    }
    let missing = server.put(&path, json!({})).await;
    let text = missing.json()["error"].to_string();
    assert!(text.contains("jenkins_url is missing"), "on PUT the parameters come first: {text}");
    let complete = json!({ "jenkins_url": "https://ci.example", "project_name": "x" });
    let refused = server.put(&path, complete).await;
    assert_eq!(
        refused.json(),
        json!({ "message": "400 Integration not available" }),
        "then the level"
    );
}

#[tokio::test]
async fn permission_is_checked_before_slug_and_parameters() {
    let server = Server::demo().await;
    let developer = server.simulator.tokens().developer.clone();
    let path = server.of_group("acme", "jenkins");
    assert_eq!(server.get_as(&developer, &path).await.status, 403, "403 before 400");
    let put = server.put_as(&developer, &server.of_project(PAYMENTS, "jira"), &json!({})).await;
    assert_eq!(put.status, 403, "and before missing parameters");
}

#[tokio::test]
async fn the_old_services_path_serves_projects() {
    let server = Server::demo().await;
    let id = server.project(PAYMENTS);
    let old = server.get(&format!("/projects/{id}/services/jira")).await;
    let new = server.get(&format!("/projects/{id}/integrations/jira")).await;
    assert_eq!(old.json(), new.json(), "an alias");
    let group = server.group("acme");
    assert_eq!(
        server.get(&format!("/groups/{group}/services")).await.status,
        404,
        "not for groups"
    );
}

#[tokio::test]
async fn old_servers_know_neither_inheritance_nor_groups() {
    let config = Config { gitlab_version: "16.11.10-ee".to_owned(), ..Config::default() };
    let server = Server::start(config).await;
    let list = server.get(&format!("/projects/{}/integrations", server.project(PAYMENTS))).await;
    assert!(list.json()[0].get("inherited").is_none(), "no such field before 17.3");
    let group = server.get(&format!("/groups/{}/integrations", server.group("acme"))).await;
    assert_eq!(group.status, 404, "no such endpoint before 17.9");
    assert_eq!(group.json(), json!({ "error": "404 Not Found" }), "the catch-all's body");
}
