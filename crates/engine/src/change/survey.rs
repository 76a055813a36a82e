//! Scopes as a plan sees them: each scope's row with the default it has or would have, from the
//! local copy alone, some hundred scopes at a time.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use heirloom_core::catalog::{self, Integration};
use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::inheritance::Ancestor;
use heirloom_core::plan::{Change, Ground, Skip, Snapshot, Step, decide};
use heirloom_core::row::Source;
use heirloom_store::Store;
use heirloom_store::cache::integrations::Kept;
use heirloom_store::cache::scopes::Scope;
use heirloom_store::cache::ways::Ways;
use jiff::Timestamp;

use super::{is_unread, older, snapshot};
use crate::query::Default;
use crate::query::defaults::{ancestor, source_of};
use crate::query::items::known;
use crate::{Error, Result};

/// Scopes looked up together.
const TOGETHER: u32 = 500;

/// When a scope's row was read; where it has none, when its list was.
pub(super) fn read_at(scope: &Scope, kept: Option<&Kept>) -> Option<Timestamp> {
    kept.map(|kept| kept.flags_at).or(scope.listed_at)
}

/// Looks scopes up, alone, together, or all below one.
pub(super) struct Survey<'a> {
    pub(super) store: &'a Store,
    pub(super) id: ConnectionId,
    pub(super) integration: &'static Integration,
    pub(super) slug: Slug,
    server: (u32, u32),
    planned: RefCell<Planned>,
    read_from: Cell<Option<Timestamp>>,
}

impl<'a> Survey<'a> {
    /// Of one integration.
    pub(super) fn new(
        store: &'a Store,
        id: ConnectionId,
        integration: &'static Integration,
        slug: &Slug,
        server: (u32, u32),
    ) -> Self {
        let (slug, planned) = (slug.clone(), RefCell::default());
        Self { store, id, integration, slug, server, planned, read_from: Cell::default() }
    }

    /// Takes note of when something was read that a step of the plan rests on.
    pub(super) fn rests_on(&self, read: Option<Timestamp>) {
        self.read_from.set(older(self.read_from.get(), read));
    }

    /// When the oldest of it was read.
    pub(super) const fn read_from(&self) -> Option<Timestamp> {
        self.read_from.get()
    }

    /// Takes note of a step that the plan has: what is shown after it has its default from there.
    pub(super) fn takes(&self, step: &Step) {
        if step.scope.level == Level::Group {
            self.planned.borrow_mut().add(step.scope, &step.after);
        }
    }

    /// One scope, named: that it is archived is no reason to leave it alone.
    pub(super) fn one(&self, scope: ScopeKey) -> Result<(Scope, Option<Kept>, Ground)> {
        let around = self.around(&[scope])?;
        let (found, kept, ground) = around.named(scope)?;
        Ok((found.clone(), kept.cloned(), ground))
    }

    /// Shows scopes that were named, in their order.
    ///
    /// # Errors
    /// When the local copy does not have one of them.
    pub(super) fn each(
        &self,
        scopes: &[ScopeKey],
        mut show: impl FnMut(&Scope, Option<&Kept>, Ground) -> Result<()>,
    ) -> Result<()> {
        for some in scopes.chunks(TOGETHER as usize) {
            let around = self.around(some)?;
            for scope in some {
                let (scope, kept, ground) = around.named(*scope)?;
                show(scope, kept, ground)?;
            }
        }
        Ok(())
    }

    /// Shows every scope at or below `root` that GitLab still has, in the tree's order.
    pub(super) fn visit(
        &self,
        root: ScopeKey,
        mut show: impl FnMut(&Scope, Option<&Kept>, Ground) -> Result<()>,
    ) -> Result<()> {
        self.store.visit_keys::<Error>(self.id, root, TOGETHER, |scopes| {
            let around = self.around(scopes)?;
            for key in scopes.iter().filter(|key| **key != ScopeKey::INSTANCE) {
                // What went meanwhile is gone as well.
                if let Some((scope, kept, ground)) = around.ground(*key)?
                    && scope.gone_at.is_none()
                {
                    show(scope, kept, ground)?;
                }
            }
            Ok(())
        })
    }

