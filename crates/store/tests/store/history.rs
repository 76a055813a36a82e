//! What is told of changes between readings.

use std::collections::BTreeMap;

use heirloom_core::ids::ScopeKey;
use heirloom_core::row::{Agrees, Basis, Source, State};
use heirloom_core::value::Value;
use heirloom_store::Store;
use heirloom_store::app::history::{Cause, Change, DriftCounts, HistoryFilter, Side, SyncId, What};
use heirloom_store::app::journal::RunId;
use heirloom_store::cache::integrations::{Flags, Linked, ValuesRead};
use heirloom_store::cache::scopes::Listed;
use heirloom_store::cache::syncs::SyncEnd;

use crate::folder::{ONE, at, connected, flags, folder, list, listed, slug};

const GROUP: ScopeKey = ScopeKey::group(1);
const OTHER: ScopeKey = ScopeKey::group(5);
const PROJECT: ScopeKey = ScopeKey::project(2);

fn scopes() -> Vec<Listed> {
    let mut project = listed(PROJECT, Some(GROUP), "p");
    project.path = "g/p".into();
    vec![
        listed(ScopeKey::INSTANCE, None, "host"),
        listed(GROUP, Some(ScopeKey::INSTANCE), "g"),
        listed(OTHER, Some(ScopeKey::INSTANCE), "o"),
        project,
    ]
}

fn reading(row: Option<Flags>, name: &str, second: i64, url: &str) -> ValuesRead {
    let fields = BTreeMap::from([
        ("url".to_owned(), Value::Text(url.into())),
        ("notes".to_owned(), Value::Unset),
    ]);
    ValuesRead {
        scope: PROJECT,
        slug: slug(name),
        at: at(second),
        basis: Basis::Read,
        row: row.map(|row| (row, fields)),
    }
}

fn linked(to: ScopeKey, agrees: Agrees) -> Vec<(ScopeKey, heirloom_core::ids::Slug, Linked)> {
    let source = Source::Scope { key: to, basis: Basis::Read };
    vec![(PROJECT, slug("slack"), Linked { source, agrees })]
}

fn begin(store: &Store, second: i64) -> (SyncId, Cause) {
    let sync = store.begin_sync(ONE, true, at(second)).unwrap();
    (sync, Cause::Sync(sync))
}

fn end(store: &Store, sync: SyncId, second: i64) {
    let end = SyncEnd { complete: true, failed: 0, requests: 1, stopped: None };
    store.end_sync(sync, end, at(second)).unwrap();
}

/// A first sync: a custom Jira, a Slack that is inherited from the group.
fn first(store: &Store) -> SyncId {
    let (sync, cause) = begin(store, 0);
    store.take_scopes(ONE, cause, scopes(), true, at(0)).unwrap();
    let rows = vec![flags("jira", Some(false), true, 0), flags("slack", Some(true), true, 0)];
    store.take_lists(ONE, cause, vec![list(PROJECT, 1, rows)]).unwrap();
    let row = Some(flags("jira", Some(false), true, 0));
    store.take_values(ONE, cause, vec![reading(row, "jira", 2, "https://old")]).unwrap();
    store.take_values(ONE, cause, vec![reading(None, "asana", 2, "")]).unwrap();
    store.link_rows(ONE, cause, linked(GROUP, Agrees::Yes), at(3)).unwrap();
    end(store, sync, 4);
    sync
}

fn all(store: &Store) -> Vec<Change> {
    let (total, found) = store.history(ONE, &HistoryFilter::default(), 0, 1000).unwrap();
    assert_eq!(total as usize, found.len(), "the total counts what a wide window shows");
    found
}

fn told(store: &Store) -> Vec<(What, Side, Side)> {
    let mut told: Vec<_> =
        all(store).into_iter().map(|it| (it.what, it.before, it.after)).collect();
    told.sort_by(|a, b| a.0.cmp(&b.0));
    told
}

