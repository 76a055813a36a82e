use std::time::{Duration, Instant};

use heirloom_core::ids::ScopeKey;
use heirloom_gitlab::{ClientOptions, Problem};
use serde_json::json;
use wiremock::matchers::{method, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{client_at, quick, received, row, slug};

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

/// GitLab's own words for a failure are mostly about the scope that was asked.
#[tokio::test]
async fn scopes_that_fail_for_themselves_stop_nobody() {
    let server = MockServer::start().await;
    words(&server, "/api/v4/projects/[0-9]*[1-9]/integrations").await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!([row(1, "slack")])))
        .mount(&server)
        .await;
    let client = client_at(&server.uri(), patient(Duration::ZERO));
    for id in 1..=50 {
        let answer = client.integrations(ScopeKey::project(id)).await;
        match answer {
            Ok(_) => assert_eq!(id % 10, 0, "every tenth is well"),
            Err(error) => {
                assert!(matches!(error.problem, Problem::Server { status: 500, .. }), "{error}");
            }
        }
    }
}

/// GitLab's own failure for paths like this.
async fn words(server: &MockServer, pattern: &str) {
    let words = json!({ "message": "500 Internal Server Error" });
    Mock::given(method("GET"))
        .and(path_regex(pattern))
        .respond_with(ResponseTemplate::new(500).set_body_json(words))
        .with_priority(1)
        .mount(server)
        .await;
}

#[tokio::test]
async fn one_scope_after_another_that_fails_in_words_is_the_server() {
    let server = MockServer::start().await;
    words(&server, "/integrations$").await;
    let client = client_at(&server.uri(), patient(Duration::from_millis(300)));
    let start = Instant::now();
    let calls = (1..=2_000).map(|id| client.integrations(ScopeKey::project(id)));
    let answers = futures::future::join_all(calls).await;
    assert!(start.elapsed() < Duration::from_secs(5), "it took {:?}", start.elapsed());
    let stopped = answers.iter().filter(|answer| {
        let error = answer.as_ref().expect_err("nothing can be read");
        matches!(error.problem, Problem::StoppedAnswering { .. })
    });
    let stopped = stopped.count();
    assert!(stopped >= 1_800, "most were not even tried: {stopped} ended with one reason");
    let asked = received(&server).await.len();
    assert!(asked < 500, "a server that fails is left alone: {asked} requests for 2,000");
    assert!(client.in_flight_limit() < 24, "and asked less at a time");
}

/// Lost encryption keys: every row of a kind fails, on a server that is well.
#[tokio::test]
async fn rows_that_fail_for_themselves_are_not_taken_for_the_server() {
    let server = MockServer::start().await;
    words(&server, "/integrations/jira$").await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!([row(1, "jira")])))
        .mount(&server)
        .await;
    let client = client_at(&server.uri(), patient(Duration::ZERO));
    let jira = slug("jira");
    let calls = (1..=100).map(|id| client.integration(ScopeKey::project(id), &jira));
    for answer in futures::future::join_all(calls).await {
        let error = answer.expect_err("none can be read");
        assert!(matches!(error.problem, Problem::Server { status: 500, .. }), "{error}");
    }
    let requests = received(&server).await;
    let lists = requests.iter().filter(|it| it.url.path().ends_with("/integrations")).count();
    assert!(lists * 4 < requests.len(), "few lists are asked to tell: {lists}");
}
