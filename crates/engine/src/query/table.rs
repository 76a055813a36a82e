//! Scopes × integrations.

use heirloom_core::catalog;
use heirloom_core::ids::{ConnectionId, Level, Slug};
use heirloom_store::Store;

use super::items::{server_version, version_why};
use crate::{Engine, Result};

pub use heirloom_store::cache::estate::filter::ScopeFilter;
pub use heirloom_store::cache::estate::matrix::{Matrix, MatrixCell, MatrixRow};

impl Engine {
    /// A window of the scopes a filter lets through, in tree order, with one cell for each of its
    /// kinds. Where those cannot be set is added here.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn table(
        &self,
        id: ConnectionId,
        mut filter: ScopeFilter,
        offset: u32,
        limit: u32,
    ) -> Result<Matrix> {
        self.blocking(move |engine| {
            let store = engine.store();
            filter.unavailable = unavailable(store, id, &filter.slugs)?;
            Ok(store.matrix(id, &filter, offset, limit)?)
        })
        .await
    }
}

/// The levels at which kinds cannot be set: by the catalog, through the API, at this version.
pub(super) fn unavailable(
    store: &Store,
    id: ConnectionId,
    kinds: &[Slug],
) -> Result<Vec<(Slug, Level)>> {
    let server = server_version(&store.connection(id)?);
    let mut found = Vec::new();
    for slug in kinds {
        let Some(known) = catalog::find(slug) else { continue };
        let nowhere = !known.rest || version_why(known, server).is_some();
        for level in [Level::Instance, Level::Group, Level::Project] {
            if nowhere || !known.levels.contains(level) {
                found.push((slug.clone(), level));
            }
        }
    }
    Ok(found)
}
