//! Writing what lists, single readings and inference told.

use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::row::{Agrees, Link, Row, Source, State};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Flags, Linked, ListRead, ValuesRead};
use crate::cache::facts::{
    agrees, agrees_number, basis_number, id_number, level_number, source_columns, state,
    state_number, to_json,
};
use crate::cache::tally::Changes;
use crate::{Result, Store};

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
