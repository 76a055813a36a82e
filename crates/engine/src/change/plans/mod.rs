//! Plans: made, kept in the journal, looked at, then applied once or thrown away.

mod bulk;
mod drafts;
mod view;

pub use bulk::unasked;
pub(super) use drafts::drafted;
pub use drafts::{DraftSkip, DraftsPlanned};
pub(super) use view::{gone, planned};

use heirloom_core::catalog::Integration;
use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::plan::{Refusal, Step, use_default};
use heirloom_core::row::{Agrees, Known, Link, Row};
use heirloom_store::Store;
use heirloom_store::app::connections::{Access, Connection, Safety};
use heirloom_store::app::journal::{NewPlan, RunId, Skipped};
use heirloom_store::cache::scopes::Scope;
use jiff::{SignedDuration, Timestamp};

use super::about::About;
use super::blast::{self, Blast};
use super::ground::Place;
use super::refresh::named;
use super::request::Request;
use super::{known_kind, snapshot};
use crate::query::items::version_why;
use crate::query::{Default, Item, server_version};
use crate::{Engine, Error, Result};

/// How long a plan may lie before its data is too old.
pub(super) const LIFETIME: SignedDuration = SignedDuration::from_mins(60);

/// Two clocks, or one before and after it was corrected, may differ by so much.
pub(super) const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(5);

/// Plans that nobody applied are thrown away after so long.
pub(super) const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Scopes that one change may touch before the number must be typed.
const LARGE: u32 = 25;

/// A plan, with as much of it as one look takes in; [`Engine::plan_steps`] and its kin show the
/// rest.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its number in the journal.
    pub id: RunId,
    /// The connection.
    pub connection: ConnectionId,
    /// The integration.
    pub integration: &'static Integration,
    /// When it was made.
    pub made_at: Timestamp,
    /// When the oldest row was read that a step rests on: just then for one scope; for many, when
    /// the local copy was. Each row is read again before it is written.
    pub read_from: Timestamp,
    /// How many steps it has, without those left out.
    pub total: u32,
    /// The first of what would be sent.
    pub steps: Vec<PlannedStep>,
    /// Steps that a person left out, and those that need one of them.
    pub left_out: u32,
    /// Scopes that are as wanted already.
    pub same: u32,
    /// Scopes that get no step.
    pub skipped_total: u32,
    /// The first of them.
    pub skipped: Vec<Skipped>,
    /// How many of them list no active row and were not asked further: a row that is off may stand
    /// there.
    pub unasked: u32,
    /// Requests it will send: each step is read again, written and read back.
    pub requests: u32,
    /// Seconds that takes, or more, at the pace at which GitLab answered last and within its
    /// limits; none: less than one, or this program did not ask it enough yet to know.
    pub seconds: Option<u32>,
    /// Secret fields that some steps need.
    pub secrets: Vec<String>,
    /// Who else is touched.
    pub blast: Blast,
    /// How it must be confirmed.
    pub confirm: Confirm,
}

/// A step with what is needed to show it.
#[derive(Clone, Debug)]
pub struct PlannedStep {
    /// Its number.
    pub number: u32,
    /// The write.
    pub step: Step,
    /// The integration.
    pub integration: &'static Integration,
    /// Where.
    pub scope: Scope,
    /// Where the settings come from, for *use default settings*.
    pub source: Option<Scope>,
}

/// How a plan must be confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirm {
    /// By a button.
    Dialog,
    /// By typing the number of scopes that change.
    TypeCount(u32),
}

/// When a plan made at this time gets too old to be applied.
pub fn plan_expires(made_at: Timestamp) -> Timestamp {
    made_at.saturating_add(LIFETIME).unwrap_or(Timestamp::MAX)
}

