use std::io::{BufRead as _, BufReader, Read as _};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value as Json;

use crate::desk::{Desk, Ran, Server, finish, signal};

#[test]
fn ctrl_c_ends_a_sync_cleanly_and_the_next_one_goes_on() {
    ends_cleanly(Signal::INT);
}

#[test]
fn being_asked_to_end_by_the_system_is_no_other_than_ctrl_c() {
    ends_cleanly(Signal::TERM);
}

fn ends_cleanly(asked: Signal) {
    let server = Server::start_with(&["--projects", "300", "--latency-ms", "40"]);
    let desk = Desk::connected(&server);
    let mut child = desk.command(&["sync", "--json"]).spawn().expect("the program");
    let mut lines = BufReader::new(child.stdout.take().expect("standard output"));
    let mut line = String::new();
    while !line.contains("\"integrations\"") {
        line.clear();
        lines.read_line(&mut line).expect("a progress line");
    }
    signal(&child, asked);
    let mut rest = String::new();
    lines.read_to_string(&mut rest).expect("the rest");
    let ended = finish(child);
    assert_eq!(ended.code, 1, "partly: {ended:?}");
    let summary: serde_json::Value =
        serde_json::from_str(rest.lines().last().unwrap_or(&line)).expect("a summary");
    assert_eq!(summary["complete"], false, "it says that it is not whole");
    assert!(ended.err.contains("Cancelling"), "and that it heard: {ended:?}");
    assert!(ended.err.contains("go on with heirloomctl sync\n"), "and how to go on: {ended:?}");

    let again = desk.run(&["sync", "--json"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(again.lines().pop().expect("a summary")["complete"], true, "the next one is whole");
}

#[test]
fn ctrl_c_ends_a_sync_that_waits_for_a_throttle() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    // Nobody waits ten minutes in this test.
    server.send_text("PUT", "/__faults", "429=1.0;retry-after=600;path=/integrations");
    let mut child = desk.command(&["sync", "--instance", "demo"]).spawn().expect("the program");
    let mut said = BufReader::new(child.stderr.take().expect("standard error"));
    let mut line = String::new();
    while !line.contains("integrations") {
        line.clear();
        assert_ne!(said.read_line(&mut line).expect("a line"), 0, "it ended before its lists");
    }
    let begun = Instant::now();
    signal(&child, Signal::INT);
    let mut rest = String::new();
    said.read_to_string(&mut rest).expect("the rest");
    let ended = finish(child);
    assert!(begun.elapsed() < Duration::from_secs(60), "at once: {:?}", begun.elapsed());
    assert_eq!(ended.code, 1, "partly: {ended:?} {rest}");
    assert!(rest.contains("Cancelled. What was read is kept"), "it says so: {rest}");
    assert!(rest.contains("go on with heirloomctl sync --instance demo\n"), "and how: {rest}");
}

/// Half a sync can be asked, and says that it is half.
#[test]
fn what_is_read_after_half_a_sync_is_said_to_be_half() {
    let server = Server::start();
    let desk = Desk::connected(&server);
    server.send_text("PUT", "/__faults", "html502=1.0;path=/integrations");
    assert_ne!(desk.run(&["sync"]).code, 0, "it stops in the middle");
    let half = |ran: &Ran| ran.err.contains("note: This is half a sync: of the one begun at");
    for arguments in [
        &["tree"][..],
        &["tree", "--json"],
        &["show", "acme"],
        &["find", "acme"],
        &["matrix"],
        &["compare", "acme", "vendors"],
        &["history"],
        &["drift", "--since", "7d"],
        &["export", "--format", "csv"],
    ] {
        let ran = desk.run(arguments);
        assert_eq!(ran.code, 0, "it is usable: {ran:?}");
        assert!(half(&ran), "and says what it is: {arguments:?}: {}", ran.err);
    }
    let export = desk.run(&["export", "--format", "json"]).json();
    assert_eq!((&export["complete"], &export["synced_at"]), (&false.into(), &Json::Null), "so too");

    server.send_text("DELETE", "/__faults", "");
    assert_eq!(desk.run(&["sync"]).code, 0, "the next one goes on");
    assert_eq!(desk.run(&["tree"]).err, "", "nothing is to be said of what is whole");
    let export = desk.run(&["export", "--format", "json"]).json();
    assert_eq!(export["complete"], true, "and programs know it");
}

#[test]
fn ctrl_c_twice_ends_a_sync_at_once_and_says_how_to_go_on() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    // No request is answered in the time of this test.
    server.send_text("PUT", "/__faults", "latency=600000..600000;path=/integrations");
    let arguments = ["sync", "acme/mobile", "--full", "--instance", "demo"];
    let mut child = desk.command(&arguments).spawn().expect("the program");
    let mut said = BufReader::new(child.stderr.take().expect("standard error"));
    let mut wait_for = |text: &str| {
        let mut line = String::new();
        while !line.contains(text) {
            line.clear();
            assert_ne!(said.read_line(&mut line).expect("a line"), 0, "it ended before {text}");
        }
    };
    wait_for("integrations");
    signal(&child, Signal::INT);
    wait_for("Cancelling");
    signal(&child, Signal::INT);
    wait_for("go on with heirloomctl sync acme/mobile --full --instance demo");
    let ended = finish(child);
    assert_eq!(ended.code, 1, "partly: {ended:?}");
    assert_eq!(desk.run(&["show", "acme/mobile"]).code, 0, "what was read is there");
    server.send_text("DELETE", "/__faults", "");
    assert_eq!(desk.run(&["sync", "acme/mobile"]).code, 0, "nobody holds the lock");
}

#[test]
fn a_server_ends_when_it_is_asked_to() {
    let server = Server::start_with(&["--gitlab-version", "17.9.0-ee", "--seed", "7"]);
    let url = server.url.clone();
    assert_eq!(server.end(), 0, "SIGTERM is a request, not a failure");
    let host = url.trim_start_matches("http://");
    assert!(std::net::TcpStream::connect(host).is_err(), "and its port is free again");
}
