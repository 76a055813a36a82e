//! The rows of an export, one after another, without holding them all.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;

use heirloom_core::catalog;
use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::row::{Agrees, Known, Link, Row, Source};
use heirloom_store::Store;
use heirloom_store::cache::integrations::Kept;
use heirloom_store::cache::scopes::Scope;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::unread::Unread;
use super::{Part, ScopeId, failed, fields_json, path_of};
use crate::Result;
use crate::query::items::{read_at, why_unknown};

/// No deeper than GitLab nests, whatever a server claims.
const DEEPEST: usize = 64;

/// What is needed of the whole estate to write one row: where things are, and the defaults; and
/// which part of it is written.
pub(super) struct Estate {
    pub(super) part: Part,
    pub(super) places: HashMap<ScopeKey, Place>,
    /// Of which nothing, or nothing new, could be read; in tree order.
    pub(super) unread: Vec<Unread>,
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

/// What is known of the default above a scope.
pub(super) enum Above<'a> {
    /// This is it.
    Default(&'a Kept),
    /// There is none, as far as was read.
    Nothing,
    /// A group on the way could not be read.
    Unknown,
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
    /// What is not known of it, and why.
    pub(super) why: Option<String>,
}

impl Estate {
    pub(super) fn gather(store: &Store, id: ConnectionId, part: &Part) -> Result<Self> {
        let mut scopes = store.scopes(id)?;
        // What GitLab no longer has is no row that is stored there.
        scopes.retain(|scope| scope.gone_at.is_none());
        let offers = |level: Level| {
            let known = part.slug.as_ref().and_then(catalog::find);
            known.is_none_or(|integration| integration.levels.contains(level))
        };
        let asked = scopes.iter().filter(|scope| offers(scope.listed.key.level));
        let mut unread: Vec<Unread> = asked.filter_map(Unread::of).collect();
        let mut places: HashMap<ScopeKey, Place> =
            scopes.into_iter().map(|scope| (scope.listed.key, Place::of(scope))).collect();
        if let Some(root) = part.below {
            let inside: HashSet<ScopeKey> =
                places.keys().copied().filter(|scope| is_below(&places, root, *scope)).collect();
            for (scope, place) in &mut places {
                place.inside = inside.contains(scope);
            }
            unread.retain(|it| inside.contains(&it.key));
        }
        let mut defaults = HashMap::new();
        store.visit_integrations(id, |kept| {
            if kept.scope.level != Level::Project && kept.inherited() == Some(false) {
                defaults.insert((kept.scope, kept.slug.clone()), kept);
            }
            Ok(())
        })?;
        Ok(Self { part: part.clone(), places, unread, defaults })
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
        let why = why_unknown(kept).map(str::to_owned).or_else(|| self.why_no_source(source?));
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
            why,
        })
    }

    fn why_no_source(&self, source: Source) -> Option<String> {
        let (group, why) = match source {
            Source::Scope { .. } => return None,
            Source::NotVisible(group) => (group, "could not be read"),
            Source::NotAsked(group) => (group, "shows no active row, and was not asked by name"),
        };
        let path = self.places.get(&group).map_or("a group above", |place| place.path.as_str());
        Some(format!("Which default it inherits is not known: {path} {why}"))
    }

    /// The default that a scope's own settings stand in place of.
    pub(super) fn default_above(&self, scope: ScopeKey, slug: &Slug) -> Above<'_> {
        let for_groups = catalog::find(slug).is_none_or(|integration| integration.levels.group);
        let mut at = self.places.get(&scope).and_then(|place| place.parent);
        for _ in 0..DEEPEST {
            let Some((key, place)) = at.and_then(|key| Some((key, self.places.get(&key)?))) else {
                return Above::Nothing;
            };
            if let Some(default) = self.defaults.get(&(key, slug.clone())) {
                return Above::Default(default);
            }
            if key.level == Level::Group && !place.readable && for_groups {
                return Above::Unknown;
            }
            at = place.parent;
        }
        Above::Unknown
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
