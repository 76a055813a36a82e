use std::time::{Duration, Instant};

use heirloom_gitlab::{ClientOptions, Problem, RateLimit};
use serde_json::{Map, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{
    PROJECT, Raw, client, client_at, problem_of_user, quick, received, row, slug, user,
};

/// Answers the first `times` requests with `answer`, and any further one with a user.
async fn first(server: &MockServer, times: u64, answer: ResponseTemplate) {
    Mock::given(method("GET"))
        .respond_with(answer)
        .up_to_n_times(times)
        .with_priority(1)
        .mount(server)
        .await;
    Mock::given(method("GET")).respond_with(user()).mount(server).await;
}

#[tokio::test]
async fn a_read_is_sent_up_to_three_times_when_the_server_fails() {
    for status in [500, 502, 503, 504] {
        let server = MockServer::start().await;
        first(&server, 2, ResponseTemplate::new(status).set_body_string("<html>oops")).await;
        let client = client(&server);
        client.current_user().await.expect("the third try works");
        let counts = client.request_counts();
        assert_eq!((counts.total, counts.retries), (3, 2), "{status}: two more tries, counted");
        assert_eq!(counts.by_kind["user"], 3, "{status}: each try is a request to the server");
    }
}

#[tokio::test]
async fn a_read_that_keeps_failing_is_reported_after_three_tries() {
    let server = MockServer::start().await;
    first(&server, 9, ResponseTemplate::new(502)).await;
    let problem = problem_of_user(&client(&server)).await;
    assert_eq!(problem, Problem::Server { status: 502, message: String::new() }, "what it said");
    assert_eq!(received(&server).await.len(), 3, "three tries in all");
}

#[tokio::test]
async fn a_read_cut_off_in_the_middle_is_sent_again_and_then_reported() {
    let server = Raw::answering(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{\"id\":",
    )
    .await;
    let error = client_at(&server.url, quick()).current_user().await.expect_err("cut off");
    assert!(matches!(error.problem, Problem::Interrupted { .. }), "{error}");
    assert!(error.is_offline(), "as far as anyone can tell, the network is the trouble");
    assert_eq!(server.count(), 3, "three tries in all");
}

#[tokio::test]
async fn garbled_json_is_asked_for_again() {
    let server = MockServer::start().await;
    let garbled = ResponseTemplate::new(200).set_body_raw("{\"id\": 1, ", "application/json");
    first(&server, 1, garbled.clone()).await;
    client(&server).current_user().await.expect("the second answer is whole");
    server.reset().await;
    first(&server, 9, garbled).await;
    let problem = problem_of_user(&client(&server)).await;
    assert!(matches!(problem, Problem::Decode { .. }), "{problem:?}");
    assert_eq!(received(&server).await.len(), 3, "three tries in all");
}

#[tokio::test]
async fn what_gitlab_says_clearly_is_not_asked_again() {
    for status in [400, 401, 403, 404, 422] {
        let server = MockServer::start().await;
        first(&server, 9, ResponseTemplate::new(status).set_body_json(json!({ "error": "no" })))
            .await;
        problem_of_user(&client(&server)).await;
        assert_eq!(received(&server).await.len(), 1, "{status} is an answer");
    }
}

#[tokio::test]
async fn a_write_is_never_repeated_after_it_may_have_arrived() {
    let server = MockServer::start().await;
    Mock::given(path("/api/v4/projects/7/integrations/slack"))
        .respond_with(ResponseTemplate::new(502))
        .mount(&server)
        .await;
    let client = client(&server);
    let put = client.put_integration(PROJECT, &slug("slack"), &Map::new()).await;
    let delete = client.delete_integration(PROJECT, &slug("slack")).await;
    for error in [put.expect_err("502"), delete.expect_err("502")] {
        assert!(error.outcome_unknown(), "a 502 does not tell whether it was done: {error}");
    }
    assert_eq!(received(&server).await.len(), 2, "each was sent once");
}

#[tokio::test]
async fn a_write_whose_answer_is_cut_off_has_an_unknown_outcome() {
    let server = Raw::answering("HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{\"id\"").await;
    let client = client_at(&server.url, quick());
    let error =
        client.put_integration(PROJECT, &slug("slack"), &Map::new()).await.expect_err("cut off");
    assert!(error.outcome_unknown(), "GitLab may have saved it: {error}");
    assert_eq!(server.count(), 1, "sent once");
}

#[tokio::test]
async fn a_write_turned_away_by_a_429_is_sent_after_the_wait() {
    let server = MockServer::start().await;
    Mock::given(method("PUT"))
        .respond_with(ResponseTemplate::new(429).set_body_string("Retry later"))
        .up_to_n_times(2)
        .with_priority(1)
        .mount(&server)
        .await;
    let mut saved = row(1, "slack");
    saved["properties"] = json!({});
    Mock::given(method("PUT"))
        .respond_with(ResponseTemplate::new(200).set_body_json(saved))
        .mount(&server)
        .await;
    let client = client(&server);
    client.put_integration(PROJECT, &slug("slack"), &Map::new()).await.expect("saved in the end");
    assert_eq!(client.request_counts().retries, 2, "a 429 did nothing, so it is sent again");
}

#[tokio::test]
async fn retry_after_is_waited_out_before_the_next_request() {
    let server = MockServer::start().await;
    first(&server, 1, ResponseTemplate::new(429).insert_header("retry-after", "1")).await;
    let client = client(&server);
    let start = Instant::now();
    client.current_user().await.expect("let in after the wait");
    let waited = start.elapsed();
    assert!(waited >= Duration::from_millis(990), "came back after {waited:?} instead of 1 s");
}

#[tokio::test]
async fn one_429_pauses_every_request_of_the_client() {
    let server = MockServer::start().await;
    first(&server, 1, ResponseTemplate::new(429).insert_header("retry-after", "1")).await;
    let client = client(&server);
    let clone = client.clone();
    let turned_away = tokio::spawn(async move { clone.current_user().await });
    while client.paused_for().is_none() {
        tokio::task::yield_now().await;
    }
    let start = Instant::now();
    client.metadata().await.expect_err("a user is no metadata");
    let waited = start.elapsed();
    assert!(waited >= Duration::from_millis(900), "another call went out after only {waited:?}");
    turned_away.await.expect("no panic").expect("let in after the wait");
    assert_eq!(client.paused_for(), None, "the pause is over");
}

#[tokio::test]
async fn a_wait_longer_than_we_wait_is_reported_with_its_length() {
    let server = MockServer::start().await;
    first(&server, 9, ResponseTemplate::new(429).insert_header("retry-after", "7200")).await;
    let error = client(&server).current_user().await.expect_err("too long");
    assert_eq!(
        error.problem,
        Problem::RateLimited { retry_after: Some(Duration::from_secs(7200)), of: RateLimit::All },
        "how long is said"
    );
    assert!(error.to_string().contains("7200 s"), "how long is said: {error}");
    assert_eq!(received(&server).await.len(), 1, "and nobody comes back before");
}

#[tokio::test]
async fn a_429_without_headers_is_tried_again_with_growing_waits_and_then_reported() {
    let server = MockServer::start().await;
    let answer =
        json!({ "message": { "error": "This endpoint has been requested too many times." } });
    first(&server, 99, ResponseTemplate::new(429).set_body_json(answer)).await;
    let start = Instant::now();
    let problem = problem_of_user(&client(&server)).await;
    assert_eq!(
        problem,
        Problem::RateLimited { retry_after: None, of: RateLimit::Endpoint },
        "no wait was named"
    );
    assert_eq!(received(&server).await.len(), 9, "one request and eight more after pauses");
    let least: u64 = (0..8).map(|pause| 1 << pause).sum::<u64>() / 2;
    assert!(
        start.elapsed() >= Duration::from_millis(least),
        "the waits double from 1 ms, less at most half for jitter"
    );
}

#[tokio::test]
async fn no_more_requests_are_under_way_than_allowed() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(user().set_delay(Duration::from_millis(40)))
        .mount(&server)
        .await;
    let client = client_at(&server.uri(), ClientOptions { max_in_flight: 2, ..quick() });
    let start = Instant::now();
    let calls = (0..6).map(|_| client.current_user());
    futures::future::try_join_all(calls).await.expect("all are answered");
    let took = start.elapsed();
    assert!(took >= Duration::from_millis(120), "six calls two by two take three rounds: {took:?}");
}

#[tokio::test]
async fn a_dropped_call_gives_its_place_back() {
    let server = MockServer::start().await;
    Mock::given(path("/api/v4/metadata"))
        .respond_with(ResponseTemplate::new(200).set_delay(Duration::from_secs(600)))
        .mount(&server)
        .await;
    Mock::given(path("/api/v4/user")).respond_with(user()).mount(&server).await;
    let client = client_at(&server.uri(), ClientOptions { max_in_flight: 1, ..quick() });
    tokio::select! {
        _ = client.metadata() => panic!("the server answers only after ten minutes"),
        () = async { while received(&server).await.is_empty() { tokio::task::yield_now().await; } } => {}
    }
    client.current_user().await.expect("the only place is free again");
}
