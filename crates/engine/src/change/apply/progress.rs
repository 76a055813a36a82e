//! Where a connection's apply stands. Read by the window, written by the job.

use std::sync::Mutex;

use heirloom_store::app::journal::{Counts, Outcome, RunId, RunState};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::engine::lock;

/// How a run is to stop before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// It goes on later.
    Pause,
    /// It does not.
    Cancel,
}

/// Where an apply stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// The run under way; none: nothing is applied.
    pub run: Option<RunId>,
    /// Its steps, counted.
    pub counts: Counts,
    /// When it was begun, or gone on with.
    pub since: Option<Timestamp>,
    /// Steps that had ended by then.
    pub before: u32,
    /// *Pause* or *Cancel* was asked for.
    pub stopping: bool,
    /// The last run that stopped before its end, and why.
    pub left: Option<(RunId, String)>,
}

#[derive(Default)]
struct State {
    status: Status,
    stop: Option<Stop>,
    /// Tells those who wait that it is to stop.
    stopped: CancellationToken,
    why: Option<String>,
}

/// The shared state behind [`Status`].
#[derive(Default)]
pub(crate) struct Progress(Mutex<State>);

impl Progress {
    pub(crate) fn status(&self) -> Status {
        lock(&self.0).status.clone()
    }

    /// A run begins. What is returned is cancelled once it is to stop, for whatever reason.
    pub(super) fn begin(&self, run: RunId, counts: Counts, now: Timestamp) -> CancellationToken {
        let before = counts.steps - counts.open();
        let status =
            Status { run: Some(run), counts, since: Some(now), before, ..Status::default() };
        let stopped = CancellationToken::new();
        *lock(&self.0) = State { status, stopped: stopped.clone(), ..State::default() };
        stopped
    }

    pub(super) fn ended(&self, outcome: Outcome) {
        lock(&self.0).status.counts.add(outcome);
    }

    /// Asks the run to stop; `false` if none runs.
    pub(super) fn stop(&self, stop: Stop) -> bool {
        let mut state = lock(&self.0);
        let runs = state.status.run.is_some();
        if runs {
            // Who cancels does not want it to go on, whatever came before.
            state.stop = Some(state.stop.filter(|it| *it == Stop::Cancel).unwrap_or(stop));
            state.status.stopping = true;
            state.stopped.cancel();
        }
        runs
    }

    /// Holds the run because nothing more can be done for now.
    pub(super) fn hold(&self, why: String) {
        self.stop(Stop::Pause);
        lock(&self.0).why.get_or_insert(why);
    }

    pub(super) fn stopping(&self) -> bool {
        lock(&self.0).stop.is_some()
    }

    /// It is to stop for good: nobody goes on with what is left.
    pub(super) fn cancelled(&self) -> bool {
        lock(&self.0).stop == Some(Stop::Cancel)
    }

    /// How the run is left, and why if it was not asked for.
    pub(super) fn verdict(&self) -> (RunState, Option<String>) {
        let state = lock(&self.0);
        let open = state.status.counts.open() > 0;
        match (&state.stop, open) {
            (Some(Stop::Pause), true) => {
                let why = state.why.clone().unwrap_or_else(|| "Paused".into());
                (RunState::Paused, Some(why))
            }
            (Some(Stop::Cancel), true) => {
                (RunState::Ended, Some("Cancelled. What was applied stays".into()))
            }
            (None, true) => {
                let why =
                    "Some of what was sent could not be read back, and may be looked at again";
                (RunState::Paused, Some(why.into()))
            }
            (_, false) => (RunState::Ended, None),
        }
    }

    /// Nothing is applied any more. `left` says which run stopped before its end, and why.
    pub(super) fn end(&self, left: Option<(RunId, String)>) {
        *lock(&self.0) = State { status: Status { left, ..Status::default() }, ..State::default() };
    }
}
