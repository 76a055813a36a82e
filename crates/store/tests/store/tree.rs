//! The tree's order against a recursive walk.

use std::collections::{BTreeMap, BTreeSet};

use heirloom_core::ids::{Level, ScopeKey};
use heirloom_store::Error;
use heirloom_store::app::history::Cause;
use heirloom_store::cache::scopes::Listed;
use proptest::prelude::*;

use crate::folder::{ONE, at, cases, connected, folder, listed, slug};

/// Groups 1..=n and projects, each under an earlier group or the instance.
pub fn world() -> impl Strategy<Value = Vec<Listed>> {
    let group = (any::<prop::sample::Index>(), "[a-cA-CÉ%_]{1,4}");
    (proptest::collection::vec(group.clone(), 0..10), proptest::collection::vec(group, 0..14))
        .prop_map(|(groups, projects)| {
            let mut scopes = vec![listed(ScopeKey::INSTANCE, None, "host")];
            for (number, (under, name)) in (1..).zip(groups) {
                let parent = scopes[under.index(scopes.len())].key;
                scopes.push(listed(ScopeKey::group(number), Some(parent), &name));
            }
            let holders: Vec<ScopeKey> = scopes.iter().map(|scope| scope.key).collect();
            for (number, (under, name)) in (1..).zip(projects) {
                let parent = *under.get(&holders);
                scopes.push(listed(ScopeKey::project(number), Some(parent), &name));
            }
            scopes
        })
}

fn sorted_children(scopes: &[Listed], parent: ScopeKey) -> Vec<ScopeKey> {
    let mut found: Vec<&Listed> = scopes.iter().filter(|it| it.parent == Some(parent)).collect();
    found.sort_by_key(|it| (it.key.level, it.name.to_lowercase(), it.key.id));
    found.into_iter().map(|it| it.key).collect()
}

fn walk(scopes: &[Listed], root: ScopeKey) -> Vec<ScopeKey> {
    let mut found = vec![root];
    for child in sorted_children(scopes, root) {
        found.extend(walk(scopes, child));
    }
    found
}

fn keys(scopes: Vec<heirloom_store::cache::scopes::Scope>) -> Vec<ScopeKey> {
    scopes.into_iter().map(|it| it.listed.key).collect()
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn any_subtree_is_what_a_walk_finds(worlds in proptest::collection::vec(world(), 1..4)) {
        let folder = folder();
        let store = connected(folder.path());
        let mut known: BTreeMap<ScopeKey, Listed> = BTreeMap::new();
        let mut gone: BTreeSet<ScopeKey> = BTreeSet::new();
        // The clock stands still: nothing may hang on times.
        for scopes in worlds {
            store.take_scopes(ONE, Cause::Reading, scopes.clone(), true, at(0)).unwrap();
            gone = known.keys().chain(gone.iter()).copied().collect();
            for scope in scopes {
                gone.remove(&scope.key);
                known.insert(scope.key, scope);
            }
        }
        let scopes: Vec<Listed> = known.values().cloned().collect();
        // An old parent may by now stand below its child: such rings hang nowhere.
        let placed: BTreeSet<ScopeKey> = walk(&scopes, ScopeKey::INSTANCE).into_iter().collect();
        let all: Vec<ScopeKey> = placed.iter().copied().collect();
        let ways = store.ways(ONE, &all, &slug("jira")).unwrap();
        let depths = store.depths(ONE, &all).unwrap();
        for (key, depth) in all.iter().zip(depths) {
            prop_assert_eq!(store.scope(ONE, *key).unwrap().depth, depth, "asked for together");
        }
        for scope in scopes.iter().filter(|scope| placed.contains(&scope.key)) {
            let expected = walk(&scopes, scope.key);
            let mut below = Vec::new();
            store.visit_keys(ONE, scope.key, 3, |keys| {
                below.extend_from_slice(keys);
                Ok::<_, Error>(())
            }).unwrap();
            prop_assert_eq!(&below, &expected, "so many at a time");
            let (found, _) = ways.get(scope.key).unwrap();
            let mut way: Vec<ScopeKey> =
                ways.above(found).unwrap().iter().map(|(it, _)| it.listed.key).collect();
            way.reverse();
            way.push(scope.key);
            prop_assert_eq!(way, keys(store.lineage(ONE, scope.key).unwrap()), "the way to it");
            prop_assert_eq!(keys(store.subtree(ONE, scope.key).unwrap()), expected.clone(), "below {}", scope.key);
            let kept = store.scope(ONE, scope.key).unwrap();
            prop_assert_eq!(&kept.listed, scope, "as listed last");
            prop_assert_eq!(kept.gone_at.is_some(), gone.contains(&scope.key), "{}: gone if not listed", scope.key);
            let projects = expected.iter().filter(|key| key.level == Level::Project && !gone.contains(key));
            prop_assert_eq!(kept.projects as usize, projects.count(), "projects at or below {} that are there", scope.key);
            let children = sorted_children(&scopes, scope.key);
            prop_assert_eq!(kept.children as usize, children.len(), "children of {}", scope.key);
            for (offset, limit) in [(0, 100), (0, 2), (1, 3), (50, 5)] {
                let window: Vec<ScopeKey> =
                    children.iter().skip(offset as usize).take(limit as usize).copied().collect();
                prop_assert_eq!(keys(store.children(ONE, scope.key, offset, limit).unwrap()), window, "a window");
            }
            let lineage = store.lineage(ONE, scope.key).unwrap();
            prop_assert_eq!(lineage.len(), kept.depth as usize + 1, "as deep as it stands");
            for pair in lineage.windows(2) {
                prop_assert_eq!(pair[1].listed.parent, Some(pair[0].listed.key), "each under the last");
            }
            prop_assert_eq!(lineage.last().map(|it| it.listed.key), Some(scope.key), "itself at the end");
        }
    }
}

