//! What the server and the token can do, asked when a sync begins.

use heirloom_core::ids::ScopeKey;
use heirloom_store::cache::syncs::Reach;

use super::Job;
use crate::engine::lock;
use crate::{Result, older};

impl Job {
    /// Version and rights may have changed since the connection was made.
    pub(super) async fn refresh_capabilities(&self) -> Result<()> {
        let (metadata, user, token) = tokio::join!(
            self.client.metadata(),
            self.client.current_user(),
            self.client.token_self()
        );
        let id = self.connection.id;
        let metadata = self.engine.witness(id, metadata)?;
        let user = self.engine.witness(id, user)?;
        let token = self.engine.witness(id, token)?;
        // A rename in the window may have happened meanwhile: start from what is stored now.
        let mut details = self.engine.connection(id).await?.details;
        details.version = metadata.version.to_string();
        for note in older::untold(&details.version) {
            self.live.sync.note(note.as_ref());
        }
        details.enterprise = metadata.enterprise;
        details.is_admin = user.is_admin;
        details.access = crate::connect::access(&token);
        details.token_expires_on = token.expires_at.map(|day| day.to_string());
        self.engine.db(move |store| store.change_connection(id, details)).await?;
        let reach = self.find_reach(user.is_admin, token.has_scope("admin_mode")).await?;
        *lock(&self.reach) = reach;
        Ok(())
    }

    /// An administrator's list of everything, asked for without an administrator's powers, would
    /// hold what is public too, and each of that refuses (contract, section 6).
    async fn find_reach(&self, is_admin: bool, has_scope: bool) -> Result<Reach> {
        if !is_admin {
            return Ok(Reach::Membership);
        }
        if has_scope || self.root != ScopeKey::INSTANCE {
            return Ok(Reach::Everything);
        }
        let powers = self.client.may_administer().await;
        if self.engine.witness(self.id(), powers)? {
            return Ok(Reach::Everything);
        }
        self.live.sync.note(
            "The account is an administrator, but GitLab does not take this token for one: with \
             Admin Mode on, a token needs the scope admin_mode. Only groups and projects that the \
             account is a member of are read",
        );
        Ok(Reach::Membership)
    }
}
