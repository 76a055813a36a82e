//! Saved connections. The token is not here: it is in the keychain, under the connection's id.

use heirloom_core::ids::ConnectionId;
use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, named_params};

use crate::{Error, Result, Store};

/// A connection as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Its id, never reused.
    pub id: ConnectionId,
    /// What is known of it.
    pub details: Details,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What is known of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// Its name in lists.
    pub name: String,
    /// The instance, sub-path included, without a slash at the end.
    pub base_url: String,
    /// GitLab's version.
    pub version: String,
    /// Enterprise Edition, where GitLab says so.
    pub enterprise: Option<bool>,
    /// Whose token it is.
    pub username: String,
    /// The account is an administrator's.
    pub is_admin: bool,
    /// What the token may do.
    pub access: Access,
    /// The day the token ends, `2026-06-14`.
    pub token_expires_on: Option<String>,
    /// Its token is in the keychain; else it is given anew with each run.
    pub token_kept: bool,
    /// How much asking before changes.
    pub safety: Safety,
    /// The company's own certificate authority.
    pub ca_pem: Option<String>,
    /// Plain http beyond loopback was consented to.
    pub plain_http: bool,
    /// The embedded demo company; its token lives in memory.
    pub demo: bool,
}

/// What a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Scope `api`.
    Full,
    /// Scope `read_api` alone.
    ReviewOnly,
}

/// How much asking before changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// Nothing is ever written.
    ReadOnly,
    /// Every change is confirmed.
    ConfirmEach,
    /// Many scopes at once are confirmed by typing their number.
    ConfirmLarge,
}

const COLUMNS: &str = "id, name, base_url, version, enterprise, username, is_admin, access, \
    token_expires_on, token_kept, safety, ca_pem, plain_http, demo, created_at";

impl Store {
    /// A random text that tells this data folder from any other: part of the names of its
    /// keychain entries.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn folder_mark(&self) -> Result<String> {
        self.read(|db| Ok(db.app.query_row("SELECT mark FROM folder", [], |row| row.get(0))?))
    }

    /// All connections, in the order they were made.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn connections(&self) -> Result<Vec<Connection>> {
        self.read(|db| {
            let sql = format!("SELECT {COLUMNS} FROM connection ORDER BY id");
            let mut statement = db.app.prepare_cached(&sql)?;
            let found = statement.query_map([], from_row)?.collect::<rusqlite::Result<_>>()?;
            Ok(found)
        })
    }

    /// One connection.
    ///
    /// # Errors
    /// When it is not there, or the database cannot be read.
    pub fn connection(&self, id: ConnectionId) -> Result<Connection> {
        self.read(|db| {
            let sql = format!("SELECT {COLUMNS} FROM connection WHERE id = ?1");
            db.app
                .prepare_cached(&sql)?
                .query_row([id.0], from_row)
                .optional()?
                .ok_or(Error::Missing("this connection"))
        })
    }

    /// Saves a new connection.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn add_connection(&self, details: Details, now: Timestamp) -> Result<Connection> {
        self.write(move |db| {
            db.app.execute(
                "INSERT INTO connection (name, base_url, version, enterprise, username, is_admin, \
                   access, token_expires_on, token_kept, safety, ca_pem, plain_http, demo, \
                   created_at) \
                 VALUES (:name, :base_url, :version, :enterprise, :username, :is_admin, :access, \
                   :token_expires_on, :token_kept, :safety, :ca_pem, :plain_http, :demo, :created_at)",
                named_params! {
                    ":name": details.name,
                    ":base_url": details.base_url,
                    ":version": details.version,
                    ":enterprise": details.enterprise,
                    ":username": details.username,
                    ":is_admin": details.is_admin,
                    ":access": access_text(details.access),
                    ":token_expires_on": details.token_expires_on,
                    ":token_kept": details.token_kept,
                    ":safety": safety_text(details.safety),
                    ":ca_pem": details.ca_pem,
                    ":plain_http": details.plain_http,
                    ":demo": details.demo,
                    ":created_at": now.as_millisecond(),
                },
            )?;
            let id = u32::try_from(db.app.last_insert_rowid()).map_err(|error| Error::Content {
                what: "connection.id",
                why: error.to_string(),
            })?;
            Ok(Connection { id: ConnectionId(id), details, created_at: now })
        })
    }

    /// Changes a connection's details (name, version, token's facts, safety). Address and demo
    /// flag stay: another address is another connection.
    ///
    /// # Errors
    /// When it is not there, or the database refuses.
    pub fn change_connection(&self, id: ConnectionId, details: Details) -> Result<()> {
        self.write(move |db| {
            let changed = db.app.execute(
                "UPDATE connection SET name = :name, version = :version, enterprise = :enterprise, \
                   username = :username, is_admin = :is_admin, access = :access, \
                   token_expires_on = :token_expires_on, token_kept = :token_kept, \
                   safety = :safety WHERE id = :id",
                named_params! {
                    ":id": id.0,
                    ":name": details.name,
                    ":version": details.version,
                    ":enterprise": details.enterprise,
                    ":username": details.username,
                    ":is_admin": details.is_admin,
                    ":access": access_text(details.access),
                    ":token_expires_on": details.token_expires_on,
                    ":token_kept": details.token_kept,
                    ":safety": safety_text(details.safety),
                },
            )?;
            if changed == 0 { Err(Error::Missing("this connection")) } else { Ok(()) }
        })
    }

    /// Removes a connection with everything kept for it: drafts, journal, history, cache, and caches that
    /// were set aside as damaged, whose insides nobody can tell apart any more.
    ///
    /// # Errors
    /// When the database refuses; then the connection is still there.
    pub fn remove_connection(&self, id: ConnectionId) -> Result<()> {
        crate::files::remove_set_aside(self.folder())?;
        self.write(move |db| {
            // The cache first: were we killed in between, a connection without a cache is whole,
            // a cache without a connection would be left for ever.
            let cache = db.cache.transaction()?;
            crate::cache::forget(&cache, id)?;
            cache.commit()?;
            db.app.execute("DELETE FROM connection WHERE id = ?1", [id.0])?;
            // What was deleted must not linger in free pages or the WAL.
            db.app.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")?;
            db.cache.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")?;
            Ok(())
        })
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Connection> {
    let access: String = row.get("access")?;
    let safety: String = row.get("safety")?;
    Ok(Connection {
        id: ConnectionId(row.get("id")?),
        created_at: crate::cache::facts::time(row.get("created_at")?),
        details: Details {
            name: row.get("name")?,
            base_url: row.get("base_url")?,
            version: row.get("version")?,
            enterprise: row.get("enterprise")?,
            username: row.get("username")?,
            is_admin: row.get("is_admin")?,
            access: if access == "full" { Access::Full } else { Access::ReviewOnly },
            token_expires_on: row.get("token_expires_on")?,
            token_kept: row.get("token_kept")?,
            safety: match safety.as_str() {
                "confirm_each" => Safety::ConfirmEach,
                "confirm_large" => Safety::ConfirmLarge,
                _ => Safety::ReadOnly,
            },
            ca_pem: row.get("ca_pem")?,
            plain_http: row.get("plain_http")?,
            demo: row.get("demo")?,
        },
    })
}

fn access_text(access: Access) -> &'static str {
    match access {
        Access::Full => "full",
        Access::ReviewOnly => "review_only",
    }
}

fn safety_text(safety: Safety) -> &'static str {
    match safety {
        Safety::ReadOnly => "read_only",
        Safety::ConfirmEach => "confirm_each",
        Safety::ConfirmLarge => "confirm_large",
    }
}
