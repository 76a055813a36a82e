//! The settings of one scope, taken over by others.

use heirloom_engine::Result;
use heirloom_engine::change::{Bulk, Plan, Selection, Wish};
use heirloom_engine::core::ids::{ScopeKey, Slug};
use heirloom_engine::core::row::{Agrees, Known, Link, Row};
use heirloom_it::Lab;
use heirloom_simulator::{Level, RowEdit};
use serde_json::{Value as Json, json};

use super::{all_secrets, apply};

const PAYMENTS: &str = "acme/platform/checkout/payments-api";
const STOREFRONT: &str = "acme/platform/web/storefront";

async fn copy(lab: &Lab, slug: &str, from: ScopeKey, to: &str, typed: &[&str]) -> Result<Plan> {
    let typed = typed.iter().map(|name| (*name).to_owned()).collect();
    let selection = Selection { scopes: vec![lab.key(to)], ..Selection::default() };
    let slug: Slug = slug.parse().expect("a slug");
    let bulk = Bulk { slug, wish: Wish::CopyFrom { scope: from, typed }, selection };
    lab.engine.plan_many(lab.id(), bulk).await
}

#[tokio::test]
async fn a_copy_leaves_nothing_of_what_was_there() {
    let lab = Lab::connected().await;
    let world = lab.simulator.world();
    let username = |value: Json| RowEdit {
        fields: [("username".to_owned(), value)].into(),
        ..RowEdit::default()
    };
    let (from, to) = (lab.key("acme/platform"), lab.key(PAYMENTS));
    world.overwrite(Level::Group, from.id.0, "slack", &username(Json::Null)).expect("written");
    let left = username(json!("left over"));
    world.overwrite(Level::Project, to.id.0, "slack", &left).expect("written");
    assert!(lab.sync().await.complete, "everything can be read");
    let plan = copy(&lab, "slack", from, PAYMENTS, &[]).await.expect("a plan");
    let changes = plan.steps[0].step.changes(plan.integration);
    assert!(changes.iter().any(|pair| pair.name == "username"), "the plan says so: {changes:?}");
    let run = apply(&lab, &plan, all_secrets(&plan, "https://hooks.example/copied")).await;
    assert_eq!(run.counts.applied, 1, "{:?}", run.outcomes);
    let row = lab.row(PAYMENTS, "slack").expect("a row");
    let blank = row.fields.get("username").is_none_or(|it| it.is_null() || it == "");
    assert!(blank, "the source has none: {:?}", row.fields.get("username"));
}

/// GitLab does not return secrets: they are given with the copy, also where it does not insist.
#[tokio::test]
async fn secrets_that_gitlab_does_not_insist_on_can_be_given_with_a_copy() {
    let lab = Lab::synced().await;
    let from = lab.key(PAYMENTS);
    let without = copy(&lab, "jenkins", from, STOREFRONT, &[]).await.expect("a plan");
    assert_eq!(without.secrets, [""; 0], "nobody has to");
    let with = copy(&lab, "jenkins", from, STOREFRONT, &["password"]).await.expect("a plan");
    assert_eq!(with.secrets, ["password"], "asked for when it is applied");
    let command = lab.engine.plan_command(with.id).await.expect("an answer").expect("a command");
    assert!(command.contains("--from") && command.contains("--secret-stdin password"), "{command}");
    let run = apply(&lab, &with, all_secrets(&with, "given-with-it")).await;
    assert_eq!(run.counts.applied, 1, "{:?}", run.outcomes);
    let row = lab.row(STOREFRONT, "jenkins").expect("a row");
    assert_eq!(row.fields["password"], "given-with-it", "stored");
}

#[tokio::test]
async fn what_was_never_read_is_not_copied() {
    let lab = Lab::synced().await;
    let slug: Slug = "jira".parse().expect("a slug");
    let mut unread = None;
    for id in lab.simulator.world().projects() {
        let found = lab.engine.compare(lab.id(), ScopeKey::project(id), slug.clone()).await;
        // Some cannot be seen.
        let Ok(found) = found else { continue };
        let Known::Row(Row { link, active: true }) = found.item.known else { continue };
        if matches!(link, Link::Inherited { agrees: Agrees::Unread, .. }) {
            unread = Some(ScopeKey::project(id));
        }
    }
    let unread = unread.expect("Jira's data lies beside the row: its inheritors are not read");
    let refused = copy(&lab, "jira", unread, PAYMENTS, &[]).await.expect_err("nothing is known");
    assert!(refused.to_string().contains("were not read"), "it says why: {refused}");
    lab.engine.sync(lab.id(), None, true).await.expect("a full sync");
    copy(&lab, "jira", unread, PAYMENTS, &[]).await.expect("read, it can be copied");
}
