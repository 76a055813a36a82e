//! A connection with all that is shown of it.

use futures::future::try_join_all;
use heirloom_core::ids::ConnectionId;
use heirloom_store::app::connections::Connection;
use heirloom_store::cache::scopes::ScopeCounts;
use heirloom_store::cache::syncs::SyncRun;

use super::TokenState;
use super::reach::Reach;
use crate::sync::progress::Status;
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
    /// Where its sync stands now.
    pub sync: Status,
}

impl Engine {
    /// A connection with all that is shown of it.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn connection_view(&self, id: ConnectionId) -> Result<ConnectionView> {
        let connection = self.connection(id).await?;
        self.view(connection).await
    }

    /// Every connection with all that is shown of it, in the order they were made. One whose
    /// keychain entry takes its time does not hold up the others.
    ///
    /// # Errors
    /// When the local databases cannot be read.
    pub async fn connection_views(&self) -> Result<Vec<ConnectionView>> {
        let all = self.connections().await?;
        try_join_all(all.into_iter().map(|connection| self.view(connection))).await
    }

    async fn view(&self, connection: Connection) -> Result<ConnectionView> {
        let id = connection.id;
        let token = self.token_state(&connection).await;
        let (synced, counts, drafts) = self
            .db(move |store| Ok((store.last_sync(id)?, store.scope_counts(id)?, store.drafts(id)?)))
            .await?;
        let drafts = u32::try_from(drafts.len()).unwrap_or(u32::MAX);
        let (reach, sync) = (self.reach(id), self.sync_status(id));
        Ok(ConnectionView { reach, connection, token, synced, counts, drafts, sync })
    }
}
