//! Plans: runs that have not begun, and runs as a whole.

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::plan::{Besides, Write};
use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

use super::left::drop_left_out;
use super::{Counts, RunId, RunNote, RunState};
use crate::cache::facts::{from_json, slug, time};
use crate::{Error, Result, Store};

/// What a plan is made for.
#[derive(Clone, Debug)]
pub struct NewPlan {
    /// The connection.
    pub connection: ConnectionId,
    /// The integration it changes.
    pub slug: Slug,
    /// When it is begun.
    pub begun_at: Timestamp,
    /// The run whose steps it takes back.
    pub undoes: Option<RunId>,
}

/// What a step needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Its number in the run.
    pub number: u32,
    /// Where it is, by path.
    pub path: String,
    /// Requests that write.
    pub writes: u32,
    /// Secret fields whose values it wants.
    pub secrets: Vec<String>,
    /// The scope its settings come from.
    pub source: Option<ScopeKey>,
}

/// The part of a step that has no column of its own.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Plan {
    pub(super) writes: Vec<Write>,
    pub(super) secrets: Vec<String>,
    pub(super) source: Option<ScopeKey>,
    pub(super) besides: Vec<Besides>,
}

const RUN: &str = "SELECT run.id, connection, state, slug, planned_at, started_at, finished_at, \
    undoes, same, (SELECT count(*) FROM skipped WHERE skipped.run = run.id), about FROM run";

/// Whatever is no plan that is still being made: that has no time yet.
pub(super) const WHOLE: &str = "(state <> 'planned' OR planned_at IS NOT NULL)";

impl Store {
    /// Begins a plan without steps. Nobody sees it and nothing can begin it until it is whole: what
    /// a program leaves that ends half way is no plan.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn begin_plan(&self, plan: NewPlan) -> Result<RunId> {
        self.write(move |db| {
            let at = plan.begun_at.as_millisecond();
            db.app.execute(
                "INSERT INTO run (connection, started_at, planned_at, state, slug, undoes) \
                 VALUES (?1, ?2, NULL, 'planned', ?3, ?4)",
                params![plan.connection.0, at, plan.slug.as_str(), plan.undoes.map(|run| run.0)],
            )?;
            let run = u32::try_from(db.app.last_insert_rowid())
                .map_err(|error| Error::Content { what: "run.id", why: error.to_string() })?;
            Ok(RunId(run))
        })
    }

    /// Says that a plan is whole, and when the data under it was taken.
    ///
    /// # Errors
    /// When it was thrown away meanwhile, or the database refuses.
    pub fn finish_plan(&self, run: RunId, planned_at: Timestamp) -> Result<()> {
        self.write(move |db| {
            let changed = db.app.execute(
                "UPDATE run SET planned_at = ?2, started_at = ?2 \
                 WHERE id = ?1 AND state = 'planned' AND planned_at IS NULL",
                params![run.0, planned_at.as_millisecond()],
            )?;
            if changed > 0 { Ok(()) } else { Err(Error::Missing("this plan")) }
        })
    }

    /// Notes which run a plan takes back, where that is known only once its steps are.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn note_undoes(&self, run: RunId, undone: RunId) -> Result<()> {
        self.write(move |db| {
            db.app.execute("UPDATE run SET undoes = ?2 WHERE id = ?1", params![run.0, undone.0])?;
            Ok(())
        })
    }

    /// Notes what a plan was asked for. Never a secret.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn note_about(&self, run: RunId, about: String) -> Result<()> {
        self.write(move |db| {
            db.app.execute("UPDATE run SET about = ?2 WHERE id = ?1", params![run.0, about])?;
            Ok(())
        })
    }

    /// What a plan was asked for, as noted, also while it is made.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn about(&self, run: RunId) -> Result<Option<String>> {
        self.read(|db| {
            let mut statement = db.app.prepare_cached("SELECT about FROM run WHERE id = ?1")?;
            Ok(statement.query_row([run.0], |row| row.get(0)).optional()?.flatten())
        })
    }

    /// A run or plan.
    ///
    /// # Errors
    /// When there is none with this number, or the database cannot be read.
    pub fn run(&self, run: RunId) -> Result<RunNote> {
        self.read(|db| {
            let note = db
                .app
                .prepare_cached(&format!("{RUN} WHERE run.id = ?1 AND {WHOLE}"))?
                .query_row([run.0], columns)
                .optional()?
                .ok_or(Error::Missing("this plan"))?;
            note.finish(&db.app)
        })
    }

    /// Which connection a run or plan is of.
    ///
    /// # Errors
    /// When there is none with this number, or the database cannot be read.
    pub fn connection_of(&self, run: RunId) -> Result<ConnectionId> {
        self.read(|db| {
            db.app
                .prepare_cached(&format!("SELECT connection FROM run WHERE id = ?1 AND {WHOLE}"))?
                .query_row([run.0], |row| Ok(ConnectionId(row.get(0)?)))
                .optional()?
                .ok_or(Error::Missing("this plan"))
        })
    }

    /// The runs of a connection, latest first; plans that have not begun are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn runs(&self, connection: ConnectionId, offset: u32, limit: u32) -> Result<Vec<RunNote>> {
        self.runs_where(
            "WHERE connection = ?1 AND state <> 'planned' ORDER BY run.id DESC LIMIT ?3 OFFSET ?2",
            params![connection.0, offset, limit],
        )
    }

    pub(super) fn runs_where(
        &self,
        tail: &str,
        params: impl rusqlite::Params,
    ) -> Result<Vec<RunNote>> {
        self.read(|db| {
            let mut statement = db.app.prepare_cached(&format!("{RUN} {tail}"))?;
            let rows = statement.query_map(params, columns)?;
            let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
            rows.into_iter().map(|row| row.finish(&db.app)).collect()
        })
    }

    /// What some of a run's steps need, past one of that number, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn step_needs(&self, run: RunId, past: u32, limit: u32) -> Result<Vec<Needs>> {
        self.read(|db| {
            let mut statement = db.app.prepare_cached(
                "SELECT number, path, json_array_length(plan, '$.writes'), \
                   plan -> '$.secrets', plan -> '$.source' FROM step \
                 WHERE run = ?1 AND number > ?2 AND left_out IS NULL ORDER BY number LIMIT ?3",
            )?;
            let mut rows = statement.query(params![run.0, past, limit])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let secrets: Option<String> = row.get(3)?;
                let source: Option<String> = row.get(4)?;
                found.push(Needs {
                    number: row.get(0)?,
                    path: row.get(1)?,
                    writes: row.get::<_, Option<u32>>(2)?.unwrap_or_default(),
                    secrets: secrets
                        .map(|json| from_json("step.secrets", &json))
                        .transpose()?
                        .unwrap_or_default(),
                    source: source
                        .map(|json| from_json("step.source", &json))
                        .transpose()?
                        .flatten(),
                });
            }
            Ok(found)
        })
    }

    /// Throws a plan away, if it has not begun.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn discard_plan(&self, run: RunId) -> Result<()> {
        self.write(move |db| {
            db.app.execute("DELETE FROM run WHERE id = ?1 AND state = 'planned'", [run.0])?;
            Ok(())
        })
    }

    /// Throws away plans from before a time that were never begun.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn forget_plans(&self, before: Timestamp) -> Result<()> {
        self.write(move |db| {
            db.app.execute(
                "DELETE FROM run WHERE state = 'planned' AND coalesce(planned_at, started_at) < ?1",
                [before.as_millisecond()],
            )?;
            Ok(())
        })
    }

    /// Moves a run on, if it is in one of these states; whether it was. That is what keeps a plan
    /// from being applied twice. What a plan leaves out is no step any more once it is begun.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn move_run(
        &self,
        run: RunId,
        from: &'static [RunState],
        to: RunState,
        now: Timestamp,
    ) -> Result<bool> {
        self.write(move |db| {
            let names: Vec<String> = from.iter().map(|it| format!("'{}'", it.name())).collect();
            let sql = format!(
                "UPDATE run SET state = ?2, \
                   started_at = CASE state WHEN 'planned' THEN ?3 ELSE started_at END, \
                   finished_at = CASE ?2 WHEN 'ended' THEN ?3 ELSE NULL END \
                 WHERE id = ?1 AND {WHOLE} AND state IN ({})",
                names.join(", ")
            );
            let journal = db.app.transaction()?;
            let moved = journal.execute(&sql, params![run.0, to.name(), now.as_millisecond()])? > 0;
            if moved && to == RunState::Running {
                drop_left_out(&journal, run)?;
            }
            journal.commit()?;
            Ok(moved)
        })
    }
}

