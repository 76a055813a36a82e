//! The journal of writes. A step is written down before its request is sent, and its outcome
//! after it was read back: whatever happens in between can be seen and followed up.

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::plan::{Action, Snapshot, Step};
use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

use crate::cache::facts::{from_json, id_number, level_number, scope_key, slug, time, to_json};
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

/// A step as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalStep {
    /// The run it belongs to.
    pub run: RunId,
    /// Its number in the run, from 1.
    pub number: u32,
    /// Where.
    pub scope: ScopeKey,
    /// The path at that time.
    pub path: String,
    /// Which integration.
    pub slug: Slug,
    /// What it does.
    pub action: Action,
    /// The row it was planned on.
    pub before: Snapshot,
    /// The row as it was to be.
    pub after: Snapshot,
    /// When it was written down, before anything was sent.
    pub intended_at: Timestamp,
    /// How it ended; none: it was begun, and nobody knows.
    pub outcome: Option<Outcome>,
    /// GitLab's words and ours.
    pub why: Option<String>,
    /// The row that was found in the end.
    pub found: Option<Snapshot>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

impl Store {
    /// Everything written down for a connection, latest run first, each run's steps in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn journal(&self, connection: ConnectionId) -> Result<Vec<JournalStep>> {
        self.read(|db| {
            let mut statement = db.app.prepare_cached(
                "SELECT run, number, level, scope_id, path, slug, action, before, after, \
                   intended_at, outcome, why, found, ended_at \
                 FROM step JOIN run ON run.id = step.run \
                 WHERE run.connection = ?1 ORDER BY run DESC, number",
            )?;
            let mut rows = statement.query([connection.0])?;
            let mut steps = Vec::new();
            while let Some(row) = rows.next()? {
                steps.push(journal_step(row)?);
            }
            Ok(steps)
        })
    }

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
    /// When no such step was begun (its connection may be gone), or the database refuses.
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
            let changed = db.app.execute(
                "UPDATE step SET outcome = ?3, why = ?4, found = ?5, ended_at = ?6 \
                 WHERE run = ?1 AND number = ?2",
                params![run.0, number, outcome.name(), why, found, now.as_millisecond()],
            )?;
            if changed == 0 { Err(Error::Missing("this step of the journal")) } else { Ok(()) }
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

fn journal_step(row: &Row<'_>) -> Result<JournalStep> {
    let text = |index: usize| row.get::<_, String>(index);
    let quoted = |text: String| format!("\"{text}\"");
    let outcome: Option<String> = row.get(10)?;
    let found: Option<String> = row.get(12)?;
    Ok(JournalStep {
        run: RunId(row.get(0)?),
        number: row.get(1)?,
        scope: scope_key(row.get(2)?, row.get(3)?)?,
        path: text(4)?,
        slug: slug(&text(5)?)?,
        action: from_json("step.action", &quoted(text(6)?))?,
        before: from_json("step.before", &text(7)?)?,
        after: from_json("step.after", &text(8)?)?,
        intended_at: time(row.get(9)?),
        outcome: outcome.map(|name| from_json("step.outcome", &quoted(name))).transpose()?,
        why: row.get(11)?,
        found: found.map(|json| from_json("step.found", &json)).transpose()?,
        ended_at: row.get::<_, Option<i64>>(13)?.map(time),
    })
}
