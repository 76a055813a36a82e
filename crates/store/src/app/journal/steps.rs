//! Steps: reading them window by window, marking them sent, noting how they ended.

use heirloom_core::ids::ConnectionId;
use heirloom_core::plan::{Snapshot, Step};
use jiff::Timestamp;
use rusqlite::{Row, params};

use super::plans::Plan;
use super::{JournalStep, Outcome, RunId};
use crate::cache::facts::{from_json, scope_key, slug, time, to_json};
use crate::{Error, Result, Store};

/// How a step ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Its number.
    pub number: u32,
    /// How.
    pub outcome: Outcome,
    /// GitLab's words and ours.
    pub why: Option<String>,
    /// The row that was found in the end.
    pub found: Option<Snapshot>,
    /// When.
    pub at: Timestamp,
}

const STEP: &str = "SELECT run, number, level, scope_id, path, step.slug, action, before, after, \
    intended_at, outcome, why, found, ended_at, sent_at, plan, kept_at FROM step";

impl Store {
    /// Everything written down for a connection, latest run first, each run's steps in order.
    /// Plans that have not begun are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn journal(&self, connection: ConnectionId) -> Result<Vec<JournalStep>> {
        self.steps_where(
            "JOIN run ON run.id = step.run WHERE run.connection = ?1 AND run.state <> 'planned' \
             ORDER BY run DESC, number",
            [connection.0],
        )
    }

    /// A window of a run's steps, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn steps(&self, run: RunId, offset: u32, limit: u32) -> Result<Vec<JournalStep>> {
        self.steps_where(
            "WHERE run = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
            params![run.0, offset, limit],
        )
    }

    /// The next steps without an outcome, after one of that number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn open_steps(&self, run: RunId, after: u32, limit: u32) -> Result<Vec<JournalStep>> {
        self.steps_where(
            "WHERE run = ?1 AND number > ?2 AND outcome IS NULL ORDER BY number LIMIT ?3",
            params![run.0, after, limit],
        )
    }

    /// Marks steps just before their first requests.
    ///
    /// # Errors
    /// When the database refuses; then nothing may be sent.
    pub fn mark_sent(&self, run: RunId, numbers: Vec<u32>, now: Timestamp) -> Result<()> {
        self.write(move |db| {
            let journal = db.app.transaction()?;
            {
                let mut mark = journal.prepare_cached(
                    "UPDATE step SET sent_at = ?3 WHERE run = ?1 AND number = ?2",
                )?;
                for number in &numbers {
                    if mark.execute(params![run.0, number, now.as_millisecond()])? == 0 {
                        return Err(Error::Missing("this step of the journal"));
                    }
                }
            }
            journal.commit()?;
            Ok(())
        })
    }

    /// Writes down how steps ended, with the rows that were found in the end.
    ///
    /// # Errors
    /// When one of them was never planned (its connection may be gone), or the database refuses.
    pub fn end_steps(&self, run: RunId, ended: Vec<Ended>) -> Result<()> {
        self.write(move |db| {
            let journal = db.app.transaction()?;
            {
                let mut end = journal.prepare_cached(
                    "UPDATE step SET outcome = ?3, why = ?4, found = ?5, ended_at = ?6 \
                     WHERE run = ?1 AND number = ?2",
                )?;
                for it in &ended {
                    let found =
                        it.found.as_ref().map(|row| to_json("step.found", row)).transpose()?;
                    let changed = end.execute(params![
                        run.0,
                        it.number,
                        it.outcome.name(),
                        it.why,
                        found,
                        it.at.as_millisecond()
                    ])?;
                    if changed == 0 {
                        return Err(Error::Missing("this step of the journal"));
                    }
                }
            }
            journal.commit()?;
            Ok(())
        })
    }

    pub(super) fn steps_where(
        &self,
        tail: &str,
        params: impl rusqlite::Params,
    ) -> Result<Vec<JournalStep>> {
        self.read(|db| {
            let mut statement = db.app.prepare_cached(&format!("{STEP} {tail}"))?;
            let mut rows = statement.query(params)?;
            let mut steps = Vec::new();
            while let Some(row) = rows.next()? {
                steps.push(journal_step(row)?);
            }
            Ok(steps)
        })
    }
}

fn journal_step(row: &Row<'_>) -> Result<JournalStep> {
    let text = |index: usize| row.get::<_, String>(index);
    let quoted = |text: String| format!("\"{text}\"");
    let outcome: Option<String> = row.get(10)?;
    let found: Option<String> = row.get(12)?;
    let plan: Plan = from_json("step.plan", &text(15)?)?;
    Ok(JournalStep {
        run: RunId(row.get(0)?),
        number: row.get(1)?,
        path: text(4)?,
        step: Step {
            scope: scope_key(row.get(2)?, row.get(3)?)?,
            slug: slug(&text(5)?)?,
            action: from_json("step.action", &quoted(text(6)?))?,
            before: from_json("step.before", &text(7)?)?,
            after: from_json("step.after", &text(8)?)?,
            writes: plan.writes,
            secrets: plan.secrets,
            source: plan.source,
            besides: plan.besides,
        },
        intended_at: time(row.get(9)?),
        sent_at: row.get::<_, Option<i64>>(14)?.map(time),
        outcome: outcome.map(|name| from_json("step.outcome", &quoted(name))).transpose()?,
        why: row.get(11)?,
        found: found.map(|json| from_json("step.found", &json)).transpose()?,
        ended_at: row.get::<_, Option<i64>>(13)?.map(time),
        kept_at: row.get::<_, Option<i64>>(16)?.map(time),
    })
}
