//! Secrets for a run of several scopes: one for all, or each its own; and what goes without.

use heirloom_engine::change::{Bulk, Confirm, Plan, Secrets, Selection, Wish};
use heirloom_engine::core::ids::ScopeKey;
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use heirloom_engine::{Outcome, RunState, Safety};
use heirloom_it::Lab;
use secrecy::SecretString;

use super::{apply, typed};

const ONE: &str = "acme/platform/checkout/payments-api";
const OTHER: &str = "acme/platform/web/storefront";
const SLUG: &str = "slack";

fn hook(name: &str) -> SecretString {
    SecretString::from(format!("https://hooks.slack.com/services/{name}"))
}

async fn plan(lab: &Lab, scopes: Vec<ScopeKey>) -> Plan {
    let fields = [("username".to_owned(), Value::Text("Heirloom".into()))].into();
    let settings = Settings { fields, ..Settings::default() };
    let wish = Wish::SetCustom { settings, typed: Vec::new() };
    let selection = Selection { scopes, ..Selection::default() };
    let bulk = Bulk { slug: SLUG.parse().expect("a slug"), wish, selection };
    lab.engine.plan_many(lab.id(), bulk).await.expect("a plan")
}

async fn both(lab: &Lab) -> Plan {
    let plan = plan(lab, vec![lab.key(ONE), lab.key(OTHER)]).await;
    assert_eq!((plan.total, plan.secrets.as_slice()), (2, &["webhook".to_owned()][..]));
    plan
}

fn stored(lab: &Lab, path: &str) -> Option<String> {
    let row = lab.row(path, SLUG)?;
    Some(row.fields.get("webhook")?.as_str()?.to_owned())
}

#[tokio::test]
async fn each_scope_can_be_given_its_own_and_that_goes_before_the_one_for_all() {
    let lab = Lab::synced().await;
    let plan = both(&lab).await;
    let mut secrets = Secrets::default();
    secrets.give("webhook", hook("all"));
    secrets.give_at(lab.key(OTHER), "webhook", hook("own"));
    let run = apply(&lab, &plan, secrets).await;
    assert_eq!(run.counts.applied, 2, "{:?}", run.outcomes);
    assert_eq!(stored(&lab, ONE).as_deref(), Some("https://hooks.slack.com/services/all"));
    assert_eq!(stored(&lab, OTHER).as_deref(), Some("https://hooks.slack.com/services/own"));
}

#[tokio::test]
async fn what_is_missing_blocks_just_the_steps_that_need_it_and_is_named() {
    let lab = Lab::synced().await;
    let (plan, before) = (both(&lab).await, lab.row(OTHER, SLUG));
    let mut secrets = Secrets::default();
    secrets.give_at(lab.key(ONE), "webhook", hook("one"));
    let run = apply(&lab, &plan, secrets).await;
    assert_eq!((run.counts.applied, run.counts.failed), (1, 1), "{:?}", run.outcomes);
    let blocked = run.outcomes.iter().find(|it| it.outcome == Some(Outcome::Failed));
    let blocked = blocked.expect("one");
    assert_eq!(blocked.scope.listed.path, OTHER, "the one without");
    let why = blocked.why.as_deref().unwrap_or_default();
    assert!(why.contains("Webhook was not entered"), "and it says what it lacks: {why}");
    assert_eq!(lab.row(OTHER, SLUG), before, "nothing was sent there");
}

#[tokio::test]
async fn after_a_restart_they_are_asked_for_again_and_nothing_of_them_is_on_disk() {
    let mut lab = Lab::synced().await;
    let plan = both(&lab).await;
    let canary = "canary-T0/B0/after-a-restart";
    let secrets: Secrets = [("webhook".to_owned(), hook(canary))].into_iter().collect();
    let begun = lab.engine.begin_run(plan.id, secrets, typed(&plan)).await.expect("begun");
    drop(begun);
    lab.reopen();
    let view = lab.engine.run_view(plan.id).await.expect("a view");
    assert_eq!(view.summary.note.state, RunState::Running, "its program ended");
    let asked: Vec<_> =
        view.secrets.fields.iter().map(|it| (it.field.as_str(), it.steps)).collect();
    assert_eq!(asked, [("webhook", 2)], "for both of them: what was typed is gone");
    for file in std::fs::read_dir(lab.folder()).expect("a folder") {
        let file = file.expect("a file").path();
        if file.is_file() {
            let bytes = std::fs::read(&file).expect("readable");
            let found = bytes.windows(canary.len()).any(|part| part == canary.as_bytes());
            assert!(!found, "{} holds it", file.display());
        }
    }
    let again: Secrets = [("webhook".to_owned(), hook("again"))].into_iter().collect();
    let run = lab.engine.resume(plan.id, again).await.expect("a run");
    assert_eq!(run.counts.applied, 2, "{:?}", run.outcomes);
    assert_eq!(stored(&lab, ONE).as_deref(), Some("https://hooks.slack.com/services/again"));
}

/// As the best database clients have it: per connection, however few scopes it is.
#[tokio::test]
async fn where_each_change_is_to_be_confirmed_two_scopes_want_their_number_typed() {
    let lab = Lab::synced().await;
    assert_eq!(both(&lab).await.confirm, Confirm::Dialog, "few, by default");
    lab.engine.set_safety(lab.id(), Safety::ConfirmEach).await.expect("set");
    let two = both(&lab).await;
    assert_eq!(two.confirm, Confirm::TypeCount(2), "now their number");
    let mark = lab.mark();
    let secrets = || [("webhook".to_owned(), hook("x"))].into_iter().collect::<Secrets>();
    assert!(lab.engine.apply(two.id, secrets(), None).await.is_err(), "not without it");
    assert!(lab.engine.apply(two.id, secrets(), Some(3)).await.is_err(), "nor with another");
    assert_eq!(lab.writes_since(mark), [], "nothing was sent");
    let run = lab.engine.apply(two.id, secrets(), Some(2)).await.expect("a run");
    assert_eq!(run.counts.applied, 2, "{:?}", run.outcomes);
}
