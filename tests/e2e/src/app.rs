//! Heirloom's own views: the steps that several tests and the picture have in common.

use std::time::Duration;

use crate::{Result, Seek, Window, until};

/// How long the demo company, or one of its size, may take to be read on a busy machine.
const SYNC: Duration = Duration::from_secs(180);

impl Window {
    /// Waits until the first view has its data.
    ///
    /// # Errors
    /// When it never gets there.
    pub async fn ready(&self) -> Result<()> {
        self.find(&Seek::css("html[data-ready=true] body")).await.map(drop)
    }

    /// Waits until a sync has ended and nothing is being read.
    ///
    /// # Errors
    /// When it takes too long.
    pub async fn synced(&self) -> Result<()> {
        until("the end of the sync", SYNC, async || {
            for button in self.all(&Seek::id("sync-button")).await? {
                // It is redrawn with every count, so it may be gone again.
                if button.text().await.is_ok_and(|label| label.contains("Synced")) {
                    return Ok(Some(()));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Connects to a server on the first start, and waits until it is read.
    ///
    /// # Errors
    /// When it can't be connected to.
    pub async fn connect(&self, url: &str, token: &str) -> Result<()> {
        self.fill(&Seek::id("connect-url"), url).await?;
        self.fill(&Seek::id("connect-token"), token).await?;
        self.click(&Seek::id("connect-submit")).await?;
        self.ready().await?;
        self.synced().await
    }

    /// Finds a scope in the tree by its full path and opens it.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn open_scope(&self, path: &str) -> Result<()> {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.fill(&Seek::id("tree-filter"), name).await?;
        self.click(&Seek::id(format!("tree-row-{path}"))).await
    }

    /// Opens an integration of the scope that is shown.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn open_integration(&self, slug: &str) -> Result<()> {
        self.click(&Seek::id(format!("integration-{slug}"))).await?;
        self.find(&Seek::id("compare-chip")).await.map(drop)
    }
}
