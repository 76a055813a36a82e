//! Plans over many scopes, made from the local copy and written down as they are made.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use heirloom_core::ids::{ConnectionId, Level, ScopeKey};
use heirloom_core::plan::{Action, Change, Ground, Skip, Snapshot};
use heirloom_core::row::{Agrees, Known, Link, Row, Unavailable};
use heirloom_core::settings::Settings;
use heirloom_store::Store;
use heirloom_store::app::journal::{NewPlan, RunId, Skipped, Writing};
use heirloom_store::cache::integrations::Kept;
use heirloom_store::cache::scopes::Scope;

use super::{KEPT_FOR, Plan, drafted, may_write, whole};
use crate::change::about::About;
use crate::change::blast;
use crate::change::known_kind;
use crate::change::request::{Bulk, Wish};
use crate::change::survey::{Survey, read_at};
use crate::query::server_version;
use crate::{Engine, Error, Result};

impl Engine {
    /// Plans one change of many scopes, from the local copy. Each step reads its row again before
    /// it writes.
    ///
    /// # Errors
    /// When the connection may not write, nothing is left to do, or the change is possible nowhere.
    pub async fn plan_many(&self, id: ConnectionId, bulk: Bulk) -> Result<Plan> {
        let run = self.make_many(id, bulk).await?;
        self.show_unless_empty(run).await
    }

    /// Writes a plan of many scopes down, with steps or without.
    pub(super) async fn make_many(&self, id: ConnectionId, bulk: Bulk) -> Result<RunId> {
        let connection = self.connection(id).await?;
        may_write(&connection)?;
        let server = server_version(&connection);
        let planned_at = self.now();
        self.blocking(move |engine| {
            let store = engine.store();
            store.forget_plans(planned_at - KEPT_FOR)?;
            let slug = bulk.slug.clone();
            let plan = NewPlan { connection: id, slug, begun_at: planned_at, undoes: None };
            let run = store.begin_plan(plan)?;
            let writing = store.write_plan(run, planned_at);
            let made = About::of(&bulk, store, id).and_then(|about| {
                let making = Making { writing, seen: BTreeSet::new() };
                let read_from = making.all((store, id), &bulk, server)?;
                About { read_from, ..about }.note(store, run)?;
                blast::write_down(store, id, &bulk.slug, run)
            });
            whole(store, run, planned_at, made)
        })
        .await
    }

    /// A plan that has steps; one without is thrown away.
    pub(in crate::change) async fn show_unless_empty(&self, run: RunId) -> Result<Plan> {
        let plan = self.show_plan(run).await?;
        if plan.total > 0 {
            self.changed();
            return Ok(plan);
        }
        self.discard_plan(run).await?;
        Err(Error::NotPossible(nothing(&plan)))
    }
}

fn nothing(plan: &Plan) -> String {
    let mut said = format!("{} as wanted already", plan.same);
    if plan.unasked > 0 {
        let _ = write!(said, ", {}", unasked(plan.unasked));
    }
    let others = plan.skipped_total.saturating_sub(plan.unasked);
    let not_asked = Skip::NotAsked.to_string();
    let first = plan.skipped.iter().find(|it| it.why != not_asked);
    if let Some(first) = first.filter(|_| others > 0) {
        let _ = write!(
            said,
            ", {others} without a step, the first being {}: {}",
            first.path, first.why
        );
    }
    let all_wanted = plan.skipped_total == 0;
    format!("{}: {said}", if all_wanted { "Nothing to do" } else { "Nothing can be done" })
}

/// What there is to be said of so many scopes that are off and of which nobody knows more.
pub fn unasked(count: u32) -> String {
    format!(
        "{count} are off and were not asked: they may hold a row that is off, which no list shows \
         (heirloomctl sync --deep asks, a request each)"
    )
}

/// What is done, and where.
struct Of<'a> {
    bulk: &'a Bulk,
    /// None: to each what is kept as its draft.
    change: Option<Change>,
    /// Whose settings are copied.
    from: Option<ScopeKey>,
    survey: &'a Survey<'a>,
}

/// Groups before what is below them: what a group has in the end is the default of the others.
fn outermost_first(store: &Store, id: ConnectionId, scopes: &[ScopeKey]) -> Result<Vec<ScopeKey>> {
    if scopes.len() < 2 {
        return Ok(scopes.to_vec());
    }
    let mut placed: Vec<_> = store.depths(id, scopes)?.into_iter().zip(scopes).collect();
    placed.sort_by_key(|(depth, key)| (key.level == Level::Project, *depth));
    Ok(placed.into_iter().map(|(_, key)| *key).collect())
}

/// The settings of a scope as another takes them over: what GitLab returns, secrets left out.
fn to_copy(kept: Option<&Kept>, ground: Ground) -> Result<Settings> {
    let Snapshot::Stored { settings, active: true, .. } = ground.before else {
        return Err(Error::NotPossible("There is nothing to copy: it is not on there".into()));
    };
    let agrees = matches!(
        ground.known,
        Known::Row(Row { link: Link::Inherited { agrees: Agrees::Yes, .. }, .. })
    );
    let is_defaults = agrees && ground.default.is_some();
    if is_defaults || kept.is_some_and(|kept| kept.fields.is_some()) {
        return Ok(settings);
    }
    let unread = "The settings to copy were not read: read them with a full sync first";
    Err(Error::NotPossible(unread.into()))
}

struct Making<'a> {
    writing: Writing<'a>,
    /// Scopes met so far.
    seen: BTreeSet<ScopeKey>,
}

