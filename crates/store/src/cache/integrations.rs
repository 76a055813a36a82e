//! Rows of integrations: what lists, single readings and inference told.

use std::collections::BTreeMap;

use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::row::{Agrees, Basis, Known, Link, NotRead, Row, Source, State};
use heirloom_core::settings::Settings;
use heirloom_core::value::Value;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::facts::{
    Events, agrees, agrees_number, basis, basis_number, from_json, id_number, level_number,
    scope_key, slug, source, source_columns, state, state_number, time, to_json,
};
use super::tally::Changes;
use crate::{Result, Store};

/// What is kept of one integration at one scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Where.
    pub scope: ScopeKey,
    /// Which.
    pub slug: Slug,
    /// GitLab's title, where a reading told it.
    pub title: Option<String>,
    /// What is known.
    pub known: Known,
    /// The row is on; also known where the link is not.
    pub active: bool,
    /// When GitLab last saw the row change.
    pub updated_at: Option<Timestamp>,
    /// Trigger events.
    pub events: Events,
    /// Fields, where they were read.
    pub fields: Option<BTreeMap<String, Value>>,
    /// The row moved since its fields were read.
    pub fields_outdated: bool,
    /// Whether it was read, or follows from other scopes.
    pub basis: Basis,
    /// When presence and flags were read.
    pub flags_at: Timestamp,
    /// When the fields were read.
    pub fields_at: Option<Timestamp>,
}

impl Kept {
    /// Fields and events together, where the fields were read.
    pub fn settings(&self) -> Option<Settings> {
        let fields = self.fields.clone()?;
        Some(Settings { fields, events: self.events.clone() })
    }

    /// The stored row's link is to default settings.
    pub const fn inherited(&self) -> Option<bool> {
        match self.known {
            Known::Row(Row { link: Link::Inherited { .. }, .. }) => Some(true),
            Known::Row(Row { link: Link::Custom, .. }) => Some(false),
            Known::NotSet | Known::Off | Known::Unavailable(_) | Known::Unknown(_) => None,
        }
    }
}

/// One scope's list of active rows.
#[derive(Clone, Debug)]
pub struct ListRead {
    /// Whose.
    pub scope: ScopeKey,
    /// When.
    pub at: Timestamp,
    /// Its active rows.
    pub rows: Vec<Flags>,
}

/// A row as a list tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flags {
    /// Which integration.
    pub slug: Slug,
    /// GitLab's title.
    pub title: String,
    /// On; always in lists, not always in single readings.
    pub active: bool,
    /// Linked to default settings; none on servers that don't say.
    pub inherited: Option<bool>,
    /// When GitLab last saw it change.
    pub updated_at: Option<Timestamp>,
    /// Trigger events.
    pub events: Events,
}

/// One integration read by name.
#[derive(Clone, Debug)]
pub struct ValuesRead {
    /// Where.
    pub scope: ScopeKey,
    /// Which.
    pub slug: Slug,
    /// When.
    pub at: Timestamp,
    /// How.
    pub basis: Basis,
    /// The row with its fields, or nothing stored.
    pub row: Option<(Flags, BTreeMap<String, Value>)>,
}

/// What was found out of an inherited row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linked {
    /// Where its settings come from.
    pub source: Source,
    /// Whether its values are the source's.
    pub agrees: Agrees,
}

const COLUMNS: &str = "level, scope_id, slug, presence, title, link, active, agrees, source_kind, \
    source_level, source_id, basis, updated_at, events, fields, flags_at, fields_at, fields_of";

impl Store {
    /// Takes over lists of active rows. What was on and is not listed any more becomes *off*: its
    /// row is dropped, since what it is now was not asked.
    ///
    /// # Errors
    /// When the database refuses; then nothing of this batch is kept.
    pub fn take_lists(&self, connection: ConnectionId, lists: Vec<ListRead>) -> Result<()> {
        self.write(move |db| {
            let cache = db.cache.transaction()?;
            let mut changes = Changes::begin(&cache, connection);
            for list in &lists {
                let (level, id) = (level_number(list.scope.level), id_number(list.scope)?);
                cache
                    .prepare_cached(
                        "UPDATE scope SET listed_at = ?4, gone_at = NULL \
                         WHERE connection = ?1 AND level = ?2 AND id = ?3",
                    )?
                    .execute(params![connection.0, level, id, list.at.as_millisecond()])?;
                for flags in &list.rows {
                    put_flags(&cache, connection, list.scope, flags, list.at, &mut changes)?;
                }
                for (name, was) in still_on(&cache, connection, list.scope)? {
                    if !list.rows.iter().any(|flags| flags.slug.as_str() == name) {
                        drop_row(&cache, connection, list.scope, &name)?;
                        changes.moved(list.scope, &name, Some(was), None)?;
                    }
                }
            }
            changes.write()?;
            cache.commit()?;
            Ok(())
        })
    }

