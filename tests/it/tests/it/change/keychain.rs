//! One scope's secret in the keychain: nobody need type it again, for the address it belongs to.

use heirloom_engine::Outcome;
use heirloom_engine::change::{
    Bulk, DraftReport, MissingSecrets, NeededSecret, Plan, Secrets, Selection, Wish,
};
use heirloom_engine::core::plan::SecretState;
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use heirloom_it::Lab;

use super::{PAYMENTS, apply, outcome, plan_custom, secrets, text};

const NEW: &str = "https://jira.new.example";

/// The demo company with a password of one project's Jira that the keychain remembers.
async fn remembering() -> Lab {
    let lab = Lab::synced().await;
    let plan = plan(&lab, &[("jira_issue_prefix", text("A#"))], &["password"]).await;
    let typed = secrets(&[("password", "hunter2")]).remembered();
    let run = lab.engine.apply(plan.id, typed, None).await.expect("a run");
    assert_eq!(outcome(&run).0, Outcome::Applied, "{run:?}");
    lab
}

async fn plan(lab: &Lab, fields: &[(&str, Value)], typed: &[&str]) -> Plan {
    plan_custom(lab, PAYMENTS, "jira", fields, typed).await.expect("a plan")
}

async fn check(lab: &Lab, fields: &[(&str, Value)]) -> DraftReport {
    let draft = lab.draft(PAYMENTS, "jira", fields).await;
    let slug = "jira".parse().expect("a slug");
    let report = lab.engine.check_draft(lab.id(), lab.key(PAYMENTS), slug, draft, Vec::new());
    report.await.expect("a report")
}

fn stored(lab: &Lab) -> String {
    let row = lab.row(PAYMENTS, "jira").expect("a row");
    row.fields["password"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_form_needs_no_secret_that_the_keychain_remembers() {
    let lab = remembering().await;
    let fields = [("jira_issue_prefix", text("B#"))];
    let report = check(&lab, &fields).await;
    let password = report.secrets.iter().find(|need| need.field == "password").expect("a secret");
    assert_eq!(password.state, SecretState::Needed, "GitLab wants it with every save");
    assert_eq!(report.remembered, ["password"], "and nobody need type it");
    assert!(report.problems.is_empty(), "so it can be sent: {:?}", report.problems);

    let plan = plan(&lab, &fields, &[]).await;
    let needs = lab.engine.secret_needs(plan.id).await.expect("needs").fields;
    let needed = NeededSecret { field: "password".into(), steps: 1, remembered: 1 };
    assert_eq!(needs, [needed], "as its plan says");
    assert_eq!(outcome(&apply(&lab, &plan, &[]).await).0, Outcome::Applied, "nothing was typed");
    assert_eq!(stored(&lab), "hunter2", "what the keychain has was sent");
}

/// Else whoever changes the address would have the old server's password sent to the new one.
#[tokio::test]
async fn what_is_remembered_goes_to_no_other_address() {
    let lab = remembering().await;
    let moved = [("url", text(NEW))];
    let report = check(&lab, &moved).await;
    assert_eq!(report.remembered, [""; 0], "it belongs to the old address");
    assert!(report.problems.iter().any(|it| it.field == "password"), "it must be entered");
    let refused = plan_custom(&lab, PAYMENTS, "jira", &moved, &[]).await;
    assert!(refused.is_err(), "nothing is planned without it");

    let settings =
        Settings { fields: [("url".to_owned(), text(NEW))].into(), ..Settings::default() };
    let wish = Wish::SetCustom { settings, typed: Vec::new() };
    let selection = Selection { scopes: vec![lab.key(PAYMENTS)], ..Selection::default() };
    let bulk = Bulk { slug: "jira".parse().expect("a slug"), wish, selection };
    let many = lab.engine.plan_many(lab.id(), bulk).await.expect("a plan");
    let needs = lab.engine.secret_needs(many.id).await.expect("needs");
    let missing = MissingSecrets { fields: vec!["password".into()], steps: 1 };
    assert_eq!(needs.missing, [missing], "a plan of many asks for it, too");
    let mark = lab.mark();
    let run = lab.engine.apply(many.id, Secrets::default(), None).await;
    let why = run.map(drop).expect_err("without it, there is nothing to begin").to_string();
    assert!(why.contains("must be entered"), "{why}");
    assert_eq!(lab.writes_since(mark), [], "and nothing was sent");

    let run = apply(&lab, &plan(&lab, &moved, &["password"]).await, &[("password", "other")]).await;
    assert_eq!(outcome(&run).0, Outcome::Applied, "{run:?}");
    let report = check(&lab, &[("jira_issue_prefix", text("C#"))]).await;
    assert_eq!(report.remembered, [""; 0], "nor is it anything to the new one now");
}
