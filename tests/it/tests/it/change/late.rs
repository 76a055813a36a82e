//! What GitLab does after its answer was given up: a proxy's patience ends before GitLab's work.

use std::time::Duration;

use heirloom_engine::change::{Plan, Run};
use heirloom_engine::core::value::Value;
use heirloom_engine::{Outcome, RunState};
use heirloom_it::Lab;
use heirloom_simulator::{Fault, Harm, Level, RowEdit};

use super::{PAYMENTS, apply, outcome, plan_custom, secrets, text};
use crate::bulk::{estate, most_overridden, push_defaults, typed};

/// Far longer than any test runs.
const HOUR: Duration = Duration::from_secs(3_600);

/// A PUT that a proxy gives up on, and that GitLab does when it is told to.
fn late(row: &str) -> Fault {
    Fault::on(row).method("PUT").answer(504, "").harm(Harm::Late(HOUR)).times(1)
}

const NEW: &str = "checkout/late";

async fn planned() -> (Lab, Plan) {
    let lab = Lab::synced().await;
    let fields: [(&str, Value); 1] = [("project_name", text(NEW))];
    let plan = plan_custom(&lab, PAYMENTS, "jenkins", &fields, &[]).await.expect("a plan");
    (lab, plan)
}

fn stored(lab: &Lab) -> serde_json::Value {
    lab.row(PAYMENTS, "jenkins").expect("a row").fields["project_name"].clone()
}

#[tokio::test]
async fn what_comes_after_the_first_look_is_found_by_the_second() {
    let (lab, plan) = planned().await;
    lab.simulator.fail(late("/integrations/jenkins"));
    // So that there is a moment between the two looks.
    let slow = Fault::on("/integrations/jenkins").method("GET").delay(Duration::from_millis(500));
    lab.simulator.fail(slow);
    let mark = lab.mark();
    let (engine, run) = (lab.engine.clone(), plan.id);
    let job = tokio::spawn(async move { engine.apply(run, secrets(&[]), None).await });
    while lab.simulator.requests_after(mark).len() < 3 {
        tokio::task::yield_now().await;
    }
    assert_ne!(stored(&lab), NEW, "not there at the first look");
    lab.simulator.catch_up().await;
    let run = job.await.expect("a task").expect("a run");
    assert_eq!(outcome(&run).0, Outcome::Applied, "{run:?}");
    let methods: Vec<_> =
        lab.simulator.requests_after(mark).into_iter().map(|it| it.method).collect();
    assert_eq!(methods, ["GET", "PUT", "GET", "GET"], "sent once, and looked at twice");
    assert_eq!(stored(&lab), NEW, "it came");
}

/// The answer is lost, and somebody else saves the row before it is read back.
#[tokio::test]
async fn what_somebody_else_made_of_it_meanwhile_is_a_conflict_and_not_part_of_it() {
    let (lab, plan) = planned().await;
    lab.simulator.fail(Fault::on("/integrations/jenkins").method("PUT").harm(Harm::Lose).times(1));
    // So that there is a moment between the write and its reading back.
    let slow = Fault::on("/integrations/jenkins").method("GET").delay(Duration::from_millis(500));
    lab.simulator.fail(slow);
    let mark = lab.mark();
    let (engine, run) = (lab.engine.clone(), plan.id);
    let job = tokio::spawn(async move { engine.apply(run, secrets(&[]), None).await });
    while lab.writes_since(mark).is_empty() {
        tokio::task::yield_now().await;
    }
    let fields = [("username".to_owned(), "theirs".into())].into();
    let edit = RowEdit { fields, ..RowEdit::default() };
    let (world, id) = (lab.simulator.world(), lab.key(PAYMENTS).id.0);
    world.overwrite(Level::Project, id, "jenkins", &edit).expect("a row");
    let run = job.await.expect("a task").expect("a run");
    let (ended, why) = outcome(&run);
    assert_eq!(ended, Outcome::Conflict, "{why}");
    assert!(why.contains("neither what was planned nor what was there before"), "{why}");
    assert_eq!(stored(&lab), NEW, "ours came, and theirs over it");
}

