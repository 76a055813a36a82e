//! Everything of a connection in small pieces, for what looks at all of it at once: a million
//! rows must not fill the memory.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::row::Agrees;
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::facts::{Events, agrees, from_json, id_number, level_number, scope_key, slug, time};
use super::scopes::FAILED;
use crate::{Result, Store};

/// Which scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// All of the connection's.
    All,
    /// One and what is below it.
    Below(ScopeKey),
    /// One alone.
    Only(ScopeKey),
}

/// A scope's place in the tree, and what came of asking it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which scope.
    pub key: ScopeKey,
    /// What GitLab says it stands in; none for the instance.
    pub above: Option<ScopeKey>,
    /// Levels below the instance.
    pub depth: u32,
    /// Archived itself.
    pub archived: bool,
    /// Known only because something below it was listed.
    pub placeholder: bool,
    /// No longer there.
    pub gone: bool,
    /// When its list of integrations was last read.
    pub listed_at: Option<Timestamp>,
    /// The last try to read it failed.
    pub failed: bool,
}

/// What GitLab stores, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// Own settings.
    Custom,
    /// Linked to default settings.
    Inherited,
    /// A row; this server does not tell links.
    Row,
    /// Asked by name: nothing.
    NotSet,
}

/// One row without its values. Slug and events are numbers of [`Words`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Where.
    pub scope: ScopeKey,
    /// Which integration.
    pub kind: u32,
    /// What is stored.
    pub stored: Stored,
    /// Switched on.
    pub active: bool,
    /// Whether its values are its source's, as far as that was found out.
    pub agrees: Agrees,
    /// The noted source: 0 that scope, 1 it is not visible, 2 it was not asked; and which.
    pub source: Option<(u8, ScopeKey)>,
    /// It follows from other scopes.
    pub inferred: bool,
    /// When GitLab last saw it change.
    pub updated_at: Option<Timestamp>,
    /// Its trigger events.
    pub events: u32,
    /// When it was last seen.
    pub flags_at: Timestamp,
    /// When its values were read.
    pub fields_at: Option<Timestamp>,
    /// The row moved since.
    pub fields_outdated: bool,
}

/// Slugs and event flags by number: few differ, however many rows there are.
#[derive(Clone, Debug, Default)]
pub struct Words {
    kinds: HashMap<u32, Slug>,
    numbers: HashMap<Slug, u32>,
    events: HashMap<u32, Events>,
}

impl Words {
    /// The slug of a number.
    pub fn slug(&self, kind: u32) -> Option<&Slug> {
        self.kinds.get(&kind)
    }

    /// The number of a slug, if any row has it.
    pub fn kind(&self, slug: &Slug) -> Option<u32> {
        self.numbers.get(slug).copied()
    }

    /// The events of a number.
    pub fn events(&self, number: u32) -> Option<&Events> {
        self.events.get(&number)
    }

    fn learn_kind(&mut self, cache: &Connection, kind: u32) -> Result<()> {
        if !self.kinds.contains_key(&kind) {
            let name: String = cache
                .prepare_cached("SELECT slug FROM kind WHERE id = ?1")?
                .query_row([kind], |row| row.get(0))?;
            let slug = slug(&name)?;
            self.numbers.insert(slug.clone(), kind);
            self.kinds.insert(kind, slug);
        }
        Ok(())
    }

    fn learn_events(&mut self, cache: &Connection, events: u32) -> Result<()> {
        if let Entry::Vacant(free) = self.events.entry(events) {
            let text: String = cache
                .prepare_cached("SELECT events FROM event_set WHERE id = ?1")?
                .query_row([events], |row| row.get(0))?;
            free.insert(from_json("event_set.events", &text)?);
        }
        Ok(())
    }
}

/// No flags: nothing is stored.
const NO_EVENTS: u32 = 0;

