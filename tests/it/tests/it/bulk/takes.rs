//! How long a plan takes, said before it is applied.

use std::time::{Duration, Instant};

use heirloom_engine::change::Secrets;
use heirloom_it::Lab;
use heirloom_simulator::{Config, Even, WorldSpec};

use super::{apply, most_overridden, push_defaults};

const LATENCY: Duration = Duration::from_millis(100);

/// The client's ceiling of requests under way.
const CEILING: u32 = 24;

#[tokio::test]
async fn how_long_a_plan_takes_is_told_once_the_server_was_measured_and_it_takes_no_less() {
    let even = Even { groups: 6, projects: 200, active: 3, custom_percent: 50 };
    let config = Config { world: WorldSpec::Even(even), latency: LATENCY, ..Config::default() };
    let mut lab = Lab::connected_at(config).await;
    assert!(lab.sync().await.complete, "everything can be read");
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let told = plan.seconds.expect("a sync measures");
    let ideal = (LATENCY * plan.requests / CEILING).as_secs_f64();
    assert!(
        f64::from(told) >= ideal.floor(),
        "with all the places there are: {told} s, {ideal:.1} s"
    );
    let begun = Instant::now();
    let run = apply(&lab, &plan, Secrets::default()).await;
    let took = begun.elapsed().as_secs_f64();
    println!("{} requests: told {told} s or more, took {took:.1} s", plan.requests);
    assert_eq!(run.counts.applied, plan.total, "{:?}", run.counts);
    // A server that others kept busy while it was measured is faster later.
    assert!(f64::from(told) <= took * 2.0 + 1.0, "told {told} s or more, took {took:.1} s");

    lab.reopen();
    let undo = lab.engine.plan_undo(run.id, None).await.expect("a plan");
    assert_eq!(undo.seconds, None, "another program has asked nothing yet, and does not guess");
}
