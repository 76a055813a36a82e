//! Whether the local databases are whole.

use std::path::PathBuf;

use heirloom_store::SetAside;

use crate::{Engine, Result};

/// What a look at the local databases found.
#[derive(Clone, Debug)]
pub struct Health {
    /// File name, and what SQLite says of it: `ok`, or what is wrong.
    pub databases: Vec<(&'static str, String)>,
    /// The local copy that was set aside when the folder was opened, if that happened.
    pub rebuilt: Option<SetAside>,
    /// Copies that were set aside, now or before.
    pub set_aside: Vec<PathBuf>,
}

impl Engine {
    /// The local copy that was set aside when the folder was opened, if that happened: what it
    /// held is not shown any more, until a sync brings it back.
    pub fn rebuilt(&self) -> Option<&SetAside> {
        self.store().rebuilt()
    }

    /// Lets SQLite check every page of both databases.
    ///
    /// # Errors
    /// When they cannot be asked at all.
    pub async fn health(&self) -> Result<Health> {
        self.db(|store| {
            let databases = store.integrity()?;
            let rebuilt = store.rebuilt().cloned();
            Ok(Health { databases, rebuilt, set_aside: store.set_aside()? })
        })
        .await
    }
}
