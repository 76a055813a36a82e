use std::time::Duration;

use heirloom_core::ids::ScopeKey;
use tokio_util::sync::CancellationToken;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{client, received};

/// Contract, section 6: a throttle may ask for minutes.
#[tokio::test]
async fn cancelling_ends_what_waits_and_sends_nothing_more() {
    let server = MockServer::start().await;
    let later = ResponseTemplate::new(429).insert_header("Retry-After", "600");
    Mock::given(method("GET")).respond_with(later).mount(&server).await;
    let cancel = CancellationToken::new();
    let everybody = client(&server);
    let client = everybody.until(cancel.clone());
    let calls = (1..=40).map(|id| client.integrations(ScopeKey::project(id)));
    let calls = futures::future::join_all(calls);
    let cancelling = async {
        while client.paused_for().is_none() {
            tokio::task::yield_now().await;
        }
        cancel.cancel();
    };
    let both = futures::future::join(calls, cancelling);
    let (answers, ()) =
        tokio::time::timeout(Duration::from_secs(20), both).await.expect("nobody waits it out");
    for answer in answers {
        let error = answer.expect_err("nothing was read");
        assert!(error.is_cancelled() && !error.is_offline(), "it says why: {error}");
    }
    let sent = received(&server).await.len();
    assert!(sent <= 24, "none was sent a second time: {sent}");
    let error = client.current_user().await.expect_err("the job is over");
    assert!(error.is_cancelled(), "and begins nothing new: {error}");
    assert_eq!(received(&server).await.len(), sent, "nothing was sent");
    assert!(everybody.paused_for().is_some(), "the pause holds for the next job");
}

/// What a cancelled job has begun is ended, unless that takes waiting for a throttle.
#[tokio::test]
async fn who_is_hurried_still_asks_and_waits_for_no_pause() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_json(serde_json::json!([])))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    let later = ResponseTemplate::new(429).insert_header("Retry-After", "600");
    Mock::given(method("GET")).respond_with(later).mount(&server).await;
    let hurry = CancellationToken::new();
    hurry.cancel();
    let client = client(&server).hurried_by(hurry);
    let list = client.integrations(ScopeKey::project(1)).await;
    assert!(list.is_ok(), "it is asked and answered: {list:?}");
    let waits = client.integrations(ScopeKey::project(2));
    let error = tokio::time::timeout(Duration::from_secs(20), waits).await.expect("at once");
    assert!(error.is_err_and(|error| error.is_cancelled()), "a pause is not waited out");
    let error = client.integrations(ScopeKey::project(3)).await.expect_err("the pause still runs");
    assert!(error.is_cancelled() && !error.place.may_have_arrived, "it was not sent: {error}");
    assert_eq!(received(&server).await.len(), 2, "and nothing was");
}
