//! Files of every released format are taken over.

use std::path::Path;

use heirloom_core::ids::ScopeKey;
use heirloom_core::row::State;
use heirloom_core::value::Value;
use heirloom_store::app::history::{Cause, HistoryFilter};
use heirloom_store::app::journal::{Outcome, RunId, RunState};
use heirloom_store::cache::estate::filter::ScopeFilter;

use crate::folder::{ONE, at, flags, folder, list, open, slug};
use crate::tally::{kept_counts, recount};

const GROUP: ScopeKey = ScopeKey::group(10);
const API: ScopeKey = ScopeKey::project(20);
const WEB: ScopeKey = ScopeKey::project(21);
const OLD: ScopeKey = ScopeKey::project(22);

/// Formats of `app.sqlite` before the newest: each adds to the one before.
const APP: [&str; 8] = [
    include_str!("formats/app-1.sql"),
    include_str!("formats/app-2.sql"),
    include_str!("formats/app-3.sql"),
    include_str!("formats/app-4.sql"),
    include_str!("formats/app-5.sql"),
    include_str!("formats/app-6.sql"),
    include_str!("formats/app-7.sql"),
    include_str!("formats/app-8.sql"),
];

/// The same of `cache.sqlite`. Format 2 was made anew of all that format 1 held: it adds to nothing.
const CACHE: [&str; 6] = [
    include_str!("formats/cache-1.sql"),
    include_str!("formats/cache-2.sql"),
    include_str!("formats/cache-3.sql"),
    include_str!("formats/cache-4.sql"),
    include_str!("formats/cache-5.sql"),
    include_str!("formats/cache-6.sql"),
];

/// What builds left behind: numbers of formats, each with the one of the other file that was there
/// at that time, or the latest.
fn formats() -> impl Iterator<Item = (usize, usize)> {
    (1..=APP.len()).map(|app| (app, app.min(CACHE.len())))
}

/// What such a build left behind.
fn left(folder: &Path, (app, cache): (usize, usize)) {
    let first = if cache == 1 { 0 } else { 1 };
    for (name, parts) in [("app.sqlite", &APP[..app]), ("cache.sqlite", &CACHE[first..cache])] {
        let file = rusqlite::Connection::open(folder.join(name)).unwrap();
        for sql in parts {
            file.execute_batch(sql).unwrap();
        }
    }
}

/// Format 1, as version 0.1 of the schema made it.
fn format_1(folder: &Path) {
    left(folder, (1, 1));
}

#[test]
fn every_format_but_the_newest_is_among_them() {
    let folder = folder();
    drop(open(folder.path()));
    for (name, formats) in [("app.sqlite", APP.len()), ("cache.sqlite", CACHE.len())] {
        let file = rusqlite::Connection::open(folder.path().join(name)).unwrap();
        let newest: u32 = file.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(
            newest as usize,
            formats + 1,
            "{name}: add what the format before the newest left"
        );
    }
}

#[test]
fn every_format_is_taken_over_whole() {
    for format in formats() {
        taken_over_whole(format);
    }
}

fn taken_over_whole(format: (usize, usize)) {
    let folder = folder();
    left(folder.path(), format);
    let store = open(folder.path());
    assert!(store.rebuilt().is_none(), "an old cache is no damaged one");
    for (file, said) in store.integrity().unwrap() {
        assert_eq!(said, "ok", "{file}");
    }
    assert_eq!(store.connections().unwrap()[0].details.name, "Acme", "the connection");
    let draft = store.draft(ONE, API, &slug("jira")).unwrap().unwrap();
    assert_eq!(draft.settings.fields["url"], Value::Text("https://jira.draft".into()), "a draft");

    let paths: Vec<_> = store.scopes(ONE).unwrap().into_iter().map(|it| it.listed.path).collect();
    let order = ["gitlab.acme.example", "acme", "acme/old", "acme/web", "acme/api", "x/lost"];
    assert_eq!(paths, order, "the tree");
    let web = store.scope(ONE, WEB).unwrap();
    assert!(web.listed.archived && web.failure.is_some(), "what was known of a scope");
    let jira = store.integration(ONE, WEB, &slug("jira")).unwrap().unwrap();
    assert_eq!(
        jira.fields.as_ref().unwrap()["url"],
        Value::Text("https://jira-old.acme.example".into()),
        "values"
    );
    assert!(jira.fields_outdated, "the row moved since they were read");
    assert!(!jira.events["push_events"], "events");
    let inherits = store.integration(ONE, API, &slug("jira")).unwrap().unwrap();
    assert_eq!(inherits.known.state(), State::Inherited, "links");
    let not_set = store.integration(ONE, WEB, &slug("slack")).unwrap().unwrap();
    assert_eq!(not_set.known.state(), State::NotSet, "what was asked and is not there");
    assert!(store.last_sync(ONE).unwrap().is_some_and(|it| it.end.requests == 12), "the sync");
}

#[test]
fn what_a_format_did_not_keep_is_made_from_what_it_did() {
    for format in formats() {
        made_from_what_is_there(format);
    }
}

