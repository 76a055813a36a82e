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

#[tokio::test]
async fn an_impersonation_token_stops_when_impersonation_is_switched_off() {
    let server = Server::demo().await;
    let on = server.get_as(&server.simulator.tokens().impersonation, "/user").await;
    assert_eq!(on.json()["username"], "d.whitfield", "works in the account's name");
    let server = Server::start(Config { impersonation: false, ..Config::default() }).await;
    let off = server.get_as(&server.simulator.tokens().impersonation, "/user").await;
    assert_eq!((off.status.as_u16(), &off.json()["error"]), (401, &json!("invalid_token")), "off");
    let told = "Token is an impersonation token but impersonation was disabled.";
    assert_eq!(off.json()["error_description"], told, "GitLab's words");
    assert!(off.header("www-authenticate").is_some_and(|text| text.contains(told)), "there too");
}

#[tokio::test]
async fn a_fine_grained_token_is_403_beyond_its_permissions() {
    let gitlab_version = "19.3.0-ee".to_owned();
    let server = Server::start(Config { gitlab_version, ..Config::default() }).await;
    let token = server.simulator.tokens().fine_grained.clone();
    let own = server.get_as(&token, "/personal_access_tokens/self").await.json();
    assert_eq!((&own["granular"], &own["scopes"]), (&json!(true), &json!(["granular"])), "itself");
    let project = server.of_project("acme/platform/checkout/payments-api", "slack");
    let group = server.of_group("acme", "slack");
    for path in ["/metadata", "/user", "/groups", "/projects", &project, &group] {
        assert_eq!(server.get_as(&token, path).await.status, 200, "{path} may be read");
    }
    let told = |boundary: &str, action: &str| {
        json!({
            "error": "insufficient_granular_scope",
            "error_description": format!(
                "Access denied: This operation requires a fine-grained personal access token with \
                 the following {boundary} permissions: [Integration: {action}]."
            ),
        })
    };
    let body = json!({ "webhook": "https://h.example" });
    let put = server.put_as(&token, &project, &body).await;
    assert_eq!((put.status.as_u16(), put.json()), (403, told("project", "Update")), "not written");
    assert!(put.header("www-authenticate").is_none(), "no challenge");
    let request = server.request(reqwest::Method::DELETE, &group).bearer_auth(&token);
    let delete = server.send(request).await;
    assert_eq!((delete.status.as_u16(), delete.json()), (403, told("group", "Delete")), "nor here");
}

#[tokio::test]
async fn a_token_of_an_application_has_no_description_of_itself() {
    let server = Server::demo().await;
    let token = server.simulator.tokens().oauth.clone();
    let bearer = |path| server.send(server.request(reqwest::Method::GET, path).bearer_auth(&token));
    assert_eq!(bearer("/user").await.json()["username"], "d.whitfield", "works as a bearer");
    let refused = bearer("/personal_access_tokens/self").await;
    let told = "400 Bad request - This endpoint requires token type to be a personal access token";
    assert_eq!((refused.status.as_u16(), &refused.json()["message"]), (400, &json!(told)), "why");
    assert_eq!(server.get_as(&token, "/user").await.status, 401, "and as no private token");
}

#[tokio::test]
async fn with_admin_mode_on_powers_take_a_token_of_that_scope() {
    let server = Server::start(Config { admin_mode: true, ..Config::default() }).await;
    let tokens = server.simulator.tokens();
    let all = server.simulator.world().projects().len().to_string();
    let total = async |token: &str| {
        server.get_as(token, "/projects").await.header("x-total").map(str::to_owned)
    };
    assert_eq!(total(&tokens.admin_mode).await.as_ref(), Some(&all), "with the scope, all");
    assert_ne!(total(&tokens.admin).await.as_ref(), Some(&all), "without it, an ordinary account");
    let user = server.get_as(&tokens.admin, "/user").await.json();
    assert_eq!(user["is_admin"], true, "who is an administrator all the same");
    let settings = server.get_as(&tokens.admin, "/application/settings").await;
    assert_eq!(settings.status, 403, "and may not look at the settings");
}
