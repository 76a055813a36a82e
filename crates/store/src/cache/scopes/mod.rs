//! Scopes: writing what a listing told, reading windows of the tree.

mod write;

use heirloom_core::ids::{ConnectionId, ScopeKey};
use heirloom_core::row::{NotRead, State};
use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};

use crate::cache::facts::{from_json, id_number, level_number, scope_key, time};
use crate::cache::{cells, tally};
use crate::{Error, Result, Store};

/// A scope as a listing told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: ScopeKey,
    /// What it stands under; none for the instance.
    pub parent: Option<ScopeKey>,
    /// Display name.
    pub name: String,
    /// Full path; the host for the instance.
    pub path: String,
    /// `public`, `internal`, `private`, where told.
    pub visibility: Option<String>,
    /// A person's project.
    pub personal: bool,
    /// Archived itself.
    pub archived: bool,
    /// Marked for deletion.
    pub pending_deletion: bool,
    /// Known only because something below it was listed.
    pub placeholder: bool,
}

/// A scope as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// What the listing told.
    pub listed: Listed,
    /// Levels below the instance.
    pub depth: u32,
    /// Direct children.
    pub children: u32,
    /// Projects at or below.
    pub projects: u32,
    /// No longer listed since.
    pub gone_at: Option<Timestamp>,
    /// When its list of integrations was last read.
    pub listed_at: Option<Timestamp>,
    /// The last failure to read it, if that is newer than the last good list.
    pub failure: Option<Failure>,
}

/// Why a scope could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What kind of reason.
    pub kind: NotRead,
    /// GitLab's answer and what to do.
    pub why: String,
    /// When.
    pub at: Timestamp,
}

pub(crate) const COLUMNS: &str = "level, id, parent_level, parent_id, name, path, visibility, personal, \
    archived, pending_deletion, placeholder, gone_at, depth, children, projects, listed_at, \
    failed_at, failed_kind, failed_why";

/// Whether a scope's last reading failed, in SQL.
pub(crate) const FAILED: &str =
    "(failed_at IS NOT NULL AND failed_at >= coalesce(listed_at, failed_at))";

impl Store {
    /// One scope.
    ///
    /// # Errors
    /// When it is not in the cache, or the cache cannot be read.
    pub fn scope(&self, connection: ConnectionId, key: ScopeKey) -> Result<Scope> {
        self.read(|db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM scope WHERE connection = ?1 AND level = ?2 AND id = ?3"
            );
            let row = db
                .cache
                .prepare_cached(&sql)?
                .query_row(params![connection.0, level_number(key.level), id_number(key)?], columns)
                .optional()?
                .ok_or(Error::Missing("this scope"))?;
            row.scope()
        })
    }

    /// Scopes with this full path: a group and a project may share one.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn scopes_at_path(&self, connection: ConnectionId, path: &str) -> Result<Vec<Scope>> {
        self.scopes_where(
            "connection = ?1 AND path_key = ?2 AND path = ?3 ORDER BY level",
            params![connection.0, path.to_lowercase(), path],
        )
    }

    /// Every scope, in tree order.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn scopes(&self, connection: ConnectionId) -> Result<Vec<Scope>> {
        self.scopes_where("connection = ?1 AND pre IS NOT NULL ORDER BY pre", params![connection.0])
    }

    /// A scope and everything below it, in tree order.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn subtree(&self, connection: ConnectionId, root: ScopeKey) -> Result<Vec<Scope>> {
        self.scopes_where(
            "connection = ?1 AND pre BETWEEN \
               (SELECT pre FROM scope WHERE connection = ?1 AND level = ?2 AND id = ?3) AND \
               (SELECT last FROM scope WHERE connection = ?1 AND level = ?2 AND id = ?3) ORDER BY pre",
            params![connection.0, level_number(root.level), id_number(root)?],
        )
    }

    /// A window of a scope's children, in tree order.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn children(
        &self,
        connection: ConnectionId,
        parent: ScopeKey,
        offset: u32,
        limit: u32,
    ) -> Result<Vec<Scope>> {
        self.scopes_where(
            "above = (SELECT ref FROM scope WHERE connection = ?1 AND level = ?2 AND id = ?3) \
               AND rank >= ?4 AND rank < ?4 + ?5 AND pre IS NOT NULL ORDER BY rank",
            params![connection.0, level_number(parent.level), id_number(parent)?, offset, limit],
        )
    }

    /// The instance first, the scope itself last.
    ///
    /// # Errors
    /// When the scope is not in the cache, or the cache cannot be read.
    pub fn lineage(&self, connection: ConnectionId, key: ScopeKey) -> Result<Vec<Scope>> {
        let mut lineage = vec![self.scope(connection, key)?];
        while let Some(parent) = lineage.last().and_then(|scope| scope.listed.parent) {
            if lineage.len() > DEEPEST {
                return Err(Error::Content { what: "scope.parent", why: "a cycle".into() });
            }
            let above = match self.scope(connection, parent) {
                // As in the tree: under the instance, until its parent is listed.
                Err(Error::Missing(_)) => self.scope(connection, ScopeKey::INSTANCE)?,
                above => above?,
            };
            lineage.push(above);
        }
        lineage.reverse();
        Ok(lineage)
    }

    /// Groups and projects in the cache, and scopes that could not be read.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn scope_counts(&self, connection: ConnectionId) -> Result<ScopeCounts> {
        self.read(|db| {
            let instance = db
                .cache
                .prepare_cached(
                    "SELECT last - pre, projects, cells FROM scope \
                     WHERE connection = ?1 AND level = 0 AND id = 0",
                )?
                .query_row([connection.0], |row| {
                    Ok((row.get::<_, u32>(0)?, row.get::<_, u32>(1)?, row.get(2)?))
                })
                .optional()?;
            let (below, projects, cells): (_, _, Option<Vec<u8>>) = instance.unwrap_or_default();
            // Projects that are gone are not among the projects, but below the instance.
            let odd: u32 = db
                .cache
                .prepare_cached(
                    "SELECT count(*) FROM scope INDEXED BY scope_odd \
                     WHERE connection = ?1 AND level IN (1, 2) \
                       AND (gone_at IS NOT NULL OR placeholder = 1) AND pre IS NOT NULL",
                )?
                .query_row([connection.0], |row| row.get(0))?;
            let unreadable = db
                .cache
                .prepare_cached(&format!(
                    "SELECT count(*) FROM scope INDEXED BY scope_failed \
                     WHERE connection = ?1 AND {FAILED} AND gone_at IS NULL",
                ))?
                .query_row([connection.0], |row| row.get(0))?;
            let counts = tally::of_scope(&db.cache, connection, ScopeKey::INSTANCE)?;
            let stored = |state| state != State::NotSet;
            let rows: i64 =
                counts.iter().filter(|(key, _)| stored(key.state)).map(|(_, n)| n).sum();
            // The instance's own rows are kept beside the counts.
            let own =
                cells::unpack(&cells.unwrap_or_default()).filter(|cell| stored(cell.state)).count();
            Ok(ScopeCounts {
                groups: below.saturating_sub(projects).saturating_sub(odd),
                projects,
                unreadable,
                rows: u32::try_from(rows).unwrap_or(u32::MAX)
                    + u32::try_from(own).unwrap_or(u32::MAX),
            })
        })
    }

    pub(crate) fn scopes_where(
        &self,
        tail: &str,
        params: impl rusqlite::Params,
    ) -> Result<Vec<Scope>> {
        self.read(|db| {
            let mut statement =
                db.cache.prepare_cached(&format!("SELECT {COLUMNS} FROM scope WHERE {tail}"))?;
            let rows = statement.query_map(params, columns)?;
            rows.map(|row| row?.scope()).collect()
        })
    }
}

