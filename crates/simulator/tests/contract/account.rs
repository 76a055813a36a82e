//! Sections 2 and 6: tokens, scopes, who am I.

use heirloom_simulator::{Config, Level};
use serde_json::json;

use crate::harness::Server;

#[tokio::test]
async fn metadata_and_version_tell_the_release() {
    let config = Config { gitlab_version: "17.11.3-ee".to_owned(), ..Config::default() };
    let server = Server::start(config).await;
    let metadata = server.get("/metadata").await.json();
    assert_eq!(metadata["version"], "17.11.3-ee", "the configured version");
    assert_eq!(metadata["enterprise"], true, "an -ee build is the Enterprise Edition");
    assert_eq!(server.get("/version").await.json()["version"], "17.11.3-ee", "both agree");
}

#[tokio::test]
async fn is_admin_is_there_only_for_administrators() {
    let server = Server::demo().await;
    let owner = server.get("/user").await.json();
    assert_eq!(owner["username"], "d.whitfield", "the owner's own account");
    assert!(owner.get("is_admin").is_none(), "others are not told: {owner}");
    let admin = server.get_as(&server.simulator.tokens().admin, "/user").await.json();
    assert_eq!(admin["is_admin"], true, "an administrator is told");
}

#[tokio::test]
async fn a_token_describes_itself_whatever_its_scope() {
    let server = Server::demo().await;
    let own = server.get("/personal_access_tokens/self").await.json();
    assert_eq!(own["scopes"], json!(["api"]), "the owner's token can do everything");
    assert_eq!(own["active"], true, "and works");
    assert!(own["expires_at"].as_str().is_some_and(|day| day.len() == 10), "a day: {own}");
    let token = server.simulator.tokens().read_api.clone();
    let review = server.get_as(&token, "/personal_access_tokens/self").await.json();
    assert_eq!(review["scopes"], json!(["read_api"]), "the review token can read");
}

#[tokio::test]
async fn no_token_and_an_unknown_token_are_401_with_a_message() {
    let server = Server::demo().await;
    let request = server.request(reqwest::Method::GET, "/user");
    for answer in [server.send(request).await, server.get_as("glpat-nobody", "/user").await] {
        assert_eq!(answer.status, 401, "not known");
        assert_eq!(answer.json(), json!({ "message": "401 Unauthorized" }), "GitLab's body");
        assert!(answer.header("www-authenticate").is_none(), "no challenge on the plain 401");
    }
}

#[tokio::test]
async fn expired_and_revoked_tokens_are_401_with_an_error_and_a_challenge() {
    let server = Server::demo().await;
    let tokens = server.simulator.tokens();
    for (token, why) in [(&tokens.expired, "expired"), (&tokens.revoked, "revoked")] {
        let answer = server.get_as(token, "/user").await;
        assert_eq!(answer.status, 401, "{why}");
        assert_eq!(answer.json()["error"], "invalid_token", "not the message shape");
        let text = answer.json()["error_description"].to_string();
        assert!(text.contains(why), "the body says why: {text}");
        let challenge = answer.header("www-authenticate").unwrap_or_default();
        assert!(challenge.contains("invalid_token"), "the challenge says it too: {challenge}");
    }
}

#[tokio::test]
async fn a_token_revoked_while_in_use_stops_working() {
    let server = Server::demo().await;
    assert_eq!(server.get("/user").await.status, 200, "works at first");
    server.simulator.world().revoke(server.simulator.token()).expect("a known token");
    assert_eq!(server.get("/user").await.status, 401, "and then no longer");
}

#[tokio::test]
async fn read_api_may_read_and_is_refused_on_writes_with_insufficient_scope() {
    let server = Server::demo().await;
    let token = server.simulator.tokens().read_api.clone();
    let path = server.of_project("acme/platform/checkout/payments-api", "external-wiki");
    assert_eq!(server.get_as(&token, &path).await.status, 200, "reading is covered");
    let before = server.row(Level::Project, "acme/platform/checkout/payments-api", "external-wiki");
    let body =
        json!({ "external_wiki_url": "https://new.example", "use_inherited_settings": false });
    let answer = server.put_as(&token, &path, &body).await;
    assert_eq!(answer.status, 403, "writing is not");
    let json = answer.json();
    assert_eq!(json["error"], "insufficient_scope", "token errors use `error`");
    assert_eq!(json["scope"], "api", "what it would take");
    let after = server.row(Level::Project, "acme/platform/checkout/payments-api", "external-wiki");
    assert_eq!(before, after, "nothing was written");
}

#[tokio::test]
async fn a_blocked_account_is_403_with_the_reason() {
    let server = Server::demo().await;
    let answer = server.get_as(&server.simulator.tokens().blocked, "/user").await;
    assert_eq!(answer.status, 403, "blocked");
    let message = answer.json()["message"].to_string();
    assert!(message.contains("403 Forbidden - "), "with a reason: {message}");
}
