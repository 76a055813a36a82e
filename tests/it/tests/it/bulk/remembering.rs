//! Secrets that the keychain remembers, for undo and repeats.

use std::io::Cursor;
use std::time::Duration;

use heirloom_engine::change::{
    Bulk, KeptSecret, MissingSecrets, NeededSecret, Plan, Secrets, Selection, Wish,
};
use heirloom_engine::core::ids::Slug;
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use heirloom_engine::secrets::{Error as KeychainError, Failing};
use heirloom_engine::{Kind, Outcome, RunId};
use heirloom_it::{Lab, find_bytes};
use heirloom_simulator::Fault;
use secrecy::SecretString;
use serde_json::Value as Json;

use super::apply;

const PATHS: [&str; 2] = ["acme/platform/web/storefront", "acme/platform/platform-docs"];

fn slack() -> Slug {
    "slack".parse().expect("a slug")
}

async fn plan(lab: &Lab, wish: Wish) -> Plan {
    let scopes = PATHS.iter().map(|path| lab.key(path)).collect();
    let selection = Selection { scopes, ..Selection::default() };
    let bulk = Bulk { slug: slack(), wish, selection };
    lab.engine.plan_many(lab.id(), bulk).await.expect("a plan")
}

pub(super) async fn set(lab: &Lab, channel: &str) -> Plan {
    let settings = Settings {
        fields: [("channel".to_owned(), Value::Text(channel.into()))].into(),
        ..Settings::default()
    };
    plan(lab, Wish::SetCustom { settings, typed: vec!["webhook".into()] }).await
}

pub(super) fn webhook(text: &str) -> Secrets {
    [("webhook".to_owned(), SecretString::from(text))].into_iter().collect()
}

fn stored(lab: &Lab) -> Vec<String> {
    let text = |path: &&str| lab.row(path, "slack").expect("a row").fields["webhook"].clone();
    PATHS.iter().map(text).map(|it| it.as_str().unwrap_or_default().to_owned()).collect()
}

async fn needed(lab: &Lab, run: RunId) -> Vec<(u32, u32)> {
    let needed: Vec<NeededSecret> = lab.engine.secret_needs(run).await.expect("an answer").fields;
    assert!(needed.iter().all(|it| it.field == "webhook"), "{needed:?}");
    needed.into_iter().map(|it| (it.steps, it.remembered)).collect()
}

#[tokio::test]
async fn a_remembered_secret_comes_back_with_undo_and_what_nobody_remembered_is_asked_for() {
    let lab = Lab::synced().await;
    let first = "https://hooks.slack.example/REMEMBERED-1";
    let plan_set = set(&lab, "#one").await;
    let run = apply(&lab, &plan_set, webhook(first).remembered()).await;
    assert_eq!((run.counts.applied, run.not_remembered), (2, None), "{:?}", run.outcomes);
    assert_eq!(stored(&lab), [first, first]);
    assert!(find_bytes(&lab.folder(), b"REMEMBERED").is_empty(), "in the keychain alone");

    // Back to default, and back again: nobody is asked.
    let back = plan(&lab, Wish::UseDefault).await;
    let to_default = apply(&lab, &back, Secrets::default()).await;
    assert_eq!(to_default.counts.applied, 2, "{:?}", to_default.outcomes);
    let undo = lab.engine.plan_undo(to_default.id, None).await.expect("a plan");
    assert_eq!(needed(&lab, undo.id).await, [(2, 2)], "both are in the keychain");
    let undone = apply(&lab, &undo, Secrets::default()).await;
    assert_eq!(undone.counts.applied, 2, "{:?}", undone.outcomes);
    assert_eq!(stored(&lab), [first, first], "as it was");
    let back = plan(&lab, Wish::UseDefault).await;
    let once_more = apply(&lab, &back, Secrets::default()).await;
    let undo = lab.engine.plan_undo(once_more.id, None).await.expect("a plan");
    assert_eq!(needed(&lab, undo.id).await, [(2, 2)], "what the keychain gave, it still has");
    let undone = apply(&lab, &undo, Secrets::default()).await;
    assert_eq!(undone.counts.applied, 2, "{:?}", undone.outcomes);

    // Another value that nobody remembers: neither is the old one any good.
    let second = "https://hooks.slack.example/FORGOTTEN-2";
    let plan_set = set(&lab, "#two").await;
    let run = apply(&lab, &plan_set, webhook(second)).await;
    assert_eq!(run.counts.applied, 2, "{:?}", run.outcomes);
    let back = plan(&lab, Wish::UseDefault).await;
    let to_default = apply(&lab, &back, Secrets::default()).await;
    let undo = lab.engine.plan_undo(to_default.id, None).await.expect("a plan");
    assert_eq!(needed(&lab, undo.id).await, [(2, 0)], "what is remembered is older");
    let without = apply(&lab, &undo, Secrets::default()).await;
    assert_eq!(without.counts.failed, 2, "it must be entered: {:?}", without.outcomes);
}

