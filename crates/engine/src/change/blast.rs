//! Who else a change of a default touches.

use std::collections::HashSet;

use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::plan::{Action, Below, Besides, HandedDown, Touch};
use heirloom_store::Store;
use heirloom_store::app::journal::{GroupStep, RunId, Touched};
use heirloom_store::cache::scopes::Scope;
use jiff::Timestamp;

use super::about::About;
use super::survey::read_at;
use super::{known_kind, older};
use crate::query::items::known;
use crate::query::server_version;
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
    /// Not looked up, or GitLab does not tell. They may be switched on, or change.
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

/// The same for a plan that has lost steps, or got some back, or of which more is known.
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
    groups: &[GroupStep],
) -> Result<()> {
    let own = store.step_scopes(run)?;
    let left = say_who_is_left(store, id, slug, run, groups, &own)?;
    let touched = find(store, id, slug, run, groups, own)?;
    About::note_touched(store, run, older(left, touched))
}

/// Finds who else the group steps of a plan touch, and writes it down in place of what was known
/// before. A scope with a step of its own is not among them, and none is twice. Tells the oldest
/// reading that this rests on.
fn find(
    store: &Store,
    id: ConnectionId,
    slug: &Slug,
    run: RunId,
    groups: &[GroupStep],
    mut met: HashSet<ScopeKey>,
) -> Result<Option<Timestamp>> {
    let mut drawing = store.draw_touched(run)?;
    let mut read_from = None;
    // Inner groups first: of what inherits from one of them, those above it know less. No
    // propagation follows a DELETE (contract, section 2).
    for step in groups.iter().rev().filter(|it| it.action != Action::Disable) {
        let read = below(store, id, slug, *step, |it| {
            if met.insert(it.scope) { Ok(drawing.add(it)?) } else { Ok(()) }
        })?;
        read_from = older(read_from, read);
    }
    drawing.finish()?;
    Ok(read_from)
}

/// Says of each group that a plan switches off how many keep what it handed down, because the plan
/// is not about them. Tells the oldest reading that this rests on.
fn say_who_is_left(
    store: &Store,
    id: ConnectionId,
    slug: &Slug,
    run: RunId,
    groups: &[GroupStep],
    own: &HashSet<ScopeKey>,
) -> Result<Option<Timestamp>> {
    let (mut besides, mut read_from) = (Vec::new(), None);
    for step in groups.iter().filter(|it| it.action == Action::Disable) {
        let mut inherit = 0_u32;
        let read = below(store, id, slug, *step, |it| {
            let left = it.how == Touch::Change && !own.contains(&it.scope);
            inherit = inherit.saturating_add(u32::from(left));
            Ok(())
        })?;
        read_from = older(read_from, read);
        if inherit > 0 {
            besides.push((step.group, Besides::LeavesInheritors { inherit }));
        }
    }
    store.add_besides(run, besides)?;
    Ok(read_from)
}

/// Finds who is below a group whose settings change, and what becomes of them. Tells when the oldest
/// row was read that this rests on.
fn below(
    store: &Store,
    id: ConnectionId,
    slug: &Slug,
    step: GroupStep,
    mut show: impl FnMut(Touched) -> Result<()>,
) -> Result<Option<Timestamp>> {
    let (integration, server) = (known_kind(slug)?, server_version(&store.connection(id)?));
    let lineage = store.lineage(id, step.group)?;
    let above: Vec<ScopeKey> =
        lineage.iter().map(|it| it.listed.key).filter(|key| *key != step.group).collect();
    let GroupStep { group, action, active, inherits } = step;
    let handed_down = HandedDown { integration, group, above: &above, action, active, inherits };
    // How deep the archived group stands that the walk is in.
    let mut archived: Option<u32> = None;
    let mut read_from = None;
    store.visit_kind::<Error>(id, group, slug, |scope, kept| {
        if archived.is_some_and(|depth| scope.depth <= depth) {
            archived = None;
        }
        if scope.listed.archived && scope.listed.key.level == Level::Group && archived.is_none() {
            archived = Some(scope.depth);
        }
        if scope.listed.key == group || scope.gone_at.is_some() {
            return Ok(());
        }
        let (known, _) = known(&scope, Some(integration), kept.as_ref(), server);
        let key = scope.listed.key;
        let archived = scope.listed.archived || archived.is_some();
        let how = handed_down.touches(&Below { scope: key, known, archived });
        // Of who cannot be seen nothing is said that could be old.
        if how != Some(Touch::Unseen) {
            read_from = older(read_from, read_at(&scope, kept.as_ref()));
        }
        match how {
            Some(how) => show(Touched { scope: key, path: scope.listed.path, how }),
            None => Ok(()),
        }
    })?;
    Ok(read_from)
}
