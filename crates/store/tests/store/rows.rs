//! What lists, single readings and failures leave behind.

use std::collections::BTreeMap;

use heirloom_core::ids::ScopeKey;
use heirloom_core::row::{Agrees, Basis, Known, Link, NotRead, Source, State};
use heirloom_core::value::Value;
use heirloom_store::Store;
use heirloom_store::app::history::Cause;
use heirloom_store::cache::integrations::{Flags, Linked, ListRead, ValuesRead};
use heirloom_store::cache::scopes::Failure;

use crate::folder::{ONE, at, connected, flags, folder, list, listed, slug};

const GROUP: ScopeKey = ScopeKey::group(1);
const PROJECT: ScopeKey = ScopeKey::project(2);

fn store(folder: &tempfile::TempDir) -> Store {
    let store = connected(folder.path());
    let scopes = vec![
        listed(ScopeKey::INSTANCE, None, "host"),
        listed(GROUP, Some(ScopeKey::INSTANCE), "g"),
        listed(PROJECT, Some(GROUP), "p"),
    ];
    store.take_scopes(ONE, Cause::Reading, scopes, true, at(0)).unwrap();
    store
}

fn reading(name: &str, second: i64, row: Option<Flags>, fields: &[(&str, Value)]) -> ValuesRead {
    let fields: BTreeMap<String, Value> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    ValuesRead {
        scope: PROJECT,
        slug: slug(name),
        at: at(second),
        basis: Basis::Read,
        row: row.map(|row| (row, fields)),
    }
}

fn state(store: &Store, name: &str) -> Option<State> {
    store.integration(ONE, PROJECT, &slug(name)).unwrap().map(|kept| kept.known.state())
}

#[test]
fn what_is_not_listed_any_more_is_off_and_what_was_asked_stays() {
    let folder = folder();
    let store = store(&folder);
    let on = |name| flags(name, Some(false), true, 0);
    store
        .take_lists(ONE, Cause::Reading, vec![list(PROJECT, 1, vec![on("jira"), on("slack")])])
        .unwrap();
    let off = flags("jenkins", Some(true), false, 0);
    store
        .take_values(
            ONE,
            Cause::Reading,
            vec![reading("jenkins", 2, Some(off), &[]), reading("asana", 2, None, &[])],
        )
        .unwrap();
    store.take_lists(ONE, Cause::Reading, vec![list(PROJECT, 3, vec![on("slack")])]).unwrap();
    assert_eq!(state(&store, "jira"), None, "no row is kept: it is off, and was not asked further");
    assert_eq!(state(&store, "slack"), Some(State::Custom), "still listed");
    assert_eq!(state(&store, "jenkins"), Some(State::Disabled), "lists never show it");
    assert_eq!(state(&store, "asana"), Some(State::NotSet), "lists say nothing of it");
    store
        .take_lists(ONE, Cause::Reading, vec![list(PROJECT, 4, vec![on("jenkins"), on("asana")])])
        .unwrap();
    assert_eq!(state(&store, "jenkins"), Some(State::Custom), "switched on since");
    assert_eq!(state(&store, "asana"), Some(State::Custom), "set since");
    assert_eq!(state(&store, "slack"), None, "gone from the list");
}

#[test]
fn a_failure_keeps_what_was_read_before() {
    let folder = folder();
    let store = store(&folder);
    store
        .take_lists(
            ONE,
            Cause::Reading,
            vec![list(PROJECT, 1, vec![flags("jira", Some(false), true, 0)])],
        )
        .unwrap();
    let failure = Failure { kind: NotRead::NoPermission, why: "403 Forbidden".into(), at: at(2) };
    store.note_failures(ONE, vec![(PROJECT, failure.clone())]).unwrap();
    let scope = store.scope(ONE, PROJECT).unwrap();
    assert_eq!(scope.failure, Some(failure), "said, with the reason");
    assert_eq!(scope.listed_at, Some(at(1)), "and how old the data is");
    assert_eq!(state(&store, "jira"), Some(State::Custom), "what was known stays");
    assert_eq!(store.scope_counts(ONE).unwrap().unreadable, 1, "counted");
    store.take_lists(ONE, Cause::Reading, vec![list(PROJECT, 3, Vec::new())]).unwrap();
    assert_eq!(store.scope(ONE, PROJECT).unwrap().failure, None, "over with the next good list");
}

