//! What `show` tells other programs (design.md, *heirloomctl*).

use std::collections::BTreeMap;

use heirloom_core::ids::{ConnectionId, Slug};
use heirloom_core::row::{Agrees, Basis, Known, Link, Row, Source};
use heirloom_core::settings::Verdict;
use heirloom_core::value::Value;
use heirloom_engine::export::{ScopeId, fields_json};
use heirloom_engine::query::Comparison;
use heirloom_engine::{Engine, Kept, Scope};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::exit::Result;

/// A scope with its integrations.
#[derive(Serialize)]
pub struct Listing {
    pub scope: ScopeId,
    pub integrations: Vec<Brief>,
}

/// One integration, without values.
#[derive(Serialize)]
pub struct Brief {
    scope: ScopeId,
    slug: Slug,
    state: &'static str,
    link: Option<&'static str>,
    active: Option<bool>,
    agrees: Option<Agrees>,
    source: Option<ScopeId>,
    source_basis: Option<Basis>,
    differs: Vec<String>,
    read_at: Option<Timestamp>,
}

/// One integration with both sides.
#[derive(Serialize)]
pub struct Full {
    #[serde(flatten)]
    brief: Brief,
    default: Option<Side>,
    own: Option<Side>,
}

/// One side. Where fields were not read they are null, never an empty object.
#[derive(Serialize)]
struct Side {
    fields: Option<Map<String, Json>>,
    events: BTreeMap<String, bool>,
}

/// The scope that inherited settings come from, if it is known.
pub async fn source(
    engine: &Engine,
    id: ConnectionId,
    known: &Known,
) -> Result<Option<(Scope, Basis)>> {
    let Known::Row(Row { link: Link::Inherited { source, .. }, .. }) = known else {
        return Ok(None);
    };
    match source {
        Source::Scope { key, basis } => {
            Ok(engine.tree_path(id, *key).await?.pop().map(|node| (node.scope, *basis)))
        }
        Source::NotVisible(_) | Source::NotAsked(_) => Ok(None),
    }
}

impl Brief {
    pub async fn of(engine: &Engine, id: ConnectionId, found: &Comparison) -> Result<Self> {
        let item = &found.item;
        let row = item.known.row();
        let (link, agrees) = match row.map(|row| row.link) {
            Some(Link::Custom) => (Some("custom"), None),
            Some(Link::Inherited { agrees, .. }) => (Some("inherited"), Some(agrees)),
            None => (None, None),
        };
        let (source, source_basis) = source(engine, id, &item.known).await?.unzip();
        Ok(Self {
            scope: ScopeId::of(&found.scope),
            slug: item.slug.clone(),
            state: item.known.state().name(),
            link,
            active: active(found),
            agrees,
            source: source.as_ref().map(ScopeId::of),
            source_basis,
            differs: found
                .pairs
                .iter()
                .filter(|pair| pair.verdict == Verdict::Differs)
                .map(|pair| pair.name.clone())
                .collect(),
            read_at: read_at(found),
        })
    }
}

impl Full {
    pub async fn of(engine: &Engine, id: ConnectionId, found: &Comparison) -> Result<Self> {
        let default = found.default.row.as_ref();
        let own = found.item.kept.as_ref().filter(|kept| kept.known.row().is_some() || kept.active);
        let assumed = default.filter(|_| found.own_assumed).and_then(|row| row.fields.as_ref());
        Ok(Self {
            brief: Brief::of(engine, id, found).await?,
            default: default.map(|row| side(row, None)),
            own: own.map(|row| side(row, assumed)),
        })
    }
}

fn side(row: &Kept, assumed: Option<&BTreeMap<String, Value>>) -> Side {
    let fields = row.fields.as_ref().or(assumed);
    Side { fields: fields.map(|fields| fields_json(&row.slug, fields)), events: row.events.clone() }
}

/// On or off, where that is known: what a list of active rows does not show is off, whatever else
/// it may be.
pub fn active(found: &Comparison) -> Option<bool> {
    match &found.item.known {
        Known::Row(row) => Some(row.active),
        Known::Off => Some(false),
        Known::Unknown(_) => found.item.kept.as_ref().map(|kept| kept.active),
        Known::NotSet | Known::Unavailable(_) => None,
    }
}

/// When what is shown was read.
pub fn read_at(found: &Comparison) -> Option<Timestamp> {
    match found.item.read_at {
        Some(at) => Some(at),
        None => found.scope.listed_at.filter(|_| found.item.known == Known::Off),
    }
}
