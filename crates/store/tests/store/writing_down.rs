//! Drafts and the journal.

use std::collections::BTreeMap;

use heirloom_core::ids::ScopeKey;
use heirloom_core::plan::{Action, Snapshot, Step};
use heirloom_core::settings::Settings;
use heirloom_core::value::Value;
use heirloom_store::Error;
use heirloom_store::app::drafts::Draft;
use heirloom_store::app::journal::Outcome;

use crate::folder::{ONE, at, details, folder, open, slug};

fn settings(text: &str) -> Settings {
    Settings {
        fields: BTreeMap::from([
            ("url".to_owned(), Value::Text(text.into())),
            ("blank".to_owned(), Value::Empty),
            ("unset".to_owned(), Value::Unset),
            ("keys".to_owned(), Value::List(vec!["A".into()])),
            ("number".to_owned(), Value::Integer(3)),
        ]),
        events: BTreeMap::from([("push_events".to_owned(), false)]),
    }
}

pub fn draft(text: &str, second: i64) -> Draft {
    Draft {
        scope: ScopeKey::project(2),
        slug: slug("jira"),
        settings: settings(text),
        begun_on: Snapshot::Stored { inherited: true, active: true, settings: settings(text) },
        kept_at: at(second),
    }
}

pub fn step(text: &str) -> Step {
    let row = |inherited| Snapshot::Stored { inherited, active: true, settings: settings(text) };
    Step {
        scope: ScopeKey::project(2),
        slug: slug("jira"),
        action: Action::SetCustom,
        before: row(true),
        after: row(false),
        writes: Vec::new(),
        secrets: vec!["password".into()],
        source: None,
        besides: Vec::new(),
    }
}

#[test]
fn drafts_survive_and_keep_what_they_were_begun_on() {
    let folder = folder();
    let store = open(folder.path());
    store.add_connection(details("a"), at(0)).unwrap();
    store.keep_draft(ONE, draft("first", 1)).unwrap();
    store.keep_draft(ONE, draft("second", 2)).unwrap();
    drop(store);
    let store = open(folder.path());
    let kept = store.draft(ONE, ScopeKey::project(2), &slug("jira")).unwrap().unwrap();
    assert_eq!(kept.settings, settings("second"), "as it stood last, each value with its type");
    assert_eq!(kept.begun_on, draft("first", 1).begun_on, "the row of the first time");
    assert_eq!(store.drafts(ONE).unwrap().len(), 1, "one for each integration and scope");
    store.discard_draft(ONE, ScopeKey::project(2), &slug("jira")).unwrap();
    store.discard_draft(ONE, ScopeKey::project(2), &slug("jira")).unwrap();
    assert!(store.drafts(ONE).unwrap().is_empty(), "discarded, and twice is no error");
}

#[test]
fn a_draft_needs_its_connection() {
    let folder = folder();
    let store = open(folder.path());
    assert!(store.keep_draft(ONE, draft("x", 1)).is_err(), "there is no such connection");
    let id = store.add_connection(details("a"), at(0)).unwrap().id;
    store.keep_draft(id, draft("x", 1)).unwrap();
    store.remove_connection(id).unwrap();
    assert!(store.drafts(id).unwrap().is_empty(), "gone with it");
}

#[test]
fn steps_are_written_down_before_their_outcomes() {
    let folder = folder();
    let store = open(folder.path());
    store.add_connection(details("a"), at(0)).unwrap();
    let steps = vec![(step("a"), "g/p".to_owned()), (step("b"), "g/q".to_owned())];
    let run = store.begin_run(ONE, steps, at(1)).unwrap();
    // Read by another connection, as after a crash.
    let journal = || -> Vec<(String, Option<String>)> {
        let file = rusqlite::Connection::open(folder.path().join("app.sqlite")).unwrap();
        let mut asked = file.prepare("SELECT path, outcome FROM step ORDER BY number").unwrap();
        let rows = asked.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let open_steps = [("g/p".to_owned(), None), ("g/q".to_owned(), None)];
    assert_eq!(journal(), open_steps, "intended, and no outcome yet");
    let found = Some(step("a").after);
    store.end_step(run, 1, Outcome::Applied, None, found, at(2)).unwrap();
    assert_eq!(journal()[0].1.as_deref(), Some("applied"), "its outcome, once it was read back");
    assert_eq!(journal()[1].1, None, "the other is still open");
    let missing = store.end_step(run, 7, Outcome::Applied, None, None, at(3));
    assert!(matches!(missing, Err(Error::Missing(_))), "an outcome without its intent is refused");
    store.end_run(run, at(4)).unwrap();
}

#[test]
fn no_run_begins_without_its_connection() {
    let folder = folder();
    let store = open(folder.path());
    let begun = store.begin_run(ONE, vec![(step("a"), "g/p".into())], at(1));
    assert!(begun.is_err(), "nothing may be sent then");
}