#[test]
fn fields_are_outdated_when_the_row_moved_since() {
    let folder = folder();
    let store = store(&folder);
    let fields =
        [("url", Value::Text("https://a.example.com".into())), ("issues", Value::Bool(true))];
    let row = |moved| flags("jira", Some(false), true, moved);
    store
        .take_values(ONE, Cause::Reading, vec![reading("jira", 1, Some(row(5)), &fields)])
        .unwrap();
    let kept = || store.integration(ONE, PROJECT, &slug("jira")).unwrap().unwrap();
    let read = kept();
    assert_eq!(read.fields.as_ref().unwrap()["url"], fields[0].1, "typed as it was put in");
    assert!(!read.fields_outdated, "just read");
    store.take_lists(ONE, Cause::Reading, vec![list(PROJECT, 2, vec![row(5)])]).unwrap();
    assert!(!kept().fields_outdated, "a list with the same time changes nothing");
    store.take_lists(ONE, Cause::Reading, vec![list(PROJECT, 3, vec![row(6)])]).unwrap();
    assert!(kept().fields_outdated, "the row moved");
    assert!(kept().fields.is_some(), "what was read is still shown");
    assert_eq!((kept().flags_at, kept().fields_at), (at(3), Some(at(1))), "each with its age");
    store
        .take_values(ONE, Cause::Reading, vec![reading("jira", 4, Some(row(6)), &fields)])
        .unwrap();
    assert!(!kept().fields_outdated, "read again");
}

#[test]
fn only_inherited_rows_are_given_a_source() {
    let folder = folder();
    let store = store(&folder);
    let rows = vec![flags("jira", Some(true), true, 0), flags("slack", Some(false), true, 0)];
    store.take_lists(ONE, Cause::Reading, vec![list(PROJECT, 1, rows)]).unwrap();
    store.take_values(ONE, Cause::Reading, vec![reading("asana", 2, None, &[])]).unwrap();
    let source = Source::Scope { key: GROUP, basis: Basis::Read };
    let linked = Linked { source, agrees: Agrees::No };
    let all = ["jira", "slack", "asana", "never-read"];
    let links = all.iter().map(|name| (PROJECT, slug(name), linked)).collect();
    store.link_rows(ONE, Cause::Reading, links, at(2)).unwrap();
    let kept = store.integration(ONE, PROJECT, &slug("jira")).unwrap().unwrap();
    assert_eq!(
        kept.known.row().map(|row| row.link),
        Some(Link::Inherited { source, agrees: Agrees::No }),
        "as noted"
    );
    assert_eq!(state(&store, "slack"), Some(State::Custom), "custom meanwhile: passed over");
    assert_eq!(state(&store, "asana"), Some(State::NotSet), "not set: passed over");
    assert_eq!(state(&store, "never-read"), None, "nothing is made up");
    let old = flags("jira", None, true, 0);
    store.take_lists(ONE, Cause::Reading, vec![list(PROJECT, 3, vec![old])]).unwrap();
    let kept = store.integration(ONE, PROJECT, &slug("jira")).unwrap().unwrap();
    assert_eq!(kept.known, Known::Unknown(NotRead::Version), "a server that does not say");
    assert!(kept.active, "that it is on is known all the same");
}

#[test]
fn a_row_listed_with_its_source_is_as_one_linked_afterwards() {
    let source = Source::Scope { key: GROUP, basis: Basis::Read };
    let linked = |agrees| Linked { source, agrees };
    let rows = || {
        let inherited = |name| flags(name, Some(true), true, 0);
        vec![inherited("jira"), flags("slack", Some(false), true, 0), inherited("asana")]
    };
    let (at_once, afterwards) = (folder(), folder());
    let (at_once, afterwards) = (store(&at_once), store(&afterwards));
    let links = vec![Some(linked(Agrees::Yes)), Some(linked(Agrees::Yes)), None];
    let with_links = |second| ListRead { links: links.clone(), ..list(PROJECT, second, rows()) };
    at_once.take_lists(ONE, Cause::Reading, vec![with_links(1)]).unwrap();
    afterwards.take_lists(ONE, Cause::Reading, vec![list(PROJECT, 1, rows())]).unwrap();
    let links = vec![(PROJECT, slug("jira"), linked(Agrees::Yes))];
    afterwards.link_rows(ONE, Cause::Reading, links, at(1)).unwrap();
    let kept = |store: &Store| store.integrations(ONE, PROJECT).unwrap();
    assert_eq!(kept(&at_once), kept(&afterwards), "custom rows have no source, nor has an unknown");
    let heirs = |store: &Store| store.owners(ONE, &slug("jira")).unwrap();
    assert_eq!(heirs(&at_once), heirs(&afterwards), "and who inherits from whom is counted");
    let link = vec![(PROJECT, slug("jira"), linked(Agrees::No))];
    at_once.link_rows(ONE, Cause::Reading, link, at(2)).unwrap();
    at_once.take_lists(ONE, Cause::Reading, vec![with_links(3)]).unwrap();
    let known = at_once.integration(ONE, PROJECT, &slug("jira")).unwrap().unwrap().known;
    let differs = Link::Inherited { source, agrees: Agrees::No };
    assert_eq!(known.row().map(|row| row.link), Some(differs), "what is known already stands");
}
