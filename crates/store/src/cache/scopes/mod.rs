//! Scopes: writing what a listing told, reading windows of the tree.

mod write;

use heirloom_core::ids::{ConnectionId, Level, ScopeKey};
use heirloom_core::row::NotRead;
use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};

use crate::cache::facts::{from_json, id_number, level_number, scope_key, time};
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

const COLUMNS: &str = "level, id, parent_level, parent_id, name, path, visibility, personal, \
    archived, pending_deletion, placeholder, gone_at, depth, children, projects, listed_at, \
    failed_at, failed_kind, failed_why";

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
            "connection = ?1 AND path = ?2 ORDER BY level",
            params![connection.0, path],
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
            "connection = ?1 AND parent_level = ?2 AND parent_id = ?3 AND pre IS NOT NULL \
             ORDER BY pre LIMIT ?5 OFFSET ?4",
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

    /// Scopes whose name or path holds the text, with how many there are in all.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn search_scopes(
        &self,
        connection: ConnectionId,
        text: &str,
        limit: u32,
    ) -> Result<(u32, Vec<Scope>)> {
        let pattern = format!("%{}%", escape_like(&text.to_lowercase()));
        let total = self.read(|db| {
            Ok(db
                .cache
                .prepare_cached(
                    "SELECT count(*) FROM scope WHERE connection = ?1 AND pre IS NOT NULL \
                     AND search LIKE ?2 ESCAPE '\\'",
                )?
                .query_row(params![connection.0, pattern], |row| row.get(0))?)
        })?;
        let found = self.scopes_where(
            "connection = ?1 AND pre IS NOT NULL AND search LIKE ?2 ESCAPE '\\' \
             ORDER BY pre LIMIT ?3",
            params![connection.0, pattern, limit],
        )?;
        Ok((total, found))
    }

    /// Groups and projects in the cache, and scopes that could not be read.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn scope_counts(&self, connection: ConnectionId) -> Result<ScopeCounts> {
        self.read(|db| {
            Ok(db
                .cache
                .prepare_cached(
                    "SELECT count(*) FILTER (WHERE level = 1 AND placeholder = 0), \
                            count(*) FILTER (WHERE level = 2), \
                            count(*) FILTER (WHERE failed_at IS NOT NULL \
                                             AND failed_at >= coalesce(listed_at, 0)), \
                            (SELECT count(*) FROM integration NATURAL JOIN (SELECT connection, \
                               level, id AS scope_id FROM scope WHERE gone_at IS NULL) \
                             WHERE connection = ?1 AND presence = 0) \
                     FROM scope WHERE connection = ?1 AND gone_at IS NULL",
                )?
                .query_row([connection.0], |row| {
                    Ok(ScopeCounts {
                        groups: row.get(0)?,
                        projects: row.get(1)?,
                        unreadable: row.get(2)?,
                        rows: row.get(3)?,
                    })
                })?)
        })
    }

    fn scopes_where(&self, tail: &str, params: impl rusqlite::Params) -> Result<Vec<Scope>> {
        self.read(|db| {
            let mut statement =
                db.cache.prepare_cached(&format!("SELECT {COLUMNS} FROM scope WHERE {tail}"))?;
            let rows = statement.query_map(params, columns)?;
            rows.map(|row| row?.scope()).collect()
        })
    }
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

struct Columns {
    key: (i64, i64),
    parent: Option<(i64, i64)>,
    times: (Option<i64>, Option<i64>, Option<i64>),
    failed: (Option<String>, Option<String>),
    rest: Scope,
}

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
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
    fn scope(self) -> Result<Scope> {
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

/// What a scope stands under: the instance, while its parent was never listed.
pub(crate) fn parent(
    cache: &rusqlite::Connection,
    connection: ConnectionId,
    key: ScopeKey,
) -> Result<Option<ScopeKey>> {
    let found = cache
        .prepare_cached(
            "SELECT parent_level, parent_id, \
               EXISTS (SELECT 1 FROM scope above WHERE above.connection = scope.connection \
                       AND above.level = scope.parent_level AND above.id = scope.parent_id) \
             FROM scope WHERE connection = ?1 AND level = ?2 AND id = ?3",
        )?
        .query_row(params![connection.0, level_number(key.level), id_number(key)?], |row| {
            let parent = row.get::<_, Option<i64>>(0)?.zip(row.get::<_, Option<i64>>(1)?);
            Ok((parent, row.get::<_, bool>(2)?))
        })
        .optional()?;
    match found {
        Some((Some((level, id)), true)) => scope_key(level, id).map(Some),
        Some((Some(_), false)) => Ok(Some(ScopeKey::INSTANCE)),
        Some((None, _)) | None => Ok(None),
    }
}

/// Whether a level holds other scopes.
pub(crate) const fn holds_others(level: Level) -> bool {
    matches!(level, Level::Instance | Level::Group)
}

fn escape_like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
