//! A subtree as a plan sees it: each scope's row with the default it has or would have, in tree
//! order, from the local copy alone.

use std::cell::RefCell;
use std::collections::BTreeMap;

use heirloom_core::catalog::Integration;
use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::inheritance::Ancestor;
use heirloom_core::plan::{Change, Ground, Skip, Snapshot, Step, decide};
use heirloom_core::row::Source;
use heirloom_store::Store;
use heirloom_store::cache::integrations::Kept;
use heirloom_store::cache::scopes::Scope;

use super::ground::rival;
use super::snapshot;
use crate::query::Default;
use crate::query::defaults::{ancestor, source_of};
use crate::query::items::known;
use crate::{Error, Result};

/// A scope on the way down, with its row.
struct Placed {
    scope: Scope,
    kept: Option<Kept>,
}

/// Visits a scope and what is below it.
pub(super) struct Survey<'a> {
    pub(super) store: &'a Store,
    pub(super) id: ConnectionId,
    pub(super) integration: &'static Integration,
    pub(super) slug: &'a Slug,
    server: (u32, u32),
    /// Groups as the same plan leaves them.
    planned: RefCell<BTreeMap<ScopeKey, Snapshot>>,
}

impl<'a> Survey<'a> {
    /// Of one integration.
    pub(super) const fn new(
        store: &'a Store,
        id: ConnectionId,
        integration: &'static Integration,
        slug: &'a Slug,
        server: (u32, u32),
    ) -> Self {
        let planned = RefCell::new(BTreeMap::new());
        Self { store, id, integration, slug, server, planned }
    }

    /// Takes note of a step that the plan has: what is shown after it has its default from there.
    pub(super) fn takes(&self, step: &Step) {
        if step.scope.level == Level::Group {
            self.planned.borrow_mut().insert(step.scope, step.after.clone());
        }
    }

    /// One scope, named: that it is archived is no reason to leave it alone.
    pub(super) fn one(&self, scope: ScopeKey) -> Result<(Scope, Option<Kept>, Ground)> {
        let (mut way, instance) = self.way(scope)?;
        let this = way.pop().ok_or(heirloom_store::Error::Missing("this scope"))?;
        let ground = self.ground(&this.scope, this.kept.as_ref(), &way, instance.as_ref());
        Ok((this.scope, this.kept, Ground { archived: false, ..ground }))
    }

    /// The same; none: the local copy does not have it.
    pub(super) fn find(&self, scope: ScopeKey) -> Result<Option<(Scope, Ground)>> {
        match self.one(scope) {
            Ok((scope, _, ground)) => Ok(Some((scope, ground))),
            Err(Error::Store(heirloom_store::Error::Missing(_))) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The step that brings a change about, or why there is none; one that another integration of
    /// the family stands against is refused beforehand.
    pub(super) fn decide(
        &self,
        change: &Change,
        ground: &Ground,
    ) -> Result<std::result::Result<Step, Skip>> {
        let step = match decide(self.integration, self.slug, change, ground) {
            Ok(step) => step,
            Err(skip) => return Ok(Err(skip)),
        };
        // Looked up only where it matters: most steps switch nothing on.
        if step.switches_on()
            && let Some(title) = rival(self.store, self.id, step.scope, self.integration)?
        {
            return Ok(Err(Skip::Rival(title)));
        }
        Ok(Ok(step))
    }

    /// Shows every scope at or below `root` that GitLab still has.
    pub(super) fn visit(
        &self,
        root: ScopeKey,
        mut show: impl FnMut(Scope, Option<Kept>, Ground) -> Result<()>,
    ) -> Result<()> {
        let (mut way, instance) = self.way(root)?;
        self.store.visit_kind::<Error>(self.id, root, self.slug, |scope, kept| {
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
                way.push(Placed { scope, kept });
            }
            shown
        })
    }

    /// The scopes from the instance down to one, itself the last, and the instance's row.
    fn way(&self, to: ScopeKey) -> Result<(Vec<Placed>, Option<Kept>)> {
        let lineage = self.store.lineage(self.id, to)?;
        let placed = lineage.into_iter().map(|scope| {
            let kept = self.store.integration(self.id, scope.listed.key, self.slug)?;
            Ok(Placed { scope, kept })
        });
        let instance = self.store.integration(self.id, ScopeKey::INSTANCE, self.slug)?;
        Ok((placed.collect::<Result<_>>()?, instance))
    }

    fn ground(
        &self,
        scope: &Scope,
        kept: Option<&Kept>,
        way: &[Placed],
        instance: Option<&Kept>,
    ) -> Ground {
        let now = self.default(way, instance, &BTreeMap::new());
        let (known, _) = known(scope, Some(self.integration), kept, self.server);
        let planned = self.planned.borrow();
        let to_be = if planned.is_empty() {
            found(&now, &planned)
        } else {
            found(&self.default(way, instance, &planned), &planned)
        };
        Ground {
            scope: scope.listed.key,
            known,
            before: snapshot(kept, &now),
            default: to_be.filter(|(_, row)| *row != Snapshot::Nothing),
            archived: scope.listed.archived,
            rival: None,
            server: self.server,
        }
    }

    fn default(
        &self,
        way: &[Placed],
        instance: Option<&Kept>,
        planned: &BTreeMap<ScopeKey, Snapshot>,
    ) -> Default {
        let group_level = self.integration.levels.group;
        let contributes = |it: &Placed| match planned.get(&it.scope.listed.key) {
            Some(after) if after.inherited() => Ancestor::Inherits,
            Some(_) => Ancestor::SetsDefault,
            None => ancestor(&it.scope, it.kept.as_ref(), group_level),
        };
        let above: Vec<_> = way
            .iter()
            .rev()
            .filter(|it| it.scope.listed.key.level == Level::Group)
            .map(|it| (it.scope.listed.key, contributes(it)))
            .collect();
        let source = source_of(&above);
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

/// The default with its row, as a plan leaves it or as it is.
fn found(
    default: &Default,
    planned: &BTreeMap<ScopeKey, Snapshot>,
) -> Option<(ScopeKey, Snapshot)> {
    let Source::Scope { key, .. } = default.source else { return None };
    let row = match (planned.get(&key), &default.row) {
        (Some(after), _) => after.clone(),
        (None, Some(row)) => snapshot(Some(row), default),
        (None, None) => return None,
    };
    Some((key, row))
}