    /// Takes over single readings.
    ///
    /// # Errors
    /// When the database refuses; then nothing of this batch is kept.
    pub fn take_values(&self, connection: ConnectionId, readings: Vec<ValuesRead>) -> Result<()> {
        self.write(move |db| {
            let cache = db.cache.transaction()?;
            let mut changes = Changes::begin(&cache, connection);
            for reading in &readings {
                put_values(&cache, connection, reading, &mut changes)?;
            }
            changes.write()?;
            cache.commit()?;
            Ok(())
        })
    }

    /// Notes sources of inherited rows, and whether their values are the source's. Where a
    /// project's row moved since its own values were read, and is not known to differ, those are
    /// dropped: they would be shown as if they still held.
    ///
    /// # Errors
    /// When the database refuses; then nothing of this batch is kept.
    pub fn link_rows(
        &self,
        connection: ConnectionId,
        rows: Vec<(ScopeKey, Slug, Linked)>,
    ) -> Result<()> {
        self.write(move |db| {
            let cache = db.cache.transaction()?;
            let mut changes = Changes::begin(&cache, connection);
            {
                let mut update = cache.prepare_cached(
                    "UPDATE integration SET source_kind = ?5, source_level = ?6, source_id = ?7, \
                       agrees = ?8, state = ?9, \
                       fields = iif(?10 AND fields_of IS NOT updated_at, NULL, fields), \
                       fields_at = iif(?10 AND fields_of IS NOT updated_at, NULL, fields_at) \
                     WHERE connection = ?1 AND level = ?2 AND scope_id = ?3 AND slug = ?4",
                )?;
                for (scope, slug, linked) in &rows {
                    let Some((was, active)) = inherited(&cache, connection, *scope, slug.as_str())?
                    else {
                        continue;
                    };
                    let link = Link::Inherited { source: linked.source, agrees: linked.agrees };
                    let now = Row { link, active }.state();
                    let (kind, level, id, _) = source_columns(linked.source)?;
                    update.execute(params![
                        connection.0,
                        level_number(scope.level),
                        id_number(*scope)?,
                        slug.as_str(),
                        kind,
                        level,
                        id,
                        agrees_number(linked.agrees),
                        state_number(now),
                        scope.level == Level::Project && linked.agrees != Agrees::No,
                    ])?;
                    changes.moved(*scope, slug.as_str(), Some(was), Some(now))?;
                }
            }
            changes.write()?;
            cache.commit()?;
            Ok(())
        })
    }

    /// Forgets an inferred instance default that nothing suggests any more.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn forget_instance_rows(&self, connection: ConnectionId, keep: Vec<Slug>) -> Result<()> {
        self.write(move |db| {
            for (name, _) in still_on(&db.cache, connection, ScopeKey::INSTANCE)? {
                if !keep.iter().any(|slug| slug.as_str() == name) {
                    drop_row(&db.cache, connection, ScopeKey::INSTANCE, &name)?;
                }
            }
            Ok(())
        })
    }

    /// One integration at one scope, if anything is kept of it.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn integration(
        &self,
        connection: ConnectionId,
        scope: ScopeKey,
        slug: &Slug,
    ) -> Result<Option<Kept>> {
        let mut found = self.kept(
            "connection = ?1 AND level = ?2 AND scope_id = ?3 AND slug = ?4",
            params![connection.0, level_number(scope.level), id_number(scope)?, slug.as_str()],
        )?;
        Ok(found.pop())
    }

    /// Everything kept of one scope, by slug.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn integrations(&self, connection: ConnectionId, scope: ScopeKey) -> Result<Vec<Kept>> {
        self.kept(
            "connection = ?1 AND level = ?2 AND scope_id = ?3 ORDER BY slug",
            params![connection.0, level_number(scope.level), id_number(scope)?],
        )
    }

    /// Shows every kept row to a visitor, by scope and slug, without holding them all.
    ///
    /// # Errors
    /// When the cache cannot be read, or the visitor fails.
    pub fn visit_integrations(
        &self,
        connection: ConnectionId,
        mut visit: impl FnMut(Kept) -> Result<()>,
    ) -> Result<()> {
        self.read(|db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM integration WHERE connection = ?1 ORDER BY level, scope_id, slug"
            );
            let mut statement = db.cache.prepare_cached(&sql)?;
            let mut rows = statement.query([connection.0])?;
            while let Some(row) = rows.next()? {
                visit(kept(row)?)?;
            }
            Ok(())
        })
    }

    fn kept(&self, tail: &str, params: impl rusqlite::Params) -> Result<Vec<Kept>> {
        self.read(|db| {
            let sql = format!("SELECT {COLUMNS} FROM integration WHERE {tail}");
            let mut statement = db.cache.prepare_cached(&sql)?;
            let mut rows = statement.query(params)?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(kept(row)?);
            }
            Ok(found)
        })
    }
}

