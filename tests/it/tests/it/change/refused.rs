use heirloom_engine::connect::reach::Reach;
use heirloom_engine::{Kind, Outcome, Safety};
use heirloom_it::{Lab, input};
use heirloom_simulator::{Fault, Level, RowEdit};

use super::{PAYMENTS, apply, outcome, plan_custom, plan_default, text};

/// Contract, section 2: one active issue tracker per project, said within a 400.
#[tokio::test]
async fn gitlabs_refusal_is_shown_in_its_words_and_nothing_changes() {
    let lab = Lab::connected().await;
    let path = "vendors/northstar/label-printing";
    let redmine = |on| {
        let edit = RowEdit { active: Some(on), ..RowEdit::default() };
        let project = lab.key(path).id.0;
        lab.simulator.world().overwrite(Level::Project, project, "redmine", &edit)
    };
    redmine(false).expect("off");
    lab.sync().await;
    let fields = [
        ("project_url", text("https://youtrack.example/projects/L")),
        ("issues_url", text("https://youtrack.example/issue/:id")),
    ];
    let plan = plan_custom(&lab, path, "youtrack", &fields, &[]).await.expect("a plan");
    // Known beforehand, it would not be planned.
    redmine(true).expect("on again meanwhile");
    let before = lab.row(path, "youtrack");
    let (ended, why) = outcome(&apply(&lab, &plan, &[]).await);
    assert_eq!(ended, Outcome::Refused, "GitLab said no");
    assert!(why.contains("Another issue tracker is already in use"), "in its words: {why}");
    assert_eq!(lab.row(path, "youtrack"), before, "nothing changed");
}

