//! Faults on demand, each as a client meets it.

use std::time::{Duration, Instant};

use heirloom_simulator::{Config, Fault, FaultPlan, Harm, Simulator, Tls};
use reqwest::Method;
use serde_json::{Value as Json, json};

use crate::harness::Server;

const PAYMENTS: &str = "acme/platform/checkout/payments-api";

#[tokio::test]
async fn throttles_come_as_text_as_json_and_without_headers() {
    let server = Server::demo().await;
    server.simulator.fail(Fault::throttled("/user", 3).times(1));
    server.simulator.fail(Fault::throttled_endpoint("/user", 60).times(1));
    server.simulator.fail(Fault::throttled_without_headers("/user").times(1));
    let text = server.get("/user").await;
    assert_eq!((text.status.as_u16(), text.text.as_str()), (429, "Retry later\n"), "plain text");
    let endpoint = server.get("/user").await;
    let told = "This endpoint has been requested too many times. Try again later.";
    assert_eq!(endpoint.json()["message"]["error"], told, "GitLab's words");
    assert_eq!(endpoint.header("retry-after"), Some("60"), "the whole interval");
    let bare = server.get("/user").await;
    assert_eq!((bare.status.as_u16(), bare.header("retry-after")), (429, None), "no time named");
}

#[tokio::test]
async fn a_failure_in_front_of_gitlab_is_html() {
    let server = Server::demo().await;
    server.simulator.fail(Fault::html("/user", 502));
    let answer = server.get("/user").await;
    assert_eq!(answer.status, 502, "as asked");
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "no JSON");
    assert!(answer.text.starts_with("<!DOCTYPE html>"), "a page: {}", answer.text);
}

#[tokio::test]
async fn truncated_json_is_whole_http() {
    let server = Server::demo().await;
    let whole = server.get("/metadata").await.text;
    server.simulator.fail(Fault::on("/metadata").harm(Harm::Truncate));
    let answer = server.get("/metadata").await;
    assert_eq!(answer.status, 200, "nothing but the body shows it");
    assert_eq!(answer.text, whole[..whole.len() / 2], "half of it");
    assert!(serde_json::from_str::<Json>(&answer.text).is_err(), "no longer JSON");
}

#[tokio::test]
async fn a_cut_body_is_an_error_to_the_client() {
    let server = Server::demo().await;
    server.simulator.fail(Fault::on("/metadata").harm(Harm::Cut));
    let request = server.request(Method::GET, "/metadata");
    let answer = request.bearer_auth(server.simulator.token()).send().await;
    // Whether the headers made it out before the end is up to the network.
    let error = match answer {
        Ok(response) => response.text().await.expect_err("the body ends too early"),
        Err(error) => error,
    };
    assert!(!error.is_timeout(), "cut off, not slow: {error:?}");
}

#[tokio::test]
async fn a_dropped_request_is_not_done_and_a_lost_one_is() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "asana");
    let put = || {
        let request = server.request(Method::PUT, &path).bearer_auth(server.simulator.token());
        request.json(&json!({ "api_key": "k" })).send()
    };
    server.simulator.fail(Fault::on("/asana").method("PUT").harm(Harm::Drop).times(1));
    put().await.expect_err("no answer");
    assert_eq!(server.get(&path).await.status, 404, "nothing was written");
    server.simulator.fail(Fault::on("/asana").method("PUT").harm(Harm::Lose).times(1));
    put().await.expect_err("no answer either");
    assert_eq!(server.get(&path).await.status, 200, "but this time it was written");
}

/// A proxy gives up while GitLab goes on.
#[tokio::test]
async fn a_late_request_is_done_after_its_answer_was_given_up() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "asana");
    let put = || {
        let request = server.request(Method::PUT, &path).bearer_auth(server.simulator.token());
        request.json(&json!({ "api_key": "k" })).send()
    };
    let late = || Fault::on("/asana").method("PUT").harm(Harm::Late(Duration::from_secs(3_600)));
    server.simulator.fail(late().times(1));
    put().await.expect_err("no answer");
    assert_eq!(server.get(&path).await.status, 404, "nothing is written yet");
    server.simulator.catch_up().await;
    assert_eq!(server.get(&path).await.status, 200, "and then it is");
    server.simulator.fail(late().answer(504, "").times(1));
    assert_eq!(put().await.expect("an answer").status(), 504, "or a proxy says that it gave up");
    server.simulator.fail(Fault::on("/asana").method("PUT").harm(Harm::Late(Duration::ZERO)));
    put().await.expect_err("no answer");
    server.simulator.catch_up().await;
}