fn made_from_what_is_there(format: (usize, usize)) {
    let folder = folder();
    left(folder.path(), format);
    let store = open(folder.path());
    assert_eq!(kept_counts(&store), recount(&store), "counts, without what is gone");
    let owners = store.owners(ONE, &slug("jira")).unwrap();
    assert_eq!(owners.len(), 1, "the group alone sets a default");
    assert_eq!(
        (owners[0].heirs.agree, owners[0].heirs.all(), owners[0].custom),
        (1, 1, 1),
        "heirs"
    );
    let found = store.find(ONE, "ÄP", 10).unwrap();
    assert_eq!(found.scopes.len(), 1, "names by their beginning");
    let found = store.find(ONE, "ME/we", 10).unwrap();
    assert_eq!(found.scopes[0].listed.key, WEB, "paths by any part");
    let found = store.find(ONE, "jira-OLD", 10).unwrap();
    assert_eq!(found.values[0].scope.listed.key, WEB, "values by any part");
    let custom = ScopeFilter {
        states: vec![State::Custom],
        slugs: vec![slug("jira")],
        ..ScopeFilter::default()
    };
    assert_eq!(store.matrix(ONE, &custom, 0, 10).unwrap().total, 2, "filters");
}

#[test]
fn history_begins_where_format_1_ended() {
    let folder = folder();
    format_1(folder.path());
    let store = open(folder.path());
    assert_eq!(store.history(ONE, &HistoryFilter::default(), 0, 9).unwrap().0, 0, "none yet");
    let sync = store.begin_sync(ONE, true, at(100)).unwrap();
    let rows = vec![flags("jira", Some(false), true, 50)];
    store.take_lists(ONE, Cause::Sync(sync), vec![list(API, 101, rows)]).unwrap();
    let (total, changes) = store.history(ONE, &HistoryFilter::default(), 0, 9).unwrap();
    assert_eq!((total, changes[0].scope), (1, API), "against what the old cache held");
    store.mark_gone(ONE, Cause::Reading, GROUP, at(102)).unwrap();
    assert!(store.scope(ONE, OLD).unwrap().gone_at.is_some(), "what was gone stays so");
    drop(store);
    let store = open(folder.path());
    assert_eq!(store.history(ONE, &HistoryFilter::default(), 0, 9).unwrap().0, 2, "kept");
}

#[test]
fn history_and_plans_of_later_formats_stay() {
    for format in formats() {
        let number = format.0;
        let folder = folder();
        left(folder.path(), format);
        let store = open(folder.path());
        let (total, changes) = store.history(ONE, &HistoryFilter::default(), 0, 9).unwrap();
        assert_eq!(total, u32::from(number >= 2), "{number}: what changed");
        assert!(changes.iter().all(|change| change.scope == API), "{number}: {changes:?}");
        let planned = store.run(RunId(2)).map(|run| run.state);
        let expected = (number >= 3).then_some(RunState::Planned);
        assert_eq!(planned.ok(), expected, "{number}: a plan that waits");
    }
}

#[test]
fn every_step_stays_with_what_became_of_it() {
    for format in formats() {
        let number = format.0;
        let folder = folder();
        left(folder.path(), format);
        let store = open(folder.path());
        let done = store.step(RunId(1), 1).unwrap().unwrap();
        assert_eq!((done.step.scope, done.path.as_str()), (WEB, "acme/web"), "{number}: which");
        assert_eq!(done.outcome, Some(Outcome::Applied), "{number}: how it ended");
        let ended = done.ended_at.map(jiff::Timestamp::as_millisecond);
        assert_eq!(ended, Some(1_790_000_002_500), "{number}: and when");
        assert!(done.found.is_some_and(|row| row.active()), "{number}: and what was found");
        assert_eq!(done.kept_at.is_some(), number >= 4, "{number}: that somebody left it");
        if number < 3 {
            continue;
        }
        let waits: Vec<u32> =
            store.steps(RunId(2), 0, 9).unwrap().iter().map(|step| step.number).collect();
        let expected: &[u32] = if number >= 7 { &[2] } else { &[1, 2] };
        assert_eq!(waits, expected, "{number}: what is left out stays so");
        let out = store.step(RunId(2), 1).unwrap().unwrap();
        assert_eq!(out.left_out, (number >= 7).then_some(1), "{number}: and can be taken in");
        assert_eq!(out.step.writes.len(), 1, "{number}: with what it sends");
        let counts = store.run(RunId(2)).unwrap().counts;
        assert_eq!(counts.open(), expected.len() as u32, "{number}: both are to be done");
    }
}

#[test]
fn remembered_secrets_and_settings_stay() {
    for format in formats() {
        let number = format.0;
        let folder = folder();
        left(folder.path(), format);
        let store = open(folder.path());
        let kept = store.remembered_at(ONE, WEB, &slug("jira")).unwrap();
        let runs: Vec<_> = kept.iter().map(|it| (it.field.as_str(), it.run)).collect();
        let expected: &[_] = if number >= 5 { &[("password", Some(RunId(1)))] } else { &[] };
        assert_eq!(runs, expected, "{number}: which run wrote what the keychain has");
        let hours = store.plan_data_hours().unwrap();
        assert_eq!(hours, (number >= 6).then_some(48), "{number}: what a person set");
    }
}
