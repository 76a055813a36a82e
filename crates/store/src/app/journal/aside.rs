//! Who a plan is about besides its steps: scopes that get none, and scopes it touches.

use std::collections::HashSet;

use heirloom_core::ids::{Level, ScopeKey};
use heirloom_core::plan::{Action, Besides, Touch};
use rusqlite::params;

use super::RunId;
use crate::cache::facts::{from_json, id_number, level_number, scope_key, to_json};
use crate::{Result, Store};

/// A scope that was asked for and has no step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Which.
    pub scope: ScopeKey,
    /// Its path.
    pub path: String,
    /// Why not.
    pub why: String,
}

/// A touch's number in the database.
pub(super) const fn number(how: Touch) -> i64 {
    match how {
        Touch::Change => 0,
        Touch::Keep => 1,
        Touch::SwitchOn => 2,
        Touch::Maybe => 3,
        Touch::Unseen => 4,
    }
}

/// A group that a step of a plan saves or blanks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupStep {
    /// Which.
    pub group: ScopeKey,
    /// What is done to it.
    pub action: Action,
    /// Whether it is on afterwards.
    pub active: bool,
    /// Whether it inherits afterwards.
    pub inherits: bool,
}

/// A scope of the blast radius.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// Which.
    pub scope: ScopeKey,
    /// Its path.
    pub path: String,
    /// How.
    pub how: Touch,
}

/// Scopes of a blast radius written at once.
const TOGETHER: usize = 1_000;

/// A blast radius while it is found out. Nobody sees any of it until all of it is there; dropped
/// before, what was written before stays.
pub struct Drawing<'a> {
    store: &'a Store,
    run: RunId,
    number: i64,
    waiting: Vec<Touched>,
}

impl Drawing<'_> {
    /// Adds a scope.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn add(&mut self, touched: Touched) -> Result<()> {
        self.waiting.push(touched);
        if self.waiting.len() < TOGETHER { Ok(()) } else { self.write() }
    }

    /// Puts it in place of what was written before.
    ///
    /// # Errors
    /// When the database refuses; then all is as before.
    pub fn finish(mut self) -> Result<()> {
        self.write()?;
        let run = self.run;
        self.store.write(move |db| {
            let journal = db.app.transaction()?;
            journal.execute("DELETE FROM touched WHERE run = ?1 AND how >= 0", [run.0])?;
            journal
                .execute("UPDATE touched SET how = -1 - how WHERE run = ?1 AND how < 0", [run.0])?;
            journal.commit()?;
            Ok(())
        })
    }

    /// What is not in its place yet has a number below 0.
    fn write(&mut self) -> Result<()> {
        let (run, first) = (self.run, self.number + 1);
        let touched = std::mem::take(&mut self.waiting);
        if touched.is_empty() {
            return Ok(());
        }
        self.number = self.store.write(move |db| {
            let journal = db.app.transaction()?;
            let mut last = first - 1;
            {
                let mut insert = journal.prepare_cached(
                    "INSERT INTO touched (run, how, number, level, scope_id, path) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?;
                for it in &touched {
                    last += 1;
                    let how = -1 - number(it.how);
                    let (level, id) = (level_number(it.scope.level), id_number(it.scope)?);
                    insert.execute(params![run.0, how, last, level, id, it.path])?;
                }
            }
            journal.commit()?;
            Ok(last)
        })?;
        Ok(())
    }
}