#[tokio::test]
async fn a_slow_body_takes_its_time_and_is_whole() {
    let server = Server::demo().await;
    let whole = server.get("/metadata").await.text;
    let over = Duration::from_millis(120);
    server.simulator.fail(Fault::on("/metadata").harm(Harm::Slow(over)));
    let start = Instant::now();
    assert_eq!(server.get("/metadata").await.text, whole, "nothing is missing");
    assert!(start.elapsed() >= over, "but it trickled: {:?}", start.elapsed());
}

#[tokio::test]
async fn a_wrong_content_type_leaves_the_body_as_it_is() {
    let server = Server::demo().await;
    let fault = Fault::on("/metadata").harm(Harm::ContentType("text/html".into()));
    server.simulator.fail(fault);
    let answer = server.get("/metadata").await;
    assert_eq!(answer.header("content-type"), Some("text/html"), "called something else");
    assert_eq!(answer.json()["enterprise"], true, "still the truth");
}

#[tokio::test]
async fn a_skewed_clock_shows_in_every_date() {
    let hour = 3_600;
    let right = Server::demo().await;
    let wrong = Server::start(Config { clock_skew: -5 * hour, ..Config::default() }).await;
    let date = |answer: &crate::harness::Answer| {
        let text = answer.header("date").expect("a date").to_owned();
        jiff::fmt::rfc2822::parse(&text).expect("an HTTP date").timestamp()
    };
    let (now, then) = (right.get("/user").await, wrong.get("/user").await);
    let behind = date(&now).as_second() - date(&then).as_second();
    assert!((behind - 5 * hour).abs() < 60, "five hours behind: {behind} s");
    let day = |answer: &crate::harness::Answer| answer.json()["last_activity_on"].clone();
    assert!(day(&then).is_string(), "and what it writes follows the same clock");
}

#[tokio::test]
async fn a_restart_amid_requests_loses_one_and_keeps_the_state() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "asana");
    server.put(&path, json!({ "api_key": "k" })).await;
    server
        .simulator
        .fail(Fault::on("/metadata").harm(Harm::Restart(Duration::from_millis(30))).times(1));
    let token = server.simulator.token();
    let metadata = || server.request(Method::GET, "/metadata").bearer_auth(token).send();
    metadata().await.expect_err("its connection ends");
    let mut refused = 0;
    let answer = loop {
        match metadata().await {
            Ok(answer) => break answer,
            Err(_) => refused += 1,
        }
        assert!(refused < 1_000_000, "it has to come back");
        tokio::task::yield_now().await;
    };
    assert_eq!(answer.status(), 200, "it is back on the same port");
    assert_eq!(server.get(&path).await.status, 200, "with what it knew");
}

