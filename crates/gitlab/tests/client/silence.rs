use std::time::{Duration, Instant};

use heirloom_core::ids::ScopeKey;
use heirloom_gitlab::{ClientOptions, Problem};
use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{client_at, quick, received, row};

fn patient(patience: Duration) -> ClientOptions {
    ClientOptions { patience, backoff: Duration::from_millis(10), ..quick() }
}

/// One error for all, instead of each of thousands trying for itself.
#[tokio::test]
async fn a_server_that_is_down_ends_every_request_soon_and_with_one_reason() {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(502)).mount(&server).await;
    let client = client_at(&server.uri(), patient(Duration::from_millis(300)));
    let start = Instant::now();
    let calls = (1..=2_000).map(|id| client.integrations(ScopeKey::project(id)));
    let answers = futures::future::join_all(calls).await;
    assert!(start.elapsed() < Duration::from_secs(5), "it took {:?}", start.elapsed());
    let stopped = answers.iter().filter(|answer| {
        let error = answer.as_ref().expect_err("nothing can be read");
        assert!(error.is_offline(), "{error}");
        matches!(error.problem, Problem::StoppedAnswering { .. })
    });
    assert!(stopped.count() >= 1_990, "nearly all were not even tried");
    let asked = received(&server).await.len();
    assert!(asked < 500, "a server that is down is left alone: {asked} requests for 2,000");
}

#[tokio::test]
async fn a_server_that_is_away_for_a_moment_costs_no_request_its_answer() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(502))
        .up_to_n_times(60)
        .with_priority(1)
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!([row(1, "slack")])))
        .mount(&server)
        .await;
    let client = client_at(&server.uri(), patient(Duration::from_secs(60)));
    let calls = (1..=100).map(|id| client.integrations(ScopeKey::project(id)));
    for answer in futures::future::join_all(calls).await {
        answer.expect("sixty failures in a row are the server's, not twenty requests'");
    }
}

/// GitLab's own words for a failure show that it is well.
#[tokio::test]
async fn scopes_that_fail_for_themselves_stop_nobody() {
    let server = MockServer::start().await;
    Mock::given(path("/api/v4/projects/50/integrations"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!([row(1, "slack")])))
        .with_priority(1)
        .mount(&server)
        .await;
    let words = json!({ "message": "500 Internal Server Error" });
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(500).set_body_json(words))
        .mount(&server)
        .await;
    let client = client_at(&server.uri(), patient(Duration::ZERO));
    for id in 1..=50 {
        let answer = client.integrations(ScopeKey::project(id)).await;
        match answer {
            Ok(_) => assert_eq!(id, 50, "the good one"),
            Err(error) => {
                assert!(matches!(error.problem, Problem::Server { status: 500, .. }), "{error}");
            }
        }
    }
}