fn put_flags(
    cache: &Connection,
    connection: ConnectionId,
    scope: ScopeKey,
    flags: &Flags,
    at: Timestamp,
    changes: &mut Changes<'_>,
) -> Result<()> {
    let slug = flags.slug.as_str();
    let key = (level_number(scope.level), id_number(scope)?);
    let was: Option<(i64, Option<i64>, Option<i64>)> = cache
        .prepare_cached(
            "SELECT state, link, agrees FROM integration \
             WHERE connection = ?1 AND level = ?2 AND scope_id = ?3 AND slug = ?4",
        )?
        .query_row(params![connection.0, key.0, key.1, slug], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    // Until the source is resolved again, an inherited row keeps what was known of its agreement.
    let known = match (flags.inherited, was) {
        (Some(true), Some((_, Some(1), Some(number)))) => agrees(number),
        _ => Agrees::Unread,
    };
    let state_now = match flags.inherited {
        Some(inherited) => {
            let source = Source::NotAsked(scope);
            let link =
                if inherited { Link::Inherited { source, agrees: known } } else { Link::Custom };
            Row { link, active: flags.active }.state()
        }
        None => State::Unknown,
    };
    cache
        .prepare_cached(
            "INSERT INTO integration (connection, level, scope_id, slug, presence, title, link, \
               active, agrees, basis, updated_at, events, flags_at, state) \
             VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, 0, ?9, ?10, ?11, ?12) \
             ON CONFLICT (connection, level, scope_id, slug) DO UPDATE SET \
               presence = 0, title = excluded.title, link = excluded.link, \
               active = excluded.active, agrees = excluded.agrees, basis = 0, \
               updated_at = excluded.updated_at, events = excluded.events, \
               flags_at = excluded.flags_at, state = excluded.state",
        )?
        .execute(params![
            connection.0,
            key.0,
            key.1,
            slug,
            flags.title,
            flags.inherited.map(i64::from),
            flags.active,
            flags.inherited.filter(|linked| *linked).map(|_| agrees_number(known)),
            flags.updated_at.map(Timestamp::as_millisecond),
            to_json("integration.events", &flags.events)?,
            at.as_millisecond(),
            state_number(state_now),
        ])?;
    changes.moved(scope, slug, was.map(|(number, ..)| state(number)), Some(state_now))?;
    Ok(())
}

fn put_values(
    cache: &Connection,
    connection: ConnectionId,
    reading: &ValuesRead,
    changes: &mut Changes<'_>,
) -> Result<()> {
    let (scope, slug) = (reading.scope, reading.slug.as_str());
    let key = (level_number(scope.level), id_number(scope)?);
    match &reading.row {
        Some((flags, fields)) => {
            put_flags(cache, connection, scope, flags, reading.at, changes)?;
            cache
                .prepare_cached(
                    "UPDATE integration SET fields = ?5, fields_at = ?6, fields_of = updated_at, \
                       basis = ?7 \
                     WHERE connection = ?1 AND level = ?2 AND scope_id = ?3 AND slug = ?4",
                )?
                .execute(params![
                    connection.0,
                    key.0,
                    key.1,
                    slug,
                    to_json("integration.fields", fields)?,
                    reading.at.as_millisecond(),
                    basis_number(reading.basis),
                ])?;
        }
        None => {
            let was = state_of(cache, connection, scope, slug)?;
            drop_row(cache, connection, scope, slug)?;
            cache
                .prepare_cached(
                    "INSERT INTO integration (connection, level, scope_id, slug, presence, \
                       flags_at, state) VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6)",
                )?
                .execute(params![
                    connection.0,
                    key.0,
                    key.1,
                    slug,
                    reading.at.as_millisecond(),
                    state_number(State::NotSet),
                ])?;
            changes.moved(scope, slug, was, Some(State::NotSet))?;
        }
    }
    Ok(())
}

/// The rows of a scope that were on when last seen.
fn still_on(
    cache: &Connection,
    connection: ConnectionId,
    scope: ScopeKey,
) -> Result<Vec<(String, State)>> {
    let mut statement = cache.prepare_cached(
        "SELECT slug, state FROM integration \
         WHERE connection = ?1 AND level = ?2 AND scope_id = ?3 AND presence = 0 AND active = 1",
    )?;
    let rows = statement
        .query_map(params![connection.0, level_number(scope.level), id_number(scope)?], |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)?))
        })?;
    rows.map(|row| row.map(|(name, number)| (name, state(number))).map_err(Into::into)).collect()
}