impl Making<'_> {
    /// Makes all of it. Tells when the oldest row was read that it rests on.
    fn all(
        mut self,
        (store, id): (&Store, ConnectionId),
        bulk: &Bulk,
        server: (u32, u32),
    ) -> Result<Option<jiff::Timestamp>> {
        let integration = known_kind(&bulk.slug)?;
        let survey = Survey::new(store, id, integration, &bulk.slug, server);
        let mut from = None;
        let change = match &bulk.wish {
            Wish::UseDefault => Some(Change::UseDefault),
            Wish::Disable => Some(Change::Disable),
            Wish::Enable => Some(Change::Enable),
            Wish::SetCustom { settings, typed } => {
                Some(Change::SetCustom { draft: settings.clone(), typed: typed.clone() })
            }
            Wish::CopyFrom { scope, typed } => {
                from = Some(*scope);
                let (_, kept, ground) = survey.one(*scope)?;
                let settings = to_copy(kept.as_ref(), ground)?;
                Some(Change::Copy { settings, typed: typed.clone() })
            }
            Wish::Drafts => None,
        };
        let of = Of { bulk, change, from, survey: &survey };
        let roots = outermost_first(store, id, &bulk.selection.scopes)?;
        let spreads = |root: &ScopeKey| bulk.selection.below && root.level != Level::Project;
        for roots in roots.chunk_by(|one, next| !spreads(one) && !spreads(next)) {
            match roots {
                [root] if spreads(root) => survey.visit(*root, |scope, kept, ground| {
                    let below = scope.listed.key != *root;
                    if below { self.met(&of, scope, kept, ground) } else { Ok(()) }
                })?,
                named => survey
                    .each(named, |scope, kept, ground| self.named(&of, scope, kept, &ground))?,
            }
        }
        self.writing.finish()?;
        Ok(survey.read_from())
    }

    /// A scope met on the way through a subtree: left alone where it is archived, and where
    /// nothing is stored that could go back, or on or off.
    fn met(
        &mut self,
        of: &Of<'_>,
        scope: &Scope,
        kept: Option<&Kept>,
        mut ground: Ground,
    ) -> Result<()> {
        if !self.wanted(of, scope, kept, &ground) {
            return Ok(());
        }
        ground.archived &= !of.bulk.selection.filter.archived;
        let keeps = |change: &&Change| {
            matches!(change, Change::UseDefault | Change::Disable | Change::Enable)
        };
        match (&ground.known, of.change.as_ref().filter(keeps)) {
            // Who has nothing is not given something because of where it stands. It is off, and has
            // no settings of its own; but it is not on already: that is left to say why not.
            (Known::NotSet, Some(Change::UseDefault | Change::Disable)) => {
                self.writing.same();
                Ok(())
            }
            (Known::Off, Some(change)) => self.leave_unasked(of, change, scope, &ground),
            // It has no place there, and is neither as wanted nor left out.
            (Known::Unavailable(Unavailable::Level), _) => Ok(()),
            _ => self.take(of, scope, kept, &ground),
        }
    }

    /// A scope that lists no active row, and of which nobody knows more: off is as wanted where it
    /// is switched off. Otherwise a row that is off may stand there, which is not as wanted, and
    /// nothing that may not be there is touched.
    fn leave_unasked(
        &mut self,
        of: &Of<'_>,
        change: &Change,
        scope: &Scope,
        ground: &Ground,
    ) -> Result<()> {
        let why = match of.survey.decide(change, ground) {
            Err(skip) if skip.is_so_already() => {
                self.writing.same();
                return Ok(());
            }
            Err(skip) => skip,
            Ok(_) => Skip::NotAsked,
        };
        self.skip(scope.listed.key, scope.listed.path.clone(), &why)
    }

    /// A scope named itself.
    fn named(
        &mut self,
        of: &Of<'_>,
        scope: &Scope,
        kept: Option<&Kept>,
        ground: &Ground,
    ) -> Result<()> {
        if self.wanted(of, scope, kept, ground) {
            self.take(of, scope, kept, ground)
        } else {
            Ok(())
        }
    }

    /// Whether a scope is meant, and was not met before.
    fn wanted(&mut self, of: &Of<'_>, scope: &Scope, kept: Option<&Kept>, ground: &Ground) -> bool {
        let key = scope.listed.key;
        of.from != Some(key)
            && self.seen.insert(key)
            && of.bulk.selection.filter.holds(scope, kept, ground.known.state())
    }

    fn take(
        &mut self,
        of: &Of<'_>,
        scope: &Scope,
        kept: Option<&Kept>,
        ground: &Ground,
    ) -> Result<()> {
        let read = read_at(scope, kept);
        let (key, path) = (scope.listed.key, scope.listed.path.clone());
        let wanted;
        let change = match &of.change {
            Some(change) => change,
            None => match drafted(of.survey, scope, ground)? {
                Ok(change) => {
                    wanted = change;
                    &wanted
                }
                Err(why) => return self.skip(key, path, &why),
            },
        };
        match of.survey.decide(change, ground) {
            Ok(step) => {
                of.survey.rests_on(read);
                if step.action == Action::UseDefault {
                    of.survey.takes(&step);
                }
                Ok(self.writing.step(step, path)?)
            }
            // Of a draft somebody wants to know what became of it.
            Err(skip) if skip.is_so_already() && of.change.is_some() => {
                self.writing.same();
                Ok(())
            }
            Err(skip) => self.skip(key, path, &skip),
        }
    }

    fn skip(&mut self, scope: ScopeKey, path: String, why: &dyn std::fmt::Display) -> Result<()> {
        Ok(self.writing.skip(Skipped { scope, path, why: why.to_string() })?)
    }
}