#[tokio::test]
async fn a_private_authority_is_refused_until_it_is_trusted() {
    let config = Config { tls: Tls::PrivateCa, ..Config::default() };
    let simulator = Simulator::start(config).await.expect("it starts");
    let address = format!("{}/api/v4/user", simulator.url());
    assert!(address.starts_with("https://127.0.0.1:"), "https: {address}");
    let get = |client: reqwest::Client| client.get(&address).bearer_auth(simulator.token()).send();
    let stranger = reqwest::Client::builder().no_proxy().build().expect("a client");
    assert!(get(stranger).await.expect_err("not trusted").is_connect(), "no handshake");
    assert_eq!(get(trusting(&simulator)).await.expect("trusted").status(), 200, "with the CA");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused_even_with_its_authority() {
    let config = Config { tls: Tls::WrongName, ..Config::default() };
    let simulator = Simulator::start(config).await.expect("it starts");
    let address = format!("{}/api/v4/user", simulator.url());
    let error = trusting(&simulator).get(&address).send().await.expect_err("another's name");
    assert!(format!("{error:?}").contains("NotValidForName"), "for that reason: {error:?}");
}

fn trusting(simulator: &Simulator) -> reqwest::Client {
    let pem = simulator.ca_pem().expect("there is an authority");
    let authority = reqwest::Certificate::from_pem(pem.as_bytes()).expect("a certificate");
    reqwest::Client::builder().no_proxy().tls_certs_only([authority]).build().expect("a client")
}

async fn statuses(server: &Server, count: usize) -> Vec<u16> {
    let mut seen = Vec::new();
    for _ in 0..count {
        let request = server.request(Method::GET, "/metadata");
        let answer = request.bearer_auth(server.simulator.token()).send().await;
        seen.push(answer.map_or(0, |answer| answer.status().as_u16()));
    }
    seen
}

#[tokio::test]
async fn a_plan_is_the_same_for_the_same_seed_and_keeps_its_rates() {
    let plan: FaultPlan = "429=0.2,html502=0.2,drop=0.1;seed=7".parse().expect("a plan");
    let config = Config { faults: Some(plan), ..Config::default() };
    let (first, second) =
        (Server::start(config.clone()).await, Server::start(config.clone()).await);
    let seen = statuses(&first, 200).await;
    assert_eq!(seen, statuses(&second, 200).await, "one seed, one sequence");
    let count = |status| seen.iter().filter(|s| **s == status).count();
    assert!((20..=60).contains(&count(429)), "about a fifth: {}", count(429));
    assert!((20..=60).contains(&count(502)), "about a fifth: {}", count(502));
    assert!((70..=130).contains(&count(200)), "about half is well: {}", count(200));
    first.simulator.heal();
    assert_eq!(statuses(&first, 20).await, [200; 20], "healed");
}

#[tokio::test]
async fn a_plan_keeps_to_its_route_and_its_method() {
    let server = Server::demo().await;
    let plan = "html503=1;path=/integrations;method=PUT";
    server.simulator.play(Some(plan.parse().expect("a plan")));
    let path = server.of_project(PAYMENTS, "asana");
    assert_eq!(server.get(&path).await.status, 404, "reads are spared");
    assert_eq!(server.get("/user").await.status, 200, "other routes are spared");
    assert_eq!(server.put(&path, json!({ "api_key": "k" })).await.status, 503, "writes fail");
}

#[tokio::test]
async fn other_processes_play_and_end_a_plan_at_faults() {
    let server = Server::demo().await;
    let address = format!("{}/__faults", server.simulator.url());
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let played = client.put(&address).body("html503=1").send().await.expect("an answer");
    assert_eq!(played.status(), 204, "played");
    assert_eq!(server.get("/user").await.status, 503, "from now on");
    let refused = client.put(&address).body("noise=1").send().await.expect("an answer");
    assert_eq!(refused.status(), 400, "no plan");
    client.delete(&address).send().await.expect("an answer");
    assert_eq!(server.get("/user").await.status, 200, "over");
}

#[tokio::test]
async fn a_plan_delays_every_answer_within_its_bounds() {
    let server = Server::demo().await;
    server.simulator.play(Some("latency=20..40".parse().expect("a plan")));
    let start = Instant::now();
    assert_eq!(statuses(&server, 5).await, [200; 5], "late, but true");
    assert!(start.elapsed() >= Duration::from_millis(100), "five times at least 20 ms");
}

#[test]
fn a_text_that_is_no_plan_is_refused_with_the_part_that_is_wrong() {
    for (text, part) in [
        ("429", "429"),
        ("429=2", "429=2"),
        ("noise=0.1", "noise=0.1"),
        ("html404=0.1", "html404=0.1"),
        ("429=0.6,drop=0.6", "429=0.6,drop=0.6"),
        ("latency=40..20", "latency=40..20"),
        ("drop=0.1;seed=x", "seed=x"),
        ("drop=0.1;speed=1", "speed=1"),
    ] {
        let error = text.parse::<FaultPlan>().expect_err(text).to_string();
        assert!(error.starts_with(&format!("{part:?} is not a fault")), "{text}: {error}");
    }
    for text in ["", "429=0.05,latency=20..80,truncate=0.01,drop=0.01,html502=0.02;seed=7"] {
        assert!(text.parse::<FaultPlan>().is_ok(), "a plan: {text}");
    }
}
