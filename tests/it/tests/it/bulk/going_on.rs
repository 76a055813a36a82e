use heirloom_engine::change::Secrets;
use heirloom_engine::{Outcome, RunState};
use heirloom_simulator::Fault;
use std::time::Duration;

use super::{estate, most_overridden, push_defaults, typed};

/// Waits until so many steps have ended.
async fn until_done(lab: &heirloom_it::Lab, steps: u32) {
    let done = || {
        let counts = lab.engine.apply_status(lab.id()).counts;
        counts.steps > 0 && counts.steps - counts.open() >= steps
    };
    lab.bell.wait_until(done).await;
}

#[tokio::test]
async fn a_run_is_paused_and_gone_on_with_and_nothing_is_written_twice() {
    let mut lab = estate(90).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    lab.simulator.fail(Fault::on("/integrations/").delay(Duration::from_millis(5)));
    let mark = lab.mark();
    let (engine, confirm) = (lab.engine.clone(), typed(&plan));
    let job = tokio::spawn(async move { engine.apply(plan.id, Secrets::default(), confirm).await });
    until_done(&lab, 5).await;
    lab.engine.pause_apply(lab.id());
    let paused = job.await.expect("a task").expect("a run");
    assert_eq!(paused.state, RunState::Paused, "{:?}", paused.counts);
    assert!(paused.counts.open() > 0 && paused.counts.applied >= 5, "{:?}", paused.counts);

    // The program ends here, and another goes on.
    lab.reopen();
    let runs = lab.engine.runs(lab.id(), 0, 9).await.expect("runs");
    assert_eq!(runs[0].state, RunState::Paused, "it is known after a restart");
    let run = lab.engine.resume(plan.id, Secrets::default()).await.expect("a run");
    assert_eq!((run.state, run.counts.open()), (RunState::Ended, 0), "to its end");
    assert_eq!(run.counts.applied, plan.total, "{:?}", run.counts);
    let mut written: Vec<String> =
        lab.writes_since(mark).into_iter().map(|request| request.path).collect();
    let sent = written.len();
    written.sort_unstable();
    written.dedup();
    assert_eq!((written.len(), sent), (plan.total as usize, plan.total as usize), "each once");
    let again = lab.engine.resume(plan.id, Secrets::default()).await;
    assert!(again.is_err(), "what is over is over");
}

#[tokio::test]
async fn a_cancelled_run_leaves_the_rest_undone() {
    let lab = estate(90).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    lab.simulator.fail(Fault::on("/integrations/").delay(Duration::from_millis(5)));
    let mark = lab.mark();
    let (engine, confirm) = (lab.engine.clone(), typed(&plan));
    let job = tokio::spawn(async move { engine.apply(plan.id, Secrets::default(), confirm).await });
    until_done(&lab, 3).await;
    lab.engine.cancel_apply(lab.id());
    let run = job.await.expect("a task").expect("a run");
    assert_eq!(run.state, RunState::Ended, "it does not go on");
    assert!(run.counts.open() > 0, "the rest is undone: {:?}", run.counts);
    assert_eq!(lab.writes_since(mark).len() as u32, run.counts.applied, "and was not sent");
    assert!(lab.engine.resume(plan.id, Secrets::default()).await.is_err(), "for good");
}

#[tokio::test]
async fn a_server_that_goes_away_holds_the_run_instead_of_failing_every_step() {
    let lab = estate(90).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    lab.simulator.fail(Fault::on("/integrations/").delay(Duration::from_millis(5)));
    let (engine, confirm) = (lab.engine.clone(), typed(&plan));
    let job = tokio::spawn(async move { engine.apply(plan.id, Secrets::default(), confirm).await });
    until_done(&lab, 5).await;
    lab.simulator.pause().await;
    let held = job.await.expect("a task").expect("a run");
    assert_eq!(held.state, RunState::Paused, "{:?}", held.counts);
    assert!(held.stopped.as_ref().is_some_and(|why| why.contains("Held")), "{:?}", held.stopped);
    assert!(held.counts.failed + held.counts.unknown < 30, "few were under way: {:?}", held.counts);
    lab.simulator.resume().await.expect("back on its port");
    lab.simulator.heal();
    // A client that found the server gone does not believe at once that it is back.
    let run = loop {
        let run = lab.engine.resume(plan.id, Secrets::default()).await.expect("a run");
        if run.state == RunState::Ended {
            break run;
        }
    };
    assert_eq!(run.counts.open(), 0, "{:?}", run.counts);
    // What failed is true: the server says the same of each.
    for step in lab.engine.outcomes(run.id, 0, 500).await.expect("outcomes") {
        let id = step.scope.listed.key.id.0;
        let row = lab.simulator.world().row(heirloom_simulator::Level::Project, id, slug.as_str());
        let linked = row.expect("a row").inherit_from.is_some();
        match step.outcome {
            Some(Outcome::Applied | Outcome::Already) => assert!(linked, "{step:?}"),
            Some(Outcome::Failed) => assert!(!linked, "{step:?}"),
            Some(Outcome::Unknown) => {}
            other => panic!("{other:?}: {step:?}"),
        }
    }
}

#[tokio::test]
async fn a_token_revoked_half_way_holds_the_run() {
    let lab = estate(90).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    lab.simulator.fail(Fault::on("/integrations/").delay(Duration::from_millis(5)));
    let (engine, confirm) = (lab.engine.clone(), typed(&plan));
    let job = tokio::spawn(async move { engine.apply(plan.id, Secrets::default(), confirm).await });
    until_done(&lab, 5).await;
    lab.simulator.world().revoke(lab.simulator.token()).expect("revoked");
    let held = job.await.expect("a task").expect("a run");
    assert_eq!(held.state, RunState::Paused, "{:?}", held.counts);
    assert!(held.counts.open() > 0, "the rest waits for a token: {:?}", held.counts);
}