fn state_of(
    cache: &Connection,
    connection: ConnectionId,
    scope: ScopeKey,
    slug: &str,
) -> Result<Option<State>> {
    Ok(cache
        .prepare_cached(
            "SELECT state FROM integration \
             WHERE connection = ?1 AND level = ?2 AND scope_id = ?3 AND slug = ?4",
        )?
        .query_row(
            params![connection.0, level_number(scope.level), id_number(scope)?, slug],
            |row| row.get(0),
        )
        .optional()?
        .map(state))
}

/// An inherited row's state, and whether it is on.
fn inherited(
    cache: &Connection,
    connection: ConnectionId,
    scope: ScopeKey,
    slug: &str,
) -> Result<Option<(State, bool)>> {
    let found = cache
        .prepare_cached(
            "SELECT state, active FROM integration WHERE connection = ?1 AND level = ?2 \
             AND scope_id = ?3 AND slug = ?4 AND presence = 0 AND link = 1",
        )?
        .query_row(
            params![connection.0, level_number(scope.level), id_number(scope)?, slug],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    Ok(found.map(|(number, active)| (state(number), active)))
}

fn drop_row(
    cache: &Connection,
    connection: ConnectionId,
    scope: ScopeKey,
    slug: &str,
) -> Result<()> {
    cache
        .prepare_cached(
            "DELETE FROM integration \
             WHERE connection = ?1 AND level = ?2 AND scope_id = ?3 AND slug = ?4",
        )?
        .execute(params![connection.0, level_number(scope.level), id_number(scope)?, slug])?;
    Ok(())
}

fn kept(row: &rusqlite::Row<'_>) -> Result<Kept> {
    let scope = scope_key(row.get("level")?, row.get("scope_id")?)?;
    let name: String = row.get("slug")?;
    let events: String = row.get("events")?;
    let fields: Option<String> = row.get("fields")?;
    let active: bool = row.get("active")?;
    let updated_at: Option<i64> = row.get("updated_at")?;
    let fields_of: Option<i64> = row.get("fields_of")?;
    let presence: i64 = row.get("presence")?;
    let link: Option<i64> = row.get("link")?;
    let known = match (presence, link) {
        (1, _) => Known::NotSet,
        (_, None) => Known::Unknown(NotRead::Version),
        (_, Some(0)) => Known::Row(Row { link: Link::Custom, active }),
        (_, Some(_)) => {
            let kind: Option<i64> = row.get("source_kind")?;
            let found = match kind {
                Some(kind) => source(kind, row.get("source_level")?, row.get("source_id")?, {
                    let level: i64 = row.get("source_level")?;
                    // An instance default is never read, only inferred.
                    i64::from(level == 0)
                })?,
                None => Source::NotAsked(scope),
            };
            let number: Option<i64> = row.get("agrees")?;
            let agrees = number.map_or(Agrees::Unread, agrees);
            Known::Row(Row { link: Link::Inherited { source: found, agrees }, active })
        }
    };
    Ok(Kept {
        scope,
        slug: slug(&name)?,
        title: row.get("title")?,
        known,
        active,
        updated_at: updated_at.map(time),
        events: from_json("integration.events", &events)?,
        fields_outdated: fields.is_some() && fields_of != updated_at,
        fields: fields.map(|text| from_json("integration.fields", &text)).transpose()?,
        basis: basis(row.get("basis")?),
        flags_at: time(row.get("flags_at")?),
        fields_at: row.get::<_, Option<i64>>("fields_at")?.map(time),
    })
}
