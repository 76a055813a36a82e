//! Looking for some of a run's steps, and of what a plan leaves out or touches, a window at a time.

use std::borrow::Cow;

use heirloom_core::ids::ConnectionId;
use heirloom_core::plan::Action;
use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Row, params, params_from_iter};

use super::Touch;
use super::aside::{Skipped, Touched, number};
use super::plans::WHOLE;
use super::{JournalStep, RunId, RunNote, RunState};
use crate::cache::facts::{from_json, scope_key, to_json};
use crate::{Result, Store};

/// Which steps are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    #[default]
    All,
    /// Those that did not simply work, until a person leaves them as they are.
    NeedsYou,
    /// Those without an outcome.
    Open,
    /// Of a run that is over, what can be planned again: those that need a person, and those
    /// without an outcome, until a person leaves them as they are.
    Again,
    /// Those that are as planned.
    Done,
    /// Those that the plan leaves out.
    LeftOut,
    /// Those that need a secret.
    Secret,
}

/// It did not simply work; of a step without an outcome that is not known.
const NOT_SIMPLY: &str = "(outcome IN ('conflict', 'refused', 'failed', 'unknown') \
    OR (outcome = 'applied' AND why IS NOT NULL))";

impl Which {
    fn condition(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::All => "1",
            Self::NeedsYou => return format!("kept_at IS NULL AND {NOT_SIMPLY}").into(),
            Self::Open => "outcome IS NULL",
            Self::Again => {
                return format!("kept_at IS NULL AND (outcome IS NULL OR {NOT_SIMPLY})").into();
            }
            Self::Done => "outcome IN ('applied', 'already')",
            Self::LeftOut => "left_out IS NOT NULL",
            Self::Secret => "json_array_length(plan, '$.secrets') > 0",
        })
    }
}

/// How many of a run's steps do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepGroup {
    /// What they do.
    pub action: Action,
    /// How many there are, those left out too.
    pub steps: u32,
    /// Of those, how many the plan leaves out.
    pub left_out: u32,
}

/// Narrows the steps of a run. Everything given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepFilter {
    /// By outcome.
    pub which: Which,
    /// Only those that do this.
    pub action: Option<Action>,
    /// Their path holds this text.
    pub text: String,
}

impl StepFilter {
    fn condition(&self, run: RunId) -> Result<(String, Vec<Value>)> {
        let mut sql = format!("run = ?1 AND {}", self.which.condition());
        let mut values = vec![Value::from(run.0)];
        if let Some(action) = self.action {
            values.push(Value::from(to_json("step.action", &action)?.trim_matches('"').to_owned()));
            sql.push_str(&format!(" AND action = ?{}", values.len()));
        }
        if !self.text.is_empty() {
            values.push(Value::from(self.text.to_lowercase()));
            sql.push_str(&format!(" AND instr(lower(path), ?{}) > 0", values.len()));
        }
        Ok((sql, values))
    }
}

