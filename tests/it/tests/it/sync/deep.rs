use heirloom_engine::core::ids::{ScopeKey, Slug};
use heirloom_engine::core::row::{Known, State};
use heirloom_it::Lab;
use heirloom_simulator::{Level, RowEdit};

fn jenkins() -> Slug {
    Slug::new("jenkins").expect("a slug")
}

#[tokio::test]
async fn a_deep_scan_finds_what_hides_behind_off_and_costs_what_it_said() {
    let lab = Lab::connected().await;
    let world = lab.simulator.world();
    let path = "acme/platform/checkout/payments-api";
    let off = RowEdit { active: Some(false), ..RowEdit::default() };
    world.overwrite(Level::Project, lab.key(path).id.0, "jenkins", &off).expect("written");
    lab.sync().await;
    assert_eq!(lab.item(path, "jenkins").await.known.state(), State::Off, "lists hide it");
    let root = lab.key("acme/platform");
    let cost = lab.engine.deep_scan_cost(lab.id(), root, &jenkins()).await.expect("a cost");
    let mark = lab.mark();
    let summary = lab.engine.deep_scan(lab.id(), root, &jenkins()).await.expect("a scan");
    assert!(summary.complete, "{:?}", summary.failed);
    let asked = lab.simulator.requests_after(mark);
    assert_eq!(asked.len(), cost.requests as usize, "it costs what it said beforehand");
    assert!(
        asked.iter().all(|it| it.path.contains("/projects/") && it.path.ends_with("/jenkins")),
        "one kind, and only where it can be: no group has Jenkins: {asked:?}"
    );
    assert_eq!(lab.item(path, "jenkins").await.known.state(), State::Disabled, "now it is seen");
    let never = lab.item("acme/platform/web/storefront", "jenkins").await;
    assert_eq!(never.known, Known::NotSet, "and what was never set is told from it");
    let again = lab.engine.deep_scan_cost(lab.id(), root, &jenkins()).await.expect("a cost");
    assert_eq!(again.requests, 0, "what was just asked is not asked again");
    let all = lab.engine.deep_scan_cost(lab.id(), ScopeKey::INSTANCE, &jenkins()).await;
    assert!(all.expect("a cost").requests > 0, "elsewhere nobody asked");
    assert!(
        lab.engine.last_sync(lab.id()).await.expect("syncs").is_some_and(|it| it.end.complete),
        "a scan is no sync, and takes nothing from the last one"
    );
}

#[tokio::test]
async fn a_full_sync_asks_again_what_was_not_set() {
    let lab = Lab::synced().await;
    let path = "acme/platform/web/storefront";
    let root = lab.key(path);
    lab.engine.deep_scan(lab.id(), root, &jenkins()).await.expect("a scan");
    assert_eq!(lab.item(path, "jenkins").await.known, Known::NotSet, "asked by name");
    let world = lab.simulator.world();
    let row = RowEdit { active: Some(false), ..RowEdit::default() };
    world.overwrite(Level::Project, root.id.0, "jenkins", &row).expect("written");
    lab.sync().await;
    assert_eq!(lab.item(path, "jenkins").await.known, Known::NotSet, "a list would not show it");
    lab.engine.sync(lab.id(), None, true).await.expect("a full sync");
    let state = lab.item(path, "jenkins").await.known.state();
    assert_eq!(state, State::Disabled, "with everything asked again it is found");
}
