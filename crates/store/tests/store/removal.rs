//! Removing a connection.

use std::fs;

use heirloom_core::ids::ScopeKey;
use heirloom_core::row::Basis;
use heirloom_core::value::Value;
use heirloom_store::app::history::Cause;
use heirloom_store::app::journal::{Outcome, Skipped};
use heirloom_store::cache::integrations::ValuesRead;

use crate::folder::{at, details, flags, folder, list, listed, open, slug};
use crate::writing_down::{add_skipped, add_steps, draft, ended, new_plan, step};

const CANARY: &str = "canary-5f2c9d";

fn found_in(folder: &std::path::Path) -> Vec<String> {
    let holds = |bytes: &[u8]| bytes.windows(CANARY.len()).any(|it| it == CANARY.as_bytes());
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files
        .filter(|path| holds(&fs::read(path).unwrap()))
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn nothing_of_a_removed_connection_is_left_and_nothing_else_goes() {
    let folder = folder();
    let store = open(folder.path());
    let mut ids = Vec::new();
    for text in [CANARY, "harmless"] {
        let id = store.add_connection(details(text), at(0)).unwrap().id;
        let scopes = (1..400).map(|number| {
            let name = format!("{text} {number}");
            listed(ScopeKey::project(number), Some(ScopeKey::INSTANCE), &name)
        });
        let instance = listed(ScopeKey::INSTANCE, None, text);
        store
            .take_scopes(id, Cause::Reading, scopes.chain([instance]).collect(), true, at(1))
            .unwrap();
        let row = || flags("jira", Some(false), true, 0);
        let lists = (1..400).map(|number| list(ScopeKey::project(number), 2, vec![row()]));
        store.take_lists(id, Cause::Reading, lists.collect()).unwrap();
        let fields = [("url".to_owned(), Value::Text(text.into()))];
        let reading = ValuesRead {
            scope: ScopeKey::project(2),
            slug: slug("jira"),
            at: at(3),
            basis: Basis::Read,
            row: Some((row(), fields.into())),
        };
        store.take_values(id, Cause::Reading, vec![reading]).unwrap();
        store.keep_draft(id, draft(text, 4)).unwrap();
        let run = store.begin_plan(new_plan(id)).unwrap();
        add_steps(&store, run, [(step(text), text.into())]);
        let ended = ended(1, Outcome::Failed, Some(text.into()), None);
        store.end_steps(run, vec![ended]).unwrap();
        let aside = Skipped { scope: ScopeKey::project(3), path: text.into(), why: text.into() };
        add_skipped(&store, run, [aside]);
        ids.push(id);
    }
    assert!(!found_in(folder.path()).is_empty(), "the search finds what is there");
    store.remove_connection(ids[0]).unwrap();
    assert_eq!(found_in(folder.path()), Vec::<String>::new(), "not a byte, side files included");
    let kept = store.connections().unwrap();
    assert_eq!(kept.iter().map(|it| it.id).collect::<Vec<_>>(), ids[1..], "the other stays");
    assert_eq!(store.scopes(ids[1]).unwrap().len(), 400, "with its cache");
    assert_eq!(store.drafts(ids[1]).unwrap().len(), 1, "its drafts");
    assert_eq!(store.counts(ids[1], ScopeKey::INSTANCE).unwrap()[0].n, 399, "and its counts");
    assert!(store.counts(ids[0], ScopeKey::INSTANCE).unwrap().is_empty(), "the counts went, too");
}

#[test]
fn the_id_of_a_removed_connection_names_no_other() {
    let folder = folder();
    let first = open(folder.path()).add_connection(details("a"), at(0)).unwrap().id;
    open(folder.path()).remove_connection(first).unwrap();
    let second = open(folder.path()).add_connection(details("b"), at(1)).unwrap().id;
    assert!(second > first, "a keychain entry left over must not fit another connection");
}
