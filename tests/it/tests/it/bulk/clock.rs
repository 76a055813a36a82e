use std::io::Cursor;

use heirloom_engine::Error;
use heirloom_engine::change::{DEFAULT_PLAN_DATA_HOURS, Secrets};
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

/// Who else is touched was worked out from the same readings: their age counts.
#[tokio::test]
async fn a_plan_on_old_data_is_not_applied_until_it_was_read_again() {
    let lab = estate(40).await;
    let (slug, _) = most_overridden(&lab);
    lab.clock.shift(HOUR * 25);
    let plan = push_defaults(&lab, &slug).await.expect("a plan, to be looked at");
    let mark = lab.mark();
    let apply = |plan: &heirloom_engine::change::Plan| {
        lab.engine.apply(plan.id, Secrets::default(), typed(plan))
    };
    let refused = apply(&plan).await.map(drop).expect_err("it is too old");
    assert!(matches!(refused, Error::DataOutdated { hours: DEFAULT_PLAN_DATA_HOURS, .. }));
    assert_eq!(refused.kind(), heirloom_engine::Kind::PlanOutdated, "for the window");
    assert!(refused.to_string().contains("Sync"), "it says the way out: {refused}");
    assert_eq!(lab.simulator.requests_after(mark), [], "nothing was sent");

    lab.engine.set_plan_data_hours(0).await.expect_err("not at all old is not to be had");
    lab.engine.set_plan_data_hours(48).await.expect("set");
    let one = lab.engine.plan_undo(plan.id, None).await;
    assert!(one.is_err(), "what was not applied is not taken back");
    let run = apply(&plan).await.expect("whoever wishes so");
    assert_eq!(run.counts.applied, plan.total, "{:?}", run.counts);

    // What is taken back rests on the local copy, too.
    lab.clock.shift(HOUR * 49);
    let undo = lab.engine.plan_undo(run.id, None).await.expect("a plan");
    let secrets = || super::all_secrets(&undo, "https://secret.example/again");
    let refused = lab.engine.apply(undo.id, secrets(), typed(&undo)).await.map(drop);
    assert!(matches!(refused, Err(Error::DataOutdated { hours: 48, .. })), "{refused:?}");
    lab.sync().await;
    let undo = lab.engine.plan_undo(run.id, None).await.expect("a plan");
    let back = lab.engine.apply(undo.id, secrets(), typed(&undo)).await.expect("a run");
    assert_eq!(back.counts.applied, undo.total, "{:?}", back.counts);
}

/// A file may lie for days until somebody has reviewed it; it is taken up with the data of then.
#[tokio::test]
async fn a_plan_file_is_as_old_as_the_data_it_is_taken_up_with() {
    let lab = estate(40).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let bytes = lab.engine.write_plan(plan.id, Vec::new()).await.expect("a file");
    let text = String::from_utf8(bytes).expect("text");
    lab.engine.discard_plan(plan.id).await.expect("discarded");
    let connection = lab.engine.connection(lab.id()).await.expect("the connection");
    lab.clock.shift(HOUR * 72);
    let take = || lab.engine.read_plan(&connection, Cursor::new(text.clone()));
    let old = take().await.expect("a plan");
    let refused = lab.engine.apply(old.id, Secrets::default(), typed(&old)).await.map(drop);
    assert!(matches!(refused, Err(Error::DataOutdated { .. })), "{refused:?}");
    lab.sync().await;
    let plan = take().await.expect("it still holds");
    let run = lab.engine.apply(plan.id, Secrets::default(), typed(&plan)).await.expect("a run");
    assert_eq!(run.counts.applied, plan.total, "{:?}", run.counts);
}
