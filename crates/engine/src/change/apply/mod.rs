//! Applying a run: journal, read again, write, read back, journal, cache. Steps run side by side;
//! a run can be paused, cancelled and gone on with, also after its program ended.

mod end;
mod fresh;
mod lost;
pub mod progress;
mod scribe;
mod send;
mod source;
mod step;
mod turns;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use heirloom_core::ids::ConnectionId;
use heirloom_core::plan::changes;
use heirloom_core::settings::Pair;
use heirloom_gitlab::Client;
use heirloom_store::app::connections::Connection;
use heirloom_store::app::journal::{Counts, JournalStep, Outcome, RunId, RunNote, RunState};
use heirloom_store::cache::scopes::Scope;

use self::fresh::fresh;
use self::lost::Lost;
use self::progress::Stop;
use self::source::Sources;
use super::plans::{Confirm, may_write};
use super::remember::{Keeper, Recall};
use super::secrets::Secrets;
use super::{known_kind, plans};
use crate::engine::{Live, lock};
use crate::locks::{self, Held, Work};
use crate::{Engine, Error, Result};

pub use self::fresh::{DEFAULT_PLAN_DATA_HOURS, PLAN_DATA_HOURS};

/// Steps taken out of the journal at once, and told of in a result.
const WINDOW: u32 = 200;

/// What came of a run, so far or in the end.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its number in the journal.
    pub id: RunId,
    /// How far it is.
    pub state: RunState,
    /// Its steps, counted.
    pub counts: Counts,
    /// The first steps, in order; [`Engine::outcomes`] gives the others.
    pub outcomes: Vec<StepOutcome>,
    /// Requests that were sent.
    pub requests: u64,
    /// How long it took.
    pub took: Duration,
    /// Why it stopped before its end, if it did.
    pub stopped: Option<String>,
    /// Why the keychain did not keep a secret that it was to remember, if one. The steps are as
    /// they are all the same.
    pub not_remembered: Option<String>,
}

/// What came of a step.
#[derive(Clone, Debug)]
pub struct StepOutcome {
    /// Its number, from 1.
    pub number: u32,
    /// Where.
    pub scope: Scope,
    /// How it ended; none: not yet.
    pub outcome: Option<Outcome>,
    /// GitLab's words and ours, where it did not simply work.
    pub why: Option<String>,
    /// Applied: what was read back, where it is not as planned (planned, found). Conflict: what
    /// moved since (planned on, found).
    pub unexpected: Vec<Pair>,
    /// It was not done, and the row is not as it was before: part of it is there, or may be.
    pub in_part: bool,
}

impl Engine {
    /// Applies a plan, once. `typed_count` is the number typed where the plan asks for one.
    ///
    /// # Errors
    /// Before anything is sent: the plan is gone, or old, or rests on data that is; the confirmation does not fit, the secret
    /// of its only step is missing, the connection may not write, another apply runs, or the
    /// journal cannot be written. What happens to single steps is no error: it is in the run.
    pub async fn apply(
        &self,
        run: RunId,
        secrets: Secrets,
        typed_count: Option<u32>,
    ) -> Result<Run> {
        self.begin_run(run, secrets, typed_count).await?.finish().await
    }

    /// Begins to apply a plan: whatever stops it from starting at all is said here, the rest is
    /// done by [`Begun::finish`].
    ///
    /// # Errors
    /// As [`Engine::apply`].
    pub async fn begin_run(
        &self,
        run: RunId,
        secrets: Secrets,
        typed_count: Option<u32>,
    ) -> Result<Begun> {
        let plan = self.show_plan(run).await?;
        if plan.total == 0 {
            return Err(Error::NotPossible(
                "Every step is left out: there is nothing to apply".into(),
            ));
        }
        let hours = self.plan_data_hours().await?;
        fresh(plan.made_at, plan.read_from, hours, self.now())?;
        if let Confirm::TypeCount(count) = plan.confirm
            && typed_count != Some(count)
        {
            return Err(Error::PlanOutdated(format!("Type {count} to confirm")));
        }
        if let [only] = plan.steps.as_slice()
            && let Some(field) = self.recall(run).await?.missing(&only.step, &secrets)
        {
            return Err(Error::Invalid {
                field: field.to_owned(),
                message: "must be entered to save".into(),
            });
        }
        self.prepare(plan.connection, run, &[RunState::Planned], secrets).await
    }

