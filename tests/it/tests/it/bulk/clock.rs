use heirloom_engine::Error;
use heirloom_engine::change::Secrets;
use jiff::SignedDuration;

use super::going_on::UnderWay;
use super::{estate, most_overridden, push_defaults, typed};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

#[tokio::test]
async fn a_clock_that_jumps_during_a_run_loses_nothing_and_repeats_nothing() {
    let mut run = UnderWay::after(3).await;
    run.lab.clock.shift(HOUR * 9);
    run.until(5).await;
    run.lab.clock.shift(-HOUR * 30);
    run.lab.engine.pause_apply(run.lab.id());
    let paused = run.stopped().await;
    assert!(paused.counts.open() > 0, "half way: {:?}", paused.counts);
    // By the clock it was begun tomorrow.
    run.lab.reopen();
    run.lab.clock.shift(HOUR * 200);
    let ended = run.go_on().await;
    run.each_was_applied_once(&ended);
}

#[tokio::test]
async fn a_plan_whose_age_cannot_be_told_is_not_applied() {
    let lab = estate(40).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let mark = lab.mark();
    let apply = || lab.engine.apply(plan.id, Secrets::default(), typed(&plan));
    for (jump, says) in [
        (HOUR + SignedDuration::from_mins(1), "over an hour old"),
        (-HOUR * 3, "has not come yet"),
        (HOUR * 24 * 6, "over an hour old"),
    ] {
        lab.clock.shift(jump);
        let refused = apply().await.map(|_| ());
        let Err(Error::PlanOutdated(why)) = &refused else { panic!("{jump:#}: {refused:?}") };
        assert!(why.contains(says), "{jump:#}: {why}");
        lab.clock.shift(-jump);
    }
    assert!(lab.writes_since(mark).is_empty(), "nothing was sent");
    // A correction by a minute, as time servers make, is nothing; and the plan is still there.
    lab.clock.shift(-SignedDuration::from_mins(1));
    let run = apply().await.expect("a run");
    assert_eq!(run.counts.applied, plan.total, "{:?}", run.counts);
}
