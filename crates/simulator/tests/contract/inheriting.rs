//! Sections 2 and 8: use_inherited_settings, defaults and their propagation.

use heirloom_simulator::{Config, Form, Level, ProjectSpec, RowEdit};
use serde_json::json;

use crate::harness::Server;

const PAYMENTS: &str = "acme/platform/checkout/payments-api";
const CART: &str = "acme/platform/checkout/cart-service";

fn form(fields: &serde_json::Value) -> Form {
    let fields = fields.as_object().expect("an object").clone().into_iter().collect();
    Form { inherit: Some(false), fields, ..Form::default() }
}

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
async fn a_saved_group_default_reaches_what_inherits_and_spares_custom_rows() {
    let server = Server::demo().await;
    let path = server.of_group("acme/platform", "slack");
    let body = json!({
        "webhook": "https://hooks.slack.example/new",
        "channel": "#platform-new",
        "use_inherited_settings": false,
    });
    assert_eq!(server.put(&path, body).await.status, 200, "saved");
    server.simulator.propagated().await;
    let cart = server.row(Level::Project, CART, "slack");
    assert_eq!(cart.fields["channel"], "#platform-new", "copied to an inheritor");
    assert_eq!(cart.fields["webhook"], "https://hooks.slack.example/new", "the secret too");
    let payments = server.row(Level::Project, PAYMENTS, "slack");
    assert_eq!(payments.fields["channel"], "#payments", "custom settings are left alone");
    let web = server.row(Level::Group, "acme/platform/web", "slack");
    assert_eq!(web.fields["channel"], "#platform-new", "and a stale inheritor is repaired");
}

#[tokio::test]
async fn propagation_takes_its_time() {
    let config = Config::default();
    let delay = std::time::Duration::from_secs(3600);
    let simulator =
        heirloom_simulator::Simulator::start(Config { propagation_delay: delay, ..config })
            .await
            .expect("it starts");
    let world = simulator.world();
    let group = world.group("acme/platform").expect("a group");
    let cart = world.project(CART).expect("a project");
    world
        .save(Level::Group, group, "slack", &form(&json!({ "channel": "#later" })))
        .expect("saved");
    assert_eq!(world.pending_propagations(), 1, "on its way");
    let row = world.row(Level::Project, cart, "slack").expect("a row");
    assert_eq!(row.fields["channel"], "#platform", "and not there yet");
}

#[tokio::test]
async fn older_servers_do_not_propagate_a_group_put() {
    let config = Config { group_put_propagates: false, ..Config::default() };
    let server = Server::start(config).await;
    let path = server.of_group("acme/platform", "slack");
    let body = json!({
        "webhook": "https://h.example", "channel": "#only-here", "use_inherited_settings": false,
    });
    assert_eq!(server.put(&path, body).await.status, 200, "saved");
    server.simulator.propagated().await;
    let cart = server.row(Level::Project, CART, "slack");
    assert_eq!(cart.fields["channel"], "#platform", "inheritors keep the old values");
}

#[tokio::test]
async fn a_new_default_creates_missing_rows_below_it_except_in_archived_projects() {
    let server = Server::demo().await;
    let path = server.of_group("acme/platform/checkout", "telegram");
    let body = json!({ "token": "t", "room": "r", "use_inherited_settings": false });
    assert_eq!(server.put(&path, body).await.status, 200, "a default nobody had");
    server.simulator.propagated().await;
    let row = server.row(Level::Project, PAYMENTS, "telegram");
    assert!(row.active, "switched on there");
    let default = server.row(Level::Group, "acme/platform/checkout", "telegram");
    assert_eq!(row.inherit_from, Some(default.id), "and linked");
    let world = server.simulator.world();
    let archived = server.project("acme/platform/checkout/tax-tables-2019");
    assert!(world.row(Level::Project, archived, "telegram").is_none(), "not in archived projects");
    let outside = server.project("acme/platform/web/storefront");
    assert!(world.row(Level::Project, outside, "telegram").is_none(), "nor outside the group");
}

