//! A disk that is full, and has room again.
//!
//! A small file system of its own needs the right to mount one: as root, or in a name space of its
//! own where the system allows that.

use std::path::Path;
use std::process::Command;

use heirloom_core::ids::ScopeKey;
use heirloom_store::app::history::{Cause, HistoryFilter};
use heirloom_store::{Error, Store};

use crate::folder::{ONE, at, connected, flags, folder, list, listed, open};
use crate::killed::{check_chain, check_whole};

/// Names the folder to the child.
const FOLDER: &str = "HEIRLOOM_TEST_MOUNTS_AT";

const SCOPES: u64 = 60;

fn mount(folder: &Path, options: &str) {
    let done =
        Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(folder).status();
    assert!(done.unwrap().success(), "mount -o {options}");
}

/// One round of a sync in which every row changes.
fn round(store: &Store, round: i64) -> heirloom_store::Result<()> {
    let sync = store.begin_sync(ONE, true, at(round))?;
    let cause = Cause::Sync(sync);
    let mut scopes = vec![listed(ScopeKey::INSTANCE, None, "host")];
    scopes.extend((1..=SCOPES).map(|id| {
        let mut scope = listed(ScopeKey::project(id), Some(ScopeKey::INSTANCE), "p");
        scope.path = format!("some/where/{id}/{round}");
        scope
    }));
    store.take_scopes(ONE, cause, scopes, true, at(round))?;
    for id in 1..=SCOPES {
        let rows = ["jira", "slack", "asana", "harbor"]
            .map(|name| flags(name, Some(round % 2 == 0), true, round));
        store.take_lists(ONE, cause, vec![list(ScopeKey::project(id), round, rows.to_vec())])?;
    }
    Ok(())
}

/// Not a test by itself: what runs where mounting is allowed.
#[test]
fn child_fills_its_disk() {
    let Some(place) = std::env::var_os(FOLDER) else { return };
    let place = Path::new(&place);
    for kibibytes in [1_000, 1_300, 1_700, 2_200] {
        mount(place, &format!("size={kibibytes}k"));
        let store = connected(place);
        let mut rounds = 0;
        let error = loop {
            match round(&store, rounds) {
                Ok(()) => rounds += 1,
                Err(error) => break error,
            }
            assert!(rounds < 1_000, "it is full at some time");
        };
        assert!(matches!(error, Error::DiskFull), "{kibibytes} KiB: {error:?}");
        assert!(error.to_string().contains("disk is full"), "says so");
        for again in 0..3 {
            assert!(round(&store, rounds + again).is_err(), "it is still full");
        }
        check_whole(&store, "full");
        mount(place, "remount,size=64m");
        round(&store, rounds).expect("there is room again");
        round(&store, rounds + 1).expect("and again");
        check_whole(&store, "with room again");
        check_chain(&store, "with room again");
        drop(store);
        let store = open(place);
        assert!(store.rebuilt().is_none(), "nothing is damaged");
        check_whole(&store, "opened again");
        check_chain(&store, "opened again");
        let n = store.history(ONE, &HistoryFilter::default(), 0, 1).unwrap().0;
        assert!(n > 100, "history was written: {n}");
        drop(store);
        assert!(Command::new("umount").arg(place).status().unwrap().success(), "left");
    }
    println!("every disk was full");
}

#[test]
fn a_full_disk_tears_nothing_and_is_said() {
    let place = folder();
    let apart = ["--user", "--map-root-user", "--mount"];
    let allowed = Command::new("unshare").args(apart).arg("true").status();
    if !allowed.is_ok_and(|status| status.success()) {
        println!("not tried: no file system can be mounted here");
        return;
    }
    let ran = Command::new("unshare")
        .args(apart)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "full_disk::child_fills_its_disk", "--nocapture"])
        .env(FOLDER, place.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let wrong = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}\n{wrong}");
    assert!(said.contains("every disk was full"), "it ran: {said}");
}