impl Store {
    /// Shows scopes to a visitor, in tree order.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn visit_places(
        &self,
        connection: ConnectionId,
        of: Of,
        mut visit: impl FnMut(Place),
    ) -> Result<()> {
        let (within, level, id) = scopes_of(of)?;
        let sql = format!(
            "SELECT level, id, parent_level, parent_id, depth, archived, placeholder, \
               gone_at IS NOT NULL, listed_at, {FAILED} \
             FROM scope WHERE connection = ?1 AND pre IS NOT NULL AND {within} ORDER BY pre"
        );
        self.read(|db| {
            let mut statement = db.cache.prepare_cached(&sql)?;
            let mut rows = statement.query(params![connection.0, level, id])?;
            while let Some(row) = rows.next()? {
                visit(place(row)?);
            }
            Ok(())
        })
    }

    /// Shows rows to a visitor, in no particular order.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn visit_facts(
        &self,
        connection: ConnectionId,
        of: Of,
        words: &mut Words,
        mut visit: impl FnMut(Fact),
    ) -> Result<()> {
        let (within, level, id) = scopes_of(of)?;
        let sql = format!(
            "SELECT level, id, kind, presence, link, active, agrees, source_kind, source_level, \
               source_id, basis, updated_at, events, flags_at, fields_at, \
               settings IS NOT NULL AND fields_of IS NOT updated_at, listed_at \
             FROM scope JOIN integration ON integration.scope = scope.ref \
             WHERE connection = ?1 AND {within}"
        );
        self.read(|db| {
            let mut statement = db.cache.prepare_cached(&sql)?;
            let mut rows = statement.query(params![connection.0, level, id])?;
            while let Some(row) = rows.next()? {
                visit(fact(row, &db.cache, words)?);
            }
            Ok(())
        })
    }
}

fn scopes_of(of: Of) -> Result<(&'static str, i64, i64)> {
    Ok(match of {
        Of::All => ("(?2, ?3) = (0, 0)", 0, 0),
        Of::Only(key) => ("(level, id) = (?2, ?3)", level_number(key.level), id_number(key)?),
        Of::Below(key) => (
            "pre BETWEEN \
               (SELECT pre FROM scope WHERE connection = ?1 AND level = ?2 AND id = ?3) AND \
               (SELECT last FROM scope WHERE connection = ?1 AND level = ?2 AND id = ?3)",
            level_number(key.level),
            id_number(key)?,
        ),
    })
}

fn place(row: &Row<'_>) -> Result<Place> {
    let above = row.get::<_, Option<i64>>(2)?.zip(row.get::<_, Option<i64>>(3)?);
    Ok(Place {
        key: scope_key(row.get(0)?, row.get(1)?)?,
        above: above.map(|(level, id)| scope_key(level, id)).transpose()?,
        depth: row.get(4)?,
        archived: row.get(5)?,
        placeholder: row.get(6)?,
        gone: row.get(7)?,
        listed_at: row.get::<_, Option<i64>>(8)?.map(time),
        failed: row.get(9)?,
    })
}

fn fact(row: &Row<'_>, cache: &Connection, words: &mut Words) -> Result<Fact> {
    let presence: i64 = row.get(3)?;
    let stored = match (presence, row.get::<_, Option<i64>>(4)?) {
        (1, _) => Stored::NotSet,
        (_, None) => Stored::Row,
        (_, Some(0)) => Stored::Custom,
        (_, Some(_)) => Stored::Inherited,
    };
    let noted = row.get::<_, Option<u8>>(7)?;
    let at = row.get::<_, Option<i64>>(8)?.zip(row.get::<_, Option<i64>>(9)?);
    let at = at.map(|(level, id)| scope_key(level, id)).transpose()?;
    let kind = row.get(2)?;
    words.learn_kind(cache, kind)?;
    let events = row.get::<_, Option<u32>>(12)?;
    if let Some(events) = events {
        words.learn_events(cache, events)?;
    }
    let active = row.get(5)?;
    // A row that is on was seen in every list of its scope since.
    let (flags_at, listed_at) = (row.get(13)?, row.get::<_, Option<i64>>(16)?);
    let seen_at = listed_at
        .filter(|_| active && stored != Stored::NotSet)
        .map_or(flags_at, |listed| listed.max(flags_at));
    Ok(Fact {
        scope: scope_key(row.get(0)?, row.get(1)?)?,
        kind,
        stored,
        active,
        agrees: row.get::<_, Option<i64>>(6)?.map_or(Agrees::Unread, agrees),
        source: noted.zip(at),
        inferred: row.get::<_, i64>(10)? != 0,
        updated_at: row.get::<_, Option<i64>>(11)?.map(time),
        events: events.unwrap_or(NO_EVENTS),
        flags_at: time(seen_at),
        fields_at: row.get::<_, Option<i64>>(14)?.map(time),
        fields_outdated: row.get(15)?,
    })
}