    /// Goes on with a run that was paused, or whose program ended. What may have been sent is
    /// looked up, not assumed.
    ///
    /// # Errors
    /// As [`Engine::apply`], and when the run is over.
    pub async fn resume(&self, run: RunId, secrets: Secrets) -> Result<Run> {
        self.begin_again(run, secrets).await?.finish().await
    }

    /// Begins to go on with a run; the rest is done by [`Begun::finish`].
    ///
    /// # Errors
    /// As [`Engine::resume`].
    pub async fn begin_again(&self, run: RunId, secrets: Secrets) -> Result<Begun> {
        let note = self.db(move |store| store.run(run)).await?;
        self.prepare(note.connection, run, &[RunState::Running, RunState::Paused], secrets).await
    }

    /// Ends a run that is not going on: its open steps stay undone.
    ///
    /// # Errors
    /// When it is being applied, or the disk refuses.
    pub async fn close_run(&self, run: RunId) -> Result<()> {
        let note = self.db(move |store| store.run(run)).await?;
        let _held = locks::take(self.store().folder(), note.connection, Work::Apply)?;
        let now = self.now();
        self.db(move |store| {
            store.move_run(run, &[RunState::Running, RunState::Paused], RunState::Ended, now)
        })
        .await?;
        self.changed();
        Ok(())
    }

    /// Where a connection's apply stands.
    pub fn apply_status(&self, id: ConnectionId) -> progress::Status {
        self.live(id).apply.status()
    }

    /// Holds the run after the steps under way; it can go on later.
    pub fn pause_apply(&self, id: ConnectionId) {
        self.stop_apply(id, Stop::Pause);
    }

    /// Ends the run after the steps under way. The other steps stay undone.
    pub fn cancel_apply(&self, id: ConnectionId) {
        self.stop_apply(id, Stop::Cancel);
    }

    fn stop_apply(&self, id: ConnectionId, stop: Stop) {
        if self.live(id).apply.stop(stop) {
            self.changed();
        }
    }

    /// A run, with its steps counted.
    ///
    /// # Errors
    /// When there is none with this number.
    pub async fn run(&self, run: RunId) -> Result<RunNote> {
        self.db(move |store| store.run(run)).await
    }

    /// The runs of a connection, latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn runs(&self, id: ConnectionId, offset: u32, limit: u32) -> Result<Vec<RunNote>> {
        self.db(move |store| store.runs(id, offset, limit)).await
    }

    async fn recall(&self, run: RunId) -> Result<Recall> {
        self.blocking(move |engine| Recall::of(engine.store(), &engine.store().run(run)?)).await
    }

    async fn prepare(
        &self,
        id: ConnectionId,
        run: RunId,
        from: &'static [RunState],
        secrets: Secrets,
    ) -> Result<Begun> {
        let connection = self.connection(id).await?;
        may_write(&connection)?;
        let client = self.client(&connection).await?;
        if secrets.to_remember() {
            self.secret_place(&connection.details).check().await?;
        }
        let recall = self.recall(run).await?;
        let keeper = Keeper::of(self, &connection, run)?;
        let held = locks::take(self.store().folder(), id, Work::Apply)?;
        let now = self.now();
        if !self.db(move |store| store.move_run(run, from, RunState::Running, now)).await? {
            return Err(plans::gone());
        }
        let note = self.db(move |store| store.run(run)).await?;
        let live = self.live(id);
        let stopped = live.apply.begin(run, note.counts, self.now());
        self.changed();
        Ok(Begun(Job {
            engine: self.clone(),
            connection,
            ending: client.hurried_by(stopped.clone()),
            client: client.until(stopped),
            live: Arc::clone(&live),
            run,
            alone: note.counts.steps == 1,
            secrets,
            recall,
            keeper,
            not_remembered: Mutex::default(),
            sources: Sources::default(),
            lost: Lost::default(),
            _under_way: UnderWay(live),
            _held: held,
        }))
    }
}

