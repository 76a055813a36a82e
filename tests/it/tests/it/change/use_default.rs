use heirloom_engine::Outcome;
use heirloom_engine::core::plan::Besides;
use heirloom_engine::core::row::State;
use heirloom_it::Lab;
use heirloom_simulator::{Form, Level, RowEdit};
use serde_json::json;

use super::{PAYMENTS, apply, outcome, plan_default};

const FRAUD: &str = "acme/platform/checkout/fraud-rules-engine";

/// Contract, section 2: with `use_inherited_settings` a project takes over every column of the
/// nearest default, secrets included; required parameters must be there all the same.
#[tokio::test]
async fn use_default_settings_makes_the_row_the_defaults() {
    let lab = Lab::synced().await;
    let plan = plan_default(&lab, PAYMENTS, "jira").await.expect("a plan");
    let step = &plan.steps[0];
    assert_eq!(step.step.source, Some(lab.key("acme/platform")), "the plan names the source");
    let lost = Besides::LosesSecrets { secrets: vec!["password".into()] };
    assert!(step.step.besides.contains(&lost), "and the secret that goes: {:?}", step.step.besides);
    let run = apply(&lab, &plan, &[]).await;
    assert_eq!(outcome(&run), (Outcome::Applied, String::new()), "written and read back");

    let (own, default) = (lab.row(PAYMENTS, "jira"), lab.row("acme/platform", "jira"));
    let (own, default) = (own.expect("a row"), default.expect("a default"));
    assert_eq!(own.inherit_from, Some(default.id), "linked to the nearest default");
    assert_eq!(own.fields, default.fields, "with its values, the password included");
    assert_eq!(own.events, default.events, "and its events");
    let item = lab.item(PAYMENTS, "jira").await;
    assert_eq!(item.known.state(), State::Inherited, "the local copy has what was read back");
}

#[tokio::test]
async fn a_stale_inheritor_is_brought_in_line() {
    let lab = Lab::synced().await;
    let plan = plan_default(&lab, FRAUD, "harbor").await.expect("it inherits, but differs");
    let changes = plan.steps[0].step.changes(plan.steps[0].integration);
    let names: Vec<&str> = changes.iter().map(|pair| pair.name.as_str()).collect();
    assert_eq!(names, ["url", "username"], "the plan shows what will change");
    assert_eq!(outcome(&apply(&lab, &plan, &[]).await).0, Outcome::Applied, "done");
    let item = lab.item(FRAUD, "harbor").await;
    assert_eq!(item.known.state(), State::Inherited, "in line");
    assert_eq!(
        lab.row(FRAUD, "harbor").expect("a row").fields,
        lab.row("acme/platform", "harbor").expect("a default").fields,
        "on the server too"
    );
}

/// Contract, section 2: inheriting an inactive default deactivates.
#[tokio::test]
async fn a_default_that_is_off_switches_the_project_off_and_the_plan_says_so() {
    let lab = Lab::connected().await;
    let path = "acme/mobile/matjar-aljawwal";
    let group = lab.key("acme/mobile").id.0;
    let off = RowEdit { active: Some(false), ..RowEdit::default() };
    lab.simulator.world().overwrite(Level::Group, group, "jira", &off).expect("written");
    lab.sync().await;
    let plan = plan_default(&lab, path, "jira").await.expect("a plan");
    assert!(plan.steps[0].step.besides.contains(&Besides::SwitchesOff), "said beforehand");
    let (ended, why) = outcome(&apply(&lab, &plan, &[]).await);
    assert_eq!(ended, Outcome::Applied, "{why}");
    let stored = lab.row(path, "jira").expect("a row");
    assert!(!stored.active && stored.inherit_from.is_some(), "off, and linked");
    assert_eq!(lab.item(path, "jira").await.known.state(), State::Disabled, "and known to be");
}

#[tokio::test]
async fn without_a_visible_default_there_is_nothing_to_go_back_to() {
    let lab = Lab::synced().await;
    let mark = lab.mark();
    let refused = plan_default(&lab, PAYMENTS, "jenkins").await.expect_err("projects only");
    assert!(refused.to_string().contains("Jenkins"), "it says for what: {refused}");
    let refused = plan_default(&lab, "vendors/northstar/label-printing", "mattermost").await;
    assert!(refused.is_err(), "a default that cannot be seen is none to plan with");
    let refused = plan_default(&lab, PAYMENTS, "datadog").await.expect_err("in use already");
    assert!(refused.to_string().contains("Nothing would change"), "already so: {refused}");
    assert_eq!(lab.writes_since(mark), [], "nothing was sent");
}

/// The second administrator changes the default meanwhile: nobody saw those settings in the plan.
#[tokio::test]
async fn a_default_that_moved_after_the_plan_is_not_taken_over() {
    let lab = Lab::synced().await;
    let plan = plan_default(&lab, PAYMENTS, "slack").await.expect("a plan");
    let before = lab.row(PAYMENTS, "slack");
    let group = lab.key("acme/platform").id.0;
    let form = Form {
        fields: [("channel".to_owned(), json!("#platform-moved"))].into(),
        ..Form::default()
    };
    lab.simulator.world().save(Level::Group, group, "slack", &form).expect("saved");
    lab.simulator.propagated().await;
    let mark = lab.mark();
    let (ended, why) = outcome(&apply(&lab, &plan, &[]).await);
    assert_eq!(ended, Outcome::Conflict, "shown, and not overwritten: {why}");
    assert!(why.contains("acme/platform has other settings"), "it says where: {why}");
    assert_eq!(lab.writes_since(mark), [], "nothing was sent");
    assert_eq!(lab.row(PAYMENTS, "slack"), before, "the project keeps its own");
}

#[tokio::test]
async fn a_group_between_that_got_settings_of_its_own_is_not_taken_for_the_default() {
    let lab = Lab::synced().await;
    let plan = plan_default(&lab, PAYMENTS, "slack").await.expect("a plan");
    assert_eq!(plan.steps[0].step.source, Some(lab.key("acme/platform")), "two above");
    let group = lab.key("acme/platform/checkout").id.0;
    let own = RowEdit { linked: Some(false), ..RowEdit::default() };
    lab.simulator.world().overwrite(Level::Group, group, "slack", &own).expect("written");
    let mark = lab.mark();
    let (ended, why) = outcome(&apply(&lab, &plan, &[]).await);
    assert_eq!(ended, Outcome::Conflict, "GitLab would take the nearer one: {why}");
    assert!(why.contains("acme/platform/checkout"), "it says which: {why}");
    assert_eq!(lab.writes_since(mark), [], "nothing was sent");
}
