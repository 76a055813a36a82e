//! One batch of writes: rows, and everything that is kept of them (states packed by scope, counts,
//! history), in one transaction.
//!
//! History lives in the other file, and no commit spans two files. It is committed first, under the
//! cache's write lock, with the batch's number; when the cache is opened and does not have that
//! number, the batch never followed, and its history is taken back ([`crate::app::history`]).

mod drift;
mod stored;

use fnv::FnvHashMap;
use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use self::drift::Difference;
pub(crate) use self::stored::{CUSTOM, INHERITED, Stored};
use super::cells::{self, Cell};
use super::facts::{id_number, level_number};
use super::words::Words;
use super::{heirs, tally, tree};
use crate::Result;
use crate::app::history::{self, Cause, NewChange, Side, What};
use crate::database::Writer;

/// A scope whose rows this batch may change.
struct Touched {
    reference: i64,
    path: String,
    was_gone: bool,
    gone_at: Option<i64>,
    had_list: bool,
    listed_at: Option<i64>,
    before: Vec<Cell>,
    cells: Vec<Cell>,
    /// Its rows, once they were read.
    rows: Option<Vec<(u32, Stored)>>,
    dirty: bool,
}

impl Touched {
    /// A scope's few rows are read at once.
    fn read_rows(&mut self, cache: &Connection) -> Result<&mut Vec<(u32, Stored)>> {
        let rows = match self.rows.take() {
            Some(rows) => rows,
            None if self.cells.is_empty() => Vec::new(),
            None => stored::of_scope(cache, self.reference)?,
        };
        Ok(self.rows.insert(rows))
    }
}

/// See the module.
pub(crate) struct Batch<'a> {
    pub(crate) cache: &'a Connection,
    pub(crate) connection: ConnectionId,
    pub(crate) words: Words,
    touched: FnvHashMap<ScopeKey, Option<Touched>>,
    writing: stored::Writing<'a>,
    heirs: heirs::Changes,
    changes: Vec<NewChange>,
    recount: bool,
}

impl Writer {
    /// Runs a batch; when it fails, nothing of it is kept.
    pub(crate) fn batch<T>(
        &mut self,
        connection: ConnectionId,
        cause: Cause,
        job: impl FnOnce(&mut Batch<'_>) -> Result<T>,
    ) -> Result<T> {
        let cache = self.cache.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut batch = Batch {
            cache: &cache,
            connection,
            words: Words::new(connection),
            touched: FnvHashMap::default(),
            writing: stored::Writing::new(&cache)?,
            heirs: heirs::Changes::default(),
            changes: Vec::new(),
            recount: false,
        };
        let done = job(&mut batch)?;
        let changes = batch.finish()?;
        let number = history::next_batch(&cache)?;
        if let Some(orphan) = self.orphan {
            history::take_back(&self.app, orphan)?;
            self.orphan = None;
        }
        history::write(&mut self.app, connection, cause, number, &changes)?;
        cache.commit().inspect_err(|_| {
            // The disk may be full for this, too: then it is done before the next batch, or when
            // the files are opened.
            if history::take_back(&self.app, number).is_err() {
                self.orphan = Some(number);
            }
        })?;
        Ok(done)
    }
}

impl Batch<'_> {
    fn touch(&mut self, key: ScopeKey) -> Result<Option<&mut Touched>> {
        if !self.touched.contains_key(&key) {
            let found = self
                .cache
                .prepare_cached(
                    "SELECT ref, path, gone_at, listed_at, cells FROM scope \
                     WHERE connection = ?1 AND level = ?2 AND id = ?3",
                )?
                .query_row(
                    params![self.connection.0, level_number(key.level), id_number(key)?],
                    |row| {
                        let gone_at: Option<i64> = row.get(2)?;
                        let listed_at: Option<i64> = row.get(3)?;
                        let bytes: Option<Vec<u8>> = row.get(4)?;
                        let cells: Vec<Cell> = cells::unpack(&bytes.unwrap_or_default()).collect();
                        Ok(Touched {
                            reference: row.get(0)?,
                            path: row.get(1)?,
                            was_gone: gone_at.is_some(),
                            gone_at,
                            had_list: listed_at.is_some(),
                            listed_at,
                            before: cells.clone(),
                            cells,
                            rows: None,
                            dirty: false,
                        })
                    },
                )
                .optional()?;
            self.touched.insert(key, found);
        }
        Ok(self.touched.get_mut(&key).and_then(Option::as_mut))
    }

    /// A scope's rows; none if the scope is not in the cache, where no row of it is kept.
    pub(crate) fn rows(&mut self, scope: ScopeKey) -> Result<Option<Vec<(u32, Stored)>>> {
        let cache = self.cache;
        let Some(touched) = self.touch(scope)? else { return Ok(None) };
        touched.read_rows(cache).map(|rows| Some(rows.clone()))
    }

    /// One row, if the scope is in the cache. Where others of the scope follow, one look at them
    /// all is cheaper: [`Batch::row_of_many`].
    #[allow(clippy::option_option)]
    pub(crate) fn row(&mut self, scope: ScopeKey, kind: u32) -> Result<Option<Option<Stored>>> {
        let cache = self.cache;
        let Some(touched) = self.touch(scope)? else { return Ok(None) };
        Ok(Some(match &touched.rows {
            Some(rows) => rows.iter().find(|(held, _)| *held == kind).map(|(_, row)| *row),
            // Every row that is kept has its cell.
            None if touched.cells.iter().all(|cell| cell.kind != kind) => None,
            None => stored::one(cache, touched.reference, kind)?,
        }))
    }