/// A run that was begun. Dropped before its end, it is as if the program had ended: it can be gone
/// on with.
#[must_use]
pub struct Begun(Job);

impl Begun {
    /// Applies it to its end, or until it is stopped.
    ///
    /// # Errors
    /// When the local databases cannot be used. What happens to single steps is in the run.
    pub async fn finish(self) -> Result<Run> {
        let Self(job) = self;
        let (engine, run, client) = (job.engine.clone(), job.run, job.client.clone());
        let before = client.request_counts().total;
        let begun = std::time::Instant::now();
        let done = job.steps().await;
        let (state, stopped) = job.live.apply.verdict();
        let state = if done.is_err() { RunState::Paused } else { state };
        let now = engine.now();
        let moved =
            engine.db(move |store| store.move_run(run, &[RunState::Running], state, now)).await;
        // Whatever the disk says, nothing is applied any more.
        let why = done.as_ref().err().map(ToString::to_string).or_else(|| stopped.clone());
        job.live.apply.end(why.map(|why| (run, why)));
        let not_remembered = lock(&job.not_remembered).take();
        *lock(&job.live.not_remembered) = not_remembered.clone().map(|why| (run, why));
        drop(job);
        engine.changed();
        done?;
        moved?;
        let note = engine.db(move |store| store.run(run)).await?;
        Ok(Run {
            id: run,
            state,
            counts: note.counts,
            outcomes: engine.outcomes(run, 0, WINDOW).await?,
            requests: client.request_counts().total - before,
            took: begun.elapsed(),
            stopped,
            not_remembered,
        })
    }
}

/// Nobody is told that something is applied once it is not.
struct UnderWay(Arc<Live>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        if self.0.apply.status().run.is_some() {
            self.0.apply.end(None);
        }
    }
}

/// A run under way.
struct Job {
    engine: Engine,
    connection: Connection,
    /// For what is not begun yet: once the run is to stop it sends nothing more.
    client: Client,
    /// For what is: it still ends it, if that takes no waiting for the server.
    ending: Client,
    live: Arc<Live>,
    run: RunId,
    /// Its only step: then what hinders the server is that step's own failure.
    alone: bool,
    secrets: Secrets,
    /// What the keychain remembers.
    recall: Recall,
    keeper: Keeper,
    /// Why the first secret was not kept that was to be.
    not_remembered: Mutex<Option<String>>,
    sources: Sources,
    /// What was sent and may still come.
    lost: Lost,
    // Before the lock is free: nobody else's run is under way until then.
    _under_way: UnderWay,
    _held: Held,
}

impl StepOutcome {
    pub(super) fn of(scope: Scope, step: JournalStep) -> Result<Self> {
        let integration = known_kind(&step.step.slug)?;
        let unexpected = match (step.outcome, &step.found) {
            (Some(Outcome::Applied), Some(found)) => {
                changes(integration, &step.step.after, &step.step.as_far_as_planned(found))
            }
            (Some(Outcome::Conflict), Some(found)) => {
                changes(integration, &step.step.before, found)
            }
            (Some(Outcome::Failed), Some(found)) if !found.same(integration, &step.step.before) => {
                changes(integration, &step.step.after, &step.step.as_far_as_planned(found))
            }
            _ => Vec::new(),
        };
        let in_part = match (step.outcome, &step.found) {
            (Some(Outcome::Unknown), _) => true,
            (Some(Outcome::Failed), Some(found)) => !found.same(integration, &step.step.before),
            (None, _) => step.sent_at.is_some(),
            _ => false,
        };
        let (number, outcome, why) = (step.number, step.outcome, step.why);
        Ok(Self { number, scope, outcome, why, unexpected, in_part })
    }
}
