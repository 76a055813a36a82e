//! A writer that is killed at any moment.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use heirloom_core::ids::ScopeKey;
use heirloom_store::Store;
use heirloom_store::app::history::Cause;

use crate::folder::{ONE, at, connected, details, flags, folder, list, listed, open};
use crate::tally::{kept_counts, recount};

/// Names the data folder to the child.
const FOLDER: &str = "HEIRLOOM_TEST_WRITES_TO";

/// Batches without end, one line after each.
fn write_for_ever(store: &Store) {
    for round in 0_i64.. {
        let mut scopes = vec![listed(ScopeKey::INSTANCE, None, "host")];
        for number in 1..40_u64 {
            let above = match (number as i64 + round) % 3 {
                0 => ScopeKey::INSTANCE,
                _ => ScopeKey::group(number.div_ceil(2)),
            };
            let above = if above == ScopeKey::group(number) { ScopeKey::INSTANCE } else { above };
            scopes.push(listed(ScopeKey::group(number), Some(above), "g"));
            let under = Some(ScopeKey::group(number));
            scopes.push(listed(ScopeKey::project(number), under, "p"));
        }
        store.take_scopes(ONE, Cause::Reading, scopes, true, at(round)).unwrap();
        let lists = (1..40_u64).map(|number| {
            let rows = ["jira", "slack", "asana"].iter().enumerate();
            let rows = rows
                .filter(|(index, _)| (number as i64 + round + *index as i64) % 3 != 0)
                .map(|(_, name)| flags(name, Some((number as i64 + round) % 2 == 0), true, round));
            list(ScopeKey::project(number), round, rows.collect())
        });
        store.take_lists(ONE, Cause::Reading, lists.collect()).unwrap();
        store.add_connection(details("again"), at(round)).unwrap();
        println!("round {round}");
    }
}

/// Not a test by itself: what the child process runs.
#[test]
fn child_writes_until_it_is_killed() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        write_for_ever(&connected(folder.as_ref()));
    }
}

#[test]
fn a_killed_writer_leaves_whole_files() {
    let folder = folder();
    let mut connections = 0;
    for kill in 0..20_u32 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "killed::child_writes_until_it_is_killed", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Another number of rounds each time, and then some way into the next one.
        let rounds = 1 + kill % 4;
        let said = lines.by_ref().map(Result::unwrap).filter(|line| line.contains("round "));
        let done = said.take(rounds as usize).count();
        assert_eq!(done, rounds as usize, "it writes");
        for _ in 0..kill * 20_000 {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let store = open(folder.path());
        assert!(store.rebuilt().is_none(), "kill {kill}: the cache is whole");
        for (file, said) in store.integrity().unwrap() {
            assert_eq!(said, "ok", "kill {kill}: {file}");
        }
        assert_eq!(kept_counts(&store), recount(&store), "kill {kill}: counts fit the rows");
        let found = store.connections().unwrap().len();
        assert!(found >= connections + done, "kill {kill}: what was said to be kept is there");
        connections = found;
    }
}
