//! What a person set for the whole data folder.

use rusqlite::OptionalExtension as _;

use crate::{Result, Store};

/// A setting by its name in the file.
const KEEP_HISTORY_DAYS: &str = "keep_history_days";

impl Store {
    /// Days that history is kept, where a person set them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn history_kept_days(&self) -> Result<Option<u32>> {
        self.read(|db| {
            let sql = "SELECT value FROM setting WHERE name = ?1";
            let mut statement = db.app.prepare_cached(sql)?;
            Ok(statement.query_row([KEEP_HISTORY_DAYS], |row| row.get(0)).optional()?)
        })
    }

    /// Sets for how many days history is kept. What is older goes when it is next forgotten.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn keep_history_days(&self, days: u32) -> Result<()> {
        self.write(move |db| {
            let sql = "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)";
            db.app.execute(sql, rusqlite::params![KEEP_HISTORY_DAYS, days])?;
            Ok(())
        })
    }
}
