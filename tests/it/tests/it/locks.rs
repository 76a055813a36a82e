//! Two programs share a data folder: the window and `heirloomctl`.

use std::time::Duration;

use heirloom_engine::sync::progress::Phase;
use heirloom_engine::{Error, Kind};
use heirloom_it::Lab;
use heirloom_simulator::Config;

#[tokio::test]
async fn the_second_sync_says_who_holds_the_lock_and_reads_what_the_first_wrote() {
    let config = Config { latency: Duration::from_millis(10), ..Config::default() };
    let lab = Lab::connected_at(config).await;
    let other = lab.second_engine();
    let (engine, id) = (lab.engine.clone(), lab.id());
    let job = tokio::spawn(async move { engine.sync(id, None, false).await });
    lab.bell.wait_until(|| lab.engine.sync_status(id).phase == Phase::Integrations).await;
    let refused = other.sync(id, None, false).await.expect_err("one at a time");
    assert_eq!(refused.kind(), Kind::Busy, "told apart: {refused}");
    let Error::Busy { what, holder } = &refused else { panic!("busy: {refused:?}") };
    assert_eq!(*what, "sync", "what is going on");
    assert!(holder.contains(&format!("process {}", std::process::id())), "and where: {holder}");
    let removed = other.remove_connection(id).await.expect_err("it is in use");
    assert_eq!(removed.kind(), Kind::Busy, "nor can it be removed under a running sync");

    assert!(job.await.expect("a task").expect("a sync").complete, "the first one is not disturbed");
    let seen = other.tree_search(id, "payments-api".into(), 10).await.expect("a search");
    assert!(seen.total > 0, "the other program sees what was read");
    assert!(other.sync(id, None, false).await.expect("a sync").complete, "and may sync now");
}
