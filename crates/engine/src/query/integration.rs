//! One kind of integration across the estate.

use std::collections::BTreeSet;

use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::row::State;
use heirloom_core::value::Value;
use heirloom_store::Store;
use heirloom_store::cache::estate::clusters::Clusters;
use heirloom_store::cache::estate::members::MemberFilter;
use heirloom_store::cache::estate::owners::Owner;
use heirloom_store::cache::scopes::Scope;

use super::items::{Item, item, server_version};
use super::kinds::{KindCounts, extent, kinds};
use crate::{Engine, Error, Result};

/// Most members one window may ask for.
const WINDOW: u32 = 200;

/// One kind across all scopes.
#[derive(Clone, Debug)]
pub struct KindView {
    /// Its figures.
    pub kind: KindCounts,
    /// Groups and projects it can be set at.
    pub scopes: u32,
    /// Who sets a default, and the groups between them, in tree order.
    pub defaults: Vec<KindDefault>,
}

/// A scope that sets a default, or stands on the way to one.
#[derive(Clone, Debug)]
pub struct KindDefault {
    /// The scope.
    pub scope: Scope,
    /// What it sets; none for those between.
    pub owner: Option<Owner>,
}

/// A scope with custom settings.
#[derive(Clone, Debug)]
pub struct Member {
    /// The scope.
    pub scope: Scope,
    /// Its integration, compared with its default.
    pub item: Item,
}

impl Engine {
    /// One kind across all scopes.
    ///
    /// # Errors
    /// When nobody knows such a kind, or the cache cannot be read.
    pub async fn kind_view(&self, id: ConnectionId, slug: Slug) -> Result<KindView> {
        self.blocking(move |engine| {
            let store = engine.store();
            let kind = kinds(store, id, None, None)?
                .into_iter()
                .find(|kind| kind.slug == slug)
                .ok_or_else(|| Error::NotFound(format!("No integration is called “{slug}”")))?;
            let extent = extent(store, id, None)?;
            let levels = kind.integration.map(|known| known.levels);
            let at = |level| levels.is_none_or(|levels| levels.contains(level));
            let scopes = if at(Level::Group) { extent.groups } else { 0 }
                + if at(Level::Project) { extent.projects } else { 0 };
            Ok(KindView { kind, scopes, defaults: defaults(store, id, &slug)? })
        })
        .await
    }

    /// Custom settings of a kind by the value of one field, at or below a scope.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn value_groups(
        &self,
        id: ConnectionId,
        slug: Slug,
        field: String,
        below: Option<ScopeKey>,
    ) -> Result<Clusters> {
        self.db(move |store| store.clusters(id, &slug, &field, below)).await
    }

    /// All scopes whose custom settings have one value.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn member_scopes(
        &self,
        id: ConnectionId,
        slug: Slug,
        value: (String, Value),
        below: Option<ScopeKey>,
    ) -> Result<Vec<ScopeKey>> {
        self.db(move |store| {
            let filter = MemberFilter {
                subtree: below,
                states: vec![State::Custom],
                value: Some(value),
                text: String::new(),
            };
            let mut scopes = Vec::new();
            loop {
                let offset = u32::try_from(scopes.len()).unwrap_or(u32::MAX);
                let (total, found) = store.members(id, &slug, &filter, offset, WINDOW)?;
                let none = found.is_empty();
                scopes.extend(found.into_iter().map(|member| member.scope.listed.key));
                if none || scopes.len() >= total as usize {
                    return Ok(scopes);
                }
            }
        })
        .await
    }

    /// A window of the scopes whose custom settings have one value, with how many there are.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn group_members(
        &self,
        id: ConnectionId,
        slug: Slug,
        (field, value): (String, Value),
        below: Option<ScopeKey>,
        offset: u32,
        limit: u32,
    ) -> Result<(u32, Vec<Member>)> {
        self.blocking(move |engine| {
            let store = engine.store();
            let server = server_version(&store.connection(id)?);
            let filter = MemberFilter {
                subtree: below,
                states: vec![State::Custom],
                value: Some((field, value)),
                text: String::new(),
            };
            let (total, found) = store.members(id, &slug, &filter, offset, limit.min(WINDOW))?;
            let members = found.into_iter().map(|member| {
                let lineage = store.lineage(id, member.scope.listed.key)?;
                let item = item(store, id, &lineage, slug.clone(), member.kept, server)?;
                Ok(Member { scope: member.scope, item })
            });
            Ok((total, members.collect::<Result<_>>()?))
        })
        .await
    }
}

fn defaults(store: &Store, id: ConnectionId, slug: &Slug) -> Result<Vec<KindDefault>> {
    let owners = store.owners(id, slug)?;
    // In tree order, those above stand before what is below them, each once.
    let mut shown: BTreeSet<ScopeKey> = owners.iter().map(|owner| owner.scope.listed.key).collect();
    let mut found = Vec::new();
    for owner in owners {
        for above in store.lineage(id, owner.scope.listed.key)? {
            let key = above.listed.key;
            if key.level == Level::Group && shown.insert(key) {
                found.push(KindDefault { scope: above, owner: None });
            }
        }
        found.push(KindDefault { scope: owner.scope.clone(), owner: Some(owner) });
    }
    Ok(found)
}
