//! Which secrets the keychain remembers. Keychains cannot be searched the same way everywhere, so
//! their names are kept here; the secrets never are.

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use rusqlite::params;

use super::journal::RunId;
use crate::cache::facts::{id_number, level_number, scope_key, slug};
use crate::{Result, Store};

/// A secret field of one integration at one scope, whose value is in the keychain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// Where.
    pub scope: ScopeKey,
    /// Which integration.
    pub slug: Slug,
    /// The field.
    pub field: String,
    /// The run that wrote it to GitLab; none: whether the keychain has it is not known.
    pub run: Option<RunId>,
}

impl Store {
    /// Notes secrets: without a run before the keychain is given them, so that none is there
    /// without a name here, and with it after.
    ///
    /// # Errors
    /// When the database refuses; then nothing is noted.
    pub fn note_remembered(
        &self,
        connection: ConnectionId,
        secrets: Vec<Remembered>,
    ) -> Result<()> {
        self.write(move |db| {
            let journal = db.app.transaction()?;
            {
                let mut note = journal.prepare_cached(
                    "INSERT OR REPLACE INTO remembered \
                       (connection, level, scope_id, slug, field, run) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?;
                for it in &secrets {
                    note.execute(params![
                        connection.0,
                        level_number(it.scope.level),
                        id_number(it.scope)?,
                        it.slug.as_str(),
                        it.field,
                        it.run.map(|run| run.0)
                    ])?;
                }
            }
            journal.commit()?;
            Ok(())
        })
    }

    /// Forgets the names of secrets that the keychain has no more.
    ///
    /// # Errors
    /// When the database refuses; then all are still named.
    pub fn forget_remembered(
        &self,
        connection: ConnectionId,
        secrets: Vec<Remembered>,
    ) -> Result<()> {
        self.write(move |db| {
            let journal = db.app.transaction()?;
            {
                let mut forget = journal.prepare_cached(
                    "DELETE FROM remembered WHERE connection = ?1 AND level = ?2 \
                     AND scope_id = ?3 AND slug = ?4 AND field = ?5",
                )?;
                for it in &secrets {
                    forget.execute(params![
                        connection.0,
                        level_number(it.scope.level),
                        id_number(it.scope)?,
                        it.slug.as_str(),
                        it.field
                    ])?;
                }
            }
            journal.commit()?;
            Ok(())
        })
    }

    /// Secrets of a connection that the keychain may have.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn remembered(&self, connection: ConnectionId) -> Result<Vec<Remembered>> {
        self.read(|db| {
            let mut statement = db.app.prepare_cached(
                "SELECT level, scope_id, slug, field, run FROM remembered WHERE connection = ?1",
            )?;
            let mut rows = statement.query([connection.0])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(Remembered {
                    scope: scope_key(row.get(0)?, row.get(1)?)?,
                    slug: slug(&row.get::<_, String>(2)?)?,
                    field: row.get(3)?,
                    run: row.get::<_, Option<u32>>(4)?.map(RunId),
                });
            }
            Ok(found)
        })
    }
}
