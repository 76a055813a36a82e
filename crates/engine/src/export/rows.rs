//! The rows of an export, one after another, without holding them all.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;

use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::row::{Agrees, Known, Link, Row, Source};
use heirloom_store::Store;
use heirloom_store::cache::integrations::Kept;
use heirloom_store::cache::scopes::Scope;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::{Part, ScopeId, failed, fields_json, path_of};
use crate::Result;
use crate::query::items::read_at;

/// No deeper than GitLab nests, whatever a server claims.
const DEEPEST: usize = 64;

/// What is needed of the whole estate to write one row: where things are, and the defaults; and
/// which part of it is written.
pub(super) struct Estate {
    pub(super) part: Part,
    pub(super) places: HashMap<ScopeKey, Place>,
    defaults: HashMap<(ScopeKey, Slug), Kept>,
}

/// A scope that GitLab still has.
pub(super) struct Place {
    pub(super) path: String,
    parent: Option<ScopeKey>,
    /// Its rows could be listed.
    readable: bool,
    /// It belongs to the part that is written.
    inside: bool,
}

/// One stored row.
#[derive(Serialize)]
pub(super) struct ExportRow<'a> {
    pub(super) level: &'static str,
    pub(super) id: u64,
    pub(super) path: &'a str,
    pub(super) slug: &'a Slug,
    pub(super) state: &'static str,
    pub(super) link: Option<&'static str>,
    pub(super) active: bool,
    pub(super) agrees: Option<Agrees>,
    pub(super) source: Option<ScopeId>,
    pub(super) fields: Option<Map<String, Json>>,
    pub(super) events: &'a BTreeMap<String, bool>,
    pub(super) updated_at: Option<Timestamp>,
    pub(super) read_at: Timestamp,
}

impl Estate {
    pub(super) fn gather(store: &Store, id: ConnectionId, part: &Part) -> Result<Self> {
        let mut places: HashMap<ScopeKey, Place> = store
            .scopes(id)?
            .into_iter()
            // What GitLab no longer has is no row that is stored there.
            .filter(|scope| scope.gone_at.is_none())
            .map(|scope| (scope.listed.key, Place::of(scope)))
            .collect();
        if let Some(root) = part.below {
            let inside: HashSet<ScopeKey> =
                places.keys().copied().filter(|scope| is_below(&places, root, *scope)).collect();
            for (scope, place) in &mut places {
                place.inside = inside.contains(scope);
            }
        }
        let mut defaults = HashMap::new();
        store.visit_integrations(id, |kept| {
            if kept.scope.level != Level::Project && kept.inherited() == Some(false) {
                defaults.insert((kept.scope, kept.slug.clone()), kept);
            }
            Ok(())
        })?;
        Ok(Self { part: part.clone(), places, defaults })
    }

    /// Whether a scope belongs to the part that is written.
    pub(super) fn holds(&self, scope: ScopeKey) -> bool {
        self.places.get(&scope).is_some_and(|place| place.inside)
    }

    /// Whether an integration does.
    pub(super) fn holds_kind(&self, slug: &Slug) -> bool {
        self.part.slug.as_ref().is_none_or(|only| only == slug)
    }

    /// Shows every stored row to a visitor, by scope and slug.
    pub(super) fn visit(
        &self,
        store: &Store,
        id: ConnectionId,
        mut visit: impl FnMut(&Kept, &ExportRow<'_>) -> io::Result<()>,
    ) -> Result<()> {
        let mut wrong = None;
        store.visit_integrations(id, |kept| {
            if wrong.is_none()
                && let Some(row) = self.row(&kept)
            {
                wrong = visit(&kept, &row).err();
            }
            Ok(())
        })?;
        wrong.map_or(Ok(()), |error| Err(failed(error)))
    }

    fn row<'a>(&'a self, kept: &'a Kept) -> Option<ExportRow<'a>> {
        let place = self.places.get(&kept.scope).filter(|place| place.inside)?;
        if !self.holds_kind(&kept.slug) {
            return None;
        }
        // What was asked and is not set is no stored row.
        let (link, source, agrees) = match &kept.known {
            Known::Row(Row { link: Link::Custom, .. }) => (Some("custom"), None, None),
            Known::Row(Row { link: Link::Inherited { source, agrees }, .. }) => {
                (Some("inherited"), Some(*source), Some(*agrees))
            }
            Known::Unknown(_) => (None, None, None),
            Known::NotSet | Known::Off | Known::Unavailable(_) => return None,
        };
        let source = match source {
            Some(Source::Scope { key, .. }) => Some(key),
            Some(Source::NotVisible(_) | Source::NotAsked(_)) | None => None,
        };
        let assumed = source
            .filter(|_| kept.fields.is_none() && agrees != Some(Agrees::No))
            .and_then(|key| self.defaults.get(&(key, kept.slug.clone())));
        let fields = kept.fields.as_ref().or_else(|| assumed?.fields.as_ref());
        Some(ExportRow {
            level: kept.scope.level.name(),
            id: kept.scope.id.0,
            path: &place.path,
            slug: &kept.slug,
            state: kept.known.state().name(),
            link,
            active: kept.active,
            agrees,
            source: source.map(|key| ScopeId {
                level: key.level.name(),
                id: key.id.0,
                path: self.places.get(&key).map(|place| place.path.clone()).unwrap_or_default(),
            }),
            fields: fields.map(|them| fields_json(&kept.slug, them)),
            events: &kept.events,
            updated_at: kept.updated_at,
            read_at: read_at(kept, assumed),
        })
    }

    /// The default that a scope's own settings stand in place of; none where there is none, or
    /// where a group on the way cannot be read.
    pub(super) fn default_above(&self, scope: ScopeKey, slug: &Slug) -> Option<&Kept> {
        let mut at = self.places.get(&scope)?.parent;
        for _ in 0..DEEPEST {
            let key = at?;
            let place = self.places.get(&key)?;
            if let Some(default) = self.defaults.get(&(key, slug.clone())) {
                return Some(default);
            }
            if key.level == Level::Group && !place.readable {
                return None;
            }
            at = place.parent;
        }
        None
    }
}

fn is_below(places: &HashMap<ScopeKey, Place>, root: ScopeKey, scope: ScopeKey) -> bool {
    let mut at = Some(scope);
    for _ in 0..DEEPEST {
        match at {
            Some(key) if key == root => return true,
            Some(key) => at = places.get(&key).and_then(|place| place.parent),
            None => return false,
        }
    }
    false
}

impl Place {
    fn of(scope: Scope) -> Self {
        Self {
            readable: scope.failure.is_none() && scope.listed_at.is_some(),
            parent: scope.listed.parent,
            inside: true,
            path: path_of(scope.listed.key, scope.listed.path),
        }
    }
}
