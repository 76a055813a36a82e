//! Throttles, closed doors, the server's own address and the allow-list (contract, sections 4
//! and 6).

use heirloom_simulator::{Config, Limits, Writes};
use reqwest::Method;
use serde_json::json;

use crate::harness::{Answer, Server};

const PAYMENTS: &str = "acme/platform/checkout/payments-api";

async fn limited(limits: Limits) -> Server {
    Server::start(Config { limits, ..Config::default() }).await
}

#[tokio::test]
async fn the_instance_throttle_answers_429_in_text_and_names_its_time() {
    let server = limited(Limits { instance: Some(3), ..Limits::default() }).await;
    let first = server.get("/user").await;
    assert_eq!(first.header("ratelimit-limit"), Some("3"), "told on every answer since 18");
    assert_eq!(first.header("ratelimit-remaining"), Some("2"), "what is left");
    server.get("/user").await;
    server.get("/user").await;
    let refused = server.get("/user").await;
    assert_eq!(refused.status, 429, "one too many");
    assert_eq!(refused.text, "Retry later\n", "plain words");
    assert_eq!(refused.header("content-type"), Some("text/plain"), "plain text");
    let wait: u32 = refused.header("retry-after").expect("a time").parse().expect("seconds");
    assert!((1..=61).contains(&wait), "within the minute: {wait}");
    assert_eq!(refused.header("ratelimit-observed"), Some("4"), "counted all the same");
    let other = server.get_as(&server.simulator.tokens().maintainer, "/user").await;
    assert_eq!(other.status, 200, "accounts are counted apart");
    let stranger = server.send(server.request(Method::GET, "/groups")).await;
    let name = stranger.header("ratelimit-name");
    assert_eq!(name, Some("throttle_unauthenticated_api"), "and strangers by themselves");
}

#[tokio::test]
async fn older_servers_name_the_rate_only_when_throttled() {
    let limits = Limits { instance: Some(1), ..Limits::default() };
    let gitlab_version = "17.9.1-ee".to_owned();
    let server = Server::start(Config { limits, gitlab_version, ..Config::default() }).await;
    assert_eq!(server.get("/user").await.header("ratelimit-limit"), None, "not yet");
    assert_eq!(server.get("/user").await.header("ratelimit-limit"), Some("1"), "now");
}

#[tokio::test]
async fn endpoint_throttles_answer_429_in_json_with_the_whole_interval() {
    let server = limited(Limits { endpoints: true, ..Limits::default() }).await;
    for _ in 0..200 {
        assert_eq!(server.get("/groups?per_page=1").await.status, 200, "within the limit");
    }
    let refused = server.get("/groups?per_page=1").await;
    assert_eq!(refused.status, 429, "the 201st within a minute");
    assert_eq!(refused.header("retry-after"), Some("60"), "the whole interval");
    let told = "This endpoint has been requested too many times. Try again later.";
    assert_eq!(refused.json(), json!({ "message": { "error": told } }), "an object in message");
    let list = format!("/groups/{}/subgroups", server.group("acme"));
    assert_eq!(server.get(&list).await.status, 200, "subgroups have no limit");
}

#[tokio::test]
async fn administrators_change_the_endpoint_throttles_and_0_is_none() {
    let server = limited(Limits { endpoints: true, ..Limits::default() }).await;
    let admin = server.simulator.tokens().admin.clone();
    let settings = server.get_as(&admin, "/application/settings").await.json();
    assert_eq!(settings["groups_api_limit"], 200, "as GitLab ships it");
    put_settings(&server, &admin, json!({ "groups_api_limit": 2, "group_api_limit": 0 })).await;
    let seen = async |path: &str| server.get(path).await.status.as_u16();
    let lists = [seen("/groups").await, seen("/groups").await, seen("/groups").await];
    assert_eq!(lists, [200, 200, 429], "two a minute");
    let path = format!("/groups/{}?with_projects=false", server.group("acme"));
    for _ in 0..401 {
        assert_eq!(seen(&path).await, 200, "no limit at all");
    }
}

#[tokio::test]
async fn endpoint_throttles_came_with_18_1() {
    let limits = Limits { endpoints: true, ..Limits::default() };
    let gitlab_version = "18.0.3-ee".to_owned();
    let server = Server::start(Config { limits, gitlab_version, ..Config::default() }).await;
    for _ in 0..201 {
        assert_eq!(server.get("/groups?per_page=1").await.status, 200, "none before");
    }
}

#[tokio::test]
async fn answers_have_a_weak_etag_that_nobody_looks_at() {
    let server = Server::demo().await;
    let first = server.get("/groups").await;
    let tag = first.header("etag").expect("a tag").to_owned();
    assert!(tag.starts_with("W/\""), "a weak one: {tag}");
    let token = server.simulator.token();
    let request = server.request(Method::GET, "/groups").header("PRIVATE-TOKEN", token);
    let again = server.send(request.header("If-None-Match", &tag)).await;
    assert_eq!(again.status, 200, "never 304");
    assert_eq!((again.header("etag"), &again.text), (Some(tag.as_str()), &first.text), "the same");
    let other = server.get("/groups?per_page=1").await;
    assert_ne!(other.header("etag"), Some(tag.as_str()), "another answer, another tag");
}

