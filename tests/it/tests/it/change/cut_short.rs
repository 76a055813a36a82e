//! A step that was cut short between its requests, and answers that were lost.

use std::time::Duration;

use heirloom_engine::Outcome;
use heirloom_engine::change::{Plan, Request};
use heirloom_it::Lab;
use heirloom_simulator::{Fault, Form, Level};
use serde_json::json;

use super::{PAYMENTS, apply, outcome, plan_custom, secrets};

const CART: &str = "acme/platform/checkout/cart-service";

/// Switching off what inherits is a PUT and a DELETE: the program ends between the two.
async fn ended_midway(slug: &str) -> (Lab, Plan) {
    let lab = Lab::synced().await;
    let request = Request::Disable { scope: lab.key(CART), slug: slug.parse().expect("a slug") };
    let plan = lab.engine.plan(lab.id(), request).await.expect("a plan");
    let path = format!("/integrations/{slug}");
    let hangs = Fault::on(path).method("DELETE").answer(502, "").delay(Duration::from_secs(60));
    lab.simulator.fail(hangs);
    let mark = lab.mark();
    let (engine, run) = (lab.engine.clone(), plan.id);
    let job = tokio::spawn(async move { engine.apply(run, secrets(&[]), None).await });
    while lab.writes_since(mark).is_empty() {
        tokio::task::yield_now().await;
    }
    job.abort();
    assert!(job.await.is_err_and(|ended| ended.is_cancelled()), "it ended there");
    lab.simulator.heal();
    let row = lab.row(CART, slug).expect("a row");
    assert!(row.inherit_from.is_none() && row.active, "cut off, and still on");
    (lab, plan)
}

#[tokio::test]
async fn what_was_cut_short_is_brought_to_its_end() {
    let (lab, plan) = ended_midway("external-wiki").await;
    let mark = lab.mark();
    let run = lab.engine.resume(plan.id, secrets(&[])).await.expect("a run");
    assert_eq!(outcome(&run).0, Outcome::Applied, "{run:?}");
    let methods: Vec<String> = lab.writes_since(mark).into_iter().map(|it| it.method).collect();
    assert_eq!(methods, ["DELETE"], "what was left to do");
}

/// A kind without trigger events: only its values tell whose row it is.
#[tokio::test]
async fn what_somebody_else_saved_meanwhile_is_not_blanked() {
    let (lab, plan) = ended_midway("external-wiki").await;
    let form = Form {
        inherit: Some(false),
        fields: [("external_wiki_url".to_owned(), json!("https://wiki.theirs.example"))].into(),
        ..Form::default()
    };
    let project = lab.key(CART).id.0;
    lab.simulator.world().save(Level::Project, project, "external-wiki", &form).expect("saved");
    let mark = lab.mark();
    let run = lab.engine.resume(plan.id, secrets(&[])).await.expect("a run");
    assert_eq!(outcome(&run).0, Outcome::Conflict, "it is somebody else's: {run:?}");
    assert_eq!(lab.writes_since(mark), [], "nothing was sent");
    let row = lab.row(CART, "external-wiki").expect("a row");
    assert!(row.active, "theirs stays on");
    assert_eq!(row.fields["external_wiki_url"], "https://wiki.theirs.example", "and as it was");
}

#[tokio::test]
async fn a_secret_whose_answer_was_lost_is_not_called_applied() {
    let lab = Lab::synced().await;
    let plan = plan_custom(&lab, PAYMENTS, "slack", &[], &["webhook"]).await.expect("a plan");
    assert!(plan.steps[0].step.changes(plan.steps[0].integration).is_empty(), "nothing readable");
    let lost = Fault::on("/integrations/slack").method("PUT").answer(502, "").times(1);
    lab.simulator.fail(lost);
    let before = lab.row(PAYMENTS, "slack").expect("a row").fields["webhook"].clone();
    let typed = [("webhook", "https://hooks.example/rotated")];
    let (ended, why) = outcome(&apply(&lab, &plan, &typed).await);
    let now = lab.row(PAYMENTS, "slack").expect("a row").fields["webhook"].clone();
    assert_eq!(now, before, "GitLab never got it");
    assert_eq!(ended, Outcome::Unknown, "nothing tells whether it did: {why}");
    assert!(why.contains("secrets"), "and why is said: {why}");
}

/// The program ends while a new secret is under way, and with it what was typed.
#[tokio::test]
async fn a_new_secret_that_was_cut_short_is_not_called_failed_for_want_of_it() {
    let lab = Lab::synced().await;
    let plan = plan_custom(&lab, PAYMENTS, "slack", &[], &["webhook"]).await.expect("a plan");
    let hangs = Fault::on("/integrations/slack").method("PUT").answer(502, "");
    lab.simulator.fail(hangs.delay(Duration::from_secs(3_600)));
    let mark = lab.mark();
    let (engine, run) = (lab.engine.clone(), plan.id);
    let typed = secrets(&[("webhook", "https://hooks.example/rotated")]);
    let job = tokio::spawn(async move { engine.apply(run, typed, None).await });
    let begun = async || {
        let journal = lab.engine.journal(lab.id()).await.expect("a journal");
        journal.iter().any(|it| it.run == run && it.sent_at.is_some())
    };
    while !begun().await {
        tokio::task::yield_now().await;
    }
    job.abort();
    assert!(job.await.is_err_and(|ended| ended.is_cancelled()), "it ended there");
    lab.simulator.heal();
    let run = lab.engine.resume(plan.id, secrets(&[])).await.expect("a run");
    let (ended, why) = outcome(&run);
    assert_eq!(ended, Outcome::Unknown, "GitLab may have it: {why}");
    assert!(why.contains("whether GitLab took the secrets"), "and that is said: {why}");
    assert!(why.contains("was not entered"), "and why it was not sent again: {why}");
    assert_eq!(lab.writes_since(mark), [], "nothing was");
}