fn text(text: &str) -> Side {
    Side::Value(Value::Text(text.into()))
}

#[test]
fn a_first_sync_is_no_change() {
    let folder = folder();
    let store = connected(folder.path());
    first(&store);
    assert_eq!(told(&store), [], "nothing was read before");
    assert_eq!(store.drift_counts(ONE, at(0)).unwrap(), DriftCounts::default(), "nor counted");
}

#[test]
fn states_values_events_and_sources_are_told_with_both_sides() {
    let folder = folder();
    let store = connected(folder.path());
    first(&store);
    store.forget_history(at(5)).unwrap();
    let (sync, cause) = begin(&store, 10);
    store.take_scopes(ONE, cause, scopes(), true, at(10)).unwrap();
    let mut jira = flags("jira", Some(false), true, 10);
    jira.events.insert("push_events".into(), false);
    jira.events.insert("brand_new_events".into(), true);
    let rows = vec![jira.clone(), flags("slack", Some(true), true, 0)];
    store.take_lists(ONE, cause, vec![list(PROJECT, 11, rows)]).unwrap();
    store.take_values(ONE, cause, vec![reading(Some(jira), "jira", 12, "https://new")]).unwrap();
    store.link_rows(ONE, cause, linked(OTHER, Agrees::No), at(13)).unwrap();
    let source = |scope, path: &str| Side::Source { scope, path: path.into() };
    assert_eq!(
        told(&store),
        [
            (What::State, Side::State(State::Inherited), Side::State(State::InheritedDiffers)),
            (What::Source, source(GROUP, "g"), source(OTHER, "o")),
            (What::Field("url".into()), text("https://old"), text("https://new")),
            (What::Event("push_events".into()), Side::Flag(true), Side::Flag(false)),
        ],
        "an event that one side does not have is GitLab's news"
    );
    let changes = all(&store);
    assert!(changes.iter().all(|it| it.sync == Some(sync) && it.by.is_none()), "who: not known");
    assert!(changes.iter().all(|it| it.path == "g/p" && it.scope == PROJECT), "where");
}

#[test]
fn learning_more_is_no_change() {
    let folder = folder();
    let store = connected(folder.path());
    first(&store);
    store.forget_history(at(5)).unwrap();
    let (_, cause) = begin(&store, 10);
    let off = flags("jenkins", Some(true), false, 0);
    store
        .take_values(
            ONE,
            cause,
            vec![reading(None, "harbor", 11, ""), reading(Some(off), "jenkins", 11, "https://ci")],
        )
        .unwrap();
    assert_eq!(told(&store), [], "it was off: not set and disabled are what off can be");
    let on = flags("harbor", Some(false), true, 12);
    store.take_values(ONE, cause, vec![reading(Some(on), "harbor", 12, "https://h")]).unwrap();
    assert_eq!(
        told(&store),
        [(What::State, Side::State(State::NotSet), Side::State(State::Custom))],
        "set since it was asked"
    );
    let rows = vec![flags("jira", None, true, 0), flags("slack", Some(true), true, 0)];
    store.take_lists(ONE, cause, vec![list(PROJECT, 13, rows)]).unwrap();
    let of_jira = || -> Vec<(Side, Side)> {
        let all = all(&store).into_iter().filter(|it| it.slug == Some(slug("jira")));
        all.map(|it| (it.before, it.after)).collect()
    };
    assert_eq!(of_jira(), [], "a server that does not say any more contradicts nothing");
    let slack = || flags("slack", Some(true), true, 0);
    store.take_lists(ONE, cause, vec![list(PROJECT, 14, vec![slack()])]).unwrap();
    let off = (Side::NotKnown, Side::State(State::Off));
    assert_eq!(of_jira(), [off], "that it was switched off is known, whatever its link was");
    store.forget_history(at(15)).unwrap();
    let (_, cause) = begin(&store, 15);
    let rows = vec![flags("jira", None, true, 0), slack()];
    store.take_lists(ONE, cause, vec![list(PROJECT, 16, rows)]).unwrap();
    assert_eq!(of_jira(), [(Side::State(State::Off), Side::NotKnown)], "nor that it is on again");
    store.forget_history(at(17)).unwrap();
    let (_, cause) = begin(&store, 17);
    let rows = vec![flags("jira", Some(false), true, 0), slack()];
    store.take_lists(ONE, cause, vec![list(PROJECT, 18, rows)]).unwrap();
    assert_eq!(of_jira(), [], "and what a newer server tells besides is learnt, not changed");
}

