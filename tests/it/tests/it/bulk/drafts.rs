//! Drafts of several scopes, planned and applied together.

use heirloom_engine::core::ids::Slug;
use heirloom_engine::core::value::Value;
use heirloom_it::Lab;
use heirloom_simulator::{Level, RowEdit};
use serde_json::json;

use super::{all_secrets, apply};

const TWO: [&str; 2] = ["acme/platform/web/storefront", "acme/platform/platform-docs"];
const MOVED: &str = "acme/platform/checkout/payments-api";
const NEVER: &str = "acme/platform";

fn slack() -> Slug {
    "slack".parse().expect("a slug")
}

async fn keep(lab: &Lab, path: &str, channel: &str) {
    let draft = lab.draft(path, "slack", &[("channel", Value::Text(channel.into()))]).await;
    lab.engine.keep_draft(lab.id(), lab.key(path), slack(), draft).await.expect("kept");
}

async fn waiting(lab: &Lab) -> usize {
    lab.engine.drafts(lab.id()).await.expect("drafts").len()
}

/// The row under the draft is another afterwards, and the local copy knows.
async fn somebody_else_changes(lab: &Lab) {
    let edit = RowEdit {
        fields: [("username".to_owned(), json!("somebody"))].into(),
        ..RowEdit::default()
    };
    let id = lab.key(MOVED).id.0;
    lab.simulator.world().overwrite(Level::Project, id, "slack", &edit).expect("written");
    lab.sync().await;
}

#[tokio::test]
async fn drafts_of_one_kind_are_one_plan_each_with_its_own_settings() {
    let lab = Lab::synced().await;
    for (path, channel) in TWO.iter().zip(["#one", "#two"]) {
        keep(&lab, path, channel).await;
    }
    keep(&lab, MOVED, "#three").await;
    somebody_else_changes(&lab).await;

    let scopes = TWO.iter().chain([&MOVED, &NEVER]).map(|path| lab.key(path)).collect();
    let mark = lab.mark();
    let planned = lab.engine.plan_drafts(lab.id(), slack(), scopes).await.expect("an answer");
    assert!(lab.writes_since(mark).is_empty(), "nothing is sent for a plan");
    let plan = planned.plan.expect("a plan");
    assert_eq!(plan.total, 2, "a step for each that is possible");
    let why = |path: &str| {
        let found = planned.left.iter().find(|it| it.path == path);
        found.map(|it| it.why.clone()).unwrap_or_default()
    };
    assert!(why(MOVED).contains("changed in GitLab after the draft was begun"), "{}", why(MOVED));
    assert!(why(NEVER).contains("no longer there"), "{}", why(NEVER));
    assert_eq!(waiting(&lab).await, 3, "all drafts are there as long as GitLab has none of it");

    let run = apply(&lab, &plan, all_secrets(&plan, "https://hooks.slack.example/X")).await;
    assert_eq!(run.counts.applied, 2, "{:?}", run.outcomes);
    for (path, channel) in TWO.iter().zip(["#one", "#two"]) {
        let row = lab.row(path, "slack").expect("a row");
        assert_eq!(row.fields["channel"], json!(channel), "{path}: what its own draft says");
    }
    let left = lab.engine.drafts(lab.id()).await.expect("drafts");
    let left: Vec<&str> = left.iter().map(|it| it.scope.listed.path.as_str()).collect();
    assert_eq!(left, [MOVED], "the one that was refused is kept");
}

#[tokio::test]
async fn drafts_of_which_none_is_possible_are_no_plan_and_are_kept() {
    let lab = Lab::synced().await;
    keep(&lab, MOVED, "#three").await;
    somebody_else_changes(&lab).await;
    let scopes = vec![lab.key(MOVED), lab.key(NEVER)];
    let planned = lab.engine.plan_drafts(lab.id(), slack(), scopes).await.expect("an answer");
    assert!(planned.plan.is_none(), "there is nothing to look at");
    assert_eq!(planned.left.len(), 2, "each says why: {:?}", planned.left);
    assert_eq!(waiting(&lab).await, 1, "the draft is kept");
    let tray = lab.engine.tray(lab.id()).await.expect("a tray");
    assert!(tray.plans.is_empty(), "a plan without steps is none");
}
