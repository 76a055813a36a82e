//! Files of every released format are taken over.

use std::path::Path;

use heirloom_core::ids::ScopeKey;
use heirloom_core::row::State;
use heirloom_core::value::Value;
use heirloom_store::app::history::{Cause, HistoryFilter};
use heirloom_store::app::journal::{RunId, RunState};
use heirloom_store::cache::estate::filter::ScopeFilter;

use crate::folder::{ONE, at, flags, folder, list, open, slug};
use crate::tally::{kept_counts, recount};

const GROUP: ScopeKey = ScopeKey::group(10);
const API: ScopeKey = ScopeKey::project(20);
const WEB: ScopeKey = ScopeKey::project(21);
const OLD: ScopeKey = ScopeKey::project(22);

/// Every format before the newest: `app.sqlite`, `cache.sqlite`.
const FORMATS: [(&str, &str); 4] = [
    (include_str!("formats/app-1.sql"), include_str!("formats/cache-1.sql")),
    (include_str!("formats/app-2.sql"), include_str!("formats/cache-2.sql")),
    (include_str!("formats/app-3.sql"), include_str!("formats/cache-3.sql")),
    (include_str!("formats/app-4.sql"), include_str!("formats/cache-3.sql")),
];

/// What such a build left behind.
fn left(folder: &Path, (app, cache): (&str, &str)) {
    for (name, sql) in [("app.sqlite", app), ("cache.sqlite", cache)] {
        rusqlite::Connection::open(folder.join(name)).unwrap().execute_batch(sql).unwrap();
    }
}

/// Format 1, as version 0.1 of the schema made it.
fn format_1(folder: &Path) {
    left(folder, FORMATS[0]);
}

#[test]
fn every_format_is_taken_over_whole() {
    for format in FORMATS {
        taken_over_whole(format);
    }
}

fn taken_over_whole(format: (&str, &str)) {
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
    for format in FORMATS {
        made_from_what_is_there(format);
    }
}

fn made_from_what_is_there(format: (&str, &str)) {
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
    for (number, format) in (1..).zip(FORMATS) {
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