#[tokio::test]
async fn what_comes_after_the_run_is_no_failure_and_is_taken_back_once_it_was_seen() {
    let (lab, plan) = planned().await;
    let before = stored(&lab);
    lab.simulator.fail(late("/integrations/jenkins"));
    let mark = lab.mark();
    let run = apply(&lab, &plan, &[]).await;
    let (ended, why) = outcome(&run);
    assert_eq!(ended, Outcome::Unknown, "nothing tells: {why}");
    assert!(why.contains("may still come"), "and that is said: {why}");
    assert_eq!(lab.writes_since(mark).len(), 1, "it is not sent again unasked");
    let refused = lab.engine.plan_undo(run.id, None).await.map(drop).expect_err("not yet");
    assert!(refused.to_string().contains("sync it first"), "what to do: {refused}");

    lab.simulator.catch_up().await;
    assert_eq!(stored(&lab), NEW, "there it is");
    lab.sync().await;
    let undo = lab.engine.plan_undo(run.id, None).await.expect("there is something to take back");
    assert_eq!(outcome(&apply(&lab, &undo, &[]).await).0, Outcome::Applied, "done");
    assert_eq!(stored(&lab), before, "as it was");
}

#[tokio::test]
async fn what_never_came_needs_no_taking_back_once_that_was_seen() {
    let (lab, plan) = planned().await;
    lab.simulator.fail(Fault::on("/integrations/jenkins").method("PUT").harm(Harm::Drop));
    let run = apply(&lab, &plan, &[]).await;
    assert_eq!(outcome(&run).0, Outcome::Unknown, "{run:?}");
    lab.simulator.heal();
    let refused = lab.engine.plan_undo(run.id, None).await.map(drop).expect_err("not yet");
    assert!(refused.to_string().contains("sync it first"), "what to do: {refused}");
    lab.sync().await;
    let nothing = lab.engine.plan_undo(run.id, None).await.map(drop).expect_err("nothing is there");
    assert!(nothing.to_string().contains("Nothing to do"), "and that is all: {nothing}");
}

/// Cancelled before the second look: nobody goes on with it.
#[tokio::test]
async fn a_run_cancelled_before_the_second_look_does_not_call_it_undone() {
    let lab = estate(40).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let row = format!("/projects/{}/integrations/{slug}", plan.steps[0].step.scope.id.0);
    lab.simulator.fail(late(&row));
    // The others are still under way by then.
    let slow = Fault::on("/integrations/").method("PUT").delay(Duration::from_millis(500));
    lab.simulator.fail(slow);
    let mark = lab.mark();
    let (engine, confirm) = (lab.engine.clone(), typed(&plan));
    let job = tokio::spawn(async move { engine.apply(plan.id, secrets(&[]), confirm).await });
    let looks = |lab: &Lab| {
        let mut all = lab.simulator.requests_after(mark);
        all.retain(|request| request.path.contains(&row));
        all.len()
    };
    while looks(&lab) < 3 {
        tokio::task::yield_now().await;
    }
    lab.engine.cancel_apply(lab.id());
    let run: Run = job.await.expect("a task").expect("a run");
    assert_eq!(run.state, RunState::Ended, "{:?}", run.counts);
    assert_eq!(run.counts.unknown, 1, "{:?}", run.counts);
    let unknown = run.outcomes.iter().find(|it| it.outcome == Some(Outcome::Unknown));
    let why = unknown.and_then(|it| it.why.clone()).expect("a reason");
    assert!(why.contains("cancelled") && why.contains("may still come"), "{why}");
    let sent = lab.writes_since(mark).iter().filter(|it| it.path.contains(&row)).count();
    assert_eq!(sent, 1, "sent once");
}
