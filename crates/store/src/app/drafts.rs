//! Drafts: what stands in a form's controls, kept until it is sent or discarded. Secrets are no
//! part of [`Settings`], so none can get here.

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::plan::Snapshot;
use heirloom_core::settings::Settings;
use jiff::Timestamp;
use rusqlite::OptionalExtension as _;

use crate::cache::facts::{from_json, id_number, level_number, scope_key, slug, time, to_json};
use crate::{Result, Store};

/// A kept draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Where.
    pub scope: ScopeKey,
    /// Which integration.
    pub slug: Slug,
    /// What stands in the controls.
    pub settings: Settings,
    /// The row it was begun on, to notice when that moves.
    pub begun_on: Snapshot,
    /// When it was last kept.
    pub kept_at: Timestamp,
}

impl Store {
    /// Keeps a draft in place of an earlier one. The row it was begun on is kept from the first
    /// time.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn keep_draft(&self, connection: ConnectionId, draft: Draft) -> Result<()> {
        self.write(move |db| {
            db.app.execute(
                "INSERT INTO draft (connection, level, scope_id, slug, settings, begun_on, kept_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
                 ON CONFLICT (connection, level, scope_id, slug) \
                 DO UPDATE SET settings = excluded.settings, kept_at = excluded.kept_at",
                rusqlite::params![
                    connection.0,
                    level_number(draft.scope.level),
                    id_number(draft.scope)?,
                    draft.slug.as_str(),
                    to_json("draft.settings", &draft.settings)?,
                    to_json("draft.begun_on", &draft.begun_on)?,
                    draft.kept_at.as_millisecond(),
                ],
            )?;
            Ok(())
        })
    }

    /// The draft kept for an integration at a scope.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn draft(
        &self,
        connection: ConnectionId,
        scope: ScopeKey,
        slug: &Slug,
    ) -> Result<Option<Draft>> {
        self.read(|db| {
            let found = db
                .app
                .prepare_cached(
                    "SELECT settings, begun_on, kept_at FROM draft \
                     WHERE connection = ?1 AND level = ?2 AND scope_id = ?3 AND slug = ?4",
                )?
                .query_row(
                    rusqlite::params![
                        connection.0,
                        level_number(scope.level),
                        id_number(scope)?,
                        slug.as_str()
                    ],
                    |row| {
                        let texts: (String, String) = (row.get(0)?, row.get(1)?);
                        Ok((texts, row.get::<_, i64>(2)?))
                    },
                )
                .optional()?;
            found
                .map(|((settings, begun_on), kept_at)| {
                    Ok(Draft {
                        scope,
                        slug: slug.clone(),
                        settings: from_json("draft.settings", &settings)?,
                        begun_on: from_json("draft.begun_on", &begun_on)?,
                        kept_at: time(kept_at),
                    })
                })
                .transpose()
        })
    }

    /// Where drafts are kept, latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn drafts(&self, connection: ConnectionId) -> Result<Vec<(ScopeKey, Slug, Timestamp)>> {
        self.read(|db| {
            let mut statement = db.app.prepare_cached(
                "SELECT level, scope_id, slug, kept_at FROM draft WHERE connection = ?1 \
                 ORDER BY kept_at DESC",
            )?;
            let rows = statement.query_map([connection.0], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get::<_, i64>(3)?))
            })?;
            rows.map(|row| {
                let (level, id, name, kept_at) = row?;
                Ok((scope_key(level, id)?, slug(&name)?, time(kept_at)))
            })
            .collect()
        })
    }

    /// Discards a draft; it is no error if none is kept.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn discard_draft(
        &self,
        connection: ConnectionId,
        scope: ScopeKey,
        slug: &Slug,
    ) -> Result<()> {
        let slug = slug.clone();
        self.write(move |db| {
            db.app.execute(
                "DELETE FROM draft \
                 WHERE connection = ?1 AND level = ?2 AND scope_id = ?3 AND slug = ?4",
                rusqlite::params![
                    connection.0,
                    level_number(scope.level),
                    id_number(scope)?,
                    slug.as_str()
                ],
            )?;
            Ok(())
        })
    }
}
