//! Steps that are left out of a plan. They stay in it, so that they can be taken in again, until it
//! is begun: the run then has none of them, and says who was left out.

use heirloom_core::ids::ScopeKey;
use heirloom_core::plan::Action;
use rusqlite::{Transaction, params};

use super::{RunId, RunState, Skipped};
use crate::cache::facts::{from_json, scope_key};
use crate::{Result, Store};

/// As much of a plan's step as tells which others it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its number.
    pub number: u32,
    /// Where.
    pub scope: ScopeKey,
    /// Its path.
    pub path: String,
    /// What it does.
    pub action: Action,
    /// The scope its settings come from.
    pub source: Option<ScopeKey>,
    /// It is left out: by its own number a person's wish, by another's since it needs that one.
    pub left_out: Option<u32>,
}

const BY_A_PERSON: &str = "Left out in the review";
const WITH_ANOTHER: &str = "Left out in the review with the step it needs: ";

impl Store {
    /// All steps of a plan, those left out too, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn standings(&self, run: RunId) -> Result<Vec<Standing>> {
        self.read(|db| {
            let mut statement = db.app.prepare_cached(
                "SELECT number, level, scope_id, path, action, json_extract(plan, '$.source'), \
                   left_out FROM step WHERE run = ?1 ORDER BY number",
            )?;
            let mut rows = statement.query([run.0])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let action: String = row.get(4)?;
                let source: Option<String> = row.get(5)?;
                found.push(Standing {
                    number: row.get(0)?,
                    scope: scope_key(row.get(1)?, row.get(2)?)?,
                    path: row.get(3)?,
                    action: from_json("step.action", &format!("\"{action}\""))?,
                    source: source.map(|it| from_json("step.source", &it)).transpose()?,
                    left_out: row.get(6)?,
                });
            }
            Ok(found)
        })
    }

    /// The scopes of the steps that a plan leaves out, and why, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn left_out(&self, run: RunId) -> Result<Vec<Skipped>> {
        self.read(|db| {
            let mut statement = db.app.prepare_cached(LEFT_OUT)?;
            let mut rows = statement.query(params![run.0, BY_A_PERSON, WITH_ANOTHER])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let scope = scope_key(row.get(0)?, row.get(1)?)?;
                found.push(Skipped { scope, path: row.get(2)?, why: row.get(3)? });
            }
            Ok(found)
        })
    }

    /// Leaves steps out of a plan, or takes them in again; `false`: it is a plan no more, and
    /// nothing was written.
    ///
    /// # Errors
    /// When the database refuses; then all is as before.
    pub fn leave_out(&self, run: RunId, changed: Vec<(u32, Option<u32>)>) -> Result<bool> {
        self.write(move |db| {
            let journal = db.app.transaction()?;
            let state: String =
                journal
                    .query_row("SELECT state FROM run WHERE id = ?1", [run.0], |it| it.get(0))?;
            if state != RunState::Planned.name() {
                return Ok(false);
            }
            {
                let mut leave = journal.prepare_cached(
                    "UPDATE step SET left_out = ?3 WHERE run = ?1 AND number = ?2",
                )?;
                for (number, left_out) in &changed {
                    leave.execute(params![run.0, number, left_out])?;
                }
            }
            journal.commit()?;
            Ok(true)
        })
    }
}

/// Who is left out, and why, in the order of the steps.
const LEFT_OUT: &str = "SELECT level, scope_id, path, \
     CASE left_out WHEN number THEN ?2 ELSE ?3 || \
       (SELECT path FROM step needed WHERE needed.run = ?1 AND needed.number = step.left_out) \
     END AS why, number \
   FROM step WHERE run = ?1 AND left_out IS NOT NULL ORDER BY number";

/// Makes of the steps that a plan leaves out scopes without a step: it is being begun.
pub(super) fn drop_left_out(journal: &Transaction<'_>, run: RunId) -> rusqlite::Result<()> {
    let add = format!(
        "INSERT INTO skipped (run, number, level, scope_id, path, why) \
         SELECT ?1, (SELECT coalesce(max(number), 0) FROM skipped WHERE run = ?1) \
             + row_number() OVER (ORDER BY number), level, scope_id, path, why \
         FROM ({LEFT_OUT})"
    );
    journal.execute(&add, params![run.0, BY_A_PERSON, WITH_ANOTHER])?;
    journal.execute("DELETE FROM step WHERE run = ?1 AND left_out IS NOT NULL", [run.0])?;
    Ok(())
}
