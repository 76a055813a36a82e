//! Section 8: defaults and how they reach what inherits them.

use heirloom_simulator::{Config, Form, GroupSpec, Level, ProjectSpec, RowEdit};
use serde_json::json;

use crate::harness::{Server, form};

const PAYMENTS: &str = "acme/platform/checkout/payments-api";
const CART: &str = "acme/platform/checkout/cart-service";

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

#[tokio::test]
async fn new_groups_and_projects_copy_the_nearest_default_that_is_active() {
    let server = Server::demo().await;
    let world = server.simulator.world();
    let (acme, checkout) = (server.group("acme"), server.group("acme/platform/checkout"));
    let wiki = |address: &str| form(&json!({ "external_wiki_url": address }));
    world.save(Level::Instance, 0, "external-wiki", &wiki("https://far.example")).expect("saved");
    world.save(Level::Group, acme, "external-wiki", &wiki("https://near.example")).expect("saved");
    let off = Form { active: Some(false), ..form(&json!({ "api_key": "k" })) };
    world.save(Level::Group, acme, "asana", &off).expect("saved");
    server.simulator.propagated().await;
    world.remove_default(Level::Group, checkout, "external-wiki").ok();
    let spec = GroupSpec { parent: Some(acme), path: "brand-new".into(), name: None };
    let group = world.create_group(&spec).expect("a group");
    let spec = ProjectSpec { group, path: "first".into(), name: None };
    let project = world.create_project(&spec).expect("a project");
    for (level, id) in [(Level::Group, group), (Level::Project, project)] {
        let row = world.row(level, id, "external-wiki").expect("handed over");
        assert_eq!(row.fields["external_wiki_url"], "https://near.example", "{level:?}: nearest");
        assert_eq!(row.source, Some((Level::Group, acme)), "{level:?}: linked to it");
        assert!(world.row(level, id, "asana").is_none(), "{level:?}: a default that is off is not");
    }
}

#[tokio::test]
async fn a_default_that_is_off_creates_rows_below_it_all_the_same() {
    let server = Server::demo().await;
    let world = server.simulator.world();
    let off = Form { active: Some(false), ..form(&json!({ "api_key": "k" })) };
    world.save(Level::Group, server.group("acme"), "asana", &off).expect("saved");
    server.simulator.propagated().await;
    let row = server.row(Level::Project, PAYMENTS, "asana");
    assert!(!row.active && row.inherit_from.is_some(), "there, linked and off: {row:?}");
}

#[tokio::test]
async fn a_default_deleted_over_rest_stays_with_its_inheritors_until_it_is_saved_again() {
    let server = Server::demo().await;
    let before = server.row(Level::Project, PAYMENTS, "emails-on-push");
    assert!(before.active, "inherited and on");
    assert_eq!(server.delete(&server.of_group("acme", "emails-on-push")).await.status, 204);
    server.simulator.propagated().await;
    let kept = server.row(Level::Project, PAYMENTS, "emails-on-push");
    assert_eq!(kept, before, "nobody below hears of it");
    let world = server.simulator.world();
    let again = Form { active: Some(false), ..Form::default() };
    world.save(Level::Group, server.group("acme"), "emails-on-push", &again).expect("saved");
    server.simulator.propagated().await;
    let after = server.row(Level::Project, PAYMENTS, "emails-on-push");
    assert!(!after.active && after.fields["recipients"].is_null(), "blank, now: {after:?}");
}
