//! Taking back what was only half done, what nobody knows the end of, and what cannot come back.

use heirloom_engine::Outcome;
use heirloom_engine::change::Request;
use heirloom_engine::core::plan::{Action, Besides};
use heirloom_it::Lab;
use heirloom_simulator::{Fault, Form, Level};
use serde_json::json;

use super::{PAYMENTS, apply, outcome, plan_custom, text};

const CART: &str = "acme/platform/checkout/cart-service";

#[tokio::test]
async fn a_half_done_step_is_taken_back() {
    let lab = Lab::synced().await;
    let before = lab.row(CART, "slack").expect("it inherits");
    let request = Request::Disable { scope: lab.key(CART), slug: "slack".parse().expect("a slug") };
    let plan = lab.engine.plan(lab.id(), request).await.expect("a plan");
    let no = Fault::on("/integrations/slack").method("DELETE");
    lab.simulator.fail(no.answer(403, r#"{"message":"403 Forbidden"}"#));
    let run = apply(&lab, &plan, &[]).await;
    assert_eq!(outcome(&run).0, Outcome::Failed, "{run:?}");
    assert!(run.outcomes[0].in_part, "and yet the row is another one");
    lab.simulator.heal();
    let cut = lab.row(CART, "slack").expect("a row");
    assert!(cut.inherit_from.is_none() && cut.active, "cut off, with stand-ins, and on");

    let undo = lab.engine.plan_undo(run.id, None).await.expect("there is something to take back");
    assert_eq!(undo.steps[0].step.action, Action::UseDefault, "it inherited");
    assert_eq!(outcome(&apply(&lab, &undo, &[]).await).0, Outcome::Applied, "done");
    let now = lab.row(CART, "slack").expect("a row");
    assert_eq!(now.inherit_from, before.inherit_from, "linked as before");
    assert_eq!((now.fields, now.events), (before.fields, before.events), "and all of it is back");
}

#[tokio::test]
async fn an_end_that_nobody_knows_is_taken_back_once_it_was_read() {
    let lab = Lab::synced().await;
    let fields = [("project_name", text("a/new"))];
    let plan = plan_custom(&lab, PAYMENTS, "jenkins", &fields, &[]).await.expect("a plan");
    let slow = Fault::on("/integrations/jenkins").method("PUT");
    lab.simulator.fail(slow.delay(std::time::Duration::from_millis(400)));
    let mark = lab.mark();
    let (engine, id) = (lab.engine.clone(), plan.id);
    let job = tokio::spawn(async move { engine.apply(id, super::secrets(&[]), None).await });
    while lab.simulator.requests_after(mark).is_empty() {
        tokio::task::yield_now().await;
    }
    let no = Fault::on("/integrations/jenkins").method("GET");
    lab.simulator.fail(no.answer(403, r#"{"message":"403 Forbidden"}"#));
    let run = job.await.expect("a task").expect("a run");
    assert_eq!(outcome(&run).0, Outcome::Unknown, "{run:?}");
    lab.simulator.heal();

    let refused = lab.engine.plan_undo(run.id, None).await.expect_err("nobody looked");
    assert!(refused.to_string().contains("sync it first"), "it says what to do: {refused}");
    lab.sync().await;
    let undo = lab.engine.plan_undo(run.id, None).await.expect("now it is known");
    let changes = undo.steps[0].step.changes(undo.integration);
    let names: Vec<&str> = changes.iter().map(|pair| pair.name.as_str()).collect();
    assert_eq!(names, ["project_name"], "back to what it was");
}

#[tokio::test]
async fn a_replaced_secret_that_cannot_come_back_is_named() {
    let lab = Lab::synced().await;
    let plan = plan_custom(&lab, PAYMENTS, "jenkins", &[], &["password"]).await.expect("a plan");
    let run = apply(&lab, &plan, &[("password", "a-new-one")]).await;
    assert_eq!(outcome(&run).0, Outcome::Applied, "{run:?}");
    let refused = lab.engine.plan_undo(run.id, None).await.expect_err("nothing can be done");
    let said = refused.to_string();
    assert!(said.contains("Password") && said.contains("never gives"), "it says which: {said}");
}

#[tokio::test]
async fn going_back_to_a_default_that_is_another_one_now_says_what_stays_lost() {
    let lab = Lab::synced().await;
    let fields = [("channel", text("#own"))];
    let plan = plan_custom(&lab, CART, "slack", &fields, &["webhook"]).await.expect("a plan");
    let run = apply(&lab, &plan, &[("webhook", "https://hooks.example/own")]).await;
    assert_eq!(outcome(&run).0, Outcome::Applied, "{run:?}");
    let form = Form { fields: [("channel".to_owned(), json!("#moved"))].into(), ..Form::default() };
    let group = lab.key("acme/platform").id.0;
    lab.simulator.world().save(Level::Group, group, "slack", &form).expect("saved");
    lab.simulator.propagated().await;
    lab.sync().await;
    let undo = lab.engine.plan_undo(run.id, None).await.expect("a plan");
    let lost = Besides::DefaultMoved { settings: vec!["channel".into()] };
    let besides = &undo.steps[0].step.besides;
    assert!(besides.contains(&lost), "the old one is not coming back: {besides:?}");
}

/// Somebody else changed another setting of the row: that is not to be taken back.
#[tokio::test]
async fn doing_it_again_leaves_what_was_never_meant() {
    let lab = Lab::synced().await;
    let fields = [("username", text("Heirloom"))];
    let plan = plan_custom(&lab, PAYMENTS, "slack", &fields, &["webhook"]).await.expect("a plan");
    let theirs = heirloom_simulator::RowEdit {
        fields: [("channel".to_owned(), json!("#theirs"))].into(),
        ..heirloom_simulator::RowEdit::default()
    };
    let project = lab.key(PAYMENTS).id.0;
    lab.simulator.world().overwrite(Level::Project, project, "slack", &theirs).expect("written");
    let typed = [("webhook", "https://hooks.example/own")];
    let run = apply(&lab, &plan, &typed).await;
    assert_eq!(outcome(&run).0, Outcome::Conflict, "{run:?}");
    let again = lab.engine.plan_again(run.id, None).await.expect("a plan");
    let changes = again.steps[0].step.changes(again.integration);
    let names: Vec<&str> = changes.iter().map(|pair| pair.name.as_str()).collect();
    assert_eq!(names, ["username"], "what was meant, and nothing else");
    assert_eq!(outcome(&apply(&lab, &again, &typed).await).0, Outcome::Applied, "done");
    let row = lab.row(PAYMENTS, "slack").expect("a row");
    assert_eq!(
        (&row.fields["channel"], &row.fields["username"]),
        (&json!("#theirs"), &json!("Heirloom"))
    );
}
