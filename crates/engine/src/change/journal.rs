//! What was written to GitLab, and what became of it.

use heirloom_core::ids::ConnectionId;
use heirloom_store::app::journal::JournalStep;

use crate::{Engine, Result};

impl Engine {
    /// Every step that was begun for a connection, latest run first. Without an outcome: it was
    /// begun, and how it ended is not known.
    ///
    /// # Errors
    /// When the local database cannot be read.
    pub async fn journal(&self, id: ConnectionId) -> Result<Vec<JournalStep>> {
        self.db(move |store| store.journal(id)).await
    }
}