struct Columns {
    note: RunNote,
    state: String,
    slug: String,
}

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    let started_at = time(row.get(5)?);
    Ok(Columns {
        state: row.get(2)?,
        slug: row.get(3)?,
        note: RunNote {
            id: RunId(row.get(0)?),
            connection: ConnectionId(row.get(1)?),
            state: RunState::Ended,
            slug: None,
            planned_at: row.get::<_, Option<i64>>(4)?.map_or(started_at, time),
            started_at,
            finished_at: row.get::<_, Option<i64>>(6)?.map(time),
            undoes: row.get::<_, Option<u32>>(7)?.map(RunId),
            counts: Counts::default(),
            left_out: 0,
            same: row.get(8)?,
            skipped: row.get(9)?,
            about: row.get(10)?,
        },
    })
}

impl Columns {
    fn finish(self, app: &rusqlite::Connection) -> Result<RunNote> {
        let mut note = self.note;
        note.state = from_json("run.state", &format!("\"{}\"", self.state))?;
        note.slug = (!self.slug.is_empty()).then(|| slug(&self.slug)).transpose()?;
        if note.state == RunState::Planned {
            // All of them are open. Those, and those left out, have indexes of their own, which
            // tell without a look at a step.
            let counts = "SELECT \
                (SELECT count(*) FROM step INDEXED BY step_by_outcome \
                 WHERE run = ?1 AND outcome IS NULL), \
                (SELECT count(*) FROM step INDEXED BY step_left_out \
                 WHERE run = ?1 AND left_out IS NOT NULL)";
            let count = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let (all, left_out): (u32, u32) =
                app.prepare_cached(counts)?.query_row([note.id.0], count)?;
            (note.counts.steps, note.left_out) = (all - left_out, left_out);
            return Ok(note);
        }
        // What a plan left out is no step of a run.
        let mut statement = app.prepare_cached(
            "SELECT outcome, count(*) FROM step INDEXED BY step_by_outcome \
                 WHERE run = ?1 GROUP BY outcome",
        )?;
        let mut rows = statement.query([note.id.0])?;
        while let Some(row) = rows.next()? {
            let (outcome, n): (Option<String>, u32) = (row.get(0)?, row.get(1)?);
            note.counts.steps += n;
            let Some(name) = outcome else { continue };
            let place = match from_json("step.outcome", &format!("\"{name}\""))? {
                super::Outcome::Applied => &mut note.counts.applied,
                super::Outcome::Already => &mut note.counts.already,
                super::Outcome::Conflict => &mut note.counts.conflicts,
                super::Outcome::Refused => &mut note.counts.refused,
                super::Outcome::Failed => &mut note.counts.failed,
                super::Outcome::Unknown => &mut note.counts.unknown,
            };
            *place = n;
        }
        Ok(note)
    }
}
