//! Rows of integrations: what lists, single readings and inference told.

mod write;

use std::collections::BTreeMap;

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::row::{Agrees, Basis, Known, Link, NotRead, Row, Source};
use heirloom_core::settings::Settings;
use heirloom_core::value::Value;
use jiff::Timestamp;
use rusqlite::{Connection, params};

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
    /// What is known of each of them already, in their order: rows that are new are written with
    /// it. There may be fewer, down to none.
    pub links: Vec<Option<Linked>>,
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

/// Rows with the words their numbers stand for.
pub(crate) const KEPT: &str = "SELECT scope.level, scope.id, slug, presence, title, link, active, agrees, \
    source_kind, source_level, source_id, basis, updated_at, event_set.events, fields, flags_at, \
    fields_at, fields_of, listed_at \
    FROM scope JOIN integration ON integration.scope = scope.ref \
    JOIN kind ON kind.id = integration.kind \
    LEFT JOIN event_set ON event_set.id = integration.events \
    LEFT JOIN settings ON settings.id = integration.settings";

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
            "scope.connection = ?1 AND scope.level = ?2 AND scope.id = ?3 AND slug = ?4",
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
            "scope.connection = ?1 AND scope.level = ?2 AND scope.id = ?3 ORDER BY slug",
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
            // By scope in the index's order; only a scope's few rows are sorted here.
            let sql = format!("{KEPT} WHERE scope.connection = ?1 ORDER BY scope.level, scope.id");
            let mut statement = db.cache.prepare_cached(&sql)?;
            let mut rows = statement.query([connection.0])?;
            let mut of_scope: Vec<Kept> = Vec::new();
            while let Some(row) = rows.next()? {
                let found = kept(row)?;
                if of_scope.first().is_some_and(|first| first.scope != found.scope) {
                    in_order(&mut of_scope, &mut visit)?;
                }
                of_scope.push(found);
            }
            in_order(&mut of_scope, &mut visit)
        })
    }

    fn kept(&self, tail: &str, params: impl rusqlite::Params) -> Result<Vec<Kept>> {
        self.read(|db| {
            let sql = format!("{KEPT} WHERE {tail}");
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

/// One integration at a scope by its number in the cache.
pub(crate) fn kept_at(cache: &Connection, scope: i64, slug: &Slug) -> Result<Option<Kept>> {
    let sql = format!("{KEPT} WHERE scope.ref = ?1 AND slug = ?2");
    let mut statement = cache.prepare_cached(&sql)?;
    let mut rows = statement.query(params![scope, slug.as_str()])?;
    rows.next()?.map(kept).transpose()
}

fn in_order(rows: &mut Vec<Kept>, visit: &mut impl FnMut(Kept) -> Result<()>) -> Result<()> {
    rows.sort_by(|a, b| a.slug.cmp(&b.slug));
    rows.drain(..).try_for_each(visit)
}

pub(crate) fn kept(row: &rusqlite::Row<'_>) -> Result<Kept> {
    let scope = scope_key(row.get(0)?, row.get(1)?)?;
    let name: String = row.get(2)?;
    let presence: i64 = row.get(3)?;
    let link: Option<i64> = row.get(5)?;
    let active: bool = row.get(6)?;
    let updated_at: Option<i64> = row.get(12)?;
    let events: Option<String> = row.get(13)?;
    let fields: Option<String> = row.get(14)?;
    let flags_at: i64 = row.get(15)?;
    let fields_of: Option<i64> = row.get(17)?;
    let listed_at: Option<i64> = row.get(18)?;
    let known = match (presence, link) {
        (1, _) => Known::NotSet,
        (_, None) => Known::Unknown(NotRead::Version),
        (_, Some(0)) => Known::Row(Row { link: Link::Custom, active }),
        (_, Some(_)) => {
            let kind: Option<i64> = row.get(8)?;
            let found = match kind {
                Some(kind) => linked_source(kind, row.get(9)?, row.get(10)?)?,
                None => Source::NotAsked(scope),
            };
            let number: Option<i64> = row.get(7)?;
            let agrees = number.map_or(Agrees::Unread, agrees);
            Known::Row(Row { link: Link::Inherited { source: found, agrees }, active })
        }
    };
    // A row that is on was seen in every list of its scope since.
    let seen_at = listed_at
        .filter(|_| presence == 0 && active)
        .map_or(flags_at, |listed| listed.max(flags_at));
    Ok(Kept {
        scope,
        slug: slug(&name)?,
        title: row.get(4)?,
        known,
        active,
        updated_at: updated_at.map(time),
        events: match events {
            Some(events) => from_json("event_set.events", &events)?,
            None => Events::new(),
        },
        fields_outdated: fields.is_some() && fields_of != updated_at,
        fields: fields.map(|text| from_json("settings.fields", &text)).transpose()?,
        basis: basis(row.get(11)?),
        flags_at: time(seen_at),
        fields_at: row.get::<_, Option<i64>>(16)?.map(time),
    })
}

/// A source as rows keep it. An instance default is never read, only inferred.
pub(crate) fn linked_source(kind: i64, level: i64, id: i64) -> Result<Source> {
    source(kind, level, id, i64::from(level == 0))
}
