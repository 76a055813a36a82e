//! The simulator itself: tokens, faults, going away and coming back, its own pages.

use std::time::{Duration, Instant};

use heirloom_simulator::{Config, Fault, Level};
use serde_json::json;

use crate::harness::Server;

const PAYMENTS: &str = "acme/platform/checkout/payments-api";

#[tokio::test]
async fn each_run_has_tokens_of_its_own_unless_one_is_given() {
    let first = Server::demo().await;
    let second = Server::demo().await;
    assert!(first.simulator.token().starts_with("glpat-"), "GitLab's form");
    assert_eq!(first.simulator.token().len(), 26, "GitLab's length");
    assert_ne!(first.simulator.token(), second.simulator.token(), "random");
    let token = Some("glpat-given".to_owned());
    let given = Server::start(Config { token, ..Config::default() }).await;
    assert_eq!(given.get("/user").await.status, 200, "a given one works");
}

#[tokio::test]
async fn requests_are_logged_without_tokens() {
    let server = Server::demo().await;
    server.get("/groups?page=2&private_token=glpat-canary").await;
    server.get("/nowhere").await;
    let log = server.simulator.requests();
    let seen: Vec<_> = log.iter().map(|r| (r.method.as_str(), r.path.as_str(), r.status)).collect();
    let expected = [("GET", "/api/v4/groups?page=2", 200), ("GET", "/api/v4/nowhere", 404)];
    assert_eq!(seen, expected, "each with its answer");
    assert_eq!(server.simulator.requests_after(1).len(), 1, "from a number on");
}

#[tokio::test]
async fn a_fault_replaces_the_answer_as_often_as_asked() {
    let server = Server::demo().await;
    server.simulator.fail(Fault::throttled("/groups", 7).times(2));
    for _ in 0..2 {
        let answer = server.get("/groups").await;
        assert_eq!(answer.status, 429, "throttled");
        assert_eq!(answer.header("retry-after"), Some("7"), "with a time");
        assert_eq!(answer.header("content-type"), Some("text/plain"), "in plain text");
    }
    assert_eq!(server.get("/user").await.status, 200, "other paths are spared");
    assert_eq!(server.get("/groups").await.status, 200, "and then it is over");
}

#[tokio::test]
async fn a_fault_can_be_bound_to_a_method_delayed_and_taken_back() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "jira");
    server.simulator.fail(Fault::on("/integrations/jira").method("PUT").answer(502, "<html>"));
    assert_eq!(server.get(&path).await.status, 200, "reads are spared");
    assert_eq!(server.put(&path, json!({})).await.status, 502, "writes fail");
    server.simulator.heal();
    assert_eq!(server.put(&path, json!({})).await.status, 400, "and answer again");
    let delay = Duration::from_millis(60);
    server.simulator.fail(Fault::on("/user").delay(delay));
    let start = Instant::now();
    assert_eq!(server.get("/user").await.status, 200, "true, but late");
    assert!(start.elapsed() >= delay, "by the delay");
}

#[tokio::test]
async fn a_paused_server_is_gone_and_resumes_on_the_same_port_with_its_state() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "slack");
    let body = json!({ "webhook": "https://h.example", "channel": "#kept" });
    assert_eq!(server.put(&path, body).await.status, 200, "saved");
    server.simulator.pause().await;
    let request = server.request(reqwest::Method::GET, "/user");
    let error = request.send().await.expect_err("nobody is there");
    assert!(error.is_connect(), "the port is closed: {error:?}");
    server.simulator.resume().await.expect("the port is still free");
    let row = server.get(&path).await.json();
    assert_eq!(row["properties"]["channel"], "#kept", "what was saved is still there");
}

#[tokio::test]
async fn stopping_answers_what_is_under_way() {
    let latency = Duration::from_millis(150);
    let server = Server::start(Config { latency, ..Config::default() }).await;
    let request =
        server.request(reqwest::Method::GET, "/user").bearer_auth(server.simulator.token());
    let answer = tokio::spawn(request.send());
    // The request is counted as soon as a worker has it; nothing is logged before its answer.
    while server.simulator.under_way() == 0 {
        tokio::task::yield_now().await;
    }
    server.simulator.stop().await;
    let answer = answer.await.expect("a task").expect("an answer");
    assert_eq!(answer.status(), 200, "answered before the end");
}

#[tokio::test]
async fn workers_limit_how_many_are_answered_at_once() {
    let config = Config {
        latency: Duration::from_millis(40),
        workers: std::num::NonZeroUsize::new(2),
        ..Config::default()
    };
    let server = Server::start(config).await;
    let start = Instant::now();
    let (a, b, c, d) = tokio::join!(
        server.get("/user"),
        server.get("/user"),
        server.get("/user"),
        server.get("/user"),
    );
    assert!([a, b, c, d].iter().all(|answer| answer.status == 200), "all are served");
    assert!(start.elapsed() >= Duration::from_millis(80), "but two by two");
}

#[tokio::test]
async fn other_processes_see_and_change_the_world_at_state() {
    let server = Server::demo().await;
    let client = reqwest::Client::new();
    let base = server.simulator.url();
    let get = async |path: &str| {
        let answer = client.get(format!("{base}{path}")).send().await.expect("an answer");
        answer.json::<serde_json::Value>().await.expect("JSON")
    };
    let state = get("/__state").await;
    assert_eq!(state["version"], "18.10.2-ee", "the release");
    assert_eq!(state["rows"], server.simulator.world().row_count(), "and the size");
    let id = server.project(PAYMENTS);
    let row = get(&format!("/__state/project/{id}/rows/slack")).await;
    assert_eq!(row["fields"]["channel"], "#payments", "a row with all its fields");
    assert!(row["fields"]["webhook"].is_string(), "secret ones too");
    let change = client
        .put(format!("{base}/__state/project/{id}/rows/slack"))
        .json(&json!({ "inherit": false, "active": false, "fields": { "channel": "#by-hand" } }))
        .send()
        .await
        .expect("an answer");
    assert_eq!(change.status(), 204, "saved as the settings page would");
    let row = server.row(Level::Project, PAYMENTS, "slack");
    assert_eq!((row.active, &row.fields["channel"]), (false, &json!("#by-hand")), "off, but kept");
    server.get("/user").await;
    let log = get("/__requests").await;
    let paths: Vec<_> = log.as_array().expect("list").iter().map(|r| r["path"].clone()).collect();
    assert_eq!(paths, ["/api/v4/user"], "only what was asked below /api");
}

#[tokio::test]
async fn a_taken_port_and_a_wrong_version_are_refused() {
    let server = Server::demo().await;
    let port =
        server.simulator.url().rsplit(':').next().and_then(|p| p.parse().ok()).expect("port");
    let taken = heirloom_simulator::Simulator::start(Config { port, ..Config::default() }).await;
    let error = taken.expect_err("taken").to_string();
    assert!(error.contains(&port.to_string()), "says which: {error}");
    let gitlab_version = "banana".to_owned();
    let odd =
        heirloom_simulator::Simulator::start(Config { gitlab_version, ..Config::default() }).await;
    assert!(odd.expect_err("refused").to_string().contains("banana"), "says what");
}
