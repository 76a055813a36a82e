//! The journal of writes. A step is written down before its request is sent, and its outcome
//! after it was read back: whatever happens in between can be seen and followed up.

use heirloom_core::ids::ConnectionId;
use heirloom_core::plan::{Snapshot, Step};
use jiff::Timestamp;
use rusqlite::params;
use serde::{Deserialize, Serialize};

use crate::cache::facts::{id_number, level_number, to_json};
use crate::{Error, Result, Store};

/// A run's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunId(pub u32);

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// It was sent, and what became of it could not be read.
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

impl Store {
    /// Begins a run and writes down all its steps, none of them sent yet.
    ///
    /// # Errors
    /// When the database refuses; then nothing may be sent.
    pub fn begin_run(
        &self,
        connection: ConnectionId,
        steps: Vec<(Step, String)>,
        now: Timestamp,
    ) -> Result<RunId> {
        self.write(move |db| {
            let journal = db.app.transaction()?;
            journal.execute(
                "INSERT INTO run (connection, started_at) VALUES (?1, ?2)",
                params![connection.0, now.as_millisecond()],
            )?;
            let run = u32::try_from(journal.last_insert_rowid())
                .map_err(|error| Error::Content { what: "run.id", why: error.to_string() })?;
            for (number, (step, path)) in (1_i64..).zip(&steps) {
                let action = to_json("step.action", &step.action)?;
                journal.execute(
                    "INSERT INTO step (run, number, level, scope_id, path, slug, action, before, \
                       after, intended_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                    params![
                        run,
                        number,
                        level_number(step.scope.level),
                        id_number(step.scope)?,
                        path,
                        step.slug.as_str(),
                        action.trim_matches('"'),
                        to_json("step.before", &step.before)?,
                        to_json("step.after", &step.after)?,
                        now.as_millisecond(),
                    ],
                )?;
            }
            journal.commit()?;
            Ok(RunId(run))
        })
    }

    /// Writes down how a step ended, with the row that was found in the end.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn end_step(
        &self,
        run: RunId,
        number: u32,
        outcome: Outcome,
        why: Option<String>,
        found: Option<Snapshot>,
        now: Timestamp,
    ) -> Result<()> {
        self.write(move |db| {
            let found = found.map(|row| to_json("step.found", &row)).transpose()?;
            db.app.execute(
                "UPDATE step SET outcome = ?3, why = ?4, found = ?5, ended_at = ?6 \
                 WHERE run = ?1 AND number = ?2",
                params![run.0, number, outcome.name(), why, found, now.as_millisecond()],
            )?;
            Ok(())
        })
    }

    /// Closes a run.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn end_run(&self, run: RunId, now: Timestamp) -> Result<()> {
        self.write(move |db| {
            db.app.execute(
                "UPDATE run SET finished_at = ?2 WHERE id = ?1",
                params![run.0, now.as_millisecond()],
            )?;
            Ok(())
        })
    }
}