    /// Some scopes, looked up together with all that stands above them.
    pub(super) fn around(&self, scopes: &[ScopeKey]) -> Result<Around<'_>> {
        let ways = self.store.ways(self.id, scopes, &self.slug)?;
        let rivals = self.rivals(scopes)?;
        Ok(Around { survey: self, ways, rivals, last: RefCell::default() })
    }

    /// In which of some projects another integration of the same family is on (contract, section
    /// 2: one issue tracker, one wiki).
    fn rivals(&self, scopes: &[ScopeKey]) -> Result<Rivals> {
        let Some(family) = self.integration.exclusive else { return Ok(Rivals::new()) };
        let others = catalog::all().iter().filter(|it| it.exclusive == Some(family));
        let others: Vec<&str> =
            others.map(|it| it.slug).filter(|slug| *slug != self.integration.slug).collect();
        let projects: Vec<ScopeKey> =
            scopes.iter().filter(|key| key.level == Level::Project).copied().collect();
        let mut rivals = Rivals::new();
        for (project, slug) in self.store.on_among(self.id, &projects, &others)? {
            if let Some(other) = catalog::find(&slug) {
                rivals.entry(project).or_insert(other.title);
            }
        }
        Ok(rivals)
    }

    /// The step that brings a change about, or why there is none.
    pub(super) fn decide(
        &self,
        change: &Change,
        ground: &Ground,
    ) -> std::result::Result<Step, Skip> {
        decide(self.integration, &self.slug, change, ground)
    }
}

/// The first of a family that is on, by project.
type Rivals = HashMap<ScopeKey, &'static str>;

/// Groups as the same plan leaves them.
#[derive(Default)]
struct Planned {
    rows: BTreeMap<ScopeKey, Arc<Snapshot>>,
    /// The last few: a plan leaves many groups with the same settings, which are kept once.
    last: Vec<Arc<Snapshot>>,
    /// How many were noted.
    noted: usize,
}

/// Different rows among which the same one is looked for.
const ALIKE: usize = 8;

impl Planned {
    fn add(&mut self, group: ScopeKey, after: &Snapshot) {
        let known = self.last.iter().find(|it| ***it == *after).map(Arc::clone);
        let row = known.unwrap_or_else(|| {
            let new = Arc::new(after.clone());
            self.last.truncate(ALIKE - 1);
            self.last.insert(0, Arc::clone(&new));
            new
        });
        self.rows.insert(group, row);
        self.noted += 1;
    }

    fn get(&self, group: ScopeKey) -> Option<&Snapshot> {
        self.rows.get(&group).map(|row| &**row)
    }
}

/// The default of what stands in one place.
struct Origin {
    /// As it is.
    now: Default,
    /// As the plan leaves it, with where it comes from.
    to_be: Option<(ScopeKey, Snapshot)>,
    /// It stands in an archived group.
    archived: bool,
}

/// Where a scope stands, and how many groups the plan had noted by then.
type Place = (Option<ScopeKey>, usize);

/// Scopes that were looked up together.
pub(super) struct Around<'s> {
    survey: &'s Survey<'s>,
    ways: Ways,
    rivals: Rivals,
    /// That of the last scope that was shown: its neighbours have the same.
    last: RefCell<Option<(Place, Rc<Origin>)>>,
}