    /// As [`Batch::row`], where others of the scope follow.
    #[allow(clippy::option_option)]
    pub(crate) fn row_of_many(
        &mut self,
        scope: ScopeKey,
        kind: u32,
    ) -> Result<Option<Option<Stored>>> {
        let cache = self.cache;
        let Some(touched) = self.touch(scope)? else { return Ok(None) };
        touched.read_rows(cache)?;
        self.row(scope, kind)
    }

    /// Writes a row of a scope that is in the cache, or takes it away.
    pub(crate) fn put(
        &mut self,
        scope: ScopeKey,
        (kind, slug): (u32, &Slug),
        was: Option<&Stored>,
        now: Option<&Stored>,
        at: Timestamp,
    ) -> Result<()> {
        let Some(touched) = self.touch(scope)? else { return Ok(()) };
        if was == now {
            return Ok(());
        }
        let listed = touched.had_list;
        for found in drift::between(self.cache, &mut self.words, listed, was, now)? {
            self.note(scope, Some(slug), found, at);
        }
        self.put_quietly(scope, kind, was, now)
    }

    /// The same, without a word in the history.
    pub(crate) fn put_quietly(
        &mut self,
        scope: ScopeKey,
        kind: u32,
        was: Option<&Stored>,
        now: Option<&Stored>,
    ) -> Result<()> {
        let Some(touched) = self.touch(scope)? else { return Ok(()) };
        let (reference, counted) = (touched.reference, !touched.was_gone);
        let cell = now.map(|row| row.cell(kind));
        if was.map(|row| row.cell(kind)) != cell {
            cells::set(&mut touched.cells, kind, cell);
            touched.dirty = true;
        }
        if let Some(rows) = &mut touched.rows {
            rows.retain(|(held, _)| *held != kind);
            rows.extend(now.map(|row| (kind, *row)));
        }
        if counted {
            for (row, by) in [(was, -1), (now, 1)] {
                if let Some(row) = row {
                    self.heirs.count(kind, row, by);
                }
            }
        }
        self.writing.write((reference, kind), was, now)
    }

    /// A scope's list was read: it is there, and what is not in the list is off.
    pub(crate) fn listed(&mut self, scope: ScopeKey, at: Timestamp) -> Result<()> {
        if let Some(touched) = self.touch(scope)? {
            touched.listed_at = Some(at.as_millisecond());
            touched.dirty = true;
        }
        self.set_gone(scope, None, at)
    }

    /// Marks a scope gone, or back.
    pub(crate) fn set_gone(
        &mut self,
        scope: ScopeKey,
        gone_at: Option<Timestamp>,
        at: Timestamp,
    ) -> Result<()> {
        let Some(touched) = self.touch(scope)? else { return Ok(()) };
        let (was, is) = (touched.gone_at.is_some(), gone_at.is_some());
        if is && was {
            return Ok(());
        }
        touched.gone_at = gone_at.map(Timestamp::as_millisecond);
        if is != was {
            touched.dirty = true;
            let found = Difference {
                what: What::Scope,
                before: Side::Scope { there: !was },
                after: Side::Scope { there: !is },
                amends: false,
            };
            self.note(scope, None, found, at);
        }
        Ok(())
    }

    fn note(&mut self, scope: ScopeKey, slug: Option<&Slug>, found: Difference, at: Timestamp) {
        let touched = self.touched.get(&scope).and_then(Option::as_ref);
        let path = touched.map_or_else(String::new, |touched| touched.path.clone());
        self.changes.push(NewChange {
            scope,
            path,
            slug: slug.cloned(),
            what: found.what,
            before: found.before,
            after: found.after,
            amends: found.amends,
            at,
        });
    }

    /// Notes a change of the scope itself, found by whoever lists scopes.
    pub(crate) fn note_scope(&mut self, change: NewChange) {
        self.changes.push(change);
    }

    /// Scopes moved within the tree: everything is counted anew at the end.
    pub(crate) const fn recount(&mut self) {
        self.recount = true;
    }

    fn finish(self) -> Result<Vec<NewChange>> {
        let Self { cache, connection, touched, mut heirs, changes, recount, .. } = self;
        let mut tallies = tally::Changes::default();
        for (key, touched) in touched {
            let Some(touched) = touched.filter(|touched| touched.dirty) else { continue };
            let is_gone = touched.gone_at.is_some();
            cache
                .prepare_cached(
                    "UPDATE scope SET gone_at = ?2, listed_at = ?3, cells = ?4 WHERE ref = ?1",
                )?
                .execute(params![
                    touched.reference,
                    touched.gone_at,
                    touched.listed_at,
                    cells::pack(&touched.cells)
                ])?;
            if touched.was_gone != is_gone {
                let by = if is_gone { -1 } else { 1 };
                if key.level == Level::Project {
                    tree::count_project(cache, touched.reference, by)?;
                }
                for (kind, row) in stored::of_scope(cache, touched.reference)? {
                    heirs.count(kind, &row, by);
                }
            }
            if !recount {
                let before = if touched.was_gone { &[][..] } else { &touched.before };
                let after = if is_gone { &[][..] } else { &touched.cells };
                tallies.moved(cache, (touched.reference, key.level), before, after)?;
            }
        }
        if recount {
            tally::rebuild(cache, connection)?;
        } else {
            tallies.write(cache)?;
        }
        heirs.write(cache)?;
        Ok(changes)
    }
}
