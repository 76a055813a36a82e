//! Who else a change of a default touches.

use std::collections::BTreeSet;

use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
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
    say_who_is_left(store, id, slug, run)?;
    draw(store, id, slug, run)
}

/// Finds who else the group steps of a plan touch, and writes it down in place of what was known
/// before. A scope with a step of its own is not among them, and none is twice.
pub(super) fn draw(store: &Store, id: ConnectionId, slug: &Slug, run: RunId) -> Result<()> {
    let places = store.step_places(run)?;
    let mut met: BTreeSet<ScopeKey> = places.iter().map(|(scope, _)| *scope).collect();
    let mut touched = Vec::new();
    for (group, action) in groups(&places) {
        // No propagation follows a DELETE (contract, section 2).
        if action != Action::Disable {
            let found = below(store, id, &store.lineage(id, group)?, slug, action)?;
            touched.extend(found.into_iter().filter(|it| met.insert(it.scope)));
        }
    }
    Ok(store.set_touched(run, touched)?)
}

/// Says of each group that a plan switches off how many keep what it handed down, because the plan
/// is not about them.
fn say_who_is_left(store: &Store, id: ConnectionId, slug: &Slug, run: RunId) -> Result<()> {
    let places = store.step_places(run)?;
    let own: BTreeSet<ScopeKey> = places.iter().map(|(scope, _)| *scope).collect();
    let mut besides = Vec::new();
    for (group, action) in groups(&places).filter(|(_, action)| *action == Action::Disable) {
        let below = below(store, id, &store.lineage(id, group)?, slug, action)?;
        let left = below.iter().filter(|it| it.how == Touch::Change && !own.contains(&it.scope));
        let inherit = u32::try_from(left.count()).unwrap_or(u32::MAX);
        if inherit > 0 {
            besides.push((group, Besides::LeavesInheritors { inherit }));
        }
    }
    Ok(store.add_besides(run, besides)?)
}

fn groups(places: &[(ScopeKey, Action)]) -> impl Iterator<Item = (ScopeKey, Action)> {
    places.iter().copied().filter(|(scope, _)| scope.level == Level::Group)
}

/// Finds who is below a group whose settings change: they are the default of everything that
/// inherits below it (contract, section 8). Scopes below a nearer default are out of reach.
fn below(
    store: &Store,
    id: ConnectionId,
    lineage: &[Scope],
    slug: &Slug,
    action: Action,
) -> Result<Vec<Touched>> {
    let mut found = Vec::new();
    let Some(root) = lineage.last().map(|scope| scope.listed.key) else { return Ok(found) };
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
        if let Some(how) = how {
            found.push(Touched { scope: key, path: scope.listed.path, how });
        }
        Ok(())
    })?;
    Ok(found)
}
