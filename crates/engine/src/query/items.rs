//! Every integration at one scope.

use std::collections::BTreeMap;

use heirloom_core::catalog::{self, Edition, Integration};
use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::row::{Agrees, Known, Link, NotRead, Row, State, Unavailable};
use heirloom_core::settings::{Have, Verdict, compare};
use heirloom_store::Store;
use heirloom_store::app::connections::Connection;
use heirloom_store::cache::integrations::Kept;
use heirloom_store::cache::scopes::Scope;
use jiff::Timestamp;

use super::defaults::{Default, default_of};
use super::tree::{Node, drafts, node};
use crate::{Engine, Result};

/// One integration at one scope.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its name.
    pub slug: Slug,
    /// What the catalog says of it; none for kinds only the server knows.
    pub integration: Option<&'static Integration>,
    /// GitLab's title.
    pub title: String,
    /// What is known.
    pub known: Known,
    /// The row, or the answer that there is none, as it is kept.
    pub kept: Option<Kept>,
    /// Settings that differ from the default, of how many that can be compared.
    pub differing: Option<(u32, u32)>,
    /// This row is the default of what inherits below it.
    pub sets_default: bool,
    /// Scopes below that inherit this kind.
    pub inherit_below: u32,
    /// Scopes below with custom settings of this kind.
    pub custom_below: u32,
    /// Why nothing better is known, in words.
    pub why: Option<String>,
    /// A draft is kept.
    pub draft: bool,
    /// When what is shown of the row was read.
    pub read_at: Option<Timestamp>,
}

/// When what is shown of a row was read: its own values, or those of the row it inherits from, which
/// are as old as the older of the two.
pub(crate) fn read_at(row: &Kept, assumed_from: Option<&Kept>) -> Timestamp {
    let own = seen_at(row);
    assumed_from.map_or(own, |source| own.min(seen_at(source)))
}

/// A row seen again without having moved still has the values it was read with, unless they live
/// beside it, where no time of its own tells (contract, section 8).
fn seen_at(row: &Kept) -> Timestamp {
    let beside = catalog::find(&row.slug).is_some_and(|known| known.data_beside_row);
    match row.fields_at {
        Some(at) if row.fields.is_some() && (beside || row.fields_outdated) => at,
        Some(at) => at.max(row.flags_at),
        None => row.flags_at,
    }
}

/// A scope with all its integrations.
#[derive(Clone, Debug)]
pub struct ScopeItems {
    /// The scope.
    pub node: Node,
    /// From the instance down to its parent.
    pub ancestors: Vec<Scope>,
    /// Every integration, by title.
    pub items: Vec<Item>,
}

impl Engine {
    /// A scope with everything known of its integrations.
    ///
    /// # Errors
    /// When the scope is not in the cache.
    pub async fn scope_items(&self, id: ConnectionId, scope: ScopeKey) -> Result<ScopeItems> {
        self.blocking(move |engine| {
            let store = engine.store();
            let lineage = store.lineage(id, scope)?;
            let server = server_version(&store.connection(id)?);
            let items = items(store, id, &lineage, server)?;
            let drafts = drafts(store, id)?;
            let (this, ancestors) = split(lineage)?;
            Ok(ScopeItems { node: node(store, id, this, &drafts, true)?, ancestors, items })
        })
        .await
    }
}

/// The scope itself, and those above it.
pub(crate) fn split(mut lineage: Vec<Scope>) -> Result<(Scope, Vec<Scope>)> {
    let this = lineage.pop().ok_or(heirloom_store::Error::Missing("this scope"))?;
    Ok((this, lineage))
}

/// A server's version as the catalog compares it; a text that is none counts as current.
pub fn server_version(connection: &Connection) -> (u32, u32) {
    connection
        .details
        .version
        .parse::<heirloom_gitlab::Version>()
        .map_or((u32::MAX, 0), |version| (version.major, version.minor))
}

fn items(
    store: &Store,
    id: ConnectionId,
    lineage: &[Scope],
    server: (u32, u32),
) -> Result<Vec<Item>> {
    let Some(scope) = lineage.last() else { return Ok(Vec::new()) };
    let kept = store.integrations(id, scope.listed.key)?;
    let mut rows: BTreeMap<Slug, Kept> =
        kept.into_iter().map(|kept| (kept.slug.clone(), kept)).collect();
    let mut found = Vec::new();
    for integration in catalog::all() {
        let slug = Slug::new(integration.slug)
            .map_err(|error| crate::Error::NotFound(error.to_string()))?;
        let row = rows.remove(&slug);
        // Kinds that only GitLab's own developers have are shown where they really are.
        if integration.edition == Edition::Dev && row.is_none() {
            continue;
        }
        found.push(item(store, id, lineage, slug, row, server)?);
    }
    for (slug, row) in rows {
        found.push(item(store, id, lineage, slug, Some(row), server)?);
    }
    found.sort_by_cached_key(|item| item.title.to_lowercase());
    Ok(found)
}

