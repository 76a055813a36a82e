//! Section 2: use_inherited_settings.

use heirloom_simulator::{Config, Form, Level, ProjectSpec, RowEdit};
use serde_json::json;

use crate::harness::{Server, form};

const PAYMENTS: &str = "acme/platform/checkout/payments-api";
const CART: &str = "acme/platform/checkout/cart-service";

#[tokio::test]
async fn without_the_key_an_inheriting_row_goes_on_inheriting_and_drops_the_values() {
    let server = Server::demo().await;
    let path = server.of_project(CART, "external-wiki");
    let before = server.row(Level::Project, CART, "external-wiki");
    let answer = server.put(&path, json!({ "external_wiki_url": "https://mine.example" })).await;
    assert_eq!(answer.status, 200, "GitLab says yes");
    let after = server.row(Level::Project, CART, "external-wiki");
    assert_eq!(after.fields, before.fields, "and ignores the values");
    assert_eq!(after.inherit_from, before.inherit_from, "the link stays");
}

#[tokio::test]
async fn without_the_key_a_custom_row_stays_custom() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "slack");
    let body = json!({ "webhook": "https://h.example/z", "channel": "#new" });
    let row = server.put(&path, body).await.json();
    assert_eq!(row["inherited"], false, "custom");
    assert_eq!(row["properties"]["channel"], "#new", "with the new value");
}

#[tokio::test]
async fn the_key_without_a_value_is_present_and_means_no() {
    let server = Server::demo().await;
    let path = server.of_project(CART, "external-wiki");
    let body =
        json!({ "external_wiki_url": "https://mine.example", "use_inherited_settings": null });
    assert_eq!(server.put(&path, body).await.json()["inherited"], false, "unlinked");
}

#[tokio::test]
async fn false_makes_an_inheriting_row_custom() {
    let server = Server::demo().await;
    let path = server.of_project(CART, "external-wiki");
    let body =
        json!({ "external_wiki_url": "https://mine.example", "use_inherited_settings": false });
    let row = server.put(&path, body).await.json();
    assert_eq!(row["inherited"], false, "unlinked");
    assert_eq!(row["properties"]["external_wiki_url"], "https://mine.example", "own value");
}

#[tokio::test]
async fn true_copies_everything_from_the_default_to_a_project() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "slack");
    let body = json!({ "webhook": "https://ignored.example", "use_inherited_settings": true });
    let answer = server.put(&path, body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json()["properties"]["channel"], "#payments", "the answer is not reloaded");
    let own = server.row(Level::Project, PAYMENTS, "slack");
    let default = server.row(Level::Group, "acme/platform", "slack");
    assert_eq!(own.fields, default.fields, "all values, the secret one too");
    assert_eq!(own.events, default.events, "and events");
    assert_eq!(own.inherit_from, Some(default.id), "linked to the nearest group that sets it");
    let read = server.get(&path).await.json();
    assert_eq!(read["inherited"], true, "as a new GET shows");
    assert_eq!(read["properties"]["channel"], "#platform", "with the default's value");
}

#[tokio::test]
async fn an_inactive_default_counts_and_switches_off_what_goes_back_to_it() {
    let server = Server::demo().await;
    let path = server.of_project("acme-labs/lab-notes", "mattermost");
    let body = json!({ "webhook": "https://m.example/x", "use_inherited_settings": false });
    assert_eq!(server.put(&path, body).await.json()["active"], true, "custom and on");
    let body = json!({ "webhook": "https://m.example/x", "use_inherited_settings": true });
    assert_eq!(server.put(&path, body).await.status, 200, "back to the instance's");
    let row = server.get(&path).await.json();
    assert_eq!(row["active"], false, "which is off");
    assert_eq!(row["inherited"], true, "and linked");
}

#[tokio::test]
async fn a_group_that_itself_inherits_is_passed_over() {
    let server = Server::demo().await;
    let own = server.row(Level::Project, "acme/platform/web/campaign-pages", "slack");
    let platform = server.row(Level::Group, "acme/platform", "slack");
    assert_eq!(
        own.inherit_from,
        Some(platform.id),
        "acme/platform/web inherits, so it is no source"
    );
    assert_eq!(own.source, Some((Level::Group, server.group("acme/platform"))), "by scope");
}

