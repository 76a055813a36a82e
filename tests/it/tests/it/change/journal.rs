use heirloom_engine::core::plan::{Action, Snapshot};
use heirloom_engine::{Kind, Outcome};
use heirloom_it::Lab;
use heirloom_simulator::Fault;
use std::time::Duration;

use super::{PAYMENTS, apply, plan_custom, plan_default, secrets, text};

#[tokio::test]
async fn a_step_is_written_down_before_anything_is_sent() {
    let lab = Lab::synced().await;
    let plan = plan_default(&lab, PAYMENTS, "jira").await.expect("a plan");
    // Holds up the look that comes before the write.
    lab.simulator.fail(Fault::on("/integrations/jira").delay(Duration::from_millis(400)));
    let mark = lab.mark();
    let (engine, id, plan_id) = (lab.engine.clone(), lab.id(), plan.id);
    let job = tokio::spawn(async move { engine.apply(plan_id, secrets(&[]), None).await });
    let begun = loop {
        let journal = lab.engine.journal(id).await.expect("the journal");
        if let [step] = journal.as_slice() {
            break step.clone();
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(lab.simulator.requests_after(mark), [], "nothing was answered yet");
    assert_eq!((begun.outcome, begun.ended_at), (None, None), "it has no end yet");
    assert_eq!(
        (begun.step.action, begun.step.scope),
        (Action::UseDefault, lab.key(PAYMENTS)),
        "what, where"
    );
    assert_eq!(begun.path, PAYMENTS, "and under which name");
    assert!(
        matches!(begun.step.before, Snapshot::Stored { inherited: false, .. }),
        "what was there"
    );

    lab.simulator.heal();
    job.await.expect("a task").expect("a run");
    let ended = lab.engine.journal(id).await.expect("the journal").remove(0);
    assert_eq!(ended.outcome, Some(Outcome::Applied), "its end is written down too");
    assert_eq!(ended.found.as_ref(), Some(&ended.step.after), "with the row that was read back");
}

#[tokio::test]
async fn what_was_not_sent_is_in_the_journal_as_well() {
    let lab = Lab::synced().await;
    let fields = [("project_name", text("checkout/lost"))];
    let plan = plan_custom(&lab, PAYMENTS, "jenkins", &fields, &[]).await.expect("a plan");
    lab.simulator.pause().await;
    apply(&lab, &plan, &[]).await;
    let step = lab.engine.journal(lab.id()).await.expect("the journal").remove(0);
    assert_eq!(step.outcome, Some(Outcome::Failed), "it failed");
    assert!(step.why.is_some_and(|why| why.contains("Nothing was sent")), "and why");
}

#[tokio::test]
async fn two_programs_do_not_apply_at_the_same_time() {
    let lab = Lab::synced().await;
    let other = lab.second_engine();
    let mine = plan_default(&lab, PAYMENTS, "jira").await.expect("a plan");
    let request = heirloom_engine::change::Request::UseDefault {
        scope: lab.key(PAYMENTS),
        slug: "slack".parse().expect("a slug"),
    };
    let theirs = other.plan(lab.id(), request).await.expect("a plan");
    lab.simulator.fail(Fault::on("/integrations/jira").delay(Duration::from_millis(400)));
    let (engine, id) = (lab.engine.clone(), lab.id());
    let job = tokio::spawn(async move { engine.apply(mine.id, secrets(&[]), None).await });
    while lab.engine.journal(id).await.expect("the journal").is_empty() {
        tokio::task::yield_now().await;
    }
    let refused = other.apply(theirs.id, secrets(&[]), None).await.expect_err("one at a time");
    assert_eq!(refused.kind(), Kind::Busy, "told apart");
    let process = format!("process {}", std::process::id());
    assert!(refused.to_string().contains(&process), "and it says who: {refused}");
    job.await.expect("a task").expect("the first goes on");
}
