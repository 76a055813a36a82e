//! Writing what listings told.

use heirloom_core::ids::{ConnectionId, ScopeKey};
use jiff::Timestamp;
use rusqlite::params;

use super::{Failure, Listed};
use crate::cache::facts::{id_number, level_number, to_json};
use crate::cache::{tally, tree};
use crate::{Error, Result, Store};

impl Store {
    /// Takes over what a listing told, and puts the tree in order again. With `whole`, scopes that
    /// were not listed are marked gone; nothing is deleted.
    ///
    /// # Errors
    /// When the database refuses; then nothing changed.
    pub fn take_scopes(
        &self,
        connection: ConnectionId,
        scopes: Vec<Listed>,
        whole: bool,
        now: Timestamp,
    ) -> Result<()> {
        self.write(move |db| {
            let cache = db.cache.transaction()?;
            if whole {
                // First all, then those listed are back: clocks may stand still or be set back,
                // so times cannot tell who was listed.
                cache.execute(
                    "UPDATE scope SET gone_at = ?2 WHERE connection = ?1 AND gone_at IS NULL",
                    params![connection.0, now.as_millisecond()],
                )?;
            }
            {
                let mut insert = cache.prepare_cached(
                    "INSERT INTO scope (connection, level, id, parent_level, parent_id, name, path, \
                       search, visibility, personal, archived, pending_deletion, placeholder, seen_at) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) \
                     ON CONFLICT (connection, level, id) DO UPDATE SET \
                       parent_level = excluded.parent_level, parent_id = excluded.parent_id, \
                       name = excluded.name, path = excluded.path, search = excluded.search, \
                       visibility = excluded.visibility, personal = excluded.personal, \
                       archived = excluded.archived, pending_deletion = excluded.pending_deletion, \
                       placeholder = excluded.placeholder, seen_at = excluded.seen_at, gone_at = NULL",
                )?;
                for scope in &scopes {
                    let parent = scope.parent.map(|key| Ok::<_, Error>((level_number(key.level), id_number(key)?)));
                    let parent = parent.transpose()?;
                    insert.execute(params![
                        connection.0,
                        level_number(scope.key.level),
                        id_number(scope.key)?,
                        parent.map(|it| it.0),
                        parent.map(|it| it.1),
                        scope.name,
                        scope.path,
                        format!("{}\n{}", scope.name, scope.path).to_lowercase(),
                        scope.visibility,
                        scope.personal,
                        scope.archived,
                        scope.pending_deletion,
                        scope.placeholder,
                        now.as_millisecond(),
                    ])?;
                }
            }
            let moved = tree::put_in_order(&cache, connection)?;
            if moved {
                tally::rebuild(&cache, connection)?;
            }
            cache.commit()?;
            Ok(())
        })
    }

    /// Marks a scope gone: GitLab answered that it is not there.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn mark_gone(&self, connection: ConnectionId, key: ScopeKey, now: Timestamp) -> Result<()> {
        self.write(move |db| {
            db.cache.execute(
                "UPDATE scope SET gone_at = ?4 WHERE connection = ?1 AND level = ?2 AND id = ?3",
                params![
                    connection.0,
                    level_number(key.level),
                    id_number(key)?,
                    now.as_millisecond()
                ],
            )?;
            Ok(())
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
            let cache = db.cache.transaction()?;
            for (key, failure) in &failures {
                cache
                    .prepare_cached(
                        "UPDATE scope SET failed_at = ?4, failed_kind = ?5, failed_why = ?6 \
                     WHERE connection = ?1 AND level = ?2 AND id = ?3",
                    )?
                    .execute(params![
                        connection.0,
                        level_number(key.level),
                        id_number(*key)?,
                        failure.at.as_millisecond(),
                        to_json("scope.failed_kind", &failure.kind)?,
                        failure.why,
                    ])?;
            }
            cache.commit()?;
            Ok(())
        })
    }
}
