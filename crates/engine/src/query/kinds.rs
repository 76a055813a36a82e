//! Every kind of integration with its figures: the matrix's columns, the list of kinds, the
//! overview's bars.

use std::collections::{BTreeMap, BTreeSet};

use heirloom_core::catalog::{self, Edition, Integration};
use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::row::State;
use heirloom_store::Store;
use heirloom_store::cache::estate::filter::ScopeFilter;

use super::items::{server_version, version_why};
use crate::{Engine, Error, Result};

/// One kind, with what is counted of it at or below a scope.
#[derive(Clone, Debug)]
pub struct KindCounts {
    /// Its name.
    pub slug: Slug,
    /// What the catalog says of it; none for kinds only the server knows.
    pub integration: Option<&'static Integration>,
    /// GitLab's title.
    pub title: String,
    /// Groups and projects with a row, by state. Those without a row are not counted.
    pub counts: BTreeMap<State, u32>,
    /// Groups that set a default, and the instance, where it is asked about and one is known.
    pub defaults: u32,
    /// Some scope has a row of it.
    pub in_use: bool,
}

/// How many scopes there are at or below one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Groups, itself included.
    pub groups: u32,
    /// Projects, itself included.
    pub projects: u32,
    /// Of both, those that could not be read.
    pub unreadable: u32,
}

impl Engine {
    /// Every kind that can be set at groups or projects, by title; with its figures at or below a
    /// scope, of one level or of both.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn kinds(
        &self,
        id: ConnectionId,
        root: Option<ScopeKey>,
        level: Option<Level>,
    ) -> Result<Vec<KindCounts>> {
        self.blocking(move |engine| kinds(engine.store(), id, root, level)).await
    }
}

pub(super) fn kinds(
    store: &Store,
    id: ConnectionId,
    root: Option<ScopeKey>,
    level: Option<Level>,
) -> Result<Vec<KindCounts>> {
    let server = server_version(&store.connection(id)?);
    let root = root.unwrap_or(ScopeKey::INSTANCE);
    let mut counts: BTreeMap<Slug, BTreeMap<State, u32>> = BTreeMap::new();
    let mut defaults: BTreeMap<Slug, u32> = BTreeMap::new();
    for count in store.level_counts(id, root)? {
        if count.level == Level::Group && count.state == State::Custom {
            *defaults.entry(count.slug.clone()).or_default() += count.n;
        }
        if level.is_none_or(|level| level == count.level) {
            *counts.entry(count.slug).or_default().entry(count.state).or_default() += count.n;
        }
    }
    if root == ScopeKey::INSTANCE {
        for row in store.integrations(id, root)? {
            if row.known.row().is_some() {
                *defaults.entry(row.slug).or_default() += 1;
            }
        }
    }
    let mut found = Vec::new();
    let mut named: BTreeSet<Slug> = BTreeSet::new();
    for integration in catalog::all() {
        let slug = slug(integration)?;
        let counted = counts.get(&slug).cloned().unwrap_or_default();
        let offered = integration.edition != Edition::Dev
            && (integration.levels.group || integration.levels.project)
            && version_why(integration, server).is_none();
        if offered || !counted.is_empty() {
            found.push(kind(slug.clone(), Some(integration), counted, &defaults));
        }
        named.insert(slug);
    }
    for (slug, counted) in counts {
        if !named.contains(&slug) {
            found.push(kind(slug, None, counted, &defaults));
        }
    }
    found.sort_by_cached_key(|kind| kind.title.to_lowercase());
    Ok(found)
}

fn kind(
    slug: Slug,
    integration: Option<&'static Integration>,
    counts: BTreeMap<State, u32>,
    defaults: &BTreeMap<Slug, u32>,
) -> KindCounts {
    let defaults = defaults.get(&slug).copied().unwrap_or_default();
    let rows = counts.iter().any(|(state, n)| *n > 0 && !matches!(state, State::NotSet));
    KindCounts {
        title: integration.map_or_else(|| slug.to_string(), |known| known.title.to_owned()),
        slug,
        integration,
        in_use: rows || defaults > 0,
        counts,
        defaults,
    }
}

/// An entry's name.
pub(super) fn slug(integration: &Integration) -> Result<Slug> {
    Slug::new(integration.slug).map_err(|error| Error::NotFound(error.to_string()))
}

/// How many scopes stand at or below one.
pub(super) fn extent(store: &Store, id: ConnectionId, root: Option<ScopeKey>) -> Result<Extent> {
    let key = root.unwrap_or(ScopeKey::INSTANCE);
    let scope = store.scope(id, key)?;
    let below = ScopeFilter { subtree: Some(key), ..ScopeFilter::default() };
    let all = store.count_scopes(id, &below)? - u32::from(key == ScopeKey::INSTANCE);
    let unreadable = match root {
        None | Some(ScopeKey::INSTANCE) => store.scope_counts(id)?.unreadable,
        // Not those with a row of which the server tells only a part: they were read.
        Some(root) => store.count_failed(id, root)?,
    };
    Ok(Extent { groups: all.saturating_sub(scope.projects), projects: scope.projects, unreadable })
}