#[tokio::test]
async fn the_instance_is_the_last_resort_and_without_one_it_is_400() {
    let server = Server::demo().await;
    let row = server.row(Level::Project, PAYMENTS, "git-guardian");
    assert_eq!(row.source, Some((Level::Instance, 0)), "no group sets it");
    let path = server.of_project(PAYMENTS, "asana");
    let answer = server.put(&path, json!({ "api_key": "k", "use_inherited_settings": true })).await;
    assert_eq!(answer.status, 400, "nothing to inherit");
    assert_eq!(answer.json(), json!({ "message": "Default integration not found." }), "its text");
}

#[tokio::test]
async fn a_project_without_a_row_starts_from_the_instances() {
    let server = Server::demo().await;
    let world = server.simulator.world();
    let group = server.group("acme-labs/research");
    let spec = ProjectSpec { group, path: "fresh".to_owned(), name: None };
    let id = world.create_project(&spec).expect("a group");
    let slugs = world.slugs(Level::Project, id);
    assert!(!slugs.contains(&"mattermost"), "inactive defaults are not handed to new projects");
    let path = format!("/projects/{id}/integrations/mattermost");
    let answer = server.put(&path, json!({ "webhook": "https://mine.example" })).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json()["inherited"], true, "built linked, so the key's absence inherits");
}

#[tokio::test]
async fn a_group_that_goes_back_is_linked_but_not_copied() {
    let config = Config { group_put_propagates: false, ..Config::default() };
    let server = Server::start(config).await;
    let path = server.of_group("acme/mobile", "jira");
    let before = server.row(Level::Group, "acme/mobile", "jira");
    let body = json!({
        "url": "https://x.example", "password": "x", "use_inherited_settings": true,
    });
    assert_eq!(server.put(&path, body).await.status, 200, "linked");
    let after = server.row(Level::Group, "acme/mobile", "jira");
    let instance = server.row(Level::Instance, "", "jira");
    assert_eq!(after.inherit_from, Some(instance.id), "to the instance's default");
    assert_eq!(after.fields, before.fields, "but the values are its own old ones");
}

#[tokio::test]
async fn a_new_group_row_made_by_inheriting_is_off_and_empty() {
    let config = Config { group_put_propagates: false, ..Config::default() };
    let server = Server::start(config).await;
    let world = server.simulator.world();
    let acme = server.group("acme");
    world.save(Level::Group, acme, "asana", &form(&json!({ "api_key": "k" }))).expect("saved");
    server.simulator.propagated().await;
    let spec = heirloom_simulator::GroupSpec { parent: Some(acme), path: "new".into(), name: None };
    let id = world.create_group(&spec).expect("a group");
    assert!(world.slugs(Level::Group, id).contains(&"asana"), "an active default is handed over");
    world
        .save(Level::Group, acme, "asana", &Form { active: Some(false), ..Form::default() })
        .expect("saved");
    server.simulator.propagated().await;
    let spec =
        heirloom_simulator::GroupSpec { parent: Some(acme), path: "newer".into(), name: None };
    let id = world.create_group(&spec).expect("a group");
    let path = format!("/groups/{id}/integrations/asana");
    let row = server.put(&path, json!({ "api_key": "x", "use_inherited_settings": true })).await;
    assert_eq!(row.status, 200, "{}", row.text);
    let stored = world.row(Level::Group, id, "asana").expect("stored");
    assert!(!stored.active && stored.fields["api_key"].is_null(), "off and empty: {stored:?}");
}

#[tokio::test]
async fn going_back_takes_old_values_that_are_still_valid() {
    let server = Server::demo().await;
    let path = server.of_project(CART, "external-wiki");
    let world = server.simulator.world();
    let broken = RowEdit {
        active: Some(true),
        linked: Some(false),
        fields: [("external_wiki_url".to_owned(), json!(null))].into(),
        ..RowEdit::default()
    };
    world.overwrite(Level::Project, server.project(CART), "external-wiki", &broken).expect("there");
    let body = json!({ "external_wiki_url": "https://w.example", "use_inherited_settings": true });
    let refused = server.put(&path, body).await;
    assert_eq!(refused.status, 400, "what is stored is checked, not what is sent");
    let message = refused.json()["message"].to_string();
    assert!(message.contains("Failed to update integration."), "by the model: {message}");
}