#[tokio::test]
async fn undoing_the_run_that_wrote_it_does_not_take_its_secret_for_the_old_one() {
    let lab = Lab::synced().await;
    let run =
        apply(&lab, &set(&lab, "#one").await, webhook("https://a.example").remembered()).await;
    assert_eq!(run.counts.applied, 2, "{:?}", run.outcomes);
    let again = set(&lab, "#two").await;
    assert_eq!(needed(&lab, again.id).await, [(2, 2)], "a repeat finds it");
    let second = apply(&lab, &again, webhook("https://b.example").remembered()).await;
    let undo = lab.engine.plan_undo(second.id, None).await.expect("a plan");
    assert_eq!(needed(&lab, undo.id).await, [(2, 0)], "the old one gave way to the new one");
}

/// The plan, through a file that `edit` was at.
async fn through_a_file(lab: &Lab, plan: &Plan, edit: impl FnOnce(&mut Json)) -> Plan {
    let bytes = lab.engine.write_plan(plan.id, Vec::new()).await.expect("a file");
    let mut json: Json = serde_json::from_slice(&bytes).expect("JSON");
    edit(&mut json);
    let connection = lab.engine.connection(lab.id()).await.expect("the connection");
    let file = Cursor::new(json.to_string());
    lab.engine.read_plan(&connection, file).await.expect("a plan")
}

/// What a run wrote itself was never there before it: not for what takes it back, nor for a
/// repeat of that, nor for its file.
#[tokio::test]
async fn neither_a_repeat_of_an_undo_nor_its_file_takes_the_runs_own_secret_for_the_old_one() {
    let lab = Lab::synced().await;
    let old = "https://old.example/secret";
    let run = apply(&lab, &set(&lab, "#one").await, webhook(old)).await;
    assert_eq!(run.counts.applied, 2, "{:?}", run.outcomes);
    let new = "https://new.example/secret";
    let moved = apply(&lab, &set(&lab, "#two").await, webhook(new).remembered()).await;
    assert_eq!(moved.counts.applied, 2, "{:?}", moved.outcomes);
    let undo = lab.engine.plan_undo(moved.id, None).await.expect("a plan");
    assert_eq!(needed(&lab, undo.id).await, [(2, 0)], "it must be typed");

    let taken = through_a_file(&lab, &undo, |_| {}).await;
    let undoes = lab.engine.run(taken.id).await.expect("a plan").undoes;
    assert_eq!(undoes, Some(moved.id), "a file says whom it takes back");
    assert_eq!(needed(&lab, taken.id).await, [(2, 0)], "and needs what the plan needs");
    let elsewhere = through_a_file(&lab, &undo, |json| {
        json["undoes"]["started_at"] = "2020-01-01T00:00:00Z".into();
    });
    let elsewhere = elsewhere.await;
    let undoes = lab.engine.run(elsewhere.id).await.expect("a plan").undoes;
    assert_eq!(undoes, None, "that run is not in this journal");
    assert_eq!(needed(&lab, elsewhere.id).await, [(2, 0)], "so nothing is known to be older");
    let older = through_a_file(&lab, &undo, |json| {
        json["version"] = 1.into();
        json.as_object_mut().expect("an object").remove("undoes");
    });
    assert_eq!(needed(&lab, older.await.id).await, [(2, 0)], "an older file does not say whom");

    let failed = apply(&lab, &undo, Secrets::default()).await;
    assert_eq!(failed.counts.failed, 2, "it was not typed: {:?}", failed.outcomes);
    let again = lab.engine.plan_again(failed.id, None).await.expect("a plan");
    assert_eq!(lab.engine.run(again.id).await.expect("a plan").undoes, Some(moved.id), "the same");
    assert_eq!(needed(&lab, again.id).await, [(2, 0)], "a repeat must be typed, too");
    let failed = apply(&lab, &again, Secrets::default()).await;
    assert_eq!(failed.counts.failed, 2, "{:?}", failed.outcomes);
    assert_eq!(stored(&lab), [new, new], "nothing was sent");
}

#[tokio::test]
async fn an_undo_from_its_file_finds_what_was_remembered_before_the_run() {
    let lab = remembering("https://a.example").await;
    let to_default = apply(&lab, &plan(&lab, Wish::UseDefault).await, Secrets::default()).await;
    assert_eq!(to_default.counts.applied, 2, "{:?}", to_default.outcomes);
    let undo = lab.engine.plan_undo(to_default.id, None).await.expect("a plan");
    let taken = through_a_file(&lab, &undo, |_| {}).await;
    assert_eq!(needed(&lab, taken.id).await, [(2, 2)], "it was there before");
    let undone = apply(&lab, &taken, Secrets::default()).await;
    assert_eq!(undone.counts.applied, 2, "{:?}", undone.outcomes);
    assert_eq!(stored(&lab), ["https://a.example"; 2], "as it was");
}

