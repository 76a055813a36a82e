use std::time::Duration;

use heirloom_gitlab::{BaseUrl, Client, ClientOptions, PlainHttp, Problem, SetupError};
use secrecy::SecretString;
use serde_json::Map;
use tokio::net::TcpListener;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer};

use crate::support::{PROJECT, client_at, quick, slug, user};

async fn closed_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    format!("http://{}", listener.local_addr().expect("an address"))
}

#[tokio::test]
async fn a_server_that_is_not_there_is_offline() {
    let client = client_at(&closed_port().await, quick());
    let error = client.current_user().await.expect_err("nobody listens");
    assert!(matches!(error.problem, Problem::Connect { .. }), "{error}");
    assert!(error.is_offline(), "what is stored is shown instead");
    assert_eq!(client.request_counts().total, 3, "three tries");
}

#[tokio::test]
async fn a_write_that_never_left_is_tried_again_and_its_outcome_is_known() {
    let client = client_at(&closed_port().await, quick());
    let error = client
        .put_integration(PROJECT, &slug("slack"), &Map::new())
        .await
        .expect_err("nobody listens");
    assert_eq!(
        client.request_counts().total,
        3,
        "it surely was not sent, so it may be tried again"
    );
    assert!(!error.outcome_unknown(), "nothing can have changed: {error}");
}

#[tokio::test]
async fn an_unknown_name_is_offline_too() {
    let base = BaseUrl::parse("http://gitlab.invalid", PlainHttp::Allowed).expect("an address");
    let client = Client::new(base, &SecretString::from("t"), quick()).expect("a client");
    let error = client.current_user().await.expect_err("no such name");
    assert_eq!(error.problem, Problem::Dns, "{error}");
    assert!(error.is_offline(), "a laptop without network sees just this");
    assert!(error.to_string().contains("gitlab.invalid"), "the name is said: {error}");
}

#[tokio::test]
async fn a_silent_server_times_out() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(user().set_delay(Duration::from_secs(600)))
        .mount(&server)
        .await;
    Mock::given(method("DELETE"))
        .respond_with(user().set_delay(Duration::from_secs(600)))
        .mount(&server)
        .await;
    let after = Duration::from_millis(100);
    let client = client_at(&server.uri(), ClientOptions { total_timeout: after, ..quick() });
    let error = client.current_user().await.expect_err("no answer");
    assert_eq!(error.problem, Problem::Timeout { after }, "{error}");
    assert!(error.is_offline(), "nothing was heard");
    let error = client.delete_integration(PROJECT, &slug("slack")).await.expect_err("no answer");
    assert!(error.outcome_unknown(), "a write without an answer may have been done: {error}");
    assert_eq!(client.request_counts().by_kind["delete integration"], 1, "and is not repeated");
}

#[tokio::test]
async fn tokens_that_cannot_be_sent_are_refused_without_being_shown() {
    for token in ["", "  ", "two words", "line\nbreak", "um\u{308}laut", "nul\0"] {
        let base = "https://gitlab.example.com".parse().expect("an address");
        let refused = Client::new(base, &SecretString::from(token), quick());
        assert_eq!(refused.err(), Some(SetupError::Token), "{token:?} is no token");
    }
    let base = "https://gitlab.example.com".parse().expect("an address");
    assert!(
        Client::new(base, &SecretString::from(" glpat-x\n"), quick()).is_ok(),
        "white space around a copied token is no reason to refuse it"
    );
}