#[tokio::test]
async fn a_nearer_default_takes_over_the_inheritors_below_it() {
    let server = Server::demo().await;
    let platform = server.row(Level::Group, "acme/platform", "datadog");
    assert_eq!(
        server.row(Level::Project, CART, "datadog").inherit_from,
        Some(platform.id),
        "before"
    );
    let body = json!({
        "api_key": "dd-checkout", "datadog_ci_visibility": true, "datadog_env": "checkout",
        "use_inherited_settings": false,
    });
    let put = server.put(&server.of_group("acme/platform/checkout", "datadog"), body).await;
    assert_eq!(put.status, 200, "{}", put.text);
    server.simulator.propagated().await;
    let checkout = server.row(Level::Group, "acme/platform/checkout", "datadog");
    let cart = server.row(Level::Project, CART, "datadog");
    assert_eq!(cart.inherit_from, Some(checkout.id), "linked anew, to the nearer group");
    assert_eq!(cart.fields["datadog_env"], "checkout", "with its values");
    let elsewhere = server.row(Level::Project, "acme/platform/web/storefront", "datadog");
    assert_eq!(elsewhere.inherit_from, Some(platform.id), "others stay where they were");
}

#[tokio::test]
async fn a_group_that_goes_back_propagates_its_own_stale_values() {
    let server = Server::demo().await;
    let body =
        json!({ "url": "https://x.example", "password": "x", "use_inherited_settings": true });
    let put = server.put(&server.of_group("acme/mobile", "jira"), body).await;
    assert_eq!(put.status, 200, "{}", put.text);
    server.simulator.propagated().await;
    let instance = server.row(Level::Instance, "", "jira");
    let shop = server.row(Level::Project, "acme/mobile/android/shop-android", "jira");
    assert_eq!(shop.inherit_from, Some(instance.id), "linked to the parent default");
    assert_eq!(shop.fields["jira_issue_regex"], "MOB-\\d+", "but holding the group's old values");
    server.simulator.world().save(Level::Instance, 0, "jira", &Form::default()).expect("saved");
    server.simulator.propagated().await;
    let shop = server.row(Level::Project, "acme/mobile/android/shop-android", "jira");
    assert_eq!(shop.fields, instance.fields, "until the parent default is saved again");
}

#[tokio::test]
async fn an_inheriting_row_that_was_deleted_comes_back_with_the_next_propagation() {
    let server = Server::demo().await;
    let edge = "acme/platform/runtime/edge/cdn-rules";
    assert!(!server.row(Level::Project, edge, "datadog").active, "off, but linked");
    let group = server.group("acme/platform");
    let world = server.simulator.world();
    world.save(Level::Group, group, "datadog", &Form::default()).expect("saved");
    server.simulator.propagated().await;
    let row = server.row(Level::Project, edge, "datadog");
    assert!(row.active && row.fields["datadog_env"] == "production", "filled and on: {row:?}");
}

#[tokio::test]
async fn an_instance_default_reaches_every_group_and_project() {
    let server = Server::demo().await;
    let world = server.simulator.world();
    let fields = form(&json!({ "token": "gg-new", "api_url": "https://gg.example" }));
    world.save(Level::Instance, 0, "git-guardian", &fields).expect("saved");
    server.simulator.propagated().await;
    let stale = |level, ids: Vec<u64>| {
        ids.into_iter()
            .filter_map(|id| world.row(level, id, "git-guardian"))
            .filter(|row| row.fields["api_url"] != "https://gg.example")
            .count()
    };
    assert_eq!(stale(Level::Group, world.groups()), 0, "every group has it");
    assert_eq!(stale(Level::Project, world.projects()), 0, "every project has it");
}

#[tokio::test]
async fn removing_a_default_takes_what_inherits_it_along() {
    let server = Server::demo().await;
    let world = server.simulator.world();
    let group = server.group("acme/platform");
    world.remove_default(Level::Group, group, "harbor").expect("a default");
    let gone = server.get(&server.of_project(CART, "harbor")).await;
    assert_eq!(gone.status, 404, "the inheritor is gone, and does not fall back");
    let custom = server.row(Level::Project, "acme/platform/runtime/base-images", "harbor");
    assert_eq!(custom.fields["project_name"], "base", "custom settings stay");
}

