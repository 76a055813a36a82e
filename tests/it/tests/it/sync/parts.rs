use heirloom_engine::core::row::State;
use heirloom_it::Lab;
use heirloom_simulator::{Level, RowEdit};

#[tokio::test]
async fn syncing_a_subtree_asks_nothing_outside_it_but_the_groups_above() {
    let lab = Lab::synced().await;
    let root = lab.key("acme/mobile");
    let inside: Vec<String> = ["acme/mobile", "acme/mobile/ios", "acme/mobile/ios/wallet"]
        .iter()
        .map(|path| lab.key(path).id.to_string())
        .collect();
    let mark = lab.mark();
    let summary = lab.engine.sync(lab.id(), Some(root), false).await.expect("a sync of a group");
    assert!(summary.complete, "{:?}", summary.failed);
    let asked = lab.simulator.requests_after(mark);
    let lists: Vec<_> = asked.iter().filter(|it| it.path.ends_with("/integrations")).collect();
    assert_eq!(lists.len(), 1 + 3 + 8, "what it inherits from, three groups, eight projects");
    let above = format!("/groups/{}/integrations", lab.key("acme").id);
    assert!(lists.iter().any(|it| it.path.contains(&above)), "its rows inherit from there");
    for id in inside {
        assert!(lists.iter().any(|it| it.path.contains(&format!("/{id}/"))), "{id} is inside");
    }
    assert!(asked.len() < 40, "far less than everything: {}", asked.len());
}

#[tokio::test]
async fn syncing_one_project_refreshes_it_and_only_it() {
    let lab = Lab::synced().await;
    let world = lab.simulator.world();
    let off = RowEdit { active: Some(false), ..RowEdit::default() };
    for path in ["acme/platform/web/storefront", "acme/platform/web/search-ui"] {
        world.overwrite(Level::Project, lab.key(path).id.0, "jira", &off).expect("written");
    }
    let root = lab.key("acme/platform/web/storefront");
    lab.engine.sync(lab.id(), Some(root), false).await.expect("a sync of a project");
    let state = async |path| lab.item(path, "jira").await.known.state();
    assert_eq!(state("acme/platform/web/storefront").await, State::Off, "read again");
    assert_eq!(state("acme/platform/web/search-ui").await, State::Custom, "as it was known");
    assert_eq!(
        lab.item("acme/platform", "jira").await.known.state(),
        State::Custom,
        "and nothing else is forgotten"
    );
}
