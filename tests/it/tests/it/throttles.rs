//! Throttles that endpoints have of their own: who ran into one waits, and the others go on
//! (contract, section 6).

use futures::StreamExt as _;
use heirloom_gitlab::{Client, ClientOptions, GroupFilter, ProjectFilter};
use heirloom_simulator::{Config, Fault, Limits, Simulator};
use secrecy::SecretString;
use std::time::Duration;
use tokio::task::JoinHandle;

async fn server() -> (Simulator, Client) {
    let limits = Limits { endpoints: true, ..Limits::default() };
    let config = Config { limits, ..Config::default() };
    let simulator = Simulator::start(config).await.expect("a simulator on a free port");
    let base = simulator.url().parse().expect("its address");
    let token = SecretString::from(simulator.token());
    let client = Client::new(base, &token, ClientOptions::default()).expect("a client");
    (simulator, client)
}

/// Lists all groups in a task of its own: how many there are.
fn listing_groups(client: &Client) -> JoinHandle<usize> {
    let client = client.clone();
    tokio::spawn(async move {
        let pages = client.groups(&GroupFilter::default());
        pages.fold(0, async |sum, page| sum + page.expect("a page").items.len()).await
    })
}

async fn until(holds: impl Fn() -> bool) {
    while !holds() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_list_that_was_asked_too_often_waits_while_everything_else_goes_on() {
    let (simulator, client) = server().await;
    for _ in 0..200 {
        assert!(client.count_groups(&GroupFilter::default()).await.is_ok(), "within the limit");
    }
    let limit = client.in_flight_limit();
    let listing = listing_groups(&client);
    until(|| client.endpoint_paused_for().is_some()).await;
    let wait = client.endpoint_paused_for().expect("a pause");
    assert!(wait > Duration::from_secs(50), "the whole interval, as GitLab asks: {wait:?}");
    assert_eq!(client.paused_for(), None, "that is no pause of everything");

    let asked = simulator.requests().len();
    let project = simulator.world().project("acme/platform/checkout/payments-api");
    let project = heirloom_engine::core::ids::ScopeKey::project(project.expect("the project"));
    client.integrations(project).await.expect("integrations have no such throttle");
    client.project(project.id).await.expect("another endpoint, another throttle");
    let list = client.projects(&ProjectFilter::default());
    assert!(list.count().await > 0, "another list, another throttle");
    assert!(simulator.requests().len() > asked + 2, "they were asked");
    assert!(client.in_flight_limit() >= limit, "and as many at once as before");
    assert!(client.endpoint_paused_for().is_some(), "all of that while the pause runs");
    assert!(!listing.is_finished(), "and the list waits");
    listing.abort();
}

#[tokio::test]
async fn the_list_goes_on_when_its_pause_is_over() {
    let (simulator, client) = server().await;
    let all = listing_groups(&client).await.expect("a task");
    simulator.fail(Fault::throttled_endpoint("/groups?", 1).times(1));
    let listing = listing_groups(&client);
    until(|| client.endpoint_paused_for().is_some()).await;
    client.current_user().await.expect("others go on");
    assert!(!listing.is_finished(), "the list waits");
    assert_eq!(listing.await.expect("a task"), all, "all of it");
    assert_eq!(client.request_counts().retries, 1, "asked again once");
}

#[tokio::test]
async fn a_429_that_names_no_endpoint_holds_everything() {
    let (simulator, client) = server().await;
    simulator.fail(Fault::throttled("/groups?", 1).times(1));
    let listing = listing_groups(&client);
    until(|| client.paused_for().is_some()).await;
    assert_eq!(client.endpoint_paused_for(), None, "no endpoint was named");
    let asked = simulator.requests().len();
    let user = client.current_user();
    let held = tokio::time::timeout(Duration::from_millis(300), user).await;
    assert!(held.is_err(), "nothing goes out");
    assert_eq!(simulator.requests().len(), asked, "nothing went out");
    listing.await.expect("it goes on");
}

#[tokio::test]
async fn an_endpoint_without_a_throttle_of_its_own_holds_everything_whatever_it_says() {
    let (simulator, client) = server().await;
    simulator.fail(Fault::throttled_endpoint("/user", 1).times(1));
    let (asking, user) = (client.clone(), simulator.requests().len());
    let asking = tokio::spawn(async move { asking.current_user().await });
    until(|| client.paused_for().is_some()).await;
    assert_eq!(simulator.requests().len(), user + 1, "one request was turned away");
    asking.await.expect("a task").expect("let in after the wait");
}
