use heirloom_engine::Outcome;
use heirloom_engine::change::{Bulk, DraftSkip, Selection, Wish};
use heirloom_engine::core::plan::SecretState;
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use heirloom_it::{Lab, find_bytes};
use heirloom_simulator::{Level, RowEdit};
use serde_json::json;

use super::{PAYMENTS, apply, outcome, plan_custom, text};

#[tokio::test]
async fn a_draft_survives_a_restart_and_its_secrets_never_reach_the_disk() {
    let mut lab = Lab::synced().await;
    let slug = || "slack".parse().expect("a slug");
    let mut draft = lab.draft(PAYMENTS, "slack", &[("channel", text("#draft"))]).await;
    draft.fields.insert("webhook".into(), text("https://hooks.slack.example/CANARY"));
    let key = lab.key(PAYMENTS);
    lab.engine.keep_draft(lab.id(), key, slug(), draft).await.expect("kept");
    lab.reopen();
    let form = lab.engine.edit_form(lab.id(), key, slug()).await.expect("a form");
    assert!(form.kept_at.is_some() && !form.outdated, "the draft is there");
    assert_eq!(form.draft.fields["channel"], text("#draft"), "with what was typed");
    assert!(!form.draft.fields.contains_key("webhook"), "secrets aside");
    assert!(find_bytes(&lab.folder(), b"CANARY").is_empty(), "which no file holds");
}

#[tokio::test]
async fn a_draft_whose_row_moved_is_said_to_be_outdated() {
    let lab = Lab::synced().await;
    let key = lab.key(PAYMENTS);
    let draft = lab.draft(PAYMENTS, "jenkins", &[("project_name", text("mine"))]).await;
    let slug = || "jenkins".parse().expect("a slug");
    lab.engine.keep_draft(lab.id(), key, slug(), draft).await.expect("kept");
    let why = async || lab.engine.drafts(lab.id()).await.expect("drafts")[0].why;
    assert_eq!(why().await, None, "it can be planned");
    let edit = RowEdit {
        fields: [("username".to_owned(), json!("somebody"))].into(),
        ..RowEdit::default()
    };
    lab.simulator.world().overwrite(Level::Project, key.id.0, "jenkins", &edit).expect("written");
    lab.sync().await;
    let form = lab.engine.edit_form(lab.id(), key, slug()).await.expect("a form");
    assert!(form.outdated, "the row is not the one the draft was begun on");
    let mark = lab.mark();
    assert_eq!(why().await, Some(DraftSkip::Outdated), "and its list says so, too");
    assert_eq!(lab.mark(), mark, "without asking GitLab");
}

#[tokio::test]
async fn an_applied_draft_is_gone() {
    let lab = Lab::synced().await;
    let key = lab.key(PAYMENTS);
    let fields = [("project_name", text("mine"))];
    let draft = lab.draft(PAYMENTS, "jenkins", &fields).await;
    let slug = "jenkins".parse().expect("a slug");
    lab.engine.keep_draft(lab.id(), key, slug, draft).await.expect("kept");
    assert_eq!(lab.engine.drafts(lab.id()).await.expect("drafts").len(), 1, "kept");
    let plan = plan_custom(&lab, PAYMENTS, "jenkins", &fields, &[]).await.expect("a plan");
    apply(&lab, &plan, &[]).await;
    assert!(lab.engine.drafts(lab.id()).await.expect("drafts").is_empty(), "it was sent");
}

#[tokio::test]
async fn a_draft_that_says_something_else_outlives_a_change_of_its_row() {
    let lab = Lab::synced().await;
    let key = lab.key(PAYMENTS);
    let draft = lab.draft(PAYMENTS, "jenkins", &[("project_name", text("half/written"))]).await;
    let slug = || "jenkins".parse().expect("a slug");
    lab.engine.keep_draft(lab.id(), key, slug(), draft).await.expect("kept");
    let theirs = Settings {
        fields: [("project_name".to_owned(), text("of/a/plan"))].into(),
        ..Settings::default()
    };
    let selection = Selection { scopes: vec![key], ..Selection::default() };
    let wish = Wish::SetCustom { settings: theirs, typed: Vec::new() };
    let bulk = Bulk { slug: slug(), wish, selection };
    let plan = lab.engine.plan_many(lab.id(), bulk).await.expect("a plan");
    let run = apply(&lab, &plan, &[]).await;
    assert_eq!(outcome(&run).0, Outcome::Applied, "{run:?}");
    let form = lab.engine.edit_form(lab.id(), key, slug()).await.expect("a form");
    assert!(form.kept_at.is_some(), "somebody’s work is not thrown away");
    assert_eq!(form.draft.fields["project_name"], text("half/written"), "as it was left");
    assert!(form.outdated, "and that its row moved is said");

    let undo = lab.engine.plan_undo(run.id, None).await.expect("a plan");
    assert_eq!(outcome(&apply(&lab, &undo, &[]).await).0, Outcome::Applied, "taken back");
    assert_eq!(lab.engine.drafts(lab.id()).await.expect("drafts").len(), 1, "it is still there");
}

#[tokio::test]
async fn a_draft_is_told_what_it_amounts_to() {
    let lab = Lab::synced().await;
    let fields = [("url", text("https://jira-new.acme.example")), ("api_url", Value::Empty)];
    let draft = lab.draft(PAYMENTS, "jira", &fields).await;
    let slug = "jira".parse().expect("a slug");
    let report = lab.engine.check_draft(lab.id(), lab.key(PAYMENTS), slug, draft, vec![]).await;
    let report = report.expect("a report");
    let changed: Vec<&str> = report.changes.iter().map(|pair| pair.name.as_str()).collect();
    assert_eq!(changed, ["url", "api_url"], "what changes");
    let password = report.secrets.iter().find(|need| need.field == "password").expect("a secret");
    assert_eq!(password.state, SecretState::Needed, "GitLab wants it with every change");
    assert!(password.dropped_by.is_some(), "and drops the stored one with this change");
    assert!(!report.problems.is_empty(), "so it cannot be sent yet");
}
