use std::time::Duration;

use heirloom_engine::sync::Summary;
use heirloom_engine::sync::progress::Phase;
use heirloom_it::Lab;
use heirloom_simulator::Fault;

/// Much less than what the server asks to wait, and more than a busy machine needs.
const SOON: Duration = Duration::from_secs(30);

/// Begins a sync, cancels it as soon as a state holds, and says what came of it.
async fn cancelled_when(lab: &Lab, holds: impl FnMut() -> bool) -> Summary {
    let (engine, id) = (lab.engine.clone(), lab.id());
    let job = tokio::spawn(async move { engine.sync(id, None, false).await });
    lab.bell.wait_until(holds).await;
    lab.engine.cancel_sync(id);
    let ended = tokio::time::timeout(SOON, job).await.expect("it does not wait the pause out");
    ended.expect("a task").expect("cancelling is no error")
}

#[tokio::test]
async fn a_sync_that_waits_for_a_throttle_is_cancelled_at_once() {
    let lab = Lab::connected().await;
    lab.simulator.fail(Fault::throttled("/integrations", 600));
    let id = lab.id();
    let mark = lab.mark();
    let refused = |lab: &Lab| {
        lab.simulator.requests_after(mark).iter().filter(|it| it.path.contains("/integr")).count()
    };
    // Nothing is answered in this phase, so nothing rings: look on at the server instead.
    let (engine, bell) = (lab.engine.clone(), lab.bell.clone());
    let summary = {
        let ring = async {
            while refused(&lab) == 0 {
                tokio::task::yield_now().await;
            }
            heirloom_engine::Listener::changed(&*bell);
        };
        let waits = cancelled_when(&lab, || {
            engine.sync_status(id).phase == Phase::Integrations && refused(&lab) > 0
        });
        futures::future::join(waits, ring).await.0
    };
    assert!(summary.cancelled && !summary.complete, "it says so: {summary:?}");
    assert!(summary.failed.is_empty(), "a wait is no failure: {:?}", summary.failed);
    let sent = refused(&lab);
    assert!(sent <= 24, "what was under way, and nothing again: {sent}");
    assert_eq!(lab.engine.sync_status(id).phase, Phase::Idle, "nothing runs any more");

    lab.simulator.heal();
    // Another program: it has not heard of the pause.
    let summary = lab.second_engine().sync(id, None, false).await.expect("the lock is free");
    assert!(summary.complete, "and the next sync goes on: {:?}", summary.failed);
}

#[tokio::test]
async fn a_sync_that_waits_for_a_page_of_a_list_is_cancelled_at_once() {
    let lab = Lab::connected().await;
    lab.simulator.fail(Fault::on("/projects?").delay(Duration::from_secs(50)));
    let (engine, id) = (lab.engine.clone(), lab.id());
    let summary = cancelled_when(&lab, || engine.sync_status(id).phase == Phase::Projects).await;
    assert!(summary.cancelled && !summary.complete, "it says so: {summary:?}");
    assert!(summary.groups > 0, "the groups that were listed are kept: {summary:?}");
}
