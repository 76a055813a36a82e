//! Default and own settings side by side, and the way the settings come.

use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::inheritance::Ancestor;
use heirloom_core::plan::{Refusal, Step, disable};
use heirloom_core::row::{Agrees, Known, Link as RowLink, Row, Source};
use heirloom_core::settings::{Have, Pair, compare};
use heirloom_store::Store;
use heirloom_store::cache::integrations::Kept;
use heirloom_store::cache::scopes::Scope;

use super::defaults::{Default, ancestors, default_of};
use super::items::{Item, item, server_version, split};
use crate::change::snapshot;
use crate::{Engine, Result};

/// An integration at a scope, default and own side by side.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The scope.
    pub scope: Scope,
    /// From the instance down to its parent.
    pub ancestors: Vec<Scope>,
    /// State, row, times.
    pub item: Item,
    /// Where the default column comes from.
    pub default: Default,
    /// Instance first, this scope last.
    pub chain: Vec<Link>,
    /// The settings, in the catalog's order.
    pub pairs: Vec<Pair>,
    /// The own column is the source's: the values here were not read, and nothing suggests that
    /// they differ.
    pub own_assumed: bool,
    /// What *Use default settings* would send, or why it cannot. None: there is no default to
    /// use, or it is in use.
    pub use_default: Option<std::result::Result<Step, Refusal>>,
    /// Whether it can be switched off, or why not. None: it is not on.
    pub disable: Option<std::result::Result<(), Refusal>>,
}

/// One scope on the way from the instance to here.
#[derive(Clone, Debug)]
pub struct Link {
    /// The scope.
    pub scope: Scope,
    /// What it does.
    pub role: LinkRole,
    /// The default settings come from it.
    pub source: bool,
    /// They pass from it to the next link.
    pub flows: bool,
}

/// What a scope does on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkRole {
    /// Sets the default of what is below.
    SetsDefault,
    /// Inherits, and passes on.
    Inherits,
    /// Nothing set here.
    PassesOn,
    /// Uses its own settings (the scope itself).
    UsesOwn,
    /// Shows no active row, and was not asked.
    Off,
    /// Cannot be read.
    NotVisible,
    /// The instance: inferred, never read.
    Inferred,
}

impl Engine {
    /// An integration at a scope, default and own side by side.
    ///
    /// # Errors
    /// When the scope is not in the cache.
    pub async fn compare(
        &self,
        id: ConnectionId,
        scope: ScopeKey,
        slug: Slug,
    ) -> Result<Comparison> {
        self.blocking(move |engine| comparison(engine.store(), id, scope, &slug)).await
    }
}

pub(super) fn comparison(
    store: &Store,
    id: ConnectionId,
    key: ScopeKey,
    slug: &Slug,
) -> Result<Comparison> {
    let lineage = store.lineage(id, key)?;
    let kept = store.integration(id, key, slug)?;
    let server = server_version(&store.connection(id)?);
    let item = item(store, id, &lineage, slug.clone(), kept, server)?;
    let default = if key == ScopeKey::INSTANCE {
        Default { source: Source::NotAsked(key), row: None }
    } else {
        default_of(store, id, &lineage, slug)?
    };
    let chain = chain(&lineage, &item, &default, &ancestors(store, id, &lineage, slug)?);
    let default_settings = default.row.as_ref().and_then(Kept::settings);
    let own_settings = item.kept.as_ref().and_then(Kept::settings);
    let theirs = have(default.row.as_ref(), default_settings.as_ref());
    let own_row = item.kept.as_ref().filter(|kept| kept.known.row().is_some() || kept.active);
    let own_assumed = own_settings.is_none()
        && matches!(
            item.known,
            Known::Row(Row {
                link: RowLink::Inherited { agrees: Agrees::Yes | Agrees::Unread, .. },
                ..
            })
        );
    let own = if own_assumed { theirs } else { have(own_row, own_settings.as_ref()) };
    let pairs = compare(item.integration, theirs, own);
    let use_default = crate::change::plans::use_default_step(key, slug, &item, &default);
    let disable = off(&item, &default, key, slug);
    let (scope, ancestors) = split(lineage)?;
    Ok(Comparison {
        scope,
        ancestors,
        item,
        default,
        chain,
        pairs,
        own_assumed,
        use_default,
        disable,
    })
}

fn off(
    item: &Item,
    default: &Default,
    key: ScopeKey,
    slug: &Slug,
) -> Option<std::result::Result<(), Refusal>> {
    let before = snapshot(item.kept.as_ref(), default);
    let integration = item.integration.filter(|_| before.active())?;
    Some(disable(integration, key, slug, &before).map(drop))
}

pub(super) fn have<'a>(
    row: Option<&'a Kept>,
    settings: Option<&'a heirloom_core::settings::Settings>,
) -> Have<'a> {
    match (row, settings) {
        (Some(_), Some(settings)) => Have::Read(settings),
        (Some(row), None) => Have::FlagsOnly(&row.events),
        (None, _) => Have::Nothing,
    }
}

fn chain(
    lineage: &[Scope],
    item: &Item,
    default: &Default,
    above: &[(ScopeKey, Ancestor)],
) -> Vec<Link> {
    let own = match &item.known {
        Known::Row(Row { link: RowLink::Custom, .. }) => LinkRole::UsesOwn,
        Known::Row(Row { link: RowLink::Inherited { .. }, .. }) => LinkRole::Inherits,
        Known::NotSet => LinkRole::PassesOn,
        Known::Off => LinkRole::Off,
        Known::Unavailable(_) => LinkRole::PassesOn,
        Known::Unknown(_) => LinkRole::NotVisible,
    };
    let source = match (default.source, &default.row) {
        (Source::Scope { key, .. }, Some(_)) => Some(key),
        _ => None,
    };
    let mut links: Vec<Link> = lineage
        .iter()
        .map(|scope| {
            let key = scope.listed.key;
            let is_self = lineage.last().is_some_and(|last| last.listed.key == key);
            let role = if is_self {
                own
            } else if key.level == Level::Instance {
                match &default.row {
                    Some(row) if row.scope == key => LinkRole::Inferred,
                    _ => LinkRole::PassesOn,
                }
            } else {
                match above.iter().find(|(group, _)| *group == key).map(|(_, ancestor)| *ancestor) {
                    Some(Ancestor::SetsDefault) => LinkRole::SetsDefault,
                    Some(Ancestor::Inherits) => LinkRole::Inherits,
                    Some(Ancestor::NotSet) => LinkRole::PassesOn,
                    Some(Ancestor::NotAsked) => LinkRole::Off,
                    Some(Ancestor::NotVisible) | None => LinkRole::NotVisible,
                }
            };
            Link { scope: scope.clone(), role, source: source == Some(key), flows: false }
        })
        .collect();
    // The line is solid from the default to the last scope that follows it.
    let from = links.iter().position(|link| link.source);
    if let Some(from) = from {
        let last = links.len() - 1;
        let until = if own == LinkRole::Inherits { last } else { last.saturating_sub(1) };
        for link in links.iter_mut().take(until).skip(from) {
            link.flows = true;
        }
    }
    links
}