/// A scope by its number in the cache.
pub(crate) fn by_number(cache: &rusqlite::Connection, number: i64) -> Result<Scope> {
    let sql = format!("SELECT {COLUMNS} FROM scope WHERE ref = ?1");
    cache.prepare_cached(&sql)?.query_row([number], columns)?.scope()
}

/// How much a connection's cache holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScopeCounts {
    /// Groups.
    pub groups: u32,
    /// Projects.
    pub projects: u32,
    /// Scopes whose last reading failed.
    pub unreadable: u32,
    /// Integration rows that GitLab stores.
    pub rows: u32,
}

pub(crate) struct Columns {
    key: (i64, i64),
    parent: Option<(i64, i64)>,
    times: (Option<i64>, Option<i64>, Option<i64>),
    failed: (Option<String>, Option<String>),
    rest: Scope,
}

pub(crate) fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    let parent_level: Option<i64> = row.get("parent_level")?;
    let parent_id: Option<i64> = row.get("parent_id")?;
    Ok(Columns {
        key: (row.get("level")?, row.get("id")?),
        parent: parent_level.zip(parent_id),
        times: (row.get("gone_at")?, row.get("listed_at")?, row.get("failed_at")?),
        failed: (row.get("failed_kind")?, row.get("failed_why")?),
        rest: Scope {
            listed: Listed {
                key: ScopeKey::INSTANCE,
                parent: None,
                name: row.get("name")?,
                path: row.get("path")?,
                visibility: row.get("visibility")?,
                personal: row.get("personal")?,
                archived: row.get("archived")?,
                pending_deletion: row.get("pending_deletion")?,
                placeholder: row.get("placeholder")?,
            },
            depth: row.get("depth")?,
            children: row.get("children")?,
            projects: row.get("projects")?,
            gone_at: None,
            listed_at: None,
            failure: None,
        },
    })
}

impl Columns {
    pub(crate) fn scope(self) -> Result<Scope> {
        let mut scope = self.rest;
        scope.listed.key = scope_key(self.key.0, self.key.1)?;
        scope.listed.parent = self.parent.map(|(level, id)| scope_key(level, id)).transpose()?;
        let (gone_at, listed_at, failed_at) = self.times;
        scope.gone_at = gone_at.map(time);
        scope.listed_at = listed_at.map(time);
        if let (Some(at), (Some(kind), why)) = (failed_at, self.failed)
            && listed_at.is_none_or(|listed| at >= listed)
        {
            scope.failure = Some(Failure {
                kind: from_json("scope.failed_kind", &kind)?,
                why: why.unwrap_or_default(),
                at: time(at),
            });
        }
        Ok(scope)
    }
}

/// GitLab nests 20 deep at most; anything far deeper is a cycle, and can only come from a lying
/// server.
pub(crate) const DEEPEST: usize = 64;
