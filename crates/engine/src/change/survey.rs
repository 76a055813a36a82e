//! A subtree as a plan sees it: each scope's row with the default it has or would have, in tree
//! order, from the local copy alone.

use heirloom_core::catalog::Integration;
use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::inheritance::{self, Ancestor};
use heirloom_core::plan::{Ground, Snapshot};
use heirloom_core::row::{Basis, Source};
use heirloom_store::Store;
use heirloom_store::cache::integrations::Kept;
use heirloom_store::cache::scopes::Scope;

use super::snapshot;
use crate::query::Default;
use crate::query::items::known;
use crate::{Error, Result};

/// A scope on the way down, with its row.
struct Above {
    scope: Scope,
    kept: Option<Kept>,
}

/// Visits a scope and what is below it.
pub(super) struct Survey<'a> {
    pub(super) store: &'a Store,
    pub(super) id: ConnectionId,
    pub(super) integration: &'static Integration,
    pub(super) slug: &'a Slug,
    pub(super) server: (u32, u32),
}

impl Survey<'_> {
    /// Shows every scope at or below `root` that GitLab still has; without `below`, it alone.
    pub(super) fn visit(
        &self,
        root: ScopeKey,
        below: bool,
        mut show: impl FnMut(Scope, Option<Kept>, Ground) -> Result<()>,
    ) -> Result<()> {
        let (store, id) = (self.store, self.id);
        let instance = store.integration(id, ScopeKey::INSTANCE, self.slug)?;
        let mut way: Vec<Above> = Vec::new();
        let lineage = store.lineage(id, root)?;
        for scope in lineage.into_iter().filter(|scope| scope.listed.key != root) {
            let kept = store.integration(id, scope.listed.key, self.slug)?;
            way.push(Above { scope, kept });
        }
        if !below {
            let (scope, kept) = (store.scope(id, root)?, store.integration(id, root, self.slug)?);
            let ground = self.ground(&scope, kept.as_ref(), &way, instance.as_ref());
            return show(scope, kept, ground);
        }
        store.visit_kind::<Error>(id, root, self.slug, |scope, kept| {
            while way.last().is_some_and(|last| last.scope.depth >= scope.depth) {
                way.pop();
            }
            let shown = if scope.gone_at.is_none() && scope.listed.key != ScopeKey::INSTANCE {
                let ground = self.ground(&scope, kept.as_ref(), &way, instance.as_ref());
                show(scope.clone(), kept.clone(), ground)
            } else {
                Ok(())
            };
            if scope.listed.key.level != Level::Project {
                way.push(Above { scope, kept });
            }
            shown
        })
    }

    fn ground(
        &self,
        scope: &Scope,
        kept: Option<&Kept>,
        way: &[Above],
        instance: Option<&Kept>,
    ) -> Ground {
        let default = self.default(way, instance);
        let (known, _) = known(scope, Some(self.integration), kept, self.server);
        let source = match (default.source, &default.row) {
            (Source::Scope { key, .. }, Some(row)) => Some((key, snapshot(Some(row), &default))),
            _ => None,
        };
        Ground {
            scope: scope.listed.key,
            known,
            before: snapshot(kept, &default),
            default: source.filter(|(_, row)| *row != Snapshot::Nothing),
            archived: scope.listed.archived,
            rival: None,
            server: self.server,
        }
    }

    /// As `query::defaults` walks, over what is at hand.
    fn default(&self, way: &[Above], instance: Option<&Kept>) -> Default {
        let ancestors = |looked_past: bool| {
            way.iter().rev().filter(|it| it.scope.listed.key.level == Level::Group).map(move |it| {
                let ancestor = match &it.kept {
                    Some(kept) => Ancestor::of(&kept.known),
                    None if !self.integration.levels.group => Ancestor::NotSet,
                    None if it.scope.failure.is_none() && it.scope.listed_at.is_some() => {
                        if looked_past {
                            Ancestor::NotSet
                        } else {
                            Ancestor::NotAsked
                        }
                    }
                    None => Ancestor::NotVisible,
                };
                let ancestor = match ancestor {
                    Ancestor::NotAsked if looked_past => Ancestor::NotSet,
                    other => other,
                };
                (it.scope.listed.key, ancestor)
            })
        };
        let source = match inheritance::source(ancestors(false)) {
            Source::NotAsked(_) => match inheritance::source(ancestors(true)) {
                Source::Scope { key, .. } => Source::Scope { key, basis: Basis::Inferred },
                other => other,
            },
            known => known,
        };
        let row = match source {
            Source::Scope { key: ScopeKey::INSTANCE, .. } => instance.cloned(),
            Source::Scope { key, .. } => {
                way.iter().find(|it| it.scope.listed.key == key).and_then(|it| it.kept.clone())
            }
            Source::NotVisible(_) | Source::NotAsked(_) => None,
        };
        Default { source, row: row.filter(|kept| kept.known.row().is_some()) }
    }
}
