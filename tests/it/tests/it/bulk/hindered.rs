//! What hinders a whole run, and what cannot be read back.

use std::time::Duration;

use heirloom_engine::change::Secrets;
use heirloom_engine::{Outcome, RunState};
use heirloom_simulator::{Fault, Request};

use super::{apply, estate, most_overridden, push_defaults, typed};

/// Contract, section 6: maintenance, a read-only server; section 2: a token of too small a scope.
#[tokio::test]
async fn what_hinders_every_write_holds_the_run_and_fails_no_step() {
    let maintenance = r#"{"message":"GitLab is undergoing maintenance"}"#;
    let read_only = r#"{"message":"You cannot perform write operations on a read-only instance"}"#;
    let scope = r#"{"error":"insufficient_scope","error_description":"The request requires higher privileges than provided by the access token.","scope":"api"}"#;
    for (status, body, wait) in
        [(503, maintenance, Some("900")), (403, read_only, None), (403, scope, None)]
    {
        let lab = estate(40).await;
        let (slug, _) = most_overridden(&lab);
        let plan = push_defaults(&lab, &slug).await.expect("a plan");
        let mut fault = Fault::on("/integrations/").method("PUT").answer(status, body);
        fault = fault.header("Content-Type", "application/json");
        if let Some(seconds) = wait {
            fault = fault.header("Retry-After", seconds);
        }
        lab.simulator.fail(fault);
        let held = apply(&lab, &plan, Secrets::default()).await;
        assert_eq!(held.state, RunState::Paused, "{body}: {:?}", held.counts);
        assert_eq!(held.counts.open(), plan.total, "{body}: all can still be done");
        assert!(held.stopped.as_ref().is_some_and(|why| why.contains("Held")), "{held:?}");
        lab.simulator.heal();
        let run = lab.engine.resume(plan.id, Secrets::default()).await.expect("a run");
        assert_eq!(run.counts.applied, plan.total, "{body}: {:?}", run.counts);
    }
}

/// The answers to the look of one step and to its PUT take their time; what comes in between.
async fn while_one_is_sent(
    refused: u32,
) -> (heirloom_it::Lab, heirloom_engine::change::Run, Vec<Request>) {
    let lab = estate(40).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let project = plan.steps[0].step.scope.id.0;
    let row = format!("/projects/{project}/integrations/{slug}");
    let slow = Fault::on(row.as_str()).method("PUT").delay(Duration::from_millis(400));
    lab.simulator.fail(slow);
    let mark = lab.mark();
    let (engine, confirm) = (lab.engine.clone(), typed(&plan));
    let job = tokio::spawn(async move { engine.apply(plan.id, Secrets::default(), confirm).await });
    let of_row = |lab: &heirloom_it::Lab| {
        let mut all = lab.simulator.requests_after(mark);
        all.retain(|request| request.path.contains(&row));
        all
    };
    while of_row(&lab).is_empty() {
        tokio::task::yield_now().await;
    }
    let no = Fault::on(row.as_str()).method("GET").answer(403, r#"{"message":"403 Forbidden"}"#);
    lab.simulator.fail(no.times(refused));
    let run = job.await.expect("a task").expect("a run");
    let requests = of_row(&lab);
    (lab, run, requests)
}

#[tokio::test]
async fn what_could_not_be_read_back_is_looked_at_again_before_the_run_ends() {
    let (_lab, run, requests) = while_one_is_sent(1).await;
    let methods: Vec<&str> = requests.iter().map(|it| it.method.as_str()).collect();
    assert_eq!(methods, ["GET", "PUT", "GET", "GET"], "looked at again, and not sent again");
    assert_eq!((run.state, run.counts.unknown), (RunState::Ended, 0), "{:?}", run.counts);
    assert_eq!(run.counts.applied, run.counts.steps, "it is there: {:?}", run.counts);
}

#[tokio::test]
async fn what_can_never_be_read_back_is_unknown_in_the_end_and_stops_nothing_else() {
    let (_lab, run, requests) = while_one_is_sent(9).await;
    assert_eq!(requests.iter().filter(|it| it.method == "PUT").count(), 1, "sent once");
    assert_eq!((run.state, run.counts.unknown), (RunState::Ended, 1), "{:?}", run.counts);
    assert_eq!(run.counts.applied + 1, run.counts.steps, "the others: {:?}", run.counts);
    let unknown = run.outcomes.iter().find(|it| it.outcome == Some(Outcome::Unknown));
    let why = unknown.and_then(|it| it.why.clone()).expect("a reason");
    assert!(why.contains("It was sent"), "never that nothing was: {why}");
}
