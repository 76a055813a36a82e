use heirloom_gitlab::Problem;
use serde_json::json;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{TOKEN, client, client_at, quick, received, user};

#[tokio::test]
async fn every_request_carries_the_token_and_our_name() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/gitlab/api/v4/user"))
        .and(header("authorization", format!("Bearer {TOKEN}")))
        .and(header("accept", "application/json"))
        .and(header("user-agent", concat!("Heirloom/", env!("CARGO_PKG_VERSION"))))
        .respond_with(user())
        .expect(1)
        .mount(&server)
        .await;
    let client = client_at(&format!("{}/gitlab/", server.uri()), quick());
    client.current_user().await.expect("the request is as it should be");
    let request = &received(&server).await[0];
    assert!(!request.headers.contains_key("cookie"), "no cookies are kept or sent");
    assert!(!request.headers.contains_key("referer"), "no address leaks to the server's logs");
    assert!(!request.url.as_str().contains(TOKEN), "the token is never in a URL");
}

#[tokio::test]
async fn metadata_tells_version_and_edition() {
    let server = MockServer::start().await;
    Mock::given(path("/api/v4/metadata"))
        .respond_with(ResponseTemplate::new(200).set_body_json(
            json!({ "version": "18.10.2-ee", "revision": "abc", "kas": {}, "enterprise": true }),
        ))
        .mount(&server)
        .await;
    let metadata = client(&server).metadata().await.expect("metadata");
    assert_eq!(metadata.version.to_string(), "18.10.2-ee", "as the server says");
    assert_eq!(metadata.enterprise, Some(true), "as the server says");
}

#[tokio::test]
async fn old_servers_without_metadata_are_asked_for_their_version() {
    let server = MockServer::start().await;
    Mock::given(path("/api/v4/metadata"))
        .respond_with(ResponseTemplate::new(404).set_body_json(json!({ "error": "404 Not Found" })))
        .mount(&server)
        .await;
    Mock::given(path("/api/v4/version"))
        .respond_with(
            ResponseTemplate::new(200)
                .set_body_json(json!({ "version": "14.9.1", "revision": "x" })),
        )
        .mount(&server)
        .await;
    let metadata = client(&server).metadata().await.expect("a version");
    assert_eq!((metadata.version.major, metadata.enterprise), (14, None), "from /version");
}

#[tokio::test]
async fn something_else_behind_the_address_is_not_gitlab() {
    for answer in [
        ResponseTemplate::new(200).set_body_json(json!({ "hello": "world" })),
        ResponseTemplate::new(200).set_body_json(json!([1, 2])),
        ResponseTemplate::new(200).set_body_json(json!({ "version": "v1beta" })),
        ResponseTemplate::new(200).set_body_string("<!DOCTYPE html><title>Welcome</title>"),
        ResponseTemplate::new(200).set_body_raw("  <html>", "application/json; charset=utf-8"),
        ResponseTemplate::new(200).set_body_raw("pong", "text/plain"),
        ResponseTemplate::new(404).set_body_raw("<html>nginx</html>", "text/html"),
        ResponseTemplate::new(404).set_body_json(json!({ "detail": "no such page" })),
        ResponseTemplate::new(404).set_body_json(json!({ "message": "no Route matched" })),
        ResponseTemplate::new(401).set_body_raw("<html>Sign in</html>", "text/html"),
        ResponseTemplate::new(304),
    ] {
        let server = MockServer::start().await;
        Mock::given(method("GET")).respond_with(answer.clone()).mount(&server).await;
        let error = client(&server).metadata().await.expect_err("not GitLab");
        assert!(
            matches!(error.problem, Problem::NotGitlab { .. }),
            "{answer:?} is no GitLab, but: {error}"
        );
        assert!(error.to_string().contains("not GitLab's API"), "and it is said so: {error}");
    }
}

#[tokio::test]
async fn administrators_are_told_from_others_by_the_key_alone() {
    for (body, is_admin) in [
        (json!({ "id": 1, "username": "a", "name": "A", "is_admin": true }), true),
        (json!({ "id": 1, "username": "a", "name": "A" }), false),
    ] {
        let server = MockServer::start().await;
        Mock::given(path("/api/v4/user"))
            .respond_with(ResponseTemplate::new(200).set_body_json(&body))
            .mount(&server)
            .await;
        let user = client(&server).current_user().await.expect("a user");
        assert_eq!(user.is_admin, is_admin, "{body}");
    }
}

#[tokio::test]
async fn the_token_tells_its_scopes_and_its_end() {
    let server = MockServer::start().await;
    Mock::given(path("/api/v4/personal_access_tokens/self"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({
            "id": 4, "name": "heirloom", "revoked": false, "active": true, "user_id": 24,
            "created_at": "2020-07-23T14:31:47.729Z", "scopes": ["read_api", "read_user"],
            "last_used_at": null, "expires_at": "2027-01-31"
        })))
        .mount(&server)
        .await;
    let token = client(&server).token_self().await.expect("a token");
    assert_eq!(token.expires_at.map(|day| day.to_string()).as_deref(), Some("2027-01-31"), "a day");
    assert!(token.can_read() && !token.can_write(), "read_api alone is for review only");
}

#[tokio::test]
async fn a_token_without_an_end_and_with_full_scope() {
    let server = MockServer::start().await;
    Mock::given(path("/api/v4/personal_access_tokens/self"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({
            "id": 4, "name": "t", "active": true, "scopes": ["api"], "expires_at": null
        })))
        .mount(&server)
        .await;
    let token = client(&server).token_self().await.expect("a token");
    assert!(token.can_read() && token.can_write(), "api includes read_api");
    assert_eq!(token.expires_at, None, "no end");
}