/// The demo company's Slack with a secret that the keychain remembers.
async fn remembering(first: &str) -> Lab {
    let lab = Lab::synced().await;
    let run = apply(&lab, &set(&lab, "#one").await, webhook(first).remembered()).await;
    assert_eq!(run.counts.applied, 2, "{:?}", run.outcomes);
    assert_eq!(lab.keychain.names().len(), 3, "the token, and one for each: {:?}", lab.keychain);
    lab
}

#[tokio::test]
async fn a_secret_that_gave_way_to_another_leaves_the_keychain_and_the_same_one_stays() {
    let lab = remembering("https://a.example").await;
    let run = apply(&lab, &set(&lab, "#two").await, webhook("https://a.example")).await;
    assert_eq!(run.counts.applied, 2, "{:?}", run.outcomes);
    assert_eq!(lab.keychain.names().len(), 3, "it is still the right one: {:?}", lab.keychain);
    assert_eq!(needed(&lab, set(&lab, "#three").await.id).await, [(2, 2)], "a repeat finds it");
    let run = apply(&lab, &set(&lab, "#three").await, webhook("https://b.example")).await;
    assert_eq!(run.counts.applied, 2, "{:?}", run.outcomes);
    assert_eq!(lab.keychain.names().len(), 1, "nobody uses it any more: {:?}", lab.keychain);
    assert_eq!(needed(&lab, set(&lab, "#four").await.id).await, [(2, 0)], "a repeat asks again");
}