impl Engine {
    /// Plans a change, after reading again what it rests on.
    ///
    /// # Errors
    /// When the connection may not write, GitLab does not answer, the draft has problems, or the
    /// change is not possible there.
    pub async fn plan(&self, id: ConnectionId, request: Request) -> Result<Plan> {
        let connection = self.connection(id).await?;
        may_write(&connection)?;
        let client = self.client(&connection).await?;
        let (scope, slug) = request.place();
        let slug = slug.clone();
        let server = server_version(&connection);
        possible(known_kind(&slug)?, scope.level, server)?;
        let lineage = self.refresh_chain(id, scope, &slug, &client).await?;
        let planned_at = self.now();
        let run = self
            .blocking(move |engine| {
                let store = engine.store();
                let place = Place { store, id, scope, slug: &slug, server };
                let step = place.step(&request)?;
                let path = lineage.last().map(|it| it.listed.path.clone()).unwrap_or_default();
                let about = About::of_one(step.action, path.clone());
                store.forget_plans(planned_at - KEPT_FOR)?;
                let plan = NewPlan {
                    connection: id,
                    slug: slug.clone(),
                    begun_at: planned_at,
                    undoes: None,
                };
                let run = store.begin_plan(plan)?;
                let mut writing = store.write_plan(run, planned_at);
                let made = writing
                    .step(step, path)
                    .and_then(|()| writing.finish())
                    .map_err(Error::from)
                    .and_then(|()| about.note(store, run))
                    .and_then(|()| blast::write_down(store, id, &slug, run));
                whole(store, run, planned_at, made)
            })
            .await?;
        self.show_plan(run).await
    }

    /// Throws a plan away that was not begun.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn discard_plan(&self, run: RunId) -> Result<()> {
        self.db(move |store| store.discard_plan(run)).await?;
        self.changed();
        Ok(())
    }
}

/// A plan that was made, or thrown away where it could not be.
pub(super) fn whole(
    store: &Store,
    run: RunId,
    planned_at: Timestamp,
    made: Result<()>,
) -> Result<RunId> {
    match made.and_then(|()| Ok(store.finish_plan(run, planned_at)?)) {
        Ok(()) => Ok(run),
        Err(error) => {
            store.discard_plan(run)?;
            Err(error)
        }
    }
}

/// What *Use default settings* would send, as far as the cache tells. None: there is no default,
/// or it is in use already.
pub(crate) fn use_default_step(
    scope: ScopeKey,
    slug: &Slug,
    item: &Item,
    default: &Default,
) -> Option<std::result::Result<Step, Refusal>> {
    let integration = item.integration?;
    let source = named(default.source)?;
    let row = default.row.as_ref()?;
    let in_use = matches!(
        item.known,
        Known::Row(Row {
            link: Link::Inherited { agrees: Agrees::Yes | Agrees::Unread, .. },
            active: true
        })
    );
    if in_use || matches!(item.known, Known::Unavailable(_) | Known::Unknown(_)) {
        return None;
    }
    let before = snapshot(item.kept.as_ref(), default);
    Some(use_default(integration, scope, slug, &before, source, &snapshot(Some(row), default)))
}

/// Whether a connection may write.
///
/// # Errors
/// Why it may not, and what to do about it.
pub fn may_write(connection: &Connection) -> Result<()> {
    if connection.details.access == Access::ReviewOnly {
        return Err(Error::ReadOnly(
            "The token’s scope is read_api: it may look, not change. Replace it with one of scope \
             api"
            .into(),
        ));
    }
    if connection.details.safety == Safety::ReadOnly {
        return Err(Error::ReadOnly(
            "This connection is set to read-only. Change that in its settings first".into(),
        ));
    }
    Ok(())
}

/// Refuses, before anything is asked or checked, what no draft could bring about.
fn possible(integration: &Integration, level: Level, server: (u32, u32)) -> Result<()> {
    let refusal = if !integration.rest || integration.read_only {
        Refusal::NoApi(integration.title)
    } else if !integration.levels.contains(level) {
        Refusal::Level(integration.title)
    } else if level == Level::Instance {
        Refusal::Instance
    } else if let Some(why) = version_why(integration, server) {
        return Err(Error::NotPossible(format!("{}: {why}", integration.title)));
    } else {
        return Ok(());
    };
    Err(Error::NotPossible(refusal.to_string()))
}

/// How a change of so many scopes must be confirmed.
pub(super) fn confirm(connection: &Connection, touched: u32) -> Confirm {
    let always = connection.details.safety == Safety::ConfirmEach;
    if touched > LARGE || (always && touched > 1) {
        Confirm::TypeCount(touched)
    } else {
        Confirm::Dialog
    }
}
