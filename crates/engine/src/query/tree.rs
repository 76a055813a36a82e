//! Windows of the tree.

use std::collections::BTreeMap;

use heirloom_core::ids::{ConnectionId, Level, ScopeKey};
use heirloom_core::row::State;
use heirloom_store::Store;
use heirloom_store::cache::scopes::Scope;

use crate::{Engine, Error, Result};

/// Most rows one window may ask for.
const WINDOW: u32 = 500;

/// A scope with what the tree shows beside it.
#[derive(Clone, Debug)]
pub struct Node {
    /// The scope.
    pub scope: Scope,
    /// Custom settings at or below.
    pub custom: u32,
    /// Linked rows whose values differ from their default, at or below.
    pub differs: u32,
    /// Kinds of which this scope sets the default for what is below.
    pub sets_defaults: u32,
    /// Drafts kept at this scope.
    pub drafts: u32,
    /// It matches the search itself.
    pub matches: bool,
}

/// Some nodes of many.
#[derive(Clone, Debug)]
pub struct Window {
    /// How many there are.
    pub total: u32,
    /// Those asked for.
    pub nodes: Vec<Node>,
}

impl Engine {
    /// A window of a scope's children; of the instance itself without a parent.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn tree_children(
        &self,
        id: ConnectionId,
        parent: Option<ScopeKey>,
        offset: u32,
        limit: u32,
    ) -> Result<Window> {
        self.blocking(move |engine| {
            let store = engine.store();
            let (total, scopes) = match parent {
                Some(parent) => {
                    let total = store.scope(id, parent)?.children;
                    (total, store.children(id, parent, offset, limit.min(WINDOW))?)
                }
                None => match store.scope(id, ScopeKey::INSTANCE) {
                    Ok(instance) => (1, vec![instance]),
                    Err(heirloom_store::Error::Missing(_)) => (0, Vec::new()),
                    Err(error) => return Err(error.into()),
                },
            };
            let drafts = drafts(store, id)?;
            let nodes = scopes
                .into_iter()
                .map(|scope| node(store, id, scope, &drafts, true))
                .collect::<Result<_>>()?;
            Ok(Window { total, nodes })
        })
        .await
    }

    /// Scopes whose name or path holds the text, with their ancestors, in tree order. The total
    /// counts the matches.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn tree_search(&self, id: ConnectionId, text: String, limit: u32) -> Result<Window> {
        self.blocking(move |engine| {
            let store = engine.store();
            let (total, found) = store.search_scopes(id, &text, limit.min(WINDOW))?;
            let mut shown: Vec<(Scope, bool)> = Vec::new();
            let mut seen = BTreeMap::new();
            for scope in found {
                for ancestor in store.lineage(id, scope.listed.key)? {
                    let matches = ancestor.listed.key == scope.listed.key;
                    match seen.get(&ancestor.listed.key) {
                        None => {
                            seen.insert(ancestor.listed.key, shown.len());
                            shown.push((ancestor, matches));
                        }
                        Some(index) => {
                            if let Some(entry) = shown.get_mut(*index) {
                                entry.1 |= matches;
                            }
                        }
                    }
                }
            }
            let drafts = drafts(store, id)?;
            let nodes = shown
                .into_iter()
                .map(|(scope, matches)| node(store, id, scope, &drafts, matches))
                .collect::<Result<_>>()?;
            Ok(Window { total: total.n, nodes })
        })
        .await
    }

    /// The instance first, the scope itself last.
    ///
    /// # Errors
    /// When the scope is not in the cache.
    pub async fn tree_path(&self, id: ConnectionId, scope: ScopeKey) -> Result<Vec<Node>> {
        self.blocking(move |engine| {
            let store = engine.store();
            let drafts = drafts(store, id)?;
            store
                .lineage(id, scope)?
                .into_iter()
                .map(|scope| node(store, id, scope, &drafts, true))
                .collect()
        })
        .await
    }

    /// A scope by its full path; `instance` is the instance. `level` decides where a group and a
    /// project share a path.
    ///
    /// # Errors
    /// When no scope has this path.
    pub async fn find_scope(
        &self,
        id: ConnectionId,
        path: &str,
        level: Option<Level>,
    ) -> Result<Scope> {
        let path = path.to_owned();
        self.blocking(move |engine| at_path(engine.store(), id, &path, level)).await
    }

    /// The same of many paths, in their order.
    ///
    /// # Errors
    /// As [`Engine::find_scope`], for the first that is not found.
    pub async fn find_scopes(
        &self,
        id: ConnectionId,
        paths: Vec<String>,
        level: Option<Level>,
    ) -> Result<Vec<ScopeKey>> {
        self.blocking(move |engine| {
            let key = |path: &String| Ok(at_path(engine.store(), id, path, level)?.listed.key);
            paths.iter().map(key).collect()
        })
        .await
    }
}

fn at_path(store: &Store, id: ConnectionId, path: &str, level: Option<Level>) -> Result<Scope> {
    let path = path.trim_matches('/');
    if path == "instance" && level.is_none_or(|level| level == Level::Instance) {
        return Ok(store.scope(id, ScopeKey::INSTANCE)?);
    }
    let mut found = store.scopes_at_path(id, path)?;
    found.retain(|scope| {
        scope.listed.key.level != Level::Instance
            && level.is_none_or(|level| scope.listed.key.level == level)
    });
    match (found.len(), found.pop()) {
        (1, Some(scope)) => Ok(scope),
        (0, _) => Err(Error::NotFound(format!(
            "“{path}” is not in the local copy: check the path, or sync first"
        ))),
        _ => Err(Error::NotFound(format!(
            "“{path}” is a group and a project: say which with --level"
        ))),
    }
}

/// How many drafts are kept at each scope.
pub(crate) fn drafts(store: &Store, id: ConnectionId) -> Result<BTreeMap<ScopeKey, u32>> {
    let mut drafts = BTreeMap::new();
    for (scope, ..) in store.drafts(id)? {
        *drafts.entry(scope).or_default() += 1;
    }
    Ok(drafts)
}

pub(crate) fn node(
    store: &Store,
    id: ConnectionId,
    scope: Scope,
    drafts: &BTreeMap<ScopeKey, u32>,
    matches: bool,
) -> Result<Node> {
    let key = scope.listed.key;
    let own = store.integrations(id, key)?;
    let own_custom = own.iter().filter(|kept| kept.inherited() == Some(false));
    let count = |state: State| own.iter().filter(|kept| kept.known.state() == state).count();
    let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let (custom, differs, sets_defaults) = if key.level == Level::Project {
        (small(count(State::Custom)), small(count(State::InheritedDiffers)), 0)
    } else {
        let counts = store.counts(id, key)?;
        let sum = |state| {
            counts.iter().filter(|count| count.state == state).map(|count| count.n).sum::<u32>()
        };
        (sum(State::Custom), sum(State::InheritedDiffers), small(own_custom.count()))
    };
    let drafts = drafts.get(&key).copied().unwrap_or_default();
    Ok(Node { scope, custom, differs, sets_defaults, drafts, matches })
}