#[tokio::test]
async fn a_secret_that_gitlab_refused_leaves_the_remembered_one_in_use() {
    let lab = remembering("https://a.example").await;
    let no = Fault::on("/integrations/slack").method("PUT");
    lab.simulator.fail(no.answer(400, r#"{"message":{"webhook":["is invalid"]}}"#));
    let run = apply(&lab, &set(&lab, "#two").await, webhook("https://b.example")).await;
    assert_eq!(run.counts.refused, 2, "{:?}", run.outcomes);
    lab.simulator.heal();
    assert_eq!(stored(&lab), ["https://a.example"; 2], "GitLab has what it had");
    assert_eq!(lab.keychain.names().len(), 3, "and so has the keychain: {:?}", lab.keychain);
    let again = set(&lab, "#two").await;
    assert_eq!(needed(&lab, again.id).await, [(2, 2)], "a repeat finds it");
    let run = apply(&lab, &again, Secrets::default()).await;
    assert_eq!(run.counts.applied, 2, "{:?}", run.outcomes);
    assert_eq!(stored(&lab), ["https://a.example"; 2], "and sends it");
}

/// GitLab may have either; nothing tells which.
#[tokio::test]
async fn after_a_lost_answer_nobody_takes_the_remembered_secret_for_gitlabs() {
    let lab = remembering("https://a.example").await;
    lab.simulator.fail(Fault::on("/integrations/slack").method("PUT").answer(502, ""));
    // The same channel: only the secret is another one.
    let run = apply(&lab, &set(&lab, "#one").await, webhook("https://b.example")).await;
    assert_eq!(run.counts.unknown, 2, "{:?}", run.outcomes);
    lab.simulator.heal();
    assert_eq!(needed(&lab, set(&lab, "#two").await.id).await, [(2, 0)], "a repeat asks again");
    assert_eq!(lab.keychain.names().len(), 1, "and it is gone: {:?}", lab.keychain);
}

/// Between the request and its end the program is gone, and what was typed with it.
#[tokio::test]
async fn a_run_that_was_cut_short_does_not_go_on_with_the_secret_it_was_replacing() {
    let mut lab = remembering("https://a.example").await;
    let plan = set(&lab, "#two").await;
    let mark = lab.mark();
    let hangs = Fault::on("/integrations/slack").method("PUT");
    lab.simulator.fail(hangs.answer(502, "").delay(Duration::from_secs(3_600)));
    let (engine, run) = (lab.engine.clone(), plan.id);
    let job =
        tokio::spawn(async move { engine.apply(run, webhook("https://b.example"), None).await });
    let begun = async || {
        let journal = lab.engine.journal(lab.id()).await.expect("a journal");
        journal.iter().filter(|it| it.run == run && it.sent_at.is_some()).count()
    };
    while begun().await < 2 {
        tokio::task::yield_now().await;
    }
    job.abort();
    assert!(job.await.is_err_and(|ended| ended.is_cancelled()), "it ended there");
    lab.simulator.heal();
    assert_eq!(lab.writes_since(mark), [], "no answer came");
    lab.reopen();
    assert_eq!(needed(&lab, plan.id).await, [(2, 0)], "the new one is asked for again");
    let run = lab.engine.resume(plan.id, webhook("https://b.example")).await.expect("a run");
    assert_eq!(run.counts.applied, 2, "{:?}", run.outcomes);
    assert_eq!(stored(&lab), ["https://b.example"; 2], "and not the old one sent");
    assert_eq!(lab.keychain.names().len(), 1, "which is gone: {:?}", lab.keychain);
}

#[tokio::test]
async fn what_a_run_remembered_is_shown_and_forgotten() {
    let lab = Lab::synced().await;
    let run =
        apply(&lab, &set(&lab, "#one").await, webhook("https://a.example").remembered()).await;
    let kept = lab.engine.kept_secrets(run.id).await.expect("an answer");
    assert_eq!(kept, [KeptSecret { field: "webhook".into(), scopes: 2 }], "of both");
    assert_eq!(lab.keychain.names().len(), 3, "with the token");
    lab.engine.forget_secrets(run.id).await.expect("forgotten");
    assert!(lab.engine.kept_secrets(run.id).await.expect("an answer").is_empty());
    assert_eq!(lab.keychain.names().len(), 1, "the token alone: {:?}", lab.keychain);
    let again = set(&lab, "#two").await;
    assert_eq!(needed(&lab, again.id).await, [(2, 0)], "a repeat asks again");
    let needs = lab.engine.secret_needs(again.id).await.expect("needs");
    let lacks = MissingSecrets { fields: vec!["webhook".into()], steps: 2 };
    assert_eq!(needs.missing, [lacks], "and says which steps wait for it");
}

#[tokio::test]
async fn a_keychain_that_refuses_to_forget_leaves_what_it_has_named() {
    let lab = Lab::synced().await;
    let run =
        apply(&lab, &set(&lab, "#one").await, webhook("https://a.example").remembered()).await;
    let engine = lab.with_keychain(Failing(KeychainError::Denied));
    assert!(engine.forget_secrets(run.id).await.is_err(), "it says so");
    let kept = lab.engine.kept_secrets(run.id).await.expect("an answer");
    assert_eq!(kept, [KeptSecret { field: "webhook".into(), scopes: 2 }], "still there");
}

#[tokio::test]
async fn a_failing_keychain_is_said_before_anything_is_sent() {
    let lab = Lab::synced().await;
    let plan = set(&lab, "#one").await;
    let engine = lab.with_keychain(Failing(KeychainError::Locked));
    engine.lend_token(lab.id(), &SecretString::from(lab.simulator.token())).await.expect("lent");
    let mark = lab.mark();
    let refused = engine.apply(plan.id, webhook("https://a.example").remembered(), None).await;
    assert_eq!(refused.map(drop).expect_err("locked").kind(), Kind::KeychainLocked, "told apart");
    assert_eq!(lab.writes_since(mark), [], "nothing was sent");
    let without = engine.apply(plan.id, webhook("https://a.example"), None).await.expect("a run");
    assert_eq!(without.counts.applied, 2, "without it, the plan is as good as before");
}

#[tokio::test]
async fn what_the_keychain_lost_is_asked_for_and_goes_with_the_connection() {
    let lab = Lab::synced().await;
    let run =
        apply(&lab, &set(&lab, "#one").await, webhook("https://a.example").remembered()).await;
    assert_eq!(run.counts.applied, 2, "{:?}", run.outcomes);
    assert_eq!(lab.keychain.names().len(), 3, "the token, and one for each: {:?}", lab.keychain);
    let back = plan(&lab, Wish::UseDefault).await;
    let to_default = apply(&lab, &back, Secrets::default()).await;
    let undo = lab.engine.plan_undo(to_default.id, None).await.expect("a plan");
    let engine = lab.with_keychain(Failing(KeychainError::Denied));
    engine.lend_token(lab.id(), &SecretString::from(lab.simulator.token())).await.expect("lent");
    let run = engine.apply(undo.id, Secrets::default(), None).await.expect("a run");
    let why = run.outcomes[0].why.clone().unwrap_or_default();
    assert_eq!(run.outcomes[0].outcome, Some(Outcome::Failed), "{why}");
    assert!(why.contains("could not be fetched") && why.contains("denied"), "{why}");
    lab.engine.remove_connection(lab.id()).await.expect("removed");
    assert!(lab.keychain.names().is_empty(), "nothing is left: {:?}", lab.keychain);
}