#[test]
fn within_a_sync_the_first_and_the_last_reading_count() {
    let folder = folder();
    let store = connected(folder.path());
    first(&store);
    store.forget_history(at(5)).unwrap();
    let (_, cause) = begin(&store, 10);
    let rows = |jira| vec![flags("jira", jira, true, 9), flags("slack", Some(true), true, 0)];
    store.take_lists(ONE, cause, vec![list(PROJECT, 11, rows(Some(true)))]).unwrap();
    let to = vec![(
        PROJECT,
        slug("jira"),
        Linked { source: Source::NotVisible(GROUP), agrees: Agrees::No },
    )];
    store.link_rows(ONE, cause, to, at(12)).unwrap();
    assert_eq!(
        told(&store),
        [(What::State, Side::State(State::Custom), Side::State(State::InheritedDiffers))],
        "one change, completed by what was read after it"
    );
    store.take_lists(ONE, cause, vec![list(PROJECT, 13, rows(Some(false)))]).unwrap();
    assert_eq!(told(&store), [], "and none, if it ends as it began");
}

#[test]
fn scopes_that_come_go_and_move_are_told() {
    let folder = folder();
    let store = connected(folder.path());
    first(&store);
    store.forget_history(at(5)).unwrap();
    let (sync, cause) = begin(&store, 10);
    let mut next = scopes();
    next.retain(|scope| scope.key != OTHER);
    next.push(listed(ScopeKey::group(7), Some(ScopeKey::INSTANCE), "new"));
    next.iter_mut().filter(|it| it.key == PROJECT).for_each(|it| it.path = "g/moved".into());
    store.take_scopes(ONE, cause, next, true, at(10)).unwrap();
    end(&store, sync, 11);
    let by_scope: BTreeMap<ScopeKey, Change> =
        all(&store).into_iter().map(|change| (change.scope, change)).collect();
    let there = |there| Side::Scope { there };
    assert_eq!(by_scope[&OTHER].after, there(false), "gone");
    assert_eq!(by_scope[&ScopeKey::group(7)].before, there(false), "appeared");
    let moved = &by_scope[&PROJECT];
    assert_eq!(
        (&moved.before, &moved.after),
        (&Side::Path("g/p".into()), &Side::Path("g/moved".into())),
        "moved"
    );
    assert_eq!(by_scope.len(), 3, "nothing else");
    store.mark_gone(ONE, Cause::Reading, PROJECT, at(20)).unwrap();
    store.mark_gone(ONE, Cause::Reading, PROJECT, at(21)).unwrap();
    let gone = HistoryFilter { since: Some(at(20)), ..HistoryFilter::default() };
    assert_eq!(store.history(ONE, &gone, 0, 10).unwrap().0, 1, "told once");
}

