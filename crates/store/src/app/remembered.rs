//! Which secrets the keychain remembers. Keychains cannot be searched the same way everywhere, so
//! their names are kept here; the secrets never are.

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use rusqlite::{Connection, Params, Statement, params};

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
    /// The address it was typed for, in the engine's own words: for another it is of no use. Empty
    /// where the integration has none.
    pub address: String,
}

const NOTE: &str = "INSERT OR REPLACE INTO remembered \
       (connection, level, scope_id, slug, field, run, address) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

const FORGET: &str = "DELETE FROM remembered WHERE connection = ?1 AND level = ?2 \
     AND scope_id = ?3 AND slug = ?4 AND field = ?5";

const READ: &str = "SELECT level, scope_id, slug, field, run, address FROM remembered \
     WHERE connection = ?1";

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
        self.with_each(NOTE, connection, secrets, |note, it| {
            note.raw_bind_parameter(6, it.run.map(|run| run.0))?;
            Ok(note.raw_bind_parameter(7, it.address.as_str())?)
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
        self.with_each(FORGET, connection, secrets, |_, _| Ok(()))
    }

    /// Runs a statement for each of some secrets, in one transaction. Their names are its first
    /// parameters; `more` binds the others.
    fn with_each(
        &self,
        sql: &'static str,
        connection: ConnectionId,
        secrets: Vec<Remembered>,
        more: impl Fn(&mut Statement<'_>, &Remembered) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        self.write(move |db| {
            let journal = db.app.transaction()?;
            {
                let mut each = journal.prepare_cached(sql)?;
                for it in &secrets {
                    each.raw_bind_parameter(1, connection.0)?;
                    each.raw_bind_parameter(2, level_number(it.scope.level))?;
                    each.raw_bind_parameter(3, id_number(it.scope)?)?;
                    each.raw_bind_parameter(4, it.slug.as_str())?;
                    each.raw_bind_parameter(5, it.field.as_str())?;
                    more(&mut each, it)?;
                    each.raw_execute()?;
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
        self.read(|db| collect(&db.app, READ, [connection.0]))
    }

    /// Those of one integration at one scope.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn remembered_at(
        &self,
        connection: ConnectionId,
        scope: ScopeKey,
        slug: &Slug,
    ) -> Result<Vec<Remembered>> {
        self.read(|db| {
            let one = format!("{READ} AND level = ?2 AND scope_id = ?3 AND slug = ?4");
            let place =
                params![connection.0, level_number(scope.level), id_number(scope)?, slug.as_str()];
            collect(&db.app, &one, place)
        })
    }
}

fn collect(app: &Connection, sql: &str, values: impl Params) -> Result<Vec<Remembered>> {
    let mut statement = app.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(Remembered {
            scope: scope_key(row.get(0)?, row.get(1)?)?,
            slug: slug(&row.get::<_, String>(2)?)?,
            field: row.get(3)?,
            run: row.get::<_, Option<u32>>(4)?.map(RunId),
            address: row.get(5)?,
        });
    }
    Ok(found)
}
