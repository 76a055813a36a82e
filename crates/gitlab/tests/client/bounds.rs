use std::sync::atomic::Ordering;

use futures::TryStreamExt;
use heirloom_gitlab::{ClientOptions, GroupFilter, Problem};
use serde_json::json;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Raw, client, client_at, problem_of_user, quick, received};

fn small() -> ClientOptions {
    ClientOptions { max_body: 1_000, ..quick() }
}

#[tokio::test]
async fn an_answer_announced_too_large_is_not_read() {
    let server = MockServer::start().await;
    let body = format!("{{\"id\": 1, \"username\": \"{}\"}}", "x".repeat(2_000));
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_raw(body, "application/json"))
        .mount(&server)
        .await;
    let problem = problem_of_user(&client_at(&server.uri(), small())).await;
    assert_eq!(problem, Problem::TooLarge { limit: 1_000, unit: "bytes" }, "larger than allowed");
    assert_eq!(received(&server).await.len(), 2, "asked for again once, in case it was garbled");
}

#[tokio::test]
async fn an_answer_that_turns_out_too_large_is_given_up() {
    let mut answer =
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
            .to_vec();
    for _ in 0..50 {
        answer.extend_from_slice(b"64\r\n");
        answer.extend_from_slice(&[b' '; 100]);
        answer.extend_from_slice(b"\r\n");
    }
    let server = Raw::answering(answer).await;
    let problem = problem_of_user(&client_at(&server.url, small())).await;
    assert_eq!(problem, Problem::TooLarge { limit: 1_000, unit: "bytes" }, "no length was named");
    assert_eq!(server.connections.load(Ordering::SeqCst), 2, "and given up after one more try");
}

#[tokio::test]
async fn an_endless_explanation_does_not_hide_the_refusal() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(403).set_body_string("x".repeat(1 << 20)))
        .mount(&server)
        .await;
    let problem = problem_of_user(&client_at(&server.uri(), small())).await;
    assert_eq!(problem, Problem::Forbidden { message: String::new() }, "the status speaks");
}

#[tokio::test]
async fn a_list_that_claims_too_many_pages_is_not_followed() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(
            ResponseTemplate::new(200)
                .insert_header("x-total-pages", "18446744073709551615")
                .set_body_json(json!([crate::support::group(1)])),
        )
        .mount(&server)
        .await;
    let listed: Result<Vec<_>, _> =
        client(&server).groups(&GroupFilter::default()).try_collect().await;
    let error = listed.expect_err("no GitLab is that large");
    assert!(matches!(error.problem, Problem::TooLarge { unit: "pages", .. }), "{error}");
    assert_eq!(received(&server).await.len(), 1, "only the first page was asked for");
}
