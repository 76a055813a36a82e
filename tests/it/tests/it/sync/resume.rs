use std::collections::BTreeMap;
use std::time::Duration;

use heirloom_engine::sync::progress::Phase;
use heirloom_it::{Lab, differences};
use heirloom_simulator::{Config, Fault, WorldSpec};
use jiff::SignedDuration;

fn slow_world() -> Config {
    Config {
        world: WorldSpec::Sized { groups: 10, projects: 120 },
        latency: Duration::from_millis(10),
        ..Config::default()
    }
}

/// Begins a sync and cancels it once so many lists are read.
async fn half(lab: &Lab) -> heirloom_engine::sync::Summary {
    let (engine, id) = (lab.engine.clone(), lab.id());
    let job = tokio::spawn(async move { engine.sync(id, None, false).await });
    lab.bell
        .wait_until(|| {
            let status = lab.engine.sync_status(id);
            status.phase == Phase::Integrations && status.done >= 30
        })
        .await;
    lab.engine.cancel_sync(id);
    job.await.expect("a task").expect("cancelling is no error")
}

/// Goes on, and cancels again after a few more lists.
async fn some_more(lab: &Lab) -> heirloom_engine::sync::Summary {
    let (engine, id) = (lab.engine.clone(), lab.id());
    let job = tokio::spawn(async move { engine.sync(id, None, false).await });
    lab.bell
        .wait_until(|| {
            let status = lab.engine.sync_status(id);
            status.phase == Phase::Integrations && status.done >= 5
        })
        .await;
    lab.engine.cancel_sync(id);
    job.await.expect("a task").expect("cancelling is no error")
}

fn asked(lab: &Lab, after: u64) -> BTreeMap<String, usize> {
    let mut asked = BTreeMap::new();
    for request in lab.simulator.requests_after(after) {
        *asked.entry(request.path).or_default() += 1;
    }
    asked
}

#[tokio::test]
async fn what_a_stopped_run_has_read_is_not_asked_again() {
    let mut lab = Lab::connected_at(slow_world()).await;
    let mark = lab.mark();
    assert!(half(&lab).await.cancelled, "stopped in the middle");
    let standing = lab.engine.sync_standing(lab.id()).await.expect("a standing");
    let half = standing.unfinished.expect("half a sync is said to be half");
    assert!(half.read >= 30 && half.read < half.of && half.of == 130, "how far it is: {half:?}");
    assert_eq!(standing.last, None, "nothing was whole yet");

    lab.reopen();
    let summary = lab.sync().await;
    assert_eq!(summary.resumed_from, Some(half.started_at), "it goes on with that run");
    assert!(summary.complete, "to the end: {:?}", summary.failed);
    let all = asked(&lab, mark);
    let twice: Vec<_> =
        all.iter().filter(|(path, times)| **times > 1 && path.contains("/integrations")).collect();
    assert!(twice.is_empty(), "asked twice: {twice:?}");
    let pages = all.iter().filter(|(path, _)| path.contains("per_page")).map(|(_, n)| n);
    assert!(pages.sum::<usize>() <= 5, "nor were groups and projects listed twice");
    let wrong = differences(&lab.export().await, &lab.simulator.world(), &Default::default());
    assert!(wrong.is_empty(), "{wrong:#?}");
    let standing = lab.engine.sync_standing(lab.id()).await.expect("a standing");
    assert_eq!(standing.unfinished, None, "now it is whole");
    assert!(standing.last.is_some(), "now it is whole");
}

/// At GitLab.com's pace a hundred thousand projects take hours: a sync that is at work is gone on
/// with however long it takes.
#[tokio::test]
async fn a_sync_that_takes_hours_is_gone_on_with() {
    let world = WorldSpec::Sized { groups: 10, projects: 500 };
    let latency = Duration::from_millis(25);
    let lab = Lab::connected_at(Config { world, latency, ..Config::default() }).await;
    let begun = lab.engine.now();
    half(&lab).await;
    for _ in 0..2 {
        lab.clock.shift(SignedDuration::from_mins(50));
        let summary = some_more(&lab).await;
        let from = summary.resumed_from.expect("it goes on");
        assert!(
            from >= begun && from.duration_since(begun) < SignedDuration::from_mins(5),
            "with the first run"
        );
    }
    lab.clock.shift(SignedDuration::from_mins(50));
    let mark = lab.mark();
    let summary = lab.sync().await;
    assert!(summary.resumed_from.is_some(), "two and a half hours after it was begun");
    assert!(summary.complete, "to its end: {:?}", summary.failed);
    let lists = asked(&lab, mark).into_iter().filter(|(path, _)| path.ends_with("/integrations"));
    assert!(lists.count() < 450, "what it had read is not asked again");
}

