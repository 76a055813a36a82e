use std::time::Duration;

use heirloom_engine::core::row::{NotRead, State};
use heirloom_engine::sync::progress::Phase;
use heirloom_engine::{Error, Kind};
use heirloom_it::Lab;
use heirloom_simulator::{Config, Fault, Form, Level};
use serde_json::json;

const PATH: &str = "acme/platform/checkout/payments-api";

fn list_of(lab: &Lab, path: &str) -> String {
    format!("/projects/{}/integrations", lab.key(path).id)
}

#[tokio::test]
async fn a_failing_scope_keeps_its_last_good_data_and_is_reported() {
    let lab = Lab::synced().await;
    let before = lab.compare(PATH, "jira").await;
    lab.simulator.fail(
        Fault::on(list_of(&lab, PATH)).answer(500, r#"{"message":"500 Internal Server Error"}"#),
    );
    let summary = lab.sync().await;
    assert!(!summary.complete, "it is not whole, and does not say so");
    let failed: Vec<&str> = summary.failed.iter().map(|failed| failed.path.as_str()).collect();
    assert_eq!(failed[0], PATH, "the scope is named");
    assert!(failed.iter().all(|path| path.starts_with(PATH)), "and no other is: {failed:?}");
    let after = lab.compare(PATH, "jira").await;
    assert_eq!(after.pairs, before.pairs, "what was read before stays");
    assert_eq!(after.item.known, before.item.known, "state included");
    let scope = after.scope.failure.expect("the scope says that it could not be read");
    assert_eq!(scope.kind, NotRead::Failed, "and why");

    lab.simulator.heal();
    assert!(lab.sync().await.complete, "the next sync mends it");
    assert_eq!(lab.compare(PATH, "jira").await.scope.failure, None, "and takes the failure back");
}

#[tokio::test]
async fn an_answer_that_is_no_json_fails_its_scope_alone() {
    let lab = Lab::connected().await;
    lab.simulator.fail(
        Fault::on(list_of(&lab, PATH))
            .answer(200, r#"[{"id":1,"slug""#)
            .header("content-type", "application/json"),
    );
    let summary = lab.sync().await;
    assert_eq!(summary.failed.len(), 1, "one scope: {:?}", summary.failed);
    let item = lab.item(PATH, "jira").await;
    assert_eq!(item.known.state(), State::Unknown, "nothing is guessed of it");
    assert!(
        lab.item("acme/platform/web/storefront", "jira").await.kept.is_some(),
        "the rest is there"
    );
}

/// Contract, section 6: 429 with Retry-After.
#[tokio::test]
async fn a_throttled_sync_waits_and_comes_to_its_end() {
    let lab = Lab::connected().await;
    lab.simulator.fail(Fault::throttled("/integrations", 1).times(3));
    let summary = lab.sync().await;
    assert!(summary.complete, "it was slow, not wrong: {:?}", summary.failed);
    assert!(summary.retries >= 3, "each refused request was sent again: {}", summary.retries);
}

#[tokio::test]
async fn a_sync_without_a_server_says_so_and_leaves_the_copy_alone() {
    let lab = Lab::synced().await;
    let before = lab.export().await["rows"].clone();
    lab.simulator.pause().await;
    let error = lab.engine.sync(lab.id(), None, false).await.expect_err("nobody answers");
    assert_eq!(error.kind(), Kind::Offline, "offline is told apart: {error}");
    assert_eq!(lab.export().await["rows"], before, "the local copy is as it was");
    let last = lab.engine.last_sync(lab.id()).await.expect("the list of syncs");
    assert!(last.expect("the good one").end.complete, "the last good sync is still known");
}

#[tokio::test]
async fn a_token_revoked_in_the_middle_stops_the_sync() {
    let lab = Lab::connected().await;
    let gone = r#"{"error":"invalid_token","error_description":"Token was revoked. You have to re-authorize from the user."}"#;
    lab.simulator.fail(
        Fault::on("/integrations").answer(401, gone).header("content-type", "application/json"),
    );
    let error = lab.engine.sync(lab.id(), None, false).await.expect_err("nothing more can be read");
    assert!(matches!(error, Error::Gitlab(_)), "{error:?}");
    assert_eq!(error.kind(), Kind::Token, "another token is needed");
    let sent = lab.simulator.requests().len();
    let scopes = lab.simulator.world().projects().len();
    assert!(sent < scopes, "and the other scopes are not asked with it: {sent} requests");
}

#[tokio::test]
async fn a_cancelled_sync_keeps_what_it_read_and_the_next_one_finishes() {
    let config = Config { latency: Duration::from_millis(15), ..Config::default() };
    let lab = Lab::connected_at(config).await;
    let (engine, id) = (lab.engine.clone(), lab.id());
    let job = tokio::spawn(async move { engine.sync(id, None, false).await });
    lab.bell
        .wait_until(|| {
            let status = lab.engine.sync_status(id);
            status.phase == Phase::Integrations && status.done > 0
        })
        .await;
    lab.engine.cancel_sync(id);
    let summary = job.await.expect("a task").expect("cancelling is no error");
    assert!(summary.cancelled && !summary.complete, "it says that it was cancelled: {summary:?}");
    let kept = lab.engine.connections().await.map(|all| all.len());
    assert_eq!(kept.expect("a list"), 1, "the connection is there");
    assert!(summary.projects > 0 && summary.rows > 0, "what was read is kept: {summary:?}");
    assert_eq!(lab.engine.sync_status(id).phase, Phase::Idle, "nothing runs any more");
    assert!(
        lab.engine.last_sync(id).await.expect("syncs").is_none(),
        "and it does not count as whole"
    );

    let whole = lab.sync().await;
    assert!(whole.complete, "the next one comes to its end");
    assert!(whole.rows > summary.rows, "and brings what was missing");
}

#[tokio::test]
async fn what_changed_on_the_server_is_there_after_the_next_sync() {
    let lab = Lab::synced().await;
    let id = lab.key(PATH).id.0;
    let form =
        Form { fields: [("channel".to_owned(), json!("#payments-2"))].into(), ..Form::default() };
    lab.simulator.world().save(Level::Project, id, "slack", &form).expect("saved on the server");
    lab.sync().await;
    let pair = lab.compare(PATH, "slack").await.pairs;
    let channel = pair.into_iter().find(|pair| pair.name == "channel").expect("the channel");
    assert_eq!(
        channel.sides.own,
        heirloom_engine::core::settings::Side::Value(heirloom_engine::core::value::Value::Text(
            "#payments-2".into()
        )),
        "its time moved, so it was read again"
    );
}
