use std::num::NonZeroUsize;
use std::time::Duration;

use heirloom_it::Lab;
use heirloom_simulator::Config;

/// The most requests the server saw under way at once during a sync.
async fn most_at_once(lab: &Lab) -> usize {
    let mut pace = tokio::time::interval(Duration::from_millis(1));
    let mut sync = std::pin::pin!(lab.sync());
    let mut most = 0;
    loop {
        tokio::select! {
            summary = &mut sync => {
                assert!(summary.complete, "everything was read: {:?}", summary.failed);
                return most;
            }
            _ = pace.tick() => most = most.max(lab.simulator.under_way()),
        }
    }
}

#[tokio::test]
async fn as_many_requests_are_under_way_as_its_owner_wishes() {
    let config = Config { latency: Duration::from_millis(10), ..Config::default() };
    let lab = Lab::connected_at(config).await;
    lab.engine.set_in_flight(lab.id(), NonZeroUsize::new(3).expect("three"));
    assert_eq!(most_at_once(&lab).await, 3, "three at once, not the usual number");
}
