//! The demo company and generated worlds.

use heirloom_simulator::{Config, Level, WorldSpec};

use crate::harness::Server;

const PAYMENTS: &str = "acme/platform/checkout/payments-api";

#[tokio::test]
async fn the_company_has_the_size_and_the_states_the_demo_needs() {
    let server = Server::demo().await;
    let groups = server.get("/groups?per_page=100").await.json();
    let groups = groups.as_array().expect("groups");
    let top = groups.iter().filter(|group| group["parent_id"].is_null()).count();
    assert!(top >= 3, "three top-level groups at least: {top}");
    let depth = |group: &serde_json::Value| {
        group["full_path"].as_str().map_or(0, |path| path.split('/').count())
    };
    let deepest = groups.iter().map(depth).max();
    assert!(deepest >= Some(4), "four levels at least: {deepest:?}");
    let world = server.simulator.world();
    assert!(world.projects().len() >= 60, "sixty projects at least: {}", world.projects().len());
    assert_eq!(world.slugs(Level::Instance, 0).len(), 4, "four instance defaults were saved");
}

#[tokio::test]
async fn payments_api_has_three_custom_and_six_inherited_integrations() {
    let server = Server::demo().await;
    let path = format!("/projects/{}/integrations", server.project(PAYMENTS));
    let list = server.get(&path).await.json();
    let mut custom = Vec::new();
    let mut inherited = Vec::new();
    for row in list.as_array().expect("rows") {
        let slug = row["slug"].as_str().expect("slug").to_owned();
        if row["inherited"] == true { inherited.push(slug) } else { custom.push(slug) }
    }
    custom.sort();
    inherited.sort();
    assert_eq!(custom, ["jenkins", "jira", "slack"], "its own settings");
    assert_eq!(
        inherited,
        ["datadog", "emails-on-push", "external-wiki", "git-guardian", "harbor", "microsoft-teams"],
        "what it inherits"
    );
}

#[tokio::test]
async fn a_sized_world_is_the_same_for_the_same_seed() {
    let spec = WorldSpec::Sized { groups: 60, projects: 200 };
    let config = |seed| Config { world: spec, seed, ..Config::default() };
    let first = Server::start(config(7)).await;
    let second = Server::start(config(7)).await;
    let other = Server::start(config(8)).await;
    let paths = |server: &Server| {
        let world = server.simulator.world();
        let ids = world.projects();
        ids.into_iter().map(|id| world.path(Level::Project, id)).collect::<Vec<_>>()
    };
    assert_eq!(paths(&first).len(), 200, "as many projects as asked for");
    assert_eq!(paths(&first), paths(&second), "one seed, one world");
    assert_ne!(paths(&first), paths(&other), "another seed, another world");
    let rows = |server: &Server| server.simulator.world().row_count();
    assert_eq!(rows(&first), rows(&second), "rows too");
    assert!(rows(&first) > 200 * 8, "every project inherits something: {}", rows(&first));
}
