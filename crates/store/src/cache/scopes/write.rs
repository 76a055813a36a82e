//! Writing what listings told.

use std::collections::{HashMap, HashSet};

use heirloom_core::ids::{ConnectionId, ScopeKey};
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{Failure, Listed};
use crate::app::history::{Cause, NewChange, Side, What};
use crate::cache::batch::Batch;
use crate::cache::facts::{id_number, level_number, scope_key, to_json};
use crate::cache::search::Indexed;
use crate::cache::{search, tree};
use crate::{Error, Result, Store};

/// A scope as a listing told it before.
struct Known {
    reference: i64,
    listed: Listed,
    gone: bool,
}

impl Store {
    /// Takes over what a listing told, and puts the tree in order again. With `whole`, scopes that
    /// were not listed are marked gone; nothing is deleted. Scopes that appear are noted as a
    /// change once a sync has had all there are: what an earlier one's broken list left out was
    /// there all the time.
    ///
    /// # Errors
    /// When the database refuses; then nothing changed.
    pub fn take_scopes(
        &self,
        connection: ConnectionId,
        cause: Cause,
        scopes: Vec<Listed>,
        whole: bool,
        now: Timestamp,
    ) -> Result<()> {
        self.write(move |db| {
            db.batch(connection, cause, |batch| take(batch, cause, &scopes, whole, now))
        })
    }

    /// Marks a scope gone: GitLab answered that it is not there. What was read of it stays, and
    /// counts no more.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn mark_gone(
        &self,
        connection: ConnectionId,
        cause: Cause,
        key: ScopeKey,
        now: Timestamp,
    ) -> Result<()> {
        self.write(move |db| {
            db.batch(connection, cause, |batch| batch.set_gone(key, Some(now), now))
        })
    }

    /// Notes that a scope's integrations could not be read. What was read before stays.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn note_failures(
        &self,
        connection: ConnectionId,
        failures: Vec<(ScopeKey, Failure)>,
    ) -> Result<()> {
        self.write(move |db| {
            db.batch(connection, Cause::Reading, |batch| {
                let mut update = batch.cache.prepare_cached(
                    "UPDATE scope SET failed_at = ?4, failed_kind = ?5, failed_why = ?6 \
                     WHERE connection = ?1 AND level = ?2 AND id = ?3",
                )?;
                for (key, failure) in &failures {
                    update.execute(params![
                        connection.0,
                        level_number(key.level),
                        id_number(*key)?,
                        failure.at.as_millisecond(),
                        to_json("scope.failed_kind", &failure.kind)?,
                        failure.why,
                    ])?;
                }
                Ok(())
            })
        })
    }
}

fn take(
    batch: &mut Batch<'_>,
    cause: Cause,
    scopes: &[Listed],
    whole: bool,
    now: Timestamp,
) -> Result<()> {
    let (cache, connection) = (batch.cache, batch.connection);
    let mut known = known(cache, connection)?;
    let news = has_whole_list(cache, connection)?;
    let mut seen: HashSet<ScopeKey> = HashSet::with_capacity(scopes.len());
    let mut moved = false;
    for scope in scopes {
        seen.insert(scope.key);
        match known.get_mut(&scope.key) {
            None => {
                let reference = insert(cache, connection, scope)?;
                if news && !scope.placeholder {
                    let sides = (Side::Scope { there: false }, Side::Scope { there: true });
                    batch.note_scope(change(scope, What::Scope, sides, now));
                }
                let listed = scope.clone();
                known.insert(scope.key, Known { reference, listed, gone: false });
                moved = true;
            }
            Some(was) => {
                if was.listed != *scope {
                    moved |= was.listed.parent != scope.parent || was.listed.name != scope.name;
                    if was.listed.path != scope.path && !was.listed.placeholder {
                        let sides =
                            (Side::Path(was.listed.path.clone()), Side::Path(scope.path.clone()));
                        batch.note_scope(change(scope, What::Path, sides, now));
                    }
                    update(cache, was, scope)?;
                    was.listed = scope.clone();
                }
                if was.gone {
                    was.gone = false;
                    batch.set_gone(scope.key, None, now)?;
                }
            }
        }
    }
    if whole {
        for (key, was) in &known {
            if !was.gone && !seen.contains(key) {
                batch.set_gone(*key, Some(now), now)?;
            }
        }
        if let Cause::Sync(run) = cause {
            cache.execute("UPDATE sync SET listed = max(listed, 1) WHERE run = ?1", [run.0])?;
        }
    }
    if moved && tree::put_in_order(cache, connection)? {
        batch.recount();
    }
    Ok(())
}