#[test]
fn our_own_runs_are_named_and_filters_narrow() {
    let folder = folder();
    let store = connected(folder.path());
    first(&store);
    store.forget_history(at(5)).unwrap();
    let ours = Cause::Run(RunId(7));
    for second in 20..26 {
        let row = Some(flags("jira", Some(false), true, second));
        let cause = if second % 2 == 0 { ours } else { Cause::Reading };
        let found = reading(row, "jira", second, &format!("https://{second}"));
        store.take_values(ONE, cause, vec![found]).unwrap();
    }
    let changes = all(&store);
    assert_eq!(changes.len(), 6, "outside of syncs every change is one of its own");
    assert!(changes.windows(2).all(|two| two[0].at >= two[1].at), "latest first");
    let count = |filter: HistoryFilter| store.history(ONE, &filter, 0, 100).unwrap().0;
    let any = HistoryFilter::default;
    assert_eq!(count(HistoryFilter { run: Some(RunId(7)), ..any() }), 3, "by our run");
    assert_eq!(count(HistoryFilter { subtree: Some(GROUP), ..any() }), 6, "below the group");
    assert_eq!(count(HistoryFilter { subtree: Some(OTHER), ..any() }), 0, "below another");
    assert_eq!(count(HistoryFilter { subtree: Some(PROJECT), ..any() }), 6, "at the project");
    assert_eq!(count(HistoryFilter { slug: Some(slug("slack")), ..any() }), 0, "of another kind");
    let span = HistoryFilter { since: Some(at(22)), until: Some(at(24)), ..any() };
    assert_eq!(count(span), 2, "from 22 up to but not 24");
    let (total, window) = store.history(ONE, &any(), 4, 10).unwrap();
    assert_eq!((total, window.len()), (6, 2), "a window at the end");
    let drift = store.drift_counts(ONE, at(0)).unwrap();
    assert_eq!((drift.by_kind[0].changes, drift.by_kind[0].scopes), (6, 1), "by kind");
    assert_eq!(drift.by_kind[0].settings, 6, "all of them of fields");
    assert_eq!(drift.by_sync.iter().map(|it| it.changes).collect::<Vec<_>>(), [3, 3], "by run");
    store.forget_history(at(23)).unwrap();
    assert_eq!(all(&store).len(), 3, "older ones are forgotten");
}

#[test]
fn the_trend_outlives_the_cache() {
    let folder = folder();
    let store = connected(folder.path());
    let sync = first(&store);
    drop(store);
    std::fs::remove_file(folder.path().join("cache.sqlite")).unwrap();
    let store = connected(folder.path());
    assert!(store.last_sync(ONE).unwrap().is_none(), "the cache knows of no sync");
    let trend = store.trend(ONE).unwrap();
    assert_eq!((trend.len(), trend[0].sync, trend[0].started_at), (1, sync, at(0)), "it is kept");
    let custom: u32 =
        trend[0].counts.iter().filter(|it| it.state == State::Custom).map(|it| it.n).sum();
    assert_eq!(custom, 1, "with its counts");
    let again = first(&store);
    assert!(again > sync, "no number is given twice");
    assert_eq!(store.trend(ONE).unwrap().len(), 2, "and it goes on");
}

#[test]
fn history_of_a_batch_that_never_followed_is_taken_back() {
    for (batches, kept) in [(1, 0), (2, 2)] {
        let folder = folder();
        let cache = folder.path().join("cache.sqlite");
        let store = connected(folder.path());
        first(&store);
        drop(store);
        let before = std::fs::read(&cache).unwrap();
        let store = connected(folder.path());
        for second in 0..batches {
            let row = Some(flags("jira", Some(false), true, 20 + second));
            let found = reading(row, "jira", 20 + second, &format!("https://{second}"));
            store.take_values(ONE, Cause::Reading, vec![found]).unwrap();
        }
        assert_eq!(all(&store).len() as i64, batches, "noted");
        drop(store);
        // As if the process had ended between the two commits; and as if an old cache were put back.
        std::fs::write(&cache, before).unwrap();
        let store = connected(folder.path());
        assert_eq!(all(&store).len(), kept, "{batches} batches ahead of the cache");
        let row = Some(flags("jira", Some(false), true, 30));
        let found = reading(row, "jira", 30, "https://found again");
        store.take_values(ONE, Cause::Reading, vec![found]).unwrap();
        drop(store);
        let store = connected(folder.path());
        assert_eq!(all(&store).len(), kept + 1, "what is found again stays");
    }
}
