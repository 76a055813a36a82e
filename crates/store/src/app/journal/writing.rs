//! Writing a plan down while it is made.

use heirloom_core::plan::Step;
use jiff::Timestamp;
use rusqlite::{Transaction, params};

use super::RunId;
use super::aside::Skipped;
use super::plans::Plan;
use crate::cache::facts::{id_number, level_number, to_json};
use crate::database::Pending;
use crate::{Result, Store};

/// Steps, or scopes without one, that are written together.
const TOGETHER: usize = 500;

/// A plan while it is made: its steps, numbered on from those it has, and the scopes that get none,
/// of which those that are as wanted already are only counted.
/// While some hundred of them are written, the next are made. Dropped before [`Writing::finish`],
/// what was handed over is written all the same, and the rest is not.
pub struct Writing<'a> {
    store: &'a Store,
    run: RunId,
    at: Timestamp,
    waiting: Batch,
    under_way: Option<Pending<()>>,
}

#[derive(Default)]
struct Batch {
    /// With their paths.
    steps: Vec<(Step, String)>,
    skipped: Vec<Skipped>,
    same: u32,
}

impl Writing<'_> {
    /// Adds the step of a scope at that path.
    ///
    /// # Errors
    /// When the database refused what was added before.
    pub fn step(&mut self, step: Step, path: String) -> Result<()> {
        self.waiting.steps.push((step, path));
        self.write_if_many()
    }

    /// Adds a scope without a step.
    ///
    /// # Errors
    /// When the database refused what was added before.
    pub fn skip(&mut self, skipped: Skipped) -> Result<()> {
        self.waiting.skipped.push(skipped);
        self.write_if_many()
    }

    /// Counts a scope that is as wanted already.
    pub const fn same(&mut self) {
        self.waiting.same += 1;
    }

    /// Waits until all that was added is written.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn finish(&mut self) -> Result<()> {
        self.write()?;
        self.under_way.take().map_or(Ok(()), Pending::wait)
    }

    fn write_if_many(&mut self) -> Result<()> {
        let waiting = self.waiting.steps.len().max(self.waiting.skipped.len());
        if waiting < TOGETHER { Ok(()) } else { self.write() }
    }

    fn write(&mut self) -> Result<()> {
        // One at a time, or a slow disk would let them pile up.
        if let Some(before) = self.under_way.take() {
            before.wait()?;
        }
        let batch = std::mem::take(&mut self.waiting);
        let (run, at) = (self.run, self.at);
        self.under_way = Some(self.store.begin_write(move |db| {
            let journal = db.app.transaction()?;
            add_steps(&journal, run, &batch.steps, at)?;
            add_skipped(&journal, run, &batch.skipped)?;
            journal
                .prepare_cached("UPDATE run SET same = same + ?2 WHERE id = ?1")?
                .execute(params![run.0, batch.same])?;
            journal.commit()?;
            Ok(())
        })?);
        Ok(())
    }
}

impl Store {
    /// Goes on writing down a plan that was begun, as of that time.
    pub const fn write_plan(&self, run: RunId, at: Timestamp) -> Writing<'_> {
        let waiting = Batch { steps: Vec::new(), skipped: Vec::new(), same: 0 };
        Writing { store: self, run, at, waiting, under_way: None }
    }
}

fn add_steps(
    journal: &Transaction<'_>,
    run: RunId,
    steps: &[(Step, String)],
    at: Timestamp,
) -> Result<()> {
    let last: i64 = journal
        .prepare_cached("SELECT coalesce(max(number), 0) FROM step WHERE run = ?1")?
        .query_row([run.0], |row| row.get(0))?;
    let mut insert = journal.prepare_cached(
        "INSERT INTO step (run, number, level, scope_id, path, slug, action, before, after, \
           intended_at, plan) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    for (number, (step, path)) in (last + 1..).zip(steps) {
        let plan = Plan {
            writes: step.writes.clone(),
            secrets: step.secrets.clone(),
            source: step.source,
            besides: step.besides.clone(),
        };
        insert.execute(params![
            run.0,
            number,
            level_number(step.scope.level),
            id_number(step.scope)?,
            path,
            step.slug.as_str(),
            to_json("step.action", &step.action)?.trim_matches('"'),
            to_json("step.before", &step.before)?,
            to_json("step.after", &step.after)?,
            at.as_millisecond(),
            to_json("step.plan", &plan)?,
        ])?;
    }
    Ok(())
}

fn add_skipped(journal: &Transaction<'_>, run: RunId, skipped: &[Skipped]) -> Result<()> {
    let mut insert = journal.prepare_cached(
        "INSERT INTO skipped (run, number, level, scope_id, path, why) VALUES \
         (?1, (SELECT coalesce(max(number), 0) + 1 FROM skipped WHERE run = ?1), ?2, ?3, ?4, ?5)",
    )?;
    for it in skipped {
        let (level, id) = (level_number(it.scope.level), id_number(it.scope)?);
        insert.execute(params![run.0, level, id, it.path, it.why])?;
    }
    Ok(())
}