fn change(scope: &Listed, what: What, (before, after): (Side, Side), at: Timestamp) -> NewChange {
    NewChange {
        scope: scope.key,
        path: scope.path.clone(),
        slug: None,
        what,
        before,
        after,
        amends: false,
        at,
    }
}

/// Whether a sync has had all groups and projects: before that, what appears is only new to us.
fn has_whole_list(cache: &Connection, connection: ConnectionId) -> Result<bool> {
    Ok(cache
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM sync WHERE connection = ?1 AND listed > 0)")?
        .query_row([connection.0], |row| row.get(0))?)
}

fn known(cache: &Connection, connection: ConnectionId) -> Result<HashMap<ScopeKey, Known>> {
    let mut statement = cache.prepare_cached(
        "SELECT ref, level, id, gone_at IS NOT NULL, parent_level, parent_id, name, path, \
           visibility, personal, archived, pending_deletion, placeholder \
         FROM scope WHERE connection = ?1",
    )?;
    let mut rows = statement.query([connection.0])?;
    let mut found = HashMap::new();
    while let Some(row) = rows.next()? {
        let key = scope_key(row.get(1)?, row.get(2)?)?;
        let parent = row.get::<_, Option<i64>>(4)?.zip(row.get::<_, Option<i64>>(5)?);
        let listed = Listed {
            key,
            parent: parent.map(|(level, id)| scope_key(level, id)).transpose()?,
            name: row.get(6)?,
            path: row.get(7)?,
            visibility: row.get(8)?,
            personal: row.get(9)?,
            archived: row.get(10)?,
            pending_deletion: row.get(11)?,
            placeholder: row.get(12)?,
        };
        found.insert(key, Known { reference: row.get(0)?, listed, gone: row.get(3)? });
    }
    Ok(found)
}

fn parent_columns(scope: &Listed) -> Result<(Option<i64>, Option<i64>)> {
    let parent = scope.parent.map(|key| Ok::<_, Error>((level_number(key.level), id_number(key)?)));
    Ok(parent.transpose()?.unzip())
}

fn insert(cache: &Connection, connection: ConnectionId, scope: &Listed) -> Result<i64> {
    let parent = parent_columns(scope)?;
    let (name_key, path_key) = (scope.name.to_lowercase(), scope.path.to_lowercase());
    cache
        .prepare_cached(
            "INSERT INTO scope (connection, level, id, parent_level, parent_id, name, path, \
               name_key, path_key, visibility, personal, archived, pending_deletion, placeholder) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?
        .execute(params![
            connection.0,
            level_number(scope.key.level),
            id_number(scope.key)?,
            parent.0,
            parent.1,
            scope.name,
            scope.path,
            name_key,
            path_key,
            scope.visibility,
            scope.personal,
            scope.archived,
            scope.pending_deletion,
            scope.placeholder,
        ])?;
    let reference = cache.last_insert_rowid();
    search::index_scope(cache, reference, &name_key, &path_key, Indexed::New)?;
    Ok(reference)
}

fn update(cache: &Connection, was: &Known, scope: &Listed) -> Result<()> {
    let parent = parent_columns(scope)?;
    let (name_key, path_key) = (scope.name.to_lowercase(), scope.path.to_lowercase());
    cache
        .prepare_cached(
            "UPDATE scope SET parent_level = ?2, parent_id = ?3, name = ?4, path = ?5, \
               name_key = ?6, path_key = ?7, visibility = ?8, personal = ?9, archived = ?10, \
               pending_deletion = ?11, placeholder = ?12 \
             WHERE ref = ?1",
        )?
        .execute(params![
            was.reference,
            parent.0,
            parent.1,
            scope.name,
            scope.path,
            name_key,
            path_key,
            scope.visibility,
            scope.personal,
            scope.archived,
            scope.pending_deletion,
            scope.placeholder,
        ])?;
    if was.listed.name != scope.name || was.listed.path != scope.path {
        search::index_scope(cache, was.reference, &name_key, &path_key, Indexed::Again)?;
    }
    Ok(())
}