impl Store {
    /// Begins to write down who else a plan touches, in place of what was written before.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn draw_touched(&self, run: RunId) -> Result<Drawing<'_>> {
        self.write(move |db| {
            // Left by a program that ended before it was through.
            db.app.execute("DELETE FROM touched WHERE run = ?1 AND how < 0", [run.0])?;
            Ok(())
        })?;
        Ok(Drawing { store: self, run, number: 0, waiting: Vec::new() })
    }

    /// The groups among the scopes of a run's steps, without those left out, in order, with what is
    /// done to them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn step_groups_at(&self, run: RunId) -> Result<Vec<GroupStep>> {
        self.read(|db| {
            let mut statement = db.app.prepare_cached(
                "SELECT level, scope_id, action, coalesce(after ->> '$.active', 0), \
                   coalesce(after ->> '$.inherited', 0) FROM step \
                 WHERE run = ?1 AND level = ?2 AND left_out IS NULL ORDER BY number",
            )?;
            let mut rows = statement.query(params![run.0, level_number(Level::Group)])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let action: String = row.get(2)?;
                let action = from_json("step.action", &format!("\"{action}\""))?;
                let group = scope_key(row.get(0)?, row.get(1)?)?;
                let (active, inherits) = (row.get(3)?, row.get(4)?);
                found.push(GroupStep { group, action, active, inherits });
            }
            Ok(found)
        })
    }

    /// The scopes of a run's steps, without those left out: some bytes each, however large the steps are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn step_scopes(&self, run: RunId) -> Result<HashSet<ScopeKey>> {
        self.read(|db| {
            let mut statement = db.app.prepare_cached(
                "SELECT level, scope_id FROM step WHERE run = ?1 AND left_out IS NULL",
            )?;
            let mut rows = statement.query([run.0])?;
            let mut found = HashSet::new();
            while let Some(row) = rows.next()? {
                found.insert(scope_key(row.get(0)?, row.get(1)?)?);
            }
            Ok(found)
        })
    }

    /// Adds what GitLab does besides to the steps of single scopes of a plan.
    ///
    /// # Errors
    /// When the database refuses; then none of it is added.
    pub fn add_besides(&self, run: RunId, besides: Vec<(ScopeKey, Besides)>) -> Result<()> {
        if besides.is_empty() {
            return Ok(());
        }
        self.write(move |db| {
            let journal = db.app.transaction()?;
            {
                let mut add = journal.prepare_cached(
                    "UPDATE step SET plan = json_insert(plan, '$.besides[#]', json(?4)) \
                     WHERE run = ?1 AND level = ?2 AND scope_id = ?3",
                )?;
                for (scope, it) in &besides {
                    let (level, id) = (level_number(scope.level), id_number(*scope)?);
                    add.execute(params![run.0, level, id, to_json("step.besides", it)?])?;
                }
            }
            journal.commit()?;
            Ok(())
        })
    }

    /// Takes away from a plan's steps how many keep what they handed down: it is counted anew.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn forget_who_is_left(&self, run: RunId) -> Result<()> {
        self.write(move |db| {
            db.app.execute(
                "UPDATE step SET plan = json_set(plan, '$.besides', \
                   (SELECT json_group_array(json(value)) FROM json_each(step.plan, '$.besides') \
                    WHERE value ->> '$.kind' <> 'leaves_inheritors')) \
                 WHERE run = ?1 AND action = 'disable' AND level = ?2",
                params![run.0, level_number(Level::Group)],
            )?;
            Ok(())
        })
    }

    /// Scopes that a plan leaves out, in its order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn skipped(&self, run: RunId, offset: u32, limit: u32) -> Result<Vec<Skipped>> {
        self.read(|db| {
            let mut statement = db.app.prepare_cached(
                "SELECT level, scope_id, path, why FROM skipped WHERE run = ?1 \
                 ORDER BY number LIMIT ?3 OFFSET ?2",
            )?;
            let mut rows = statement.query(params![run.0, offset, limit])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let scope = scope_key(row.get(0)?, row.get(1)?)?;
                found.push(Skipped { scope, path: row.get(2)?, why: row.get(3)? });
            }
            Ok(found)
        })
    }

    /// Scopes of a plan's blast radius of one sort, in its order, with how many there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn touched(
        &self,
        run: RunId,
        how: Touch,
        offset: u32,
        limit: u32,
    ) -> Result<(u32, Vec<Touched>)> {
        self.read(|db| {
            let total = db
                .app
                .prepare_cached("SELECT count(*) FROM touched WHERE run = ?1 AND how = ?2")?
                .query_row(params![run.0, number(how)], |row| row.get(0))?;
            let mut statement = db.app.prepare_cached(
                "SELECT level, scope_id, path FROM touched WHERE run = ?1 AND how = ?2 \
                 ORDER BY number LIMIT ?4 OFFSET ?3",
            )?;
            let mut rows = statement.query(params![run.0, number(how), offset, limit])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let scope = scope_key(row.get(0)?, row.get(1)?)?;
                found.push(Touched { scope, path: row.get(2)?, how });
            }
            Ok((total, found))
        })
    }
}
