//! A connection with all that is shown of it.

use heirloom_core::ids::ConnectionId;
use heirloom_store::app::connections::Connection;
use heirloom_store::cache::scopes::ScopeCounts;
use heirloom_store::cache::syncs::SyncRun;

use super::TokenState;
use super::reach::Reach;
use crate::{Engine, Result};

/// A connection with all that is shown of it.
#[derive(Clone, Debug)]
pub struct ConnectionView {
    /// What is saved.
    pub connection: Connection,
    /// Whether GitLab answers.
    pub reach: Reach,
    /// Where the token stands.
    pub token: TokenState,
    /// The last whole sync that ended.
    pub synced: Option<SyncRun>,
    /// How much the local copy holds.
    pub counts: ScopeCounts,
    /// Drafts kept.
    pub drafts: u32,
}

impl Engine {
    /// A connection with all that is shown of it.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn connection_view(&self, id: ConnectionId) -> Result<ConnectionView> {
        let connection = self.connection(id).await?;
        let token = self.token_state(&connection).await;
        let (synced, counts, drafts) = self
            .db(move |store| Ok((store.last_sync(id)?, store.scope_counts(id)?, store.drafts(id)?)))
            .await?;
        let drafts = u32::try_from(drafts.len()).unwrap_or(u32::MAX);
        Ok(ConnectionView { reach: self.reach(id), connection, token, synced, counts, drafts })
    }
}
