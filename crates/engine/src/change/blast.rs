//! Who else a change of a default touches.

use std::collections::HashSet;

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::plan::{Action, Besides};
use heirloom_core::row::{Agrees, Known, Link, Row, Source};
use heirloom_store::Store;
use heirloom_store::app::journal::{RunId, Touch, Touched};
use heirloom_store::cache::scopes::Scope;

use crate::{Error, Result};

/// Names listed per group of scopes.
const NAMED: u32 = 50;

/// Who else a plan touches.
#[derive(Clone, Debug, Default)]
pub struct Blast {
    /// They inherit from here, or will, and change.
    pub change: BlastGroup,
    /// They have custom settings, and keep them.
    pub keep: BlastGroup,
    /// Looked up: nothing stored. They will be switched on.
    pub switch_on: BlastGroup,
    /// Not looked up. They may be switched on.
    pub maybe: BlastGroup,
    /// They cannot be seen.
    pub unseen: BlastGroup,
}

/// Some scopes, counted.
#[derive(Clone, Debug, Default)]
pub struct BlastGroup {
    /// How many.
    pub count: u32,
    /// The first of them.
    pub first: Vec<Scope>,
}

impl Blast {
    /// What was written down with a plan.
    pub(super) fn of(store: &Store, id: ConnectionId, run: RunId) -> Result<Self> {
        let group = |how| {
            let (count, first) = store.touched(run, how, 0, NAMED)?;
            let first = first.into_iter().map(|it| Ok(store.scope(id, it.scope)?));
            Ok::<_, Error>(BlastGroup { count, first: first.collect::<Result<_>>()? })
        };
        Ok(Self {
            change: group(Touch::Change)?,
            keep: group(Touch::Keep)?,
            switch_on: group(Touch::SwitchOn)?,
            maybe: group(Touch::Maybe)?,
            unseen: group(Touch::Unseen)?,
        })
    }
}

/// Writes down, with a plan just made, who else its group steps touch.
pub(super) fn write_down(store: &Store, id: ConnectionId, slug: &Slug, run: RunId) -> Result<()> {
    let groups = store.step_groups_at(run)?;
    if groups.is_empty() {
        // What projects have is nobody else's.
        return Ok(());
    }
    look(store, id, slug, run, &groups)
}

/// The same for a plan that has lost steps, or got some back.
pub(super) fn draw_again(store: &Store, id: ConnectionId, slug: &Slug, run: RunId) -> Result<()> {
    store.forget_who_is_left(run)?;
    // Where no group is left, nobody is touched any more.
    look(store, id, slug, run, &store.step_groups_at(run)?)
}

fn look(
    store: &Store,
    id: ConnectionId,
    slug: &Slug,
    run: RunId,
    groups: &[(ScopeKey, Action)],
) -> Result<()> {
    let own = store.step_scopes(run)?;
    say_who_is_left(store, id, slug, run, groups, &own)?;
    find(store, id, slug, run, groups, own)
}

/// Finds who else the group steps of a plan touch, and writes it down in place of what was known
/// before.
pub(super) fn draw(store: &Store, id: ConnectionId, slug: &Slug, run: RunId) -> Result<()> {
    find(store, id, slug, run, &store.step_groups_at(run)?, store.step_scopes(run)?)
}

/// A scope with a step of its own is not among them, and none is twice.
fn find(
    store: &Store,
    id: ConnectionId,
    slug: &Slug,
    run: RunId,
    groups: &[(ScopeKey, Action)],
    mut met: HashSet<ScopeKey>,
) -> Result<()> {
    let mut drawing = store.draw_touched(run)?;
    // No propagation follows a DELETE (contract, section 2).
    for (group, action) in groups.iter().filter(|(_, action)| *action != Action::Disable) {
        below(store, id, &store.lineage(id, *group)?, slug, *action, |it| {
            if met.insert(it.scope) { Ok(drawing.add(it)?) } else { Ok(()) }
        })?;
    }
    Ok(drawing.finish()?)
}

/// Says of each group that a plan switches off how many keep what it handed down, because the plan
/// is not about them.
fn say_who_is_left(
    store: &Store,
    id: ConnectionId,
    slug: &Slug,
    run: RunId,
    groups: &[(ScopeKey, Action)],
    own: &HashSet<ScopeKey>,
) -> Result<()> {
    let mut besides = Vec::new();
    for (group, action) in groups.iter().filter(|(_, action)| *action == Action::Disable) {
        let mut inherit = 0_u32;
        below(store, id, &store.lineage(id, *group)?, slug, *action, |it| {
            let left = it.how == Touch::Change && !own.contains(&it.scope);
            inherit = inherit.saturating_add(u32::from(left));
            Ok(())
        })?;
        if inherit > 0 {
            besides.push((*group, Besides::LeavesInheritors { inherit }));
        }
    }
    Ok(store.add_besides(run, besides)?)
}

/// Finds who is below a group whose settings change: they are the default of everything that
/// inherits below it (contract, section 8). Scopes below a nearer default are out of reach.
fn below(
    store: &Store,
    id: ConnectionId,
    lineage: &[Scope],
    slug: &Slug,
    action: Action,
    mut show: impl FnMut(Touched) -> Result<()>,
) -> Result<()> {
    let Some(root) = lineage.last().map(|scope| scope.listed.key) else { return Ok(()) };
    let from_here_or_above = |key: ScopeKey| lineage.iter().any(|it| it.listed.key == key);
    store.visit_kind::<Error>(id, root, slug, |scope, kept| {
        let key = scope.listed.key;
        if key == root || scope.gone_at.is_some() {
            return Ok(());
        }
        let how = match kept.map(|kept| kept.known) {
            Some(Known::Row(Row { link: Link::Custom, .. })) => Some(Touch::Keep),
            Some(Known::Row(Row { link: Link::Inherited { source, agrees }, .. })) => {
                match source {
                    Source::Scope { key, .. } if !from_here_or_above(key) => None,
                    // It is handed what it has.
                    Source::Scope { key, .. }
                        if action == Action::UseDefault && key != root && agrees == Agrees::Yes =>
                    {
                        None
                    }
                    Source::Scope { .. } => Some(Touch::Change),
                    Source::NotVisible(_) | Source::NotAsked(_) => Some(Touch::Maybe),
                }
            }
            // Archived projects are given no new row (contract, section 8).
            Some(Known::NotSet) if scope.listed.archived => None,
            Some(Known::NotSet) => Some(Touch::SwitchOn),
            None if scope.listed_at.is_none() => Some(Touch::Unseen),
            Some(Known::Off) | None => Some(Touch::Maybe),
            Some(Known::Unavailable(_)) => None,
            Some(Known::Unknown(_)) => Some(Touch::Unseen),
        };
        match how {
            Some(how) => show(Touched { scope: key, path: scope.listed.path, how }),
            None => Ok(()),
        }
    })
}