#[tokio::test]
async fn a_transferred_project_inherits_anew_and_keeps_its_custom_rows() {
    let server = Server::demo().await;
    let id = server.project(PAYMENTS);
    let world = server.simulator.world();
    world.transfer_project(id, server.group("acme-labs")).expect("both exist");
    let path = "acme-labs/payments-api";
    assert_eq!(world.project(path), Some(id), "under its new path");
    assert!(world.row(Level::Project, id, "harbor").is_none(), "no default for it there");
    let youtrack = server.row(Level::Group, "acme-labs", "youtrack");
    let own = server.row(Level::Project, path, "youtrack");
    assert_eq!(own.inherit_from, Some(youtrack.id), "the lab's default instead");
    assert_eq!(server.row(Level::Project, path, "slack").fields["channel"], "#payments", "kept");
}

#[tokio::test]
async fn the_demo_has_inheritors_that_differ_from_their_source() {
    let server = Server::demo().await;
    let source = server.row(Level::Group, "acme/platform", "harbor");
    let stale = server.row(Level::Project, "acme/platform/checkout/fraud-rules-engine", "harbor");
    assert_eq!(stale.inherit_from, Some(source.id), "linked");
    assert_ne!(stale.fields, source.fields, "but different");
    assert!(stale.updated_at < source.updated_at, "as its age shows");
    let web = server.row(Level::Group, "acme/platform/web", "slack");
    assert_eq!(web.fields["channel"], "#web", "a group that was linked without a copy");
    assert!(web.inherit_from.is_some(), "and is linked");
    let wallet = server.row(Level::Project, "acme/mobile/ios/wallet", "emails-on-push");
    let acme = server.row(Level::Group, "acme", "emails-on-push");
    assert_ne!(wallet.events, acme.events, "and one whose flags show it");
}

#[tokio::test]
async fn a_direct_write_breaks_the_rules_and_nothing_else() {
    let server = Server::demo().await;
    let id = server.project(CART);
    let before = server.row(Level::Project, CART, "slack");
    let edit = RowEdit {
        fields: [("channel".to_owned(), json!("#stale"))].into(),
        keep_time: true,
        ..RowEdit::default()
    };
    server.simulator.world().overwrite(Level::Project, id, "slack", &edit).expect("written");
    let after = server.row(Level::Project, CART, "slack");
    assert_eq!(after.fields["channel"], "#stale", "written");
    assert_eq!(after.inherit_from, before.inherit_from, "still linked");
    assert_eq!(after.updated_at, before.updated_at, "and not a minute older");
}

#[tokio::test]
async fn a_transferred_group_inherits_anew_and_keeps_its_custom_rows() {
    let server = Server::demo().await;
    let (world, web) = (server.simulator.world(), server.group("acme/platform/web"));
    let own = Form {
        inherit: Some(false),
        fields: [("api_key".to_owned(), json!("k"))].into(),
        ..Form::default()
    };
    world.save(Level::Group, web, "asana", &own).expect("saved");
    server.simulator.propagated().await;
    let labs = server.group("acme-labs");
    world.transfer_group(web, Some(labs)).expect("both exist");
    assert_eq!(world.group("acme-labs/web"), Some(web), "found at its new path");
    assert!(world.project("acme-labs/web/storefront").is_some(), "with what is below it");
    let shown = server.get(&format!("/groups/{web}?with_projects=false")).await.json();
    let above = server.get(&format!("/groups/{labs}?with_projects=false")).await.json();
    let name = above["full_name"].as_str().expect("a name");
    let full_name = shown["full_name"].as_str().expect("a name");
    assert!(full_name.starts_with(&format!("{name} / ")), "by its new name: {full_name}");
    let row = world.row(Level::Group, web, "asana").expect("it has a row");
    assert_eq!(row.inherit_from, None, "custom rows are kept");
    for slug in world.slugs(Level::Group, web) {
        let row = world.row(Level::Group, web, slug).expect("listed");
        let below = |(level, id): (Level, u64)| {
            level == Level::Instance || (level == Level::Group && id == labs)
        };
        assert!(row.source.is_none_or(below), "{slug} inherits from above: {:?}", row.source);
    }
    assert!(world.transfer_group(labs, Some(web)).is_err(), "not below itself");
}
