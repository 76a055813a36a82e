//! An integration's row in the cache's own columns.

use heirloom_core::ids::ScopeKey;
use heirloom_core::row::{Agrees, Link, Row, Source, State};
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, params};

use crate::Result;
use crate::cache::cells::Cell;
use crate::cache::facts::{agrees, agrees_number, source_columns, state, state_number};
use crate::cache::integrations::Linked;

/// A row as it is stored; numbers as in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) state: i64,
    pub(crate) presence: i64,
    pub(crate) link: Option<i64>,
    pub(crate) active: bool,
    pub(crate) agrees: Option<i64>,
    pub(crate) source: Option<(i64, i64, i64)>,
    pub(crate) basis: i64,
    pub(crate) updated_at: Option<i64>,
    pub(crate) events: Option<i64>,
    pub(crate) settings: Option<i64>,
    pub(crate) flags_at: i64,
    pub(crate) fields_at: Option<i64>,
    pub(crate) fields_of: Option<i64>,
}

pub(crate) const CUSTOM: i64 = 0;
pub(crate) const INHERITED: i64 = 1;

const COLUMNS: &str = "kind, state, presence, link, active, agrees, source_kind, source_level, \
    source_id, basis, updated_at, events, settings, flags_at, fields_at, fields_of";

impl Stored {
    /// Asked by name: nothing there.
    pub(crate) fn not_set(at: i64) -> Self {
        Self {
            state: state_number(State::NotSet),
            presence: 1,
            link: None,
            active: false,
            agrees: None,
            source: None,
            basis: 0,
            updated_at: None,
            events: None,
            settings: None,
            flags_at: at,
            fields_at: None,
            fields_of: None,
        }
    }

    pub(crate) fn state(&self) -> State {
        state(self.state)
    }

    /// A row is stored and on, however it is linked.
    pub(crate) fn is_on(&self) -> bool {
        self.presence == 0 && self.active
    }

    pub(crate) fn is_inherited(&self) -> bool {
        self.presence == 0 && self.link == Some(INHERITED)
    }

    pub(crate) fn agrees(&self) -> Agrees {
        self.agrees.map_or(Agrees::Unread, agrees)
    }

    /// Works out the label anew, after link, activity or agreement were set.
    pub(crate) fn label(&mut self, scope: ScopeKey) {
        let source = Source::NotAsked(scope);
        let state = match self.link {
            None => State::Unknown,
            Some(CUSTOM) => Row { link: Link::Custom, active: self.active }.state(),
            Some(_) => {
                let link = Link::Inherited { source, agrees: self.agrees() };
                Row { link, active: self.active }.state()
            }
        };
        self.state = state_number(state);
    }

    pub(crate) fn set_agrees(&mut self, known: Agrees) {
        self.agrees = Some(agrees_number(known));
    }

    /// Notes where an inherited row's settings come from.
    pub(crate) fn set_link(&mut self, scope: ScopeKey, linked: Linked) -> Result<()> {
        let (kind, level, id, _) = source_columns(linked.source)?;
        self.source = Some((kind, level, id));
        self.set_agrees(linked.agrees);
        self.label(scope);
        Ok(())
    }

    /// What filters look at.
    pub(crate) fn cell(&self, kind: u32) -> Cell {
        let custom = self.link.filter(|_| self.presence == 0).map(|link| link == CUSTOM);
        Cell { kind, state: self.state(), custom }
    }

    /// The scope its settings come from, where that is known.
    pub(crate) fn heir_of(&self) -> Option<(i64, i64)> {
        match self.source {
            Some((0, level, id)) if self.is_inherited() => Some((level, id)),
            _ => None,
        }
    }
}

fn columns(row: &rusqlite::Row<'_>) -> rusqlite::Result<(u32, Stored)> {
    let source: Option<i64> = row.get(6)?;
    let stored = Stored {
        state: row.get(1)?,
        presence: row.get(2)?,
        link: row.get(3)?,
        active: row.get(4)?,
        agrees: row.get(5)?,
        source: match source {
            Some(kind) => Some((kind, row.get(7)?, row.get(8)?)),
            None => None,
        },
        basis: row.get(9)?,
        updated_at: row.get(10)?,
        events: row.get(11)?,
        settings: row.get(12)?,
        flags_at: row.get(13)?,
        fields_at: row.get(14)?,
        fields_of: row.get(15)?,
    };
    Ok((row.get(0)?, stored))
}

pub(crate) fn of_scope(cache: &Connection, scope: i64) -> Result<Vec<(u32, Stored)>> {
    let sql = format!("SELECT {COLUMNS} FROM integration WHERE scope = ?1");
    let mut statement = cache.prepare_cached(&sql)?;
    let rows = statement.query_map([scope], columns)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn one(cache: &Connection, scope: i64, kind: u32) -> Result<Option<Stored>> {
    let sql = format!("SELECT {COLUMNS} FROM integration WHERE scope = ?1 AND kind = ?2");
    let mut statement = cache.prepare_cached(&sql)?;
    let found = statement.query_row([scope, i64::from(kind)], columns).optional()?;
    Ok(found.map(|(_, row)| row))
}

/// Writes rows, many in a batch: what it needs for that is made ready once.
pub(crate) struct Writing<'a> {
    insert: CachedStatement<'a>,
    update: CachedStatement<'a>,
    delete: CachedStatement<'a>,
}

impl<'a> Writing<'a> {
    pub(crate) fn new(cache: &'a Connection) -> Result<Self> {
        Ok(Self {
            insert: cache.prepare_cached(
                "INSERT INTO integration (scope, kind, state, presence, link, active, agrees, \
                   source_kind, source_level, source_id, basis, updated_at, events, settings, \
                   flags_at, fields_at, fields_of) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, \
                   ?17)",
            )?,
            update: cache.prepare_cached(
                "UPDATE integration SET state = ?3, presence = ?4, link = ?5, active = ?6, \
                   agrees = ?7, source_kind = ?8, source_level = ?9, source_id = ?10, \
                   basis = ?11, updated_at = ?12, events = ?13, settings = ?14, flags_at = ?15, \
                   fields_at = ?16, fields_of = ?17 \
                 WHERE scope = ?1 AND kind = ?2",
            )?,
            delete: cache
                .prepare_cached("DELETE FROM integration WHERE scope = ?1 AND kind = ?2")?,
        })
    }

    /// Writes a row in place of what was there.
    pub(crate) fn write(
        &mut self,
        (scope, kind): (i64, u32),
        was: Option<&Stored>,
        now: Option<&Stored>,
    ) -> Result<()> {
        let Some(row) = now else {
            if was.is_some() {
                self.delete.execute(params![scope, kind])?;
            }
            return Ok(());
        };
        let statement = if was.is_some() { &mut self.update } else { &mut self.insert };
        statement.execute(params![
            scope,
            kind,
            row.state,
            row.presence,
            row.link,
            row.active,
            row.agrees,
            row.source.map(|it| it.0),
            row.source.map(|it| it.1),
            row.source.map(|it| it.2),
            row.basis,
            row.updated_at,
            row.events,
            row.settings,
            row.flags_at,
            row.fields_at,
            row.fields_of,
        ])?;
        Ok(())
    }
}
