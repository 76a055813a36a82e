//! Which of some integrations are on in some scopes.

use std::collections::BTreeSet;

use heirloom_core::ids::{ConnectionId, ScopeKey};
use heirloom_core::row::Basis;
use heirloom_store::Store;
use heirloom_store::app::history::Cause;
use heirloom_store::cache::integrations::ValuesRead;

use crate::folder::{ONE, at, connected, details, flags, folder, list, listed, slug};

const GROUP: ScopeKey = ScopeKey::group(7);
const API: ScopeKey = ScopeKey::project(7);
const WEB: ScopeKey = ScopeKey::project(8);
const TWO: ConnectionId = ConnectionId(2);
const TRACKERS: [&str; 3] = ["jira", "redmine", "youtrack"];

fn with_scopes(store: &Store, connection: ConnectionId) {
    let scopes = vec![
        listed(ScopeKey::INSTANCE, None, "host"),
        listed(GROUP, Some(ScopeKey::INSTANCE), "g"),
        listed(API, Some(GROUP), "api"),
        listed(WEB, Some(GROUP), "web"),
    ];
    store.take_scopes(connection, Cause::Reading, scopes, true, at(0)).unwrap();
}

/// Where some are on: in the group, in one project, and in another server's of the same number.
fn store(folder: &tempfile::TempDir) -> Store {
    let store = connected(folder.path());
    assert_eq!(store.add_connection(details("two"), at(0)).unwrap().id, TWO, "the second");
    with_scopes(&store, ONE);
    with_scopes(&store, TWO);
    let on = |names: &[&str]| names.iter().map(|it| flags(it, Some(false), true, 0)).collect();
    let lists = vec![list(GROUP, 1, on(&["redmine"])), list(API, 1, on(&["jira", "slack"]))];
    store.take_lists(ONE, Cause::Reading, lists).unwrap();
    store.take_lists(TWO, Cause::Reading, vec![list(WEB, 1, on(&["jira"]))]).unwrap();
    let off = ValuesRead {
        scope: WEB,
        slug: slug("jira"),
        at: at(2),
        basis: Basis::Read,
        row: Some((flags("jira", Some(false), false, 0), Default::default())),
    };
    store.take_values(ONE, Cause::Reading, vec![off]).unwrap();
    store
}

fn found(store: &Store, scopes: &[ScopeKey], slugs: &[&str]) -> BTreeSet<(ScopeKey, String)> {
    let found = store.on_among(ONE, scopes, slugs).unwrap();
    let each: BTreeSet<_> =
        found.iter().map(|(scope, slug)| (*scope, slug.as_str().to_owned())).collect();
    assert_eq!(each.len(), found.len(), "each once: {found:?}");
    each
}

#[test]
fn only_what_is_on_in_these_very_scopes_and_of_these_very_kinds_is_found() {
    let folder = folder();
    let store = store(&folder);
    let of = |scope, slug: &str| (scope, slug.to_owned());
    assert_eq!(
        found(&store, &[GROUP, API, WEB], &TRACKERS),
        BTreeSet::from([of(GROUP, "redmine"), of(API, "jira")]),
        "not what is off, nor what another server has, nor another kind"
    );
    assert_eq!(
        found(&store, &[API, WEB], &TRACKERS),
        BTreeSet::from([of(API, "jira")]),
        "a group and a project may have the same number"
    );
    assert_eq!(found(&store, &[API], &["slack", "jira"]).len(), 2, "of one scope several");
}

#[test]
fn where_there_is_nothing_of_the_kind_nothing_is_found() {
    let folder = folder();
    let store = store(&folder);
    let none = BTreeSet::new();
    assert_eq!(found(&store, &[GROUP, API, WEB], &["youtrack"]), none, "nobody has it");
    assert_eq!(found(&store, &[API], &[]), none, "no kind");
    assert_eq!(found(&store, &[], &TRACKERS), none, "no scope");
    assert_eq!(found(&store, &[ScopeKey::project(99)], &TRACKERS), none, "one that is not there");
}