impl Around<'_> {
    /// One of them that was named: that it is archived is no reason to leave it alone.
    ///
    /// # Errors
    /// When the local copy does not have it.
    fn named(&self, scope: ScopeKey) -> Result<(&Scope, Option<&Kept>, Ground)> {
        let missing = || heirloom_store::Error::Missing("this scope");
        let (scope, kept, ground) = self.ground(scope)?.ok_or_else(missing)?;
        Ok((scope, kept, Ground { archived: false, ..ground }))
    }

    /// The same; none: the local copy does not have it.
    pub(super) fn find(&self, scope: ScopeKey) -> Result<Option<(&Scope, Ground)>> {
        let found = self.ground(scope)?;
        Ok(found.map(|(scope, _, ground)| (scope, Ground { archived: false, ..ground })))
    }

    /// What is kept of one of them.
    pub(super) fn kept(&self, scope: ScopeKey) -> Option<&Kept> {
        self.ways.get(scope).and_then(|(_, kept)| kept.as_ref())
    }

    fn ground(&self, scope: ScopeKey) -> Result<Option<(&Scope, Option<&Kept>, Ground)>> {
        let Some((scope, kept)) = self.ways.get(scope) else { return Ok(None) };
        let (survey, kept) = (self.survey, kept.as_ref());
        let origin = self.origin(scope)?;
        let (known, _) = known(scope, Some(survey.integration), kept, survey.server);
        let ground = Ground {
            scope: scope.listed.key,
            known,
            before: snapshot(kept, &origin.now),
            unread: is_unread(kept, &origin.now),
            default: origin.to_be.clone().filter(|(_, row)| *row != Snapshot::Nothing),
            archived: scope.listed.archived || origin.archived,
            rival: self.rivals.get(&scope.listed.key).copied(),
            server: survey.server,
        };
        Ok(Some((scope, kept, ground)))
    }

    fn origin(&self, scope: &Scope) -> Result<Rc<Origin>> {
        let planned = self.survey.planned.borrow();
        let place = (scope.listed.parent, planned.noted);
        if let Some((of, origin)) = &*self.last.borrow()
            && *of == place
        {
            return Ok(Rc::clone(origin));
        }
        let above = self.ways.above(scope)?;
        let groups = || {
            let level = |it: &&&(Scope, Option<Kept>)| it.0.listed.key.level == Level::Group;
            above.iter().filter(level).map(|it| (&it.0, it.1.as_ref()))
        };
        let group_level = self.survey.integration.levels.group;
        let as_is =
            |(scope, kept): (&Scope, _)| (scope.listed.key, ancestor(scope, kept, group_level));
        let now = self.default(source_of(&groups().map(as_is).collect::<Vec<_>>()));
        let to_be = if planned.rows.is_empty() {
            found(&now, &planned)
        } else {
            let to_be = |(scope, kept): (&Scope, _)| match planned.get(scope.listed.key) {
                Some(after) if after.inherited() => (scope.listed.key, Ancestor::Inherits),
                Some(_) => (scope.listed.key, Ancestor::SetsDefault),
                None => as_is((scope, kept)),
            };
            found(&self.default(source_of(&groups().map(to_be).collect::<Vec<_>>())), &planned)
        };
        let archived = above.iter().any(|(scope, _)| scope.listed.archived);
        let origin = Rc::new(Origin { now, to_be, archived });
        *self.last.borrow_mut() = Some((place, Rc::clone(&origin)));
        Ok(origin)
    }

    fn default(&self, source: Source) -> Default {
        let row = match source {
            Source::Scope { key, .. } => self.kept(key).cloned(),
            Source::NotVisible(_) | Source::NotAsked(_) => None,
        };
        Default { source, row: row.filter(|kept| kept.known.row().is_some()) }
    }
}

/// The default with its row, as a plan leaves it or as it is.
fn found(default: &Default, planned: &Planned) -> Option<(ScopeKey, Snapshot)> {
    let Source::Scope { key, .. } = default.source else { return None };
    let row = match (planned.get(key), &default.row) {
        (Some(after), _) => after.clone(),
        (None, Some(row)) => snapshot(Some(row), default),
        (None, None) => return None,
    };
    Some((key, row))
}
