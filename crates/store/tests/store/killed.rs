//! A writer that is killed at any moment.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use heirloom_core::ids::ScopeKey;
use heirloom_core::row::State;
use heirloom_store::Store;
use heirloom_store::app::history::{Cause, HistoryFilter, Side, What};

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
        let sync = store.begin_sync(ONE, true, at(round)).unwrap();
        let cause = Cause::Sync(sync);
        store.take_scopes(ONE, cause, scopes, true, at(round)).unwrap();
        let lists = (1..40_u64).map(|number| {
            let rows = ["jira", "slack", "asana"].iter().enumerate();
            let rows = rows
                .filter(|(index, _)| (number as i64 + round + *index as i64) % 3 != 0)
                .map(|(_, name)| flags(name, Some((number as i64 + round) % 2 == 0), true, round));
            list(ScopeKey::project(number), round, rows.collect())
        });
        store.take_lists(ONE, cause, lists.collect()).unwrap();
        store.add_connection(details("again"), at(round)).unwrap();
        println!("round {round}");
    }
}

/// Both files are sound, and counts fit the rows.
pub fn check_whole(store: &Store, when: &str) {
    for (file, said) in store.integrity().unwrap() {
        assert_eq!(said, "ok", "{when}: {file}");
    }
    assert_eq!(kept_counts(store), recount(store), "{when}: counts fit the rows");
}

/// Each change begins where the one before it ended, and the last ends where the cache stands:
/// none is missing, and none is told twice. Returns how many there are.
pub fn check_chain(store: &Store, when: &str) -> u32 {
    let (total, mut changes) = store.history(ONE, &HistoryFilter::default(), 0, 1_000_000).unwrap();
    changes.retain(|change| change.what == What::State);
    // In the order they were found: within a sync each thing changes once.
    changes.sort_by_key(|change| change.sync);
    let mut last = BTreeMap::new();
    for change in changes {
        let slug = change.slug.unwrap();
        let key = (change.scope, slug);
        if let Some(side) = last.get(&key) {
            assert_eq!(&change.before, side, "{when}: {key:?} follows on");
        }
        last.insert(key, change.after);
    }
    for ((scope, slug), side) in last {
        let kept = store.integration(ONE, scope, &slug).unwrap();
        let now = kept.map_or(State::Off, |kept| kept.known.state());
        assert_eq!(side, Side::State(now), "{when}: {slug} of {scope} is as told last");
    }
    total
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
    let (mut connections, mut changes) = (0, 0);
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
        let said = format!("kill {kill}");
        check_whole(&store, &said);
        changes = check_chain(&store, &said);
        let found = store.connections().unwrap().len();
        assert!(found >= connections + done, "kill {kill}: what was said to be kept is there");
        connections = found;
    }
    assert!(changes > 500, "history was written all the time: {changes}");
}
