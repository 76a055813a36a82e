//! Whether the local databases are whole.

use std::path::{Path, PathBuf};

use crate::{Engine, Result};

/// What a look at the local databases found.
#[derive(Clone, Debug)]
pub struct Health {
    /// File name, and what SQLite says of it: `ok`, or what is wrong.
    pub databases: Vec<(&'static str, String)>,
    /// Where a damaged cache was moved when the folder was opened, if that happened.
    pub rebuilt: Option<PathBuf>,
}

impl Engine {
    /// Lets SQLite check every page of both databases.
    ///
    /// # Errors
    /// When they cannot be asked at all.
    pub async fn health(&self) -> Result<Health> {
        self.db(|store| {
            let databases = store.integrity()?;
            Ok(Health { databases, rebuilt: store.rebuilt().map(Path::to_owned) })
        })
        .await
    }
}