impl Store {
    /// Some of a run's steps, in order, with how many there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn find_steps(
        &self,
        run: RunId,
        filter: &StepFilter,
        offset: u32,
        limit: u32,
    ) -> Result<(u32, Vec<JournalStep>)> {
        let (condition, mut values) = filter.condition(run)?;
        let total = self.count(&format!("step WHERE {condition}"), &values)?;
        values.extend([Value::from(limit), Value::from(offset)]);
        let at = values.len();
        let tail = format!("WHERE {condition} ORDER BY number LIMIT ?{} OFFSET ?{at}", at - 1);
        Ok((total, self.steps_where(&tail, params_from_iter(values))?))
    }

    /// The next of some of a run's steps, past one of that number, in order: for whoever goes
    /// through all of them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn next_steps(
        &self,
        run: RunId,
        filter: &StepFilter,
        past: u32,
        limit: u32,
    ) -> Result<Vec<JournalStep>> {
        let (condition, mut values) = filter.condition(run)?;
        values.extend([Value::from(past), Value::from(limit)]);
        let at = values.len();
        let tail =
            format!("WHERE {condition} AND number > ?{} ORDER BY number LIMIT ?{at}", at - 1);
        self.steps_where(&tail, params_from_iter(values))
    }

    /// The numbers of some of a run's steps, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn step_numbers(&self, run: RunId, filter: &StepFilter) -> Result<Vec<u32>> {
        let (condition, values) = filter.condition(run)?;
        let sql = format!("SELECT number FROM step WHERE {condition} ORDER BY number");
        self.list(&sql, values, |row| Ok(row.get(0)?))
    }

    /// One step of a run; none: it has none with this number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn step(&self, run: RunId, number: u32) -> Result<Option<JournalStep>> {
        let found = self.steps_where("WHERE run = ?1 AND number = ?2", params![run.0, number])?;
        Ok(found.into_iter().next())
    }

    /// How many of a run's steps do what, in the order in which each is met first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn step_groups(&self, run: RunId, filter: &StepFilter) -> Result<Vec<StepGroup>> {
        let (condition, values) = filter.condition(run)?;
        self.read(|db| {
            let sql = format!(
                "SELECT action, count(*), count(left_out) FROM step WHERE {condition} \
                 GROUP BY action ORDER BY min(number)"
            );
            let mut statement = db.app.prepare_cached(&sql)?;
            let mut rows = statement.query(params_from_iter(&values))?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let name: String = row.get(0)?;
                found.push(StepGroup {
                    action: from_json("step.action", &format!("\"{name}\""))?,
                    steps: row.get(1)?,
                    left_out: row.get(2)?,
                });
            }
            Ok(found)
        })
    }

    /// Notes that a person left steps as GitLab has them.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn keep_steps(&self, run: RunId, numbers: Vec<u32>, now: Timestamp) -> Result<()> {
        self.write(move |db| {
            let journal = db.app.transaction()?;
            {
                let mut keep = journal.prepare_cached(
                    "UPDATE step SET kept_at = ?3 WHERE run = ?1 AND number = ?2",
                )?;
                for number in &numbers {
                    keep.execute(params![run.0, number, now.as_millisecond()])?;
                }
            }
            journal.commit()?;
            Ok(())
        })
    }

    /// Secret fields that some step without an outcome needs.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn open_secrets(&self, run: RunId) -> Result<Vec<String>> {
        self.read(|db| {
            let mut statement = db.app.prepare_cached(
                "SELECT DISTINCT value FROM step, json_each(step.plan, '$.secrets') \
                 WHERE run = ?1 AND outcome IS NULL AND left_out IS NULL ORDER BY value",
            )?;
            let found = statement.query_map([run.0], |row| row.get(0))?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Scopes that a plan leaves out and whose path holds a text, with how many there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn find_skipped(
        &self,
        run: RunId,
        text: &str,
        offset: u32,
        limit: u32,
    ) -> Result<(u32, Vec<Skipped>)> {
        let from = "skipped WHERE run = ?1 AND instr(lower(path), ?2) > 0";
        let mut values = vec![Value::from(run.0), Value::from(text.to_lowercase())];
        let total = self.count(from, &values)?;
        values.extend([Value::from(limit), Value::from(offset)]);
        let sql = format!(
            "SELECT level, scope_id, path, why FROM {from} ORDER BY number LIMIT ?3 OFFSET ?4"
        );
        let found = self.list(&sql, values, |row| {
            let scope = scope_key(row.get(0)?, row.get(1)?)?;
            Ok(Skipped { scope, path: row.get(2)?, why: row.get(3)? })
        })?;
        Ok((total, found))
    }

    /// Why a plan leaves scopes out, most often given first, with how many it is given for: so
    /// many reasons at most.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn skip_reasons(&self, run: RunId, limit: u32) -> Result<Vec<(String, u32)>> {
        self.list(
            "SELECT why, count(*) AS n FROM skipped WHERE run = ?1 GROUP BY why \
             ORDER BY n DESC, min(number) LIMIT ?2",
            vec![Value::from(run.0), Value::from(limit)],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
    }

    /// How many scopes a plan leaves out for one reason.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn skipped_as(&self, run: RunId, why: &str) -> Result<u32> {
        let values = [Value::from(run.0), Value::from(why.to_owned())];
        self.count("skipped WHERE run = ?1 AND why = ?2", &values)
    }

    /// Scopes of a blast radius of one sort whose path holds a text, with how many there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn find_touched(
        &self,
        run: RunId,
        how: Touch,
        text: &str,
        offset: u32,
        limit: u32,
    ) -> Result<(u32, Vec<Touched>)> {
        let from = "touched WHERE run = ?1 AND how = ?2 AND instr(lower(path), ?3) > 0";
        let mut values =
            vec![Value::from(run.0), Value::from(number(how)), Value::from(text.to_lowercase())];
        let total = self.count(from, &values)?;
        values.extend([Value::from(limit), Value::from(offset)]);
        let sql =
            format!("SELECT level, scope_id, path FROM {from} ORDER BY number LIMIT ?4 OFFSET ?5");
        let found = self.list(&sql, values, |row| {
            let scope = scope_key(row.get(0)?, row.get(1)?)?;
            Ok(Touched { scope, path: row.get(2)?, how })
        })?;
        Ok((total, found))
    }

    /// The runs of a connection in some of the states, latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn runs_in(
        &self,
        connection: ConnectionId,
        states: &[RunState],
        offset: u32,
        limit: u32,
    ) -> Result<(u32, Vec<RunNote>)> {
        let names: Vec<String> = states.iter().map(|it| format!("'{}'", it.name())).collect();
        let condition = format!("connection = ?1 AND {WHOLE} AND state IN ({})", names.join(", "));
        let total = self.count(&format!("run WHERE {condition}"), &[Value::from(connection.0)])?;
        let tail = format!("WHERE {condition} ORDER BY run.id DESC LIMIT ?2 OFFSET ?3");
        Ok((total, self.runs_where(&tail, params![connection.0, limit, offset])?))
    }

    fn count(&self, from: &str, values: &[Value]) -> Result<u32> {
        self.read(|db| {
            let mut statement = db.app.prepare_cached(&format!("SELECT count(*) FROM {from}"))?;
            Ok(statement.query_row(params_from_iter(values), |row| row.get(0))?)
        })
    }

    fn list<T>(
        &self,
        sql: &str,
        values: Vec<Value>,
        each: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.read(|db| {
            let mut statement = db.app.prepare_cached(sql)?;
            let mut rows = statement.query(params_from_iter(values))?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(each(row)?);
            }
            Ok(found)
        })
    }
}