#[test]
fn a_ring_of_groups_ends_no_question() {
    let folder = folder();
    let store = connected(folder.path());
    let (a, b, c) = (ScopeKey::group(1), ScopeKey::group(2), ScopeKey::project(3));
    let scopes = vec![
        listed(ScopeKey::INSTANCE, None, "host"),
        listed(a, Some(b), "a"),
        listed(b, Some(a), "b"),
        listed(c, Some(a), "c"),
        listed(ScopeKey::group(4), Some(ScopeKey::group(4)), "itself"),
    ];
    store.take_scopes(ONE, Cause::Reading, scopes, true, at(0)).unwrap();
    let rows = vec![crate::folder::flags("jira", Some(false), true, 0)];
    store.take_lists(ONE, Cause::Reading, vec![crate::folder::list(c, 1, rows)]).unwrap();
    assert_eq!(keys(store.subtree(ONE, ScopeKey::INSTANCE).unwrap()), [ScopeKey::INSTANCE], "none");
    assert!(store.subtree(ONE, a).unwrap().is_empty(), "it has no place");
    assert!(
        matches!(store.lineage(ONE, c), Err(Error::Content { .. })),
        "said, not walked for ever"
    );
    let ways = store.ways(ONE, &[c, ScopeKey::project(99)], &slug("jira")).unwrap();
    let (found, kept) = ways.get(c).unwrap();
    assert!(matches!(ways.above(found), Err(Error::Content { .. })), "nor asked for with others");
    assert!(kept.as_ref().is_some_and(|row| row.active), "with its row");
    assert!(ways.get(ScopeKey::project(99)).is_none(), "what is not there is left out");
    let count: u32 = store.counts(ONE, a).unwrap().iter().map(|count| count.n).sum();
    assert_eq!(count, 1, "counted once, however often the ring goes round");
}

#[test]
fn what_stands_under_an_unlisted_group_stands_under_the_instance() {
    let folder = folder();
    let store = connected(folder.path());
    let (group, project) = (ScopeKey::group(9), ScopeKey::project(3));
    let scopes = vec![listed(ScopeKey::INSTANCE, None, "host"), listed(project, Some(group), "p")];
    store.take_scopes(ONE, Cause::Reading, scopes, true, at(0)).unwrap();
    let rows = vec![crate::folder::flags("jira", Some(false), true, 0)];
    store.take_lists(ONE, Cause::Reading, vec![crate::folder::list(project, 1, rows)]).unwrap();
    let count: u32 = store.counts(ONE, ScopeKey::INSTANCE).unwrap().iter().map(|it| it.n).sum();
    assert_eq!(count, 1, "the instance's counts hold what its tree holds");
    assert_eq!(store.lineage(ONE, project).unwrap().len(), 2, "it can be opened");
    let ways = store.ways(ONE, &[project], &slug("jira")).unwrap();
    let (found, _) = ways.get(project).unwrap();
    let above: Vec<ScopeKey> =
        ways.above(found).unwrap().iter().map(|(it, _)| it.listed.key).collect();
    assert_eq!(above, [ScopeKey::INSTANCE], "also together with others");
    let below = listed(group, Some(ScopeKey::INSTANCE), "g");
    store.take_scopes(ONE, Cause::Reading, vec![below], false, at(1)).unwrap();
    assert_eq!(keys(store.subtree(ONE, group).unwrap()), [group, project], "listed, it holds it");
    let count: u32 = store.counts(ONE, group).unwrap().iter().map(|it| it.n).sum();
    assert_eq!(count, 1, "and counts it");
}

#[test]
fn a_project_that_is_gone_counts_nowhere_until_it_is_back() {
    let folder = folder();
    let store = connected(folder.path());
    let (group, project) = (ScopeKey::group(9), ScopeKey::project(3));
    let scopes = vec![
        listed(ScopeKey::INSTANCE, None, "host"),
        listed(group, Some(ScopeKey::INSTANCE), "g"),
        listed(project, Some(group), "p"),
        listed(ScopeKey::project(4), Some(group), "other"),
    ];
    store.take_scopes(ONE, Cause::Reading, scopes, true, at(0)).unwrap();
    let counted =
        || [ScopeKey::INSTANCE, group, project].map(|key| store.scope(ONE, key).unwrap().projects);
    assert_eq!(counted(), [2, 2, 1], "both are there");
    store.mark_gone(ONE, Cause::Reading, project, at(1)).unwrap();
    assert_eq!(counted(), [1, 1, 0], "one is gone");
    let list = crate::folder::list(project, 2, Vec::new());
    store.take_lists(ONE, Cause::Reading, vec![list]).unwrap();
    assert_eq!(counted(), [2, 2, 1], "it answered, so it is there");
}

#[test]
fn what_is_listed_twice_is_taken_at_its_last_word() {
    let folder = folder();
    let store = connected(folder.path());
    let (group, project) = (ScopeKey::group(9), ScopeKey::project(3));
    let host = listed(ScopeKey::INSTANCE, None, "host");
    for name in ["new", "known"] {
        let twice = vec![
            listed(project, Some(group), "first"),
            listed(group, Some(ScopeKey::INSTANCE), "g"),
            host.clone(),
            listed(project, Some(ScopeKey::INSTANCE), name),
        ];
        store.take_scopes(ONE, Cause::Reading, twice, true, at(0)).unwrap();
        assert_eq!(store.scope(ONE, project).unwrap().listed.name, name, "the last");
        let below = keys(store.subtree(ONE, ScopeKey::INSTANCE).unwrap());
        assert_eq!(below, [ScopeKey::INSTANCE, group, project], "once, where it stands now");
    }
}
