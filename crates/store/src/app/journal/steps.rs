//! Steps: reading them window by window, marking them sent, noting how they ended.

use std::collections::BTreeSet;

use heirloom_core::ids::{ConnectionId, Level, ScopeKey};
use heirloom_core::plan::{Snapshot, Step};
use jiff::Timestamp;
use rusqlite::{Row, params};

use super::plans::Plan;
use super::{JournalStep, Outcome, RunId};
use crate::cache::facts::{from_json, id_number, level_number, scope_key, slug, time, to_json};
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

/// The turns in which a run's steps are taken. What is saved in a group may be handed down at once
/// (contract, section 8): so whoever is to have settings of its own has them before the groups
/// above it are saved, and whoever takes its default over does so after it is there. In a plan, a
/// group comes before the groups below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Projects with settings of their own, or none.
    OwnProjects,
    /// Groups with settings of their own, or none: from below.
    OwnGroups,
    /// Groups that go back to their default: from above.
    DefaultGroups,
    /// Projects that go back to their default.
    DefaultProjects,
}

impl Turn {
    /// All of them, in order.
    pub const ALL: [Self; 4] =
        [Self::OwnProjects, Self::OwnGroups, Self::DefaultGroups, Self::DefaultProjects];

    /// Whether steps of this turn may depend on one another: they are of groups.
    pub const fn is_of_groups(self) -> bool {
        matches!(self, Self::OwnGroups | Self::DefaultGroups)
    }
}

const STEP: &str = "SELECT run, number, level, scope_id, path, step.slug, action, before, after, \
    intended_at, outcome, why, found, ended_at, sent_at, plan, kept_at, left_out FROM step";

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

    /// A window of a run's steps past one of that number, in order. A plan's that are left out are
    /// not among them, so numbers may have gaps.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn steps(&self, run: RunId, past: u32, limit: u32) -> Result<Vec<JournalStep>> {
        self.steps_where(
            "WHERE run = ?1 AND number > ?2 AND left_out IS NULL ORDER BY number LIMIT ?3",
            params![run.0, past, limit],
        )
    }

    /// The next steps of a turn without an outcome, past one of that number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn open_steps(
        &self,
        run: RunId,
        turn: Turn,
        past: Option<u32>,
        limit: u32,
    ) -> Result<Vec<JournalStep>> {
        let group = level_number(Level::Group);
        let (back, groups) = match turn {
            Turn::OwnProjects => ("<>", "<>"),
            Turn::OwnGroups => ("<>", "="),
            Turn::DefaultGroups => ("=", "="),
            Turn::DefaultProjects => ("=", "<>"),
        };
        let (past, further, order) = match turn {
            Turn::OwnGroups => (past.unwrap_or(u32::MAX), "<", "DESC"),
            Turn::OwnProjects | Turn::DefaultGroups | Turn::DefaultProjects => {
                (past.unwrap_or_default(), ">", "ASC")
            }
        };
        self.steps_where(
            &format!(
                "WHERE run = ?1 AND number {further} ?2 AND outcome IS NULL \
                 AND action {back} 'use_default' AND level {groups} {group} \
                 ORDER BY number {order} LIMIT ?3"
            ),
            params![run.0, past, limit],
        )
    }

    /// A run's steps of groups that ended in one way, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn group_steps(&self, run: RunId, outcome: Outcome) -> Result<Vec<JournalStep>> {
        self.steps_where(
            "WHERE run = ?1 AND level = ?2 AND outcome = ?3 ORDER BY number",
            params![run.0, level_number(Level::Group), outcome.name()],
        )
    }

    /// Groups whose steps ended without being done.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn undone_groups(&self, run: RunId) -> Result<BTreeSet<ScopeKey>> {
        self.read(|db| {
            let mut statement = db.app.prepare_cached(
                "SELECT level, scope_id FROM step WHERE run = ?1 AND level = ?2 \
                 AND outcome NOT IN ('applied', 'already')",
            )?;
            let mut rows = statement.query(params![run.0, level_number(Level::Group)])?;
            let mut found = BTreeSet::new();
            while let Some(row) = rows.next()? {
                found.insert(scope_key(row.get(0)?, row.get(1)?)?);
            }
            Ok(found)
        })
    }

    /// Whether a scope has a step in a run that has not ended.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn has_open_step(&self, run: RunId, scope: ScopeKey) -> Result<bool> {
        self.read(|db| {
            let found = db
                .app
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM step WHERE run = ?1 AND level = ?2 \
                     AND scope_id = ?3 AND outcome IS NULL)",
                )?
                .query_row(params![run.0, level_number(scope.level), id_number(scope)?], |row| {
                    row.get(0)
                })?;
            Ok(found)
        })
    }

    /// Marks steps just before their first requests; or takes the marks back, where nothing was
    /// sent after all.
    ///
    /// # Errors
    /// When the database refuses; then nothing may be sent.
    pub fn mark_sent(&self, run: RunId, numbers: Vec<u32>, at: Option<Timestamp>) -> Result<()> {
        let at = at.map(Timestamp::as_millisecond);
        self.write(move |db| {
            let journal = db.app.transaction()?;
            {
                let mut mark = journal.prepare_cached(
                    "UPDATE step SET sent_at = ?3 WHERE run = ?1 AND number = ?2",
                )?;
                for number in &numbers {
                    if mark.execute(params![run.0, number, at])? == 0 {
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
        left_out: row.get(17)?,
    })
}
