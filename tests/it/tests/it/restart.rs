//! What the data folder holds is all that a restart needs.

use heirloom_engine::connect::TokenState;
use heirloom_it::Lab;

#[tokio::test]
async fn connection_token_copy_and_journal_outlive_the_program() {
    let mut lab = Lab::synced().await;
    let before = lab.engine.connection(lab.id()).await.expect("the connection");
    lab.reopen();
    let after = lab.engine.connection(lab.id()).await.expect("the connection");
    assert_eq!(after, before, "the connection is the same");
    assert_eq!(lab.engine.token_state(&after).await, TokenState::Stored, "its token is found");
    let last = lab.engine.last_sync(lab.id()).await.expect("syncs").expect("the last one");
    assert!(last.end.complete, "the last sync is remembered");
    let mark = lab.mark();
    let summary = lab.sync().await;
    assert!(summary.complete, "and the next one goes on from there");
    let first = lab.simulator.requests().iter().filter(|it| it.number <= mark).count() as u64;
    assert!(summary.total < first, "with fewer requests: {} after {first}", summary.total);
}

#[tokio::test]
async fn a_damaged_cache_is_set_aside_and_can_be_filled_again() {
    let mut lab = Lab::synced().await;
    let rows = lab.export().await["rows"].as_array().expect("rows").len();
    // The engine must be gone before its file is damaged.
    let folder = lab.folder();
    lab.reopen_after(|| {
        for side in ["cache.sqlite-wal", "cache.sqlite-shm"] {
            drop(std::fs::remove_file(folder.join(side)));
        }
        std::fs::write(folder.join("cache.sqlite"), b"this is no database").expect("written");
    });
    let health = lab.engine.health().await.expect("a look");
    assert!(health.rebuilt.is_some_and(|moved| moved.path.exists()), "the old file is kept");
    assert!(health.databases.iter().all(|(_, said)| said == "ok"), "the new one is whole");
    assert_eq!(lab.engine.connections().await.expect("a list").len(), 1, "connections stay");
    lab.sync().await;
    assert_eq!(
        lab.export().await["rows"].as_array().expect("rows").len(),
        rows,
        "a sync brings everything back"
    );
}
