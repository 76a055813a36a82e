//! Reading one integration at one scope again, with the chain its default comes along.

use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::row::{Agrees, Known, Link, Row, Source};
use heirloom_core::settings::agree;
use heirloom_gitlab::Client;
use heirloom_store::Store;
use heirloom_store::app::history::Cause;
use heirloom_store::cache::integrations::Linked;
use heirloom_store::cache::scopes::Scope;

use super::known_kind;
use crate::query::defaults::default_of;
use crate::sync::flags::reading;
use crate::{Engine, Result};

impl Engine {
    /// Reads the row, and upwards the rows of the groups its default may come from, until one
    /// sets it. What a plan says then rests on what GitLab has now.
    pub(super) async fn refresh_chain(
        &self,
        id: ConnectionId,
        scope: ScopeKey,
        slug: &Slug,
        client: &Client,
    ) -> Result<Vec<Scope>> {
        let integration = known_kind(slug)?;
        let lineage = self.db(move |store| store.lineage(id, scope)).await?;
        for place in lineage.iter().rev() {
            let key = place.listed.key;
            let readable = match key.level {
                Level::Instance => false,
                // What could not be listed cannot be read by name either.
                Level::Group => {
                    integration.levels.group && (key == scope || place.failure.is_none())
                }
                Level::Project => true,
            };
            if !readable {
                continue;
            }
            let custom = self.read_again(id, key, slug, client).await?;
            if key != scope && custom {
                break;
            }
        }
        self.relink(id, scope, slug, Cause::Reading).await?;
        Ok(lineage)
    }

    /// Reads one row into the cache; tells whether it holds custom settings.
    pub(super) async fn read_again(
        &self,
        id: ConnectionId,
        scope: ScopeKey,
        slug: &Slug,
        client: &Client,
    ) -> Result<bool> {
        let answer = client.integration(scope, slug).await;
        let detail = self.witness(id, answer)?;
        let custom = detail.as_ref().is_some_and(|detail| detail.row.inherited == Some(false));
        let found = reading(scope, slug, detail, self.now());
        self.db(move |store| store.take_values(id, Cause::Reading, vec![found])).await?;
        Ok(custom)
    }

    /// Resolves the source of one row again, and whether its values are the source's.
    pub(super) async fn relink(
        &self,
        id: ConnectionId,
        scope: ScopeKey,
        slug: &Slug,
        cause: Cause,
    ) -> Result<()> {
        self.relink_all(id, vec![(scope, slug.clone())], cause).await?;
        self.changed();
        Ok(())
    }

    /// The same for many rows, written together.
    pub(super) async fn relink_all(
        &self,
        id: ConnectionId,
        rows: Vec<(ScopeKey, Slug)>,
        cause: Cause,
    ) -> Result<()> {
        let now = self.now();
        self.blocking(move |engine| {
            let store = engine.store();
            let mut found = Vec::with_capacity(rows.len());
            for (scope, slug) in rows {
                if let Some(linked) = linked(store, id, scope, &slug)? {
                    found.push((scope, slug, linked));
                }
            }
            if found.is_empty() { Ok(()) } else { Ok(store.link_rows(id, cause, found, now)?) }
        })
        .await
    }
}

/// Where a row's settings come from, and whether they are the same there; none: it is no inherited
/// row.
fn linked(store: &Store, id: ConnectionId, scope: ScopeKey, slug: &Slug) -> Result<Option<Linked>> {
    let Some(kept) = store.integration(id, scope, slug)? else { return Ok(None) };
    let Known::Row(Row { link: Link::Inherited { .. }, active }) = kept.known else {
        return Ok(None);
    };
    let lineage = store.lineage(id, scope)?;
    let default = default_of(store, id, &lineage, slug)?;
    let origin = default.row.as_ref().and_then(|row| Some((row.active, row.settings()?)));
    let agrees = match (kept.settings(), origin) {
        (Some(own), Some((on, theirs))) => {
            let integration = heirloom_core::catalog::find(slug);
            if on == active && agree(integration, &theirs, &own) { Agrees::Yes } else { Agrees::No }
        }
        _ => Agrees::Unread,
    };
    Ok(Some(Linked { source: default.source, agrees }))
}

/// The scope a source names, if it names one.
pub(super) const fn named(source: Source) -> Option<ScopeKey> {
    match source {
        Source::Scope { key, .. } => Some(key),
        Source::NotVisible(_) | Source::NotAsked(_) => None,
    }
}
