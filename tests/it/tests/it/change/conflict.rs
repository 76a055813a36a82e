use heirloom_engine::{Error, Outcome};
use heirloom_it::Lab;
use heirloom_simulator::{Level, RowEdit};
use jiff::SignedDuration;
use serde_json::json;

use super::{PAYMENTS, apply, outcome, plan_custom, plan_default, secrets, text};

fn edit(keep_time: bool) -> RowEdit {
    RowEdit {
        fields: [("project_name".to_owned(), json!("somebody/else"))].into(),
        keep_time,
        ..RowEdit::default()
    }
}

/// Contract, section 10: `updated_at` alone proves nothing, so the values are compared.
#[tokio::test]
async fn a_row_that_moved_is_a_conflict_and_is_not_overwritten() {
    for keep_time in [false, true] {
        let lab = Lab::synced().await;
        let fields = [("jenkins_url", text("https://jenkins-new.acme.example"))];
        let plan = plan_custom(&lab, PAYMENTS, "jenkins", &fields, &[]).await.expect("a plan");
        let id = lab.key(PAYMENTS).id.0;
        let world = lab.simulator.world();
        world.overwrite(Level::Project, id, "jenkins", &edit(keep_time)).expect("written");
        let mark = lab.mark();
        let run = apply(&lab, &plan, &[]).await;
        let (ended, why) = outcome(&run);
        assert_eq!(ended, Outcome::Conflict, "somebody else was faster: {why}");
        let names: Vec<&str> =
            run.outcomes[0].unexpected.iter().map(|pair| pair.name.as_str()).collect();
        assert_eq!(names, ["project_name"], "what moved is shown");
        assert_eq!(lab.writes_since(mark), [], "and nothing was sent");
        let found = lab.compare(PAYMENTS, "jenkins").await;
        let name = found.pairs.into_iter().find(|pair| pair.name == "project_name");
        assert_eq!(
            name.expect("the field").sides.own,
            heirloom_engine::core::settings::Side::Value(text("somebody/else")),
            "the local copy has what was found"
        );
    }
}

#[tokio::test]
async fn a_row_that_began_to_inherit_is_a_conflict() {
    let lab = Lab::synced().await;
    let fields = [("channel", text("#new"))];
    let plan = plan_custom(&lab, PAYMENTS, "slack", &fields, &["webhook"]).await.expect("a plan");
    let linked = RowEdit { linked: Some(true), ..RowEdit::default() };
    let id = lab.key(PAYMENTS).id.0;
    lab.simulator.world().overwrite(Level::Project, id, "slack", &linked).expect("written");
    let (ended, why) = outcome(&apply(&lab, &plan, &[("webhook", "https://h.example/x")]).await);
    assert_eq!(ended, Outcome::Conflict, "the link is part of the row");
    assert!(why.contains("other settings"), "and it says so: {why}");
}

#[tokio::test]
async fn what_somebody_else_did_already_is_not_done_again() {
    let lab = Lab::synced().await;
    let plan = plan_default(&lab, PAYMENTS, "slack").await.expect("a plan");
    let id = lab.key(PAYMENTS).id.0;
    let form = heirloom_simulator::Form { inherit: Some(true), ..Default::default() };
    lab.simulator.world().save(Level::Project, id, "slack", &form).expect("saved");
    let mark = lab.mark();
    assert_eq!(outcome(&apply(&lab, &plan, &[]).await).0, Outcome::Already, "it is so already");
    assert_eq!(lab.writes_since(mark), [], "nothing was sent");
}

#[tokio::test]
async fn a_plan_is_applied_once_and_not_when_it_is_old() {
    let lab = Lab::synced().await;
    let plan = plan_default(&lab, PAYMENTS, "slack").await.expect("a plan");
    apply(&lab, &plan, &[]).await;
    let mark = lab.mark();
    let again = lab.engine.apply(plan.id, secrets(&[]), None).await;
    assert!(matches!(again, Err(Error::PlanOutdated(_))), "it is spent: {again:?}");

    let plan = plan_default(&lab, PAYMENTS, "jira").await.expect("a plan");
    lab.clock.shift(SignedDuration::from_mins(61));
    let old = lab.engine.apply(plan.id, secrets(&[]), None).await;
    assert!(matches!(old, Err(Error::PlanOutdated(_))), "its data is too old: {old:?}");
    assert_eq!(lab.writes_since(mark), [], "neither sent anything");
}
