use std::time::Duration;

use heirloom_gitlab::{Error, Problem};
use serde_json::{Map, Value as Json, json};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{PROJECT, client, slug};

async fn put_answered(answer: ResponseTemplate) -> Error {
    let server = MockServer::start().await;
    Mock::given(method("PUT")).respond_with(answer).mount(&server).await;
    client(&server)
        .put_integration(PROJECT, &slug("jira"), &Map::new())
        .await
        .expect_err("GitLab refuses")
}

async fn problem(status: u16, body: Json) -> Problem {
    put_answered(ResponseTemplate::new(status).set_body_json(body)).await.problem
}

#[tokio::test]
async fn the_ways_a_token_fails_are_told_apart() {
    let expired = "Token is expired. You can either do re-authorization or token refresh.";
    let revoked = "Token was revoked. You have to re-authorize from the user.";
    for (body, expected) in [
        (json!({ "message": "401 Unauthorized" }), Problem::Unauthorized),
        (json!({ "error": "invalid_token", "error_description": expired }), Problem::TokenExpired),
        (json!({ "error": "invalid_token", "error_description": revoked }), Problem::TokenRevoked),
        (json!({ "error": "invalid_token", "error_description": "?" }), Problem::Unauthorized),
    ] {
        let error = put_answered(ResponseTemplate::new(401).set_body_json(&body)).await;
        assert_eq!(error.problem, expected, "{body}");
        assert!(error.is_about_token(), "{body}: nothing works until the token is replaced");
    }
}

#[tokio::test]
async fn too_little_scope_names_the_scopes_that_would_do() {
    let body = json!({ "error": "insufficient_scope", "scope": "api read_api",
        "error_description": "The request requires higher privileges than provided by the access token." });
    assert_eq!(
        problem(403, body).await,
        Problem::InsufficientScope { needed: "api read_api".to_owned() },
        "the scopes are GitLab's"
    );
    let body = json!({ "error": "insufficient_granular_scope", "error_description": "…" });
    assert_eq!(
        problem(403, body).await,
        Problem::InsufficientScope { needed: String::new() },
        "fine-grained tokens lack a permission in the same way"
    );
}

#[tokio::test]
async fn no_right_here_is_told_from_a_read_only_server() {
    assert_eq!(
        problem(403, json!({ "message": "403 Forbidden" })).await,
        Problem::Forbidden { message: String::new() },
        "nothing more is known"
    );
    assert_eq!(
        problem(403, json!({ "message": "403 Forbidden - Your account has been blocked." })).await,
        Problem::Forbidden { message: "Your account has been blocked.".to_owned() },
        "the reason is kept"
    );
    let text = "You cannot perform write operations on a read-only instance";
    assert!(
        matches!(problem(403, json!({ "message": text })).await, Problem::Maintenance { .. }),
        "that is the server's state, not the account's rights"
    );
}

#[tokio::test]
async fn both_shapes_of_refusal_are_read() {
    for (status, body, words) in [
        (400, json!({ "error": "webhook is missing" }), "webhook is missing"),
        (
            400,
            json!({ "message": "400 Integration not available" }),
            "400 Integration not available",
        ),
        (
            400,
            json!({ "message": "Default integration not found." }),
            "Default integration not found.",
        ),
        (
            400,
            json!({ "message": { "url": ["is blank", "is not a URL"], "base": ["no"] } }),
            "base: no",
        ),
        (
            400,
            json!({ "message": { "url": ["is blank", "is not a URL"] } }),
            "url: is blank, is not a URL",
        ),
        (422, json!({ "message": ["first", "second"] }), "first, second"),
        (
            422,
            json!({ "message": { "allowed": { "names": ["unknown"] }, "error": "no" } }),
            "allowed: names: unknown; no",
        ),
        (405, json!({ "error": "405 Not Allowed" }), "405 Not Allowed"),
        (412, json!({ "message": "412 Precondition Failed" }), "412 Precondition Failed"),
    ] {
        let Problem::Refused { status: read, message } = problem(status, body.clone()).await else {
            panic!("{body} is a refusal");
        };
        assert_eq!(read, status, "{body}");
        let words = words.strip_prefix("base: ").unwrap_or(words);
        assert!(message.contains(words), "{body} gave “{message}”");
        assert!(!message.contains("base:"), "“base” is Rails' word for the row itself: {message}");
    }
}

#[tokio::test]
async fn what_is_missing_is_named() {
    for (body, what) in [
        (json!({ "message": "404 Project Not Found" }), "Project"),
        (json!({ "message": "404 Integration Not Found" }), "Integration"),
        (json!({ "error": "404 Not Found" }), "page"),
    ] {
        let found = problem(404, body.clone()).await;
        assert_eq!(found, Problem::NotFound { what: what.to_owned() }, "{body}");
    }
}

#[tokio::test]
async fn maintenance_is_a_clear_no_with_its_length() {
    let answer = ResponseTemplate::new(503)
        .insert_header("retry-after", "900")
        .set_body_json(json!({ "message": "GitLab is undergoing maintenance" }));
    let error = put_answered(answer).await;
    assert_eq!(
        error.problem,
        Problem::Maintenance {
            message: "GitLab is undergoing maintenance".to_owned(),
            retry_after: Some(Duration::from_secs(900)),
        },
        "in GitLab's words"
    );
    assert!(!error.outcome_unknown(), "nothing was written in maintenance mode");
}

#[tokio::test]
async fn an_error_names_request_host_and_request_id_but_no_query() {
    let answer = ResponseTemplate::new(500)
        .insert_header("x-request-id", "01HX-abc")
        .set_body_json(json!({ "message": "500 Internal Server Error" }));
    let error = put_answered(answer).await;
    let text = error.to_string();
    for part in ["PUT", "/projects/7/integrations/jira", "127.0.0.1:", "01HX-abc"] {
        assert!(text.contains(part), "“{part}” helps to find it in the logs: {text}");
    }
    assert!(!text.contains('?'), "a query may hold what nobody should read: {text}");
}

#[tokio::test]
async fn a_servers_words_cannot_steer_a_terminal_or_flood_a_log() {
    let words = format!("bad\u{1b}[2J\u{202e}\r\nthing {}", "x".repeat(100_000));
    let answer = ResponseTemplate::new(400).set_body_json(json!({ "message": words }));
    let text = put_answered(answer).await.to_string();
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\r', '\n']), "control characters: {text}");
    assert!(text.chars().count() < 1_000, "{} characters", text.chars().count());
    let plain = ResponseTemplate::new(400).set_body_string("whatever");
    let Problem::Refused { message, .. } = put_answered(plain).await.problem else {
        panic!("a 400 is a refusal");
    };
    assert_eq!(message, "", "text that is not GitLab's JSON is not repeated");
}