#[tokio::test]
async fn a_refusal_does_not_repeat_a_secret_that_was_sent() {
    let lab = Lab::synced().await;
    let secret = "https://hooks.slack.example/services/CANARY";
    let fields = [("channel", text("#new"))];
    let plan = plan_custom(&lab, PAYMENTS, "slack", &fields, &["webhook"]).await.expect("a plan");
    let echo =
        format!(r#"{{"message":"Failed to update integration. webhook {secret} is blocked"}}"#);
    lab.simulator.fail(
        Fault::on("/integrations/slack")
            .method("PUT")
            .answer(400, echo)
            .header("content-type", "application/json"),
    );
    let (ended, why) = outcome(&apply(&lab, &plan, &[("webhook", secret)]).await);
    assert_eq!(ended, Outcome::Refused, "GitLab said no");
    assert!(!why.contains("CANARY"), "its words are shown without the secret: {why}");
    assert!(heirloom_it::find_bytes(&lab.folder(), b"CANARY").is_empty(), "nor kept with it");
}

#[tokio::test]
async fn rights_that_were_taken_away_meanwhile_are_a_refusal() {
    let lab = Lab::synced().await;
    let path = "vendors/onboarding-kit";
    let fields = [("recipients", text("kit@acme.example"))];
    let plan = plan_custom(&lab, path, "emails-on-push", &fields, &[]).await.expect("a plan");
    let group = lab.key("vendors").id.0;
    lab.simulator.world().set_access("d.whitfield", Level::Group, group, 30).expect("demoted");
    let (ended, why) = outcome(&apply(&lab, &plan, &[]).await);
    assert_ne!(ended, Outcome::Applied, "it could not be written");
    assert!(why.contains("Maintainer"), "and why not: {why}");
    assert_eq!(lab.row(path, "emails-on-push"), None, "nothing changed");
}

#[tokio::test]
async fn a_review_only_token_plans_nothing() {
    let mut lab = Lab::empty().await;
    let token = lab.simulator.tokens().read_api.clone();
    lab.connect(&token).await;
    lab.sync().await;
    let mark = lab.mark();
    let refused = plan_default(&lab, PAYMENTS, "jira").await.expect_err("read_api only");
    assert_eq!(refused.kind(), Kind::ReadOnly, "told apart");
    assert!(refused.to_string().contains("read_api"), "and why: {refused}");
    assert_eq!(lab.mark(), mark, "GitLab was not even asked");
}

#[tokio::test]
async fn a_connection_set_to_read_only_writes_nothing_not_even_an_earlier_plan() {
    let lab = Lab::synced().await;
    let plan = plan_default(&lab, PAYMENTS, "jira").await.expect("a plan");
    lab.engine.set_safety(lab.id(), Safety::ReadOnly).await.expect("set");
    let mark = lab.mark();
    let refused = lab.engine.apply(plan.id, super::secrets(&[]), None).await;
    assert_eq!(refused.expect_err("read-only").kind(), Kind::ReadOnly, "told apart");
    let refused = plan_default(&lab, PAYMENTS, "jira").await.expect_err("read-only");
    assert_eq!(refused.kind(), Kind::ReadOnly, "and no new one is made");
    assert_eq!(lab.writes_since(mark), [], "nothing was sent");
}

/// An answer that got lost says nothing about the write: the row is read again.
#[tokio::test]
async fn a_lost_answer_is_looked_up_instead_of_assumed() {
    let lab = Lab::synced().await;
    let fields = [("project_name", text("checkout/lost"))];
    let plan = plan_custom(&lab, PAYMENTS, "jenkins", &fields, &[]).await.expect("a plan");
    lab.simulator.fail(Fault::on("/integrations/jenkins").method("PUT").answer(502, "<html>"));
    let mark = lab.mark();
    let (ended, why) = outcome(&apply(&lab, &plan, &[]).await);
    assert_eq!(ended, Outcome::Unknown, "a proxy’s word, not GitLab’s: {why}");
    assert!(why.contains("the settings are not there"), "and that was looked up: {why}");
    assert!(why.contains("may still come"), "nor is it said that they never will: {why}");
    assert_eq!(lab.writes_since(mark).len(), 1, "a write is never sent twice");
}

/// GitLab's own words for a fault: it is through with the request.
#[tokio::test]
async fn what_gitlab_itself_failed_at_has_failed() {
    let lab = Lab::synced().await;
    let fields = [("project_name", text("checkout/lost"))];
    let plan = plan_custom(&lab, PAYMENTS, "jenkins", &fields, &[]).await.expect("a plan");
    lab.simulator.fail(Fault::in_words("/integrations/jenkins", 500).method("PUT"));
    let mark = lab.mark();
    let (ended, why) = outcome(&apply(&lab, &plan, &[]).await);
    assert_eq!(ended, Outcome::Failed, "it is not there: {why}");
    assert!(why.contains("the settings are not there"), "and that was looked up: {why}");
    assert!(!why.contains("may still come"), "and they will not come: {why}");
    let methods: Vec<_> =
        lab.simulator.requests_after(mark).into_iter().map(|it| it.method).collect();
    assert_eq!(methods, ["GET", "PUT", "GET"], "one look is enough");
}

#[tokio::test]
async fn offline_no_plan_is_made() {
    let lab = Lab::synced().await;
    lab.simulator.pause().await;
    let refused = plan_default(&lab, PAYMENTS, "jira").await.expect_err("nobody answers");
    assert_eq!(refused.kind(), Kind::Offline, "told apart: {refused}");
    assert!(matches!(lab.engine.reach(lab.id()), Reach::Offline { .. }), "and remembered");
}

#[tokio::test]
async fn a_server_that_goes_away_before_the_write_leaves_nothing_sent() {
    let lab = Lab::synced().await;
    let plan = plan_default(&lab, PAYMENTS, "jira").await.expect("a plan");
    lab.simulator.pause().await;
    let (ended, why) = outcome(&apply(&lab, &plan, &[]).await);
    assert_eq!(ended, Outcome::Failed, "it could not be looked at first");
    assert!(why.contains("Nothing was sent"), "and it says so: {why}");
    lab.simulator.resume().await.expect("back on its port");
    assert!(lab.row(PAYMENTS, "jira").expect("its row").inherit_from.is_none(), "nothing changed");
}

/// The instance's own settings are out of a token's reach (contract, section 4).
#[tokio::test]
async fn instance_defaults_cannot_be_planned() {
    let lab = Lab::empty().await;
    let made = lab.engine.connect(input(&lab.simulator.url(), lab.simulator.token())).await;
    let id = made.expect("a connection").id;
    lab.engine.sync(id, None, false).await.expect("a sync");
    let request = heirloom_engine::change::Request::UseDefault {
        scope: heirloom_engine::core::ids::ScopeKey::INSTANCE,
        slug: "jira".parse().expect("a slug"),
    };
    assert!(lab.engine.plan(id, request).await.is_err(), "no step is made of it");
    assert_eq!(lab.writes_since(0), [], "and nothing sent");
}