#[tokio::test]
async fn nothing_that_is_a_day_old_is_gone_on_with() {
    let lab = Lab::connected_at(slow_world()).await;
    half(&lab).await;
    let begun = lab.engine.sync_standing(lab.id()).await.expect("a standing").unfinished;
    let begun = begun.expect("half a sync").started_at;
    // Written to all the time, and too old all the same.
    lab.clock.shift(SignedDuration::from_mins(50));
    some_more(&lab).await;
    lab.clock.shift(SignedDuration::from_hours(24));
    assert!(lab.sync().await.resumed_from.is_none_or(|from| from > begun), "begun anew");
}

#[tokio::test]
async fn an_hour_after_it_was_left_everything_is_asked_anew() {
    let lab = Lab::connected_at(slow_world()).await;
    half(&lab).await;
    lab.clock.shift(SignedDuration::from_mins(61));
    let mark = lab.mark();
    let summary = lab.sync().await;
    assert_eq!(summary.resumed_from, None, "that run is too old to go on with");
    let lists = asked(&lab, mark).into_iter().filter(|(path, _)| path.ends_with("/integrations"));
    assert_eq!(lists.count(), 130, "every scope is asked");
}

#[tokio::test]
async fn a_server_that_goes_down_ends_the_run_with_one_reason_and_the_next_goes_on() {
    let lab = Lab::connected_at(slow_world()).await;
    let (engine, id) = (lab.engine.clone(), lab.id());
    let job = tokio::spawn(async move { engine.sync(id, None, false).await });
    lab.bell
        .wait_until(|| {
            let status = lab.engine.sync_status(id);
            status.phase == Phase::Integrations && status.done >= 30
        })
        .await;
    let mark = lab.mark();
    lab.simulator.fail(Fault::html("/api/", 502));
    let error = job.await.expect("a task").expect_err("nothing more can be read");
    let said = error.to_string();
    assert!(said.contains("stopped answering at"), "one clear reason, with the time: {said}");
    let sent = lab.simulator.requests_after(mark).len();
    assert!(sent < 130, "a server that is down is not asked for every scope: {sent}");
    let status = lab.engine.sync_status(id);
    assert!(status.stopped.is_some_and(|why| why.contains("What was read is kept")), "it says so");
    assert!(status.failed.is_empty(), "no scope is blamed for it");
    lab.simulator.heal();
    let next = lab.sync().await;
    assert!(next.complete && next.resumed_from.is_some(), "the next goes on: {next:?}");
}

/// GitLab answers, with its own words for a failure, to whatever is asked.
#[tokio::test]
async fn a_server_that_fails_everything_in_words_ends_the_run_with_one_reason() {
    let config =
        Config { world: WorldSpec::Sized { groups: 50, projects: 600 }, ..Config::default() };
    let lab = Lab::connected_at(config).await;
    lab.simulator.fail(Fault::in_words("/integrations", 500));
    let mark = lab.mark();
    let error = lab.engine.sync(lab.id(), None, false).await.expect_err("nothing can be read");
    assert_eq!(error.kind(), heirloom_engine::Kind::Offline, "it is the server: {error}");
    let sent = lab.simulator.requests_after(mark).len();
    assert!(sent < 400, "and it is left alone: {sent} requests for 650 scopes");
    let failed = lab.engine.sync_status(lab.id()).failed.len();
    assert!(failed < 130, "most scopes are not blamed: {failed}");
    lab.simulator.heal();
    let next = lab.sync().await;
    assert!(next.complete && next.resumed_from.is_some(), "the next goes on: {next:?}");
}

/// One slow scope must not hold the rest: the others are done long before it answers.
#[tokio::test]
async fn a_slow_scope_holds_nobody_else() {
    let lab = Lab::connected().await;
    let slow = lab.key("acme/platform/checkout/payments-api").id;
    let path = format!("/projects/{slow}/integrations");
    lab.simulator.fail(Fault::on(&path).delay(Duration::from_secs(5)).times(1));
    let (engine, id) = (lab.engine.clone(), lab.id());
    let job = tokio::spawn(async move { engine.sync(id, None, false).await });
    lab.bell
        .wait_until(|| {
            let status = lab.engine.sync_status(id);
            status.phase == Phase::Integrations && status.done + 1 == status.total
        })
        .await;
    let asked = asked(&lab, 0);
    let single = asked.keys().filter(|path| path.contains("/integrations/")).count();
    assert!(single > 20, "settings are read while one list is still out: {single}");
    assert!(!job.is_finished(), "the slow one is still out");
    let summary = job.await.expect("a task").expect("a sync");
    assert!(summary.complete, "and it is read in the end: {:?}", summary.failed);
}
