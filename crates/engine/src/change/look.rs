//! Looking at plans and runs a window at a time.

use heirloom_core::catalog::Integration;
use heirloom_core::ids::ConnectionId;
use heirloom_store::Store;
use heirloom_store::app::journal::{
    JournalStep, RunId, RunNote, RunState, Skipped, StepFilter, StepGroup, Touch, Touched, Which,
};

use super::about::About;
use super::apply::StepOutcome;
use super::apply::progress::Status;
use super::ask::Asking;
use super::follow::Following;
use super::known_kind;
use super::plans::{PlannedStep, planned};
use super::remember::{Recall, SecretNeeds, secret_needs};
use crate::engine::lock;
use crate::locks::{self, Work};
use crate::{Engine, Error, Result};

/// Most rows one window may ask for.
const WINDOW: u32 = 500;

/// Plans and open runs that a tray holds at most; older ones are found in history.
const TRAY: u32 = 100;

/// A plan or run with what it is about.
#[derive(Clone, Debug)]
pub struct RunSummary {
    /// How far it is, and its steps counted.
    pub note: RunNote,
    /// What it was asked for.
    pub about: About,
    /// The integration it changes.
    pub integration: Option<&'static Integration>,
}

/// What waits for a person.
#[derive(Clone, Debug)]
pub struct Tray {
    /// Plans that were not begun, latest first.
    pub plans: Vec<RunSummary>,
    /// Runs that are under way, paused, or were cut short, latest first.
    pub open: Vec<RunSummary>,
}

/// A run as it stands.
#[derive(Clone, Debug)]
pub struct RunView {
    /// What it is, and its steps counted.
    pub summary: RunSummary,
    /// This program is applying it.
    pub status: Option<Status>,
    /// Another program is applying it.
    pub elsewhere: Option<String>,
    /// Why it stopped before its end, as far as this program saw it.
    pub left: Option<String>,
    /// How far what it changed came to those who inherit it.
    pub following: Option<Following>,
    /// Steps that did not simply work and that nobody decided on yet.
    pub needs_you: u32,
    /// Secrets that steps still to be done need: what was typed is forgotten. None while this
    /// program is applying it.
    pub secrets: SecretNeeds,
    /// Why the keychain did not keep a secret that the run was to remember, as far as this
    /// program saw it.
    pub not_remembered: Option<String>,
    /// Those whom the plan may switch on are being looked up.
    pub asking: Option<Asking>,
}

/// A step in a list of them.
#[derive(Clone, Debug)]
pub struct StepLine {
    /// As it is written down.
    pub journal: JournalStep,
    /// Secret fields that it needs and the keychain does not remember.
    pub lacks: Vec<String>,
    /// It is left out since it needs the step of this scope, which is.
    pub left_out_with: Option<String>,
}

/// One step with all there is to know of it.
#[derive(Clone, Debug)]
pub struct StepView {
    /// What was planned.
    pub planned: PlannedStep,
    /// What came of it.
    pub outcome: StepOutcome,
    /// As a list has it.
    pub line: StepLine,
}

impl StepLine {
    fn of(store: &Store, recall: &Recall, journal: JournalStep) -> Result<Self> {
        let other = journal.left_out.filter(|it| *it != journal.number);
        let other = other.map(|it| store.step(journal.run, it)).transpose()?.flatten();
        let left_out_with = other.map(|it| it.path);
        Ok(Self { lacks: recall.lacks(&journal.step), left_out_with, journal })
    }
}

