//! Slugs, flags and settings, kept once each and named by number. A batch looks each up once.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use heirloom_core::ids::{ConnectionId, Slug};
use heirloom_core::value::Value;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::facts::{Events, from_json, slug, to_json};
use super::search::{self, Dictionary};
use crate::{Error, Result};

/// Field values by name.
pub(crate) type Fields = BTreeMap<String, Value>;

/// What one batch knows of numbers. Never kept longer: another process may take words away.
pub(crate) struct Words {
    connection: ConnectionId,
    kinds: HashMap<String, (u32, Option<String>)>,
    events: HashMap<Events, i64>,
    read_events: HashMap<i64, Rc<Events>>,
    dictionary: Dictionary,
}

impl Words {
    pub(crate) fn new(connection: ConnectionId) -> Self {
        Self {
            connection,
            kinds: HashMap::new(),
            events: HashMap::new(),
            read_events: HashMap::new(),
            dictionary: Dictionary::new(connection),
        }
    }

    pub(crate) const fn connection(&self) -> ConnectionId {
        self.connection
    }

    /// A kind's number; it is given one if it has none.
    pub(crate) fn kind(
        &mut self,
        cache: &Connection,
        slug: &Slug,
        title: Option<&str>,
    ) -> Result<u32> {
        if !self.kinds.contains_key(slug.as_str()) {
            cache
                .prepare_cached(
                    "INSERT INTO kind (connection, slug) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                )?
                .execute(params![self.connection.0, slug.as_str()])?;
            let found = cache
                .prepare_cached("SELECT id, title FROM kind WHERE connection = ?1 AND slug = ?2")?
                .query_row(params![self.connection.0, slug.as_str()], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?;
            self.kinds.insert(slug.as_str().to_owned(), found);
        }
        let Some((id, known)) = self.kinds.get_mut(slug.as_str()) else {
            return Err(Error::Missing("this kind"));
        };
        if let Some(title) = title
            && known.as_deref() != Some(title)
        {
            cache
                .prepare_cached("UPDATE kind SET title = ?2 WHERE id = ?1")?
                .execute(params![*id, title])?;
            *known = Some(title.to_owned());
        }
        Ok(*id)
    }

    /// A kind's number, if it has one.
    pub(crate) fn known_kind(&mut self, cache: &Connection, slug: &Slug) -> Result<Option<u32>> {
        if let Some((id, _)) = self.kinds.get(slug.as_str()) {
            return Ok(Some(*id));
        }
        if kind_of(cache, self.connection, slug)?.is_none() {
            return Ok(None);
        }
        self.kind(cache, slug, None).map(Some)
    }

    /// A kind's slug.
    pub(crate) fn slug(&self, cache: &Connection, kind: u32) -> Result<Slug> {
        let name: String = cache
            .prepare_cached("SELECT slug FROM kind WHERE id = ?1")?
            .query_row([kind], |row| row.get(0))?;
        slug(&name)
    }

    /// The number of these flags.
    pub(crate) fn events(&mut self, cache: &Connection, events: &Events) -> Result<i64> {
        if let Some(id) = self.events.get(events) {
            return Ok(*id);
        }
        let text = to_json("event_set.events", events)?;
        let found = cache
            .prepare_cached("SELECT id FROM event_set WHERE connection = ?1 AND events = ?2")?
            .query_row(params![self.connection.0, text], |row| row.get(0))
            .optional()?;
        let id = match found {
            Some(id) => id,
            None => {
                cache
                    .prepare_cached("INSERT INTO event_set (connection, events) VALUES (?1, ?2)")?
                    .execute(params![self.connection.0, text])?;
                cache.last_insert_rowid()
            }
        };
        self.events.insert(events.clone(), id);
        Ok(id)
    }

    /// The flags of a number.
    pub(crate) fn read_events(&mut self, cache: &Connection, id: i64) -> Result<Rc<Events>> {
        if let Some(known) = self.read_events.get(&id) {
            return Ok(Rc::clone(known));
        }
        let text: String = cache
            .prepare_cached("SELECT events FROM event_set WHERE id = ?1")?
            .query_row([id], |row| row.get(0))?;
        let events = Rc::new(from_json("event_set.events", &text)?);
        self.read_events.insert(id, Rc::clone(&events));
        Ok(events)
    }

    /// The number of these settings; new ones can be found by what they hold from now on.
    pub(crate) fn settings(
        &mut self,
        cache: &Connection,
        kind: u32,
        fields: &Fields,
    ) -> Result<i64> {
        let text = to_json("settings.fields", fields)?;
        let found = cache
            .prepare_cached(
                "SELECT id FROM settings WHERE kind = ?1 AND hash = ?2 AND fields = ?3",
            )?
            .query_row(params![kind, search::hash(&text), text], |row| row.get(0))
            .optional()?;
        match found {
            Some(id) => Ok(id),
            None => self.dictionary.keep(cache, (None, kind), fields, &text),
        }
    }
}

/// The settings of a number.
pub(crate) fn read_settings(cache: &Connection, id: i64) -> Result<Fields> {
    let text: String = cache
        .prepare_cached("SELECT fields FROM settings WHERE id = ?1")?
        .query_row([id], |row| row.get(0))?;
    from_json("settings.fields", &text)
}

/// Takes settings away that no row has any more.
pub(crate) fn sweep(cache: &Connection) -> Result<()> {
    let unused: Vec<i64> = cache
        .prepare_cached(
            "SELECT id FROM settings WHERE NOT EXISTS \
               (SELECT 1 FROM integration WHERE integration.settings = settings.id)",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    search::remove(cache, &unused)
}

/// Every kind of a connection, by number.
pub(crate) fn slugs(cache: &Connection, connection: ConnectionId) -> Result<HashMap<u32, Slug>> {
    let mut statement = cache.prepare_cached("SELECT id, slug FROM kind WHERE connection = ?1")?;
    let mut rows = statement.query([connection.0])?;
    let mut found = HashMap::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get(1)?;
        found.insert(row.get(0)?, slug(&name)?);
    }
    Ok(found)
}

/// The number of a kind, if it was ever seen.
pub(crate) fn kind_of(
    cache: &Connection,
    connection: ConnectionId,
    slug: &Slug,
) -> Result<Option<u32>> {
    Ok(cache
        .prepare_cached("SELECT id FROM kind WHERE connection = ?1 AND slug = ?2")?
        .query_row(params![connection.0, slug.as_str()], |row| row.get(0))
        .optional()?)
}
