//! The demo company and generated worlds.

use heirloom_simulator::{Config, Even, Level, WorldSpec};

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

#[tokio::test]
async fn projects_of_an_even_world_have_as_many_active_rows_and_an_exact_share_of_custom_ones() {
    let even = Even { groups: 80, projects: 300, active: 5, custom_percent: 10 };
    let config = Config { world: WorldSpec::Even(even), seed: 3, ..Config::default() };
    let (first, second) = (Server::start(config.clone()).await, Server::start(config).await);
    let rows = |server: &Server| {
        let world = server.simulator.world();
        let of_project = |id| {
            let row = |slug| world.row(Level::Project, id, slug).expect("listed");
            let rows = world.slugs(Level::Project, id).into_iter().map(|slug| (slug, row(slug)));
            rows.filter(|(_, row)| row.active)
                .map(|(slug, row)| (id, slug, row.inherit_from, row.fields))
                .collect::<Vec<_>>()
        };
        world.projects().into_iter().map(of_project).collect::<Vec<_>>()
    };
    let seen = rows(&first);
    assert_eq!(seen.len(), 300, "as many projects as asked for");
    assert!(seen.iter().all(|rows| rows.len() == 5), "five active rows each");
    let custom = seen.iter().flatten().filter(|(_, _, source, _)| source.is_none()).count();
    assert_eq!(custom, 150, "exactly one row in ten");
    let kinds: std::collections::BTreeSet<_> =
        seen.iter().flatten().filter(|row| row.2.is_none()).map(|row| row.1).collect();
    assert_eq!(kinds.len(), 5, "of every kind");
    assert_eq!(seen, rows(&second), "one seed, one world");
    for active in 1..=u8::try_from(Even::MOST_ACTIVE).expect("few") {
        let even = Even { active, projects: 1, ..even };
        let server = Server::start(Config { world: WorldSpec::Even(even), ..Config::default() });
        let world = server.await.simulator.world();
        let id = world.projects()[0];
        let active = world.slugs(Level::Project, id).len();
        assert_eq!(active, usize::from(even.active), "as many as asked for");
    }
}