impl Engine {
    /// Plans not yet begun and runs not yet over.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tray(&self, id: ConnectionId) -> Result<Tray> {
        self.blocking(move |engine| {
            let of = |states: &[RunState]| {
                let (_, notes) = engine.store().runs_in(id, states, 0, TRAY)?;
                Ok::<_, Error>(notes.into_iter().map(RunSummary::of).collect())
            };
            Ok(Tray {
                plans: of(&[RunState::Planned])?,
                open: of(&[RunState::Running, RunState::Paused])?,
            })
        })
        .await
    }

    /// A window of the runs that are over, latest first, with how many there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn past_runs(
        &self,
        id: ConnectionId,
        offset: u32,
        limit: u32,
    ) -> Result<(u32, Vec<RunSummary>)> {
        let (total, notes) = self
            .db(move |store| store.runs_in(id, &[RunState::Ended], offset, limit.min(WINDOW)))
            .await?;
        Ok((total, notes.into_iter().map(RunSummary::of).collect()))
    }

    /// A plan or run as it stands.
    ///
    /// # Errors
    /// When there is none with this number.
    pub async fn run_view(&self, run: RunId) -> Result<RunView> {
        self.blocking(move |engine| {
            let store = engine.store();
            let note = store.run(run)?;
            let live = engine.live(note.connection);
            let status = live.apply.status();
            let here = status.run == Some(run);
            let elsewhere = if note.state == RunState::Running && !here {
                match locks::take(store.folder(), note.connection, Work::Apply) {
                    Err(Error::Busy { holder, .. }) => Some(holder),
                    // Nobody applies it: its program ended.
                    _ => None,
                }
            } else {
                None
            };
            let filter = StepFilter { which: Which::NeedsYou, ..StepFilter::default() };
            let (needs_you, _) = store.find_steps(run, &filter, 0, 0)?;
            // A run that goes on here has changed nothing yet that is followed.
            let following = if here { None } else { engine.following_of(&note)? };
            // While it runs here it is looked at often, and is asked for nothing.
            let secrets = if here { SecretNeeds::default() } else { secret_needs(store, &note)? };
            Ok(RunView {
                summary: RunSummary::of(note),
                left: status.left.clone().filter(|(of, _)| *of == run).map(|(_, why)| why),
                status: here.then_some(status),
                elsewhere,
                following,
                needs_you,
                secrets,
                not_remembered: lock(&live.not_remembered)
                    .clone()
                    .filter(|(of, _)| *of == run)
                    .map(|(_, why)| why),
                asking: live.asking_about(run),
            })
        })
        .await
    }

    /// A window of a plan's or run's steps, with how many there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn find_steps(
        &self,
        run: RunId,
        filter: StepFilter,
        offset: u32,
        limit: u32,
    ) -> Result<(u32, Vec<JournalStep>)> {
        self.db(move |store| store.find_steps(run, &filter, offset, limit.min(WINDOW))).await
    }

    /// A window of what came of a run's steps.
    ///
    /// # Errors
    /// When the databases cannot be read.
    pub async fn outcomes(&self, run: RunId, offset: u32, limit: u32) -> Result<Vec<StepOutcome>> {
        self.blocking(move |engine| {
            let store = engine.store();
            outcomes(store, store.connection_of(run)?, run, offset, limit)
        })
        .await
    }

    /// What came of all of a run's steps, for whoever writes it down as it comes: `work` is given
    /// what gives so many of them, past one of a number, and is run away from the async threads.
    ///
    /// # Errors
    /// When there is no such run, or the databases cannot be read.
    pub async fn all_outcomes<T: Send + 'static>(
        &self,
        run: RunId,
        work: impl FnOnce(&dyn Fn(u32, u32) -> Result<Vec<StepOutcome>>) -> T + Send + 'static,
    ) -> Result<T> {
        self.blocking(move |engine| {
            let store = engine.store();
            let connection = store.connection_of(run)?;
            Ok(work(&|past, limit| outcomes(store, connection, run, past, limit)))
        })
        .await
    }

    /// A window of a plan's or run's steps as [`Engine::find_steps`] has it, each with what a list
    /// says of it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn step_lines(
        &self,
        run: RunId,
        filter: StepFilter,
        offset: u32,
        limit: u32,
    ) -> Result<(u32, Vec<StepLine>)> {
        self.blocking(move |engine| {
            let store = engine.store();
            let (total, found) = store.find_steps(run, &filter, offset, limit.min(WINDOW))?;
            let recall = Recall::of(store, &store.run(run)?)?;
            let line = |journal| StepLine::of(store, &recall, journal);
            Ok((total, found.into_iter().map(line).collect::<Result<_>>()?))
        })
        .await
    }

    /// How many of a plan's or run's steps do what.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn step_groups(&self, run: RunId, filter: StepFilter) -> Result<Vec<StepGroup>> {
        self.db(move |store| store.step_groups(run, &filter)).await
    }

    /// One step of a plan or run.
    ///
    /// # Errors
    /// When there is none with this number, or its scope is in the local copy no more.
    pub async fn step(&self, run: RunId, number: u32) -> Result<StepView> {
        self.blocking(move |engine| {
            let store = engine.store();
            let note = store.run(run)?;
            let id = note.connection;
            let missing = || Error::NotFound(format!("step {number} of run {}", run.0));
            let journal = store.step(run, number)?.ok_or_else(missing)?;
            let mut shown = planned(store, id, vec![journal.clone()])?;
            Ok(StepView {
                planned: shown.pop().ok_or_else(missing)?,
                outcome: StepOutcome::of(store.scope(id, journal.step.scope)?, journal.clone())?,
                line: StepLine::of(store, &Recall::of(store, &note)?, journal)?,
            })
        })
        .await
    }

    /// A window of the scopes that get no step and whose path holds a text, with how many there
    /// are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn find_skipped(
        &self,
        run: RunId,
        text: String,
        offset: u32,
        limit: u32,
    ) -> Result<(u32, Vec<Skipped>)> {
        self.db(move |store| store.find_skipped(run, &text, offset, limit.min(WINDOW))).await
    }

    /// A window of a blast radius of one sort, where the path holds a text, with how many there
    /// are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn find_touched(
        &self,
        run: RunId,
        how: Touch,
        text: String,
        offset: u32,
        limit: u32,
    ) -> Result<(u32, Vec<Touched>)> {
        self.db(move |store| store.find_touched(run, how, &text, offset, limit.min(WINDOW))).await
    }
}

fn outcomes(
    store: &Store,
    connection: ConnectionId,
    run: RunId,
    past: u32,
    limit: u32,
) -> Result<Vec<StepOutcome>> {
    let steps = store.steps(run, past, limit)?.into_iter();
    steps.map(|it| StepOutcome::of(store.scope(connection, it.step.scope)?, it)).collect()
}

impl RunSummary {
    fn of(note: RunNote) -> Self {
        let about = About::noted(&note);
        let integration = note.slug.as_ref().and_then(|slug| known_kind(slug).ok());
        Self { note, about, integration }
    }
}