pub(crate) fn item(
    store: &Store,
    id: ConnectionId,
    lineage: &[Scope],
    slug: Slug,
    kept: Option<Kept>,
    server: (u32, u32),
) -> Result<Item> {
    let scope = lineage.last().ok_or(heirloom_store::Error::Missing("this scope"))?;
    let key = scope.listed.key;
    let integration = catalog::find(&slug);
    let (known, why) = known(scope, integration, kept.as_ref(), server);
    let differing = match (&known, &kept) {
        (Known::Row(Row { link: Link::Custom, .. }), Some(row))
        | (Known::Row(Row { link: Link::Inherited { agrees: Agrees::No, .. }, .. }), Some(row)) => {
            differing(integration, row, &default_of(store, id, lineage, &slug)?)
        }
        _ => None,
    };
    let read_at = match (&known, &kept) {
        (Known::Row(Row { link: Link::Inherited { .. }, .. }), Some(row))
            if row.fields.is_none() =>
        {
            let source = default_of(store, id, lineage, &slug)?;
            Some(read_at(row, source.row.as_ref()))
        }
        (_, row) => row.as_ref().map(|row| read_at(row, None)),
    };
    let (mut inherit_below, mut custom_below) = (0, 0);
    if key.level != Level::Project {
        for count in store.counts(id, key)?.iter().filter(|count| count.slug == slug) {
            match count.state {
                State::Inherited | State::InheritedDiffers => inherit_below += count.n,
                State::Custom => custom_below += count.n,
                State::Disabled
                | State::Off
                | State::NotSet
                | State::Unavailable
                | State::Unknown => {}
            }
        }
        // The counts hold the scope itself.
        match known.state() {
            State::Custom if key != ScopeKey::INSTANCE => custom_below -= custom_below.min(1),
            State::Inherited | State::InheritedDiffers => inherit_below -= inherit_below.min(1),
            _ => {}
        }
    }
    let custom = matches!(known, Known::Row(Row { link: Link::Custom, .. }));
    let draft = store.draft(id, key, &slug)?.is_some();
    let title = integration
        .map(|known| known.title.to_owned())
        .or_else(|| kept.as_ref().and_then(|row| row.title.clone()))
        .unwrap_or_else(|| slug.to_string());
    Ok(Item {
        slug,
        integration,
        title,
        known,
        differing,
        sets_default: custom && key.level != Level::Project,
        inherit_below,
        custom_below,
        why,
        draft,
        read_at,
        kept,
    })
}

pub(crate) fn known(
    scope: &Scope,
    integration: Option<&'static Integration>,
    kept: Option<&Kept>,
    server: (u32, u32),
) -> (Known, Option<String>) {
    let key = scope.listed.key;
    if let Some(kept) = kept {
        return (kept.known.clone(), why_unknown(kept).map(str::to_owned));
    }
    if let Some(integration) = integration
        && !integration.levels.contains(key.level)
    {
        let why = format!("Set at {} only", levels(integration));
        return (Known::Unavailable(Unavailable::Level), Some(why));
    }
    if key == ScopeKey::INSTANCE {
        let why = "No token reaches instance defaults, and nothing that could be read inherits \
                   this one";
        return (Known::Unknown(NotRead::NotYet), Some(why.into()));
    }
    if integration.is_some_and(|integration| !integration.rest) {
        let why = "GitLab’s API does not have it: it can be seen in GitLab only";
        return (Known::Unavailable(Unavailable::NoApi), Some(why.into()));
    }
    if let Some(why) = integration.and_then(|integration| version_why(integration, server)) {
        return (Known::Unavailable(Unavailable::Version), Some(why));
    }
    match (&scope.failure, scope.listed_at) {
        (Some(failure), None) => (Known::Unknown(failure.kind), Some(failure.why.clone())),
        (_, Some(_)) => (Known::Off, None),
        (None, None) => {
            (Known::Unknown(NotRead::NotYet), Some("Not read yet: sync to read it".into()))
        }
    }
}

/// Why of a row that is stored its link is not known.
pub(crate) fn why_unknown(kept: &Kept) -> Option<&'static str> {
    match (&kept.known, kept.active) {
        (Known::Unknown(NotRead::Version), true) => {
            Some("It is on. Before 17.3 GitLab does not tell inherited from custom settings")
        }
        (Known::Unknown(NotRead::Version), false) => {
            Some("It is off. Before 17.3 GitLab does not tell inherited from custom settings")
        }
        _ => None,
    }
}

/// Why a server of this version does not have a kind, where it does not.
pub(crate) fn version_why(integration: &Integration, server: (u32, u32)) -> Option<String> {
    if catalog::offers(integration.since, integration.removed, server) {
        return None;
    }
    Some(match integration.removed {
        Some(gone) if !catalog::offers(None, Some(gone), server) => {
            format!("GitLab removed it in {gone}")
        }
        _ => format!("It came with GitLab {}", integration.since.unwrap_or_default()),
    })
}

fn levels(integration: &Integration) -> String {
    let names: Vec<&str> = [Level::Instance, Level::Group, Level::Project]
        .into_iter()
        .filter(|level| integration.levels.contains(*level))
        .map(Level::name)
        .collect();
    format!("{} level", names.join(" and "))
}

fn differing(
    integration: Option<&'static Integration>,
    row: &Kept,
    default: &Default,
) -> Option<(u32, u32)> {
    let own = row.settings()?;
    let theirs = default.row.as_ref()?.settings()?;
    let pairs = compare(integration, Have::Read(&theirs), Have::Read(&own));
    let count = |verdicts: &[Verdict]| {
        let n = pairs.iter().filter(|pair| verdicts.contains(&pair.verdict)).count();
        u32::try_from(n).unwrap_or(u32::MAX)
    };
    Some((count(&[Verdict::Differs]), count(&[Verdict::Differs, Verdict::Same])))
}
