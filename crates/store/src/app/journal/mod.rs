//! Plans and the journal of writes. A step is written down when it is planned, marked before its
//! first request, and its outcome noted after it was read back: whatever happens in between can be
//! seen and followed up.

mod aside;
mod find;
mod left;
mod plans;
mod steps;
mod writing;

use heirloom_core::ids::{ConnectionId, Slug};
use heirloom_core::plan::Step;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::aside::{Drawing, GroupStep, Skipped, Touched};
pub use self::find::{StepFilter, StepGroup, Which};
pub use self::left::Standing;
pub use self::plans::{Needs, NewPlan};
pub use self::steps::{Ended, Turn};
pub use self::writing::Writing;
pub use heirloom_core::plan::Touch;

/// A run's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub u32);

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Looked at, perhaps; nothing of it was sent.
    Planned,
    /// It is being applied, or was when its program ended.
    Running,
    /// Stopped before its end; it can go on.
    Paused,
    /// It is over.
    Ended,
}

impl RunState {
    /// Its name in the journal and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Ended => "ended",
        }
    }
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Written, and read back as planned.
    Applied,
    /// It already was so; nothing was sent.
    Already,
    /// The row moved since it was planned; nothing was sent.
    Conflict,
    /// GitLab refused it; nothing was changed.
    Refused,
    /// It could not be sent.
    Failed,
    /// It was sent, and what became of it could not be read, or may still come.
    Unknown,
}

impl Outcome {
    /// Its name in the journal and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Already => "already",
            Self::Conflict => "conflict",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

/// A run, with its steps counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunNote {
    /// Its number.
    pub id: RunId,
    /// Whose.
    pub connection: ConnectionId,
    /// How far it is.
    pub state: RunState,
    /// The integration it changes.
    pub slug: Option<Slug>,
    /// When it was planned.
    pub planned_at: Timestamp,
    /// When it was begun; of a plan, when it was planned.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// The run whose steps it takes back.
    pub undoes: Option<RunId>,
    /// Its steps, without those left out.
    pub counts: Counts,
    /// Steps that a plan leaves out; of a run they are among those skipped.
    pub left_out: u32,
    /// Scopes that were asked for and are as wanted.
    pub same: u32,
    /// Scopes that were asked for and have no step.
    pub skipped: u32,
    /// What it was asked for, as noted by whoever made it.
    pub about: Option<String>,
}

/// Steps of a run by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All.
    pub steps: u32,
    /// [`Outcome::Applied`].
    pub applied: u32,
    /// [`Outcome::Already`].
    pub already: u32,
    /// [`Outcome::Conflict`].
    pub conflicts: u32,
    /// [`Outcome::Refused`].
    pub refused: u32,
    /// [`Outcome::Failed`].
    pub failed: u32,
    /// [`Outcome::Unknown`].
    pub unknown: u32,
}

impl Counts {
    /// Steps without an outcome.
    pub const fn open(&self) -> u32 {
        let ended = self.applied
            + self.already
            + self.conflicts
            + self.refused
            + self.failed
            + self.unknown;
        self.steps.saturating_sub(ended)
    }

    /// Counts one more.
    pub const fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Applied => self.applied += 1,
            Outcome::Already => self.already += 1,
            Outcome::Conflict => self.conflicts += 1,
            Outcome::Refused => self.refused += 1,
            Outcome::Failed => self.failed += 1,
            Outcome::Unknown => self.unknown += 1,
        }
    }
}

/// A step as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalStep {
    /// The run it belongs to.
    pub run: RunId,
    /// Its number in the run, from 1.
    pub number: u32,
    /// The path at that time.
    pub path: String,
    /// The write.
    pub step: Step,
    /// When it was planned.
    pub intended_at: Timestamp,
    /// Just before its first request; without an outcome, it may have arrived.
    pub sent_at: Option<Timestamp>,
    /// How it ended; none: it is still to be done, or nobody knows.
    pub outcome: Option<Outcome>,
    /// GitLab's words and ours.
    pub why: Option<String>,
    /// The row that was found in the end.
    pub found: Option<heirloom_core::plan::Snapshot>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// A plan leaves it out: by its own number a person's wish, by another's since it needs that
    /// one, which is left out.
    pub left_out: Option<u32>,
    /// When a person left it as GitLab has it, however it ended.
    pub kept_at: Option<Timestamp>,
}