#[tokio::test]
async fn maintenance_mode_refuses_writes_with_503_and_a_read_only_server_with_403() {
    let server = limited(Limits { writes: Writes::Maintenance, ..Limits::default() }).await;
    let path = server.of_project(PAYMENTS, "asana");
    let refused = server.put(&path, json!({ "api_key": "k" })).await;
    assert_eq!(
        (refused.status.as_u16(), refused.header("retry-after")),
        (503, Some("900")),
        "later"
    );
    assert_eq!(refused.json()["message"], "GitLab is undergoing maintenance", "GitLab's words");
    assert_eq!(server.get("/user").await.status, 200, "reads go on");
    let server = limited(Limits { writes: Writes::ReadOnly, ..Limits::default() }).await;
    let refused = server.put(&path, json!({ "api_key": "k" })).await;
    assert_eq!(refused.status, 403, "never");
    let told = "You cannot perform write operations on a read-only instance";
    assert_eq!(refused.json()["message"], told, "GitLab's words");
}

#[tokio::test]
async fn links_carry_the_configured_host_not_the_one_that_was_asked() {
    let external_origin = Some("https://gitlab.example".to_owned());
    let server = Server::start(Config { external_origin, ..Config::default() }).await;
    assert!(server.simulator.url().starts_with("http://127.0.0.1:"), "where it listens");
    let page = server.get("/groups?per_page=2").await;
    let link = page.header("link").expect("links");
    assert!(link.starts_with("<https://gitlab.example/api/v4/groups?"), "elsewhere: {link}");
    let project = server.get(&format!("/projects/{}", server.project(PAYMENTS))).await.json();
    let web = project["web_url"].as_str().expect("an address");
    assert!(web.starts_with("https://gitlab.example/acme"), "so do web addresses: {web}");
}

#[tokio::test]
async fn associations_list_what_the_account_reaches() {
    let server = Server::demo().await;
    let path = "/personal_access_tokens/self/associations?min_access_level=50";
    let reached = server.get(path).await.json();
    let ids: Vec<_> = reached["groups"].as_array().expect("groups").iter().collect();
    let has = |name: &str| ids.iter().any(|group| group["id"] == server.group(name));
    assert!(has("acme") && has("acme/data"), "owned, and below what is owned");
    assert!(!has("vendors"), "not where it is only a maintainer");
    let gitlab_version = "17.3.0-ee".to_owned();
    let old = Server::start(Config { gitlab_version, ..Config::default() }).await;
    assert_eq!(old.get(path).await.status, 404, "since 17.4");
}

async fn put_settings(server: &Server, token: &str, body: serde_json::Value) -> Answer {
    let request = server.request(Method::PUT, "/application/settings").bearer_auth(token);
    server.send(request.json(&body)).await
}

#[tokio::test]
async fn the_allow_list_is_read_and_written_by_administrators_alone() {
    let server = Server::demo().await;
    let admin = server.simulator.tokens().admin.clone();
    assert_eq!(server.get("/application/settings").await.status, 403, "no administrator");
    let settings = server.get_as(&admin, "/application/settings").await.json();
    assert_eq!(settings["allow_all_integrations"], true, "all are allowed at first");
    let unknown = put_settings(&server, &admin, json!({ "allowed_integrations": ["nope"] })).await;
    assert_eq!(unknown.status, 400, "unknown names are refused");
    let told = json!({ "allowed_integrations": ["contains unknown integration names"] });
    assert_eq!(unknown.json()["message"], told, "by name");
    let only = json!({ "allow_all_integrations": false, "allowed_integrations": ["jira"] });
    assert_eq!(put_settings(&server, &admin, only).await.status, 200, "saved");
    let path = server.of_project(PAYMENTS, "slack");
    assert_eq!(server.get(&path).await.status, 404, "what is not on it is hidden");
    put_settings(&server, &admin, json!({ "allow_all_integrations": true })).await;
    assert_eq!(server.get(&path).await.status, 200, "its row survived");
    let gitlab_version = "18.10.2".to_owned();
    let community = Server::start(Config { gitlab_version, ..Config::default() }).await;
    let admin = community.simulator.tokens().admin.clone();
    let only = json!({ "allowed_integrations": ["jira"] });
    assert_eq!(put_settings(&community, &admin, only).await.status, 400, "not in the CE");
}

#[tokio::test]
async fn work_item_events_are_declared_on_19_without_a_column() {
    let body = json!({ "webhook": "https://h.example", "work_item_events": true });
    let old = Server::demo().await;
    assert_eq!(
        old.put(&old.of_project(PAYMENTS, "slack"), body.clone()).await.status,
        200,
        "18.10"
    );
    let gitlab_version = "19.3.0-ee".to_owned();
    let new = Server::start(Config { gitlab_version, ..Config::default() }).await;
    let answer = new.put(&new.of_project(PAYMENTS, "slack"), body).await;
    assert_eq!(answer.status, 500, "there is nowhere to put it");
    assert_eq!(answer.json(), json!({ "message": "500 Internal Server Error" }), "GitLab's body");
}

#[tokio::test]
async fn group_mention_events_are_dropped_by_rest() {
    let server = Server::demo().await;
    let path = server.of_group("acme", "slack");
    let body = json!({ "webhook": "https://h.example", "group_mention_events": true });
    let answer = server.put(&path, body).await;
    assert_eq!(answer.status, 200, "not refused");
    assert!(answer.json().get("group_mention_events").is_none(), "nor stored");
}

#[tokio::test]
async fn the_answer_to_a_put_that_inherits_shows_the_values_from_before() {
    let server = Server::demo().await;
    let path = server.of_project("acme/platform/web/storefront", "emails-on-push");
    let own = json!({ "recipients": "own@a.example", "use_inherited_settings": false });
    server.put(&path, own).await;
    let back = json!({ "recipients": "own@a.example", "use_inherited_settings": true });
    let answer = server.put(&path, back).await.json();
    assert_eq!(answer["properties"]["recipients"], "own@a.example", "not reloaded");
    let read = server.get(&path).await.json();
    assert_ne!(read["properties"]["recipients"], "own@a.example", "but copied");
}
