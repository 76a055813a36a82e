//! With the server gone, everything synced is still there.

use heirloom_engine::connect::reach::Reach;
use heirloom_engine::core::ids::ScopeKey;
use heirloom_engine::core::row::State;
use heirloom_it::Lab;
use jiff::SignedDuration;

#[tokio::test]
async fn everything_synced_can_be_browsed_and_compared_without_a_server() {
    let lab = Lab::synced().await;
    let id = lab.id();
    lab.simulator.pause().await;
    let tree = lab.engine.tree_children(id, Some(ScopeKey::INSTANCE), 0, 100).await.expect("tree");
    assert!(tree.nodes.iter().any(|node| node.scope.listed.path == "acme"), "the tree is there");
    let found = lab.engine.tree_search(id, "payments".into(), 50).await.expect("a search");
    assert!(found.total >= 2, "it can be searched: {}", found.total);
    let path = "acme/platform/checkout/payments-api";
    let items = lab.engine.scope_items(id, lab.key(path)).await.expect("a scope");
    assert!(items.items.len() >= 50, "every integration is listed: {}", items.items.len());
    let jira = lab.compare(path, "jira").await;
    assert_eq!(jira.item.differing.map(|(n, _)| n), Some(7), "both sides can be compared");
    assert!(!lab.export().await["rows"].as_array().expect("rows").is_empty(), "and exported");
    assert!(
        lab.engine.edit_form(id, lab.key(path), "jira".parse().expect("a slug")).await.is_ok(),
        "and drafted"
    );
}

#[tokio::test]
async fn it_says_since_when_it_is_offline_and_when_it_is_back() {
    let lab = Lab::synced().await;
    let id = lab.id();
    assert_eq!(lab.engine.reach(id), Reach::Online, "the sync has just spoken with it");
    lab.simulator.pause().await;
    let Reach::Offline { since, why } = lab.engine.recheck(id).await.expect("an answer") else {
        panic!("nobody answers there");
    };
    assert!(why.contains("cannot be reached"), "it says why: {why}");
    lab.clock.shift(SignedDuration::from_mins(5));
    let Reach::Offline { since: still, .. } = lab.engine.recheck(id).await.expect("an answer")
    else {
        panic!("still nobody");
    };
    assert_eq!(still, since, "offline since the first time");
    let age = lab.engine.last_sync(id).await.expect("syncs").expect("one").finished_at;
    assert!(age < since, "and how old the data is, is known");
    lab.simulator.resume().await.expect("back on its port");
    assert_eq!(lab.engine.recheck(id).await.expect("an answer"), Reach::Online, "back again");
}

#[tokio::test]
async fn a_restart_without_a_server_finds_everything_as_it_was() {
    let mut lab = Lab::synced().await;
    let before = lab.export().await["rows"].clone();
    lab.simulator.pause().await;
    lab.reopen();
    assert_eq!(lab.engine.reach(lab.id()), Reach::Unknown, "not known until asked");
    assert_eq!(lab.export().await["rows"], before, "every row is there");
    let item = lab.item("acme/platform/checkout/fraud-rules-engine", "harbor").await;
    assert_eq!(item.known.state(), State::InheritedDiffers, "with what was found out about it");
}
