//! A sync and an apply onto a disk that is full, and their going on when there is room again.
//!
//! A small file system of its own needs the right to mount one: as root, or in a name space of its
//! own where the system allows that.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

use crate::desk::{Desk, Ran, Server};

/// Tells the child that it may mount.
const APART: &str = "HEIRLOOM_TEST_MOUNTS";

const WORLD: [&str; 6] = ["--projects", "300", "--groups", "30", "--active-per-project", "6"];

fn mount(folder: &Path, options: &str) {
    let done =
        Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(folder).status();
    assert!(done.expect("mount").success(), "mount -o {options}");
}

/// The rows of the local copy, without when they were read.
fn rows(desk: &Desk) -> BTreeSet<String> {
    let ran = desk.run(&["export", "--format", "json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let mut export = ran.json();
    let rows = export["rows"].as_array_mut().expect("rows");
    rows.iter_mut()
        .map(|row| {
            row.as_object_mut().expect("a row").remove("read_at");
            row.to_string()
        })
        .collect()
}

fn says_so(ran: &Ran, when: &str) {
    assert!(ran.code != 0, "{when}: it did not do it all: {ran:?}");
    assert!(ran.err.contains("disk is full"), "{when}: what happened: {ran:?}");
    assert!(ran.err.contains("Make room"), "{when}: what to do: {ran:?}");
    assert!(!ran.err.contains("damaged"), "{when}: nothing is: {ran:?}");
}

fn complete(desk: &Desk, when: &str) -> Json {
    let ran = desk.run(&["sync", "--json"]);
    assert_eq!(ran.code, 0, "{when}: {ran:?}");
    let last = ran.lines().pop().expect("a summary");
    assert_eq!(last["complete"], true, "{when}: {last}");
    last
}

/// Not a test by itself: what runs where mounting is allowed.
#[test]
fn child_syncs_onto_full_disks() {
    if std::env::var_os(APART).is_none() {
        return;
    }
    let server = Server::start_with(&WORLD);
    let desk = Desk::synced(&server);
    let expected = rows(&desk);
    // Where a full sync came to a row, more is known of it.
    assert_eq!(desk.run(&["sync", "--full"]).code, 0, "there is room");
    let known: BTreeSet<String> = expected.union(&rows(&desk)).cloned().collect();
    let all_there = |desk: &Desk, when: &str| {
        let rows = rows(desk);
        assert_eq!(rows.len(), expected.len(), "{when}: every row");
        let other: Vec<_> = rows.difference(&known).collect();
        assert!(other.is_empty(), "{when}: rows that were never so: {other:?}");
    };
    let mut full = 0;
    // A first sync: the disk is full at different points of it.
    for kibibytes in [600, 900, 1_400, 2_000] {
        let desk = Desk::new().token(Some(&server.token));
        fs::create_dir_all(desk.data()).expect("a folder");
        mount(&desk.data(), &format!("size={kibibytes}k"));
        let when = format!("{kibibytes} KiB");
        let ran = desk.run(&["connect", "--url", &server.url, "--name", "demo"]);
        if ran.code == 0 {
            says_so(&desk.run(&["sync"]), &when);
            says_so(&desk.run(&["sync"]), &format!("{when}, again"));
            full += 1;
        } else {
            says_so(&ran, &when);
        }
        mount(&desk.data(), "remount,size=64m");
        if ran.code != 0 {
            let ran = desk.run(&["connect", "--url", &server.url, "--name", "demo"]);
            assert_eq!(ran.code, 0, "{when}: there is room: {ran:?}");
        }
        complete(&desk, &when);
        assert_eq!(rows(&desk), expected, "{when}: everything, once there was room");
        leave(&desk);
    }
    // A later one, that reads everything again: what was there stays, to the row.
    for free in [0, 100, 700] {
        let desk = Desk::new().token(Some(&server.token));
        fs::create_dir_all(desk.data()).expect("a folder");
        mount(&desk.data(), "size=64m");
        let ran = desk.run(&["connect", "--url", &server.url, "--name", "demo"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        complete(&desk, "first");
        mount(&desk.data(), &format!("remount,size={}k", used(&desk) + free));
        let when = format!("{free} KiB free");
        says_so(&desk.run(&["sync", "--full"]), &when);
        full += 1;
        mount(&desk.data(), "remount,size=64m");
        all_there(&desk, &format!("{when}, nothing that was kept is lost"));
        complete(&desk, &when);
        all_there(&desk, &format!("{when}, and it goes on"));
        let ran = desk.run(&["doctor", "--json"]);
        assert!(!ran.out.contains("malformed"), "{when}: {ran:?}");
        leave(&desk);
    }
    println!("{full} syncs met a full disk");
}

/// Kibibytes that the data takes.
fn used(desk: &Desk) -> u64 {
    let files = fs::read_dir(desk.data()).expect("the folder");
    let sizes = files.map(|file| file.expect("a file").metadata().expect("its size").len());
    sizes.map(|size| size.div_ceil(4_096) * 4).sum()
}

/// Not a test by itself: what runs where mounting is allowed.
#[test]
fn child_applies_onto_full_disks() {
    if std::env::var_os(APART).is_none() {
        return;
    }
    let (mut refused, mut held) = (0, 0);
    for free in [0, 300, 600, 900, 1_200, 1_500, 1_800] {
        let server = Server::start_with(&OVERRIDDEN);
        let desk = Desk::new().token(Some(&server.token));
        fs::create_dir_all(desk.data()).expect("a folder");
        mount(&desk.data(), "size=64m");
        let ran = desk.run(&["connect", "--url", &server.url, "--name", "demo"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        complete(&desk, "first");
        let file = desk.path("plan.json");
        let file = file.to_str().expect("a path");
        let plan = ["plan", "use-default", "instance", "jira", "--recursive", "--only", "project"];
        let ran = desk.run(&[&plan[..], &["-o", file]].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        let plan: Json = serde_json::from_slice(&fs::read(file).expect("it")).expect("JSON");
        let steps = plan["steps"].as_array().expect("steps").len();
        assert!(steps > 100, "far more than are under way at once: {steps}");
        let count = steps.to_string();
        let apply = ["apply", file, "--confirm", &count, "--json"];

        mount(&desk.data(), &format!("remount,size={}k", used(&desk) + free));
        let when = format!("{free} KiB free");
        let ran = desk.run(&apply);
        mount(&desk.data(), "remount,size=64m");
        if ran.code == 0 {
            leave(&desk);
            break;
        }
        says_so(&ran, &when);
        let runs = desk.run(&["history", "--runs", "--json"]).json();
        let ran = match runs["runs"].get(0) {
            None => {
                refused += 1;
                desk.run(&apply)
            }
            Some(run) => {
                held += 1;
                println!("{when}: {} of {steps} were still to be done", run["remaining"]);
                desk.run(&["apply", "--resume", &run["run"].to_string(), "--json"])
            }
        };
        assert_eq!(ran.code, 0, "{when}, and then there is room: {ran:?}");
        let result = ran.lines().pop().expect("a result");
        let left = ["conflicts", "refused", "failed", "unknown", "remaining"];
        assert!(left.iter().all(|it| result[it] == 0), "{when}: every step was done: {result}");
        let shown = desk.run(&["export", "--format", "json"]).json();
        let is_override = |row: &&Json| {
            row["level"] == "project" && row["slug"] == "jira" && row["link"] == "custom"
        };
        let rows = shown["rows"].as_array().expect("rows");
        assert_eq!(rows.iter().filter(is_override).count(), 0, "{when}: and the copy knows it");
        leave(&desk);
    }
    println!("{refused} applies did not begin, {held} were held by a full disk");
}

/// Every project has settings of its own.
const OVERRIDDEN: [&str; 8] =
    ["--projects", "300", "--groups", "30", "--active-per-project", "1", "--custom-percent", "100"];

#[test]
fn an_apply_onto_a_full_disk_says_so_and_goes_on_to_its_end() {
    let Some(said) = apart("full_disk::child_applies_onto_full_disks") else { return };
    let counts = said.lines().find(|line| line.ends_with("were held by a full disk"));
    let numbers: Vec<u32> = counts
        .unwrap_or_default()
        .split(|it: char| !it.is_ascii_digit())
        .filter_map(|it| it.parse().ok())
        .collect();
    let [refused, held] = numbers[..] else { panic!("{said}") };
    assert!(refused > 0, "one disk was full before anything began: {said}");
    assert!(held > 0, "and one on the way: {said}");
}

fn leave(desk: &Desk) {
    assert!(Command::new("umount").arg(desk.data()).status().expect("umount").success(), "left");
}

#[test]
fn a_sync_onto_a_full_disk_loses_nothing_says_so_and_goes_on() {
    let Some(said) = apart("full_disk::child_syncs_onto_full_disks") else { return };
    let met = said.lines().find_map(|line| line.strip_suffix(" syncs met a full disk"));
    let met: usize = met.and_then(|n| n.parse().ok()).unwrap_or_default();
    assert!(met >= 5, "most disks were full within a sync: {said}");
}

/// What a test says that runs where mounting is allowed; none: nothing can be mounted here.
fn apart(test: &str) -> Option<String> {
    let apart = ["--user", "--map-root-user", "--mount"];
    let allowed = Command::new("unshare").args(apart).arg("true").status();
    if !allowed.is_ok_and(|status| status.success()) {
        println!("not tried: no file system can be mounted here");
        return None;
    }
    let ran = Command::new("unshare")
        .args(apart)
        .arg(std::env::current_exe().expect("this program"))
        .args(["--exact", test, "--nocapture"])
        .env(APART, "1")
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}\n{wrong}");
    Some(said)
}
