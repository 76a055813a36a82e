//! Rows of integrations: what lists, single readings and inference told.

mod write;

use std::collections::BTreeMap;

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::row::{Agrees, Basis, Known, Link, NotRead, Row, Source};
use heirloom_core::settings::Settings;
use heirloom_core::value::Value;
use jiff::Timestamp;
use rusqlite::params;

use crate::cache::facts::{
    Events, agrees, basis, from_json, id_number, level_number, scope_key, slug, source, time,
};
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
