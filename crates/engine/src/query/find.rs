//! Search over names, paths and values.

use std::collections::BTreeSet;

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};

use crate::{Engine, Result};

pub use heirloom_store::cache::search::{
    COUNTED, Found, SharedValue, SharedValues, Total, ValueHit,
};

/// By this many characters or more names, paths and values are found wherever they hold them; by
/// less at their beginning only.
pub const ANYWHERE_FROM: usize = 3;

impl Engine {
    /// Finds a text in names, paths and values that are no secrets: so many of each at most. Rows
    /// that inherit a value are counted at their source, not found themselves.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn find(&self, id: ConnectionId, text: String, limit: u32) -> Result<Found> {
        self.db(move |store| store.find(id, &text, limit)).await
    }

    /// The integrations that have rows at or below a scope, or had when last read.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn kinds_in_use(
        &self,
        id: ConnectionId,
        root: Option<ScopeKey>,
    ) -> Result<BTreeSet<Slug>> {
        self.blocking(move |engine| {
            let (store, root) = (engine.store(), root.unwrap_or(ScopeKey::INSTANCE));
            let counts = store.counts(id, root)?.into_iter().map(|count| count.slug);
            // Counts are of what has others below it, and leave the instance's own rows out.
            let own = store.integrations(id, root)?.into_iter().map(|kept| kept.slug);
            Ok(counts.chain(own).collect())
        })
        .await
    }
}
