//! What a person set for the whole data folder.

use rusqlite::OptionalExtension as _;

use crate::{Result, Store};

/// Settings by their names in the file.
const KEEP_HISTORY_DAYS: &str = "keep_history_days";
const PLAN_DATA_HOURS: &str = "plan_data_hours";

impl Store {
    /// Days that history is kept, where a person set them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn history_kept_days(&self) -> Result<Option<u32>> {
        self.setting(KEEP_HISTORY_DAYS)
    }

    /// Sets for how many days history is kept. What is older goes when it is next forgotten.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn keep_history_days(&self, days: u32) -> Result<()> {
        self.set(KEEP_HISTORY_DAYS, days)
    }

    /// Hours that what a plan rests on may be old, where a person set them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn plan_data_hours(&self) -> Result<Option<u32>> {
        self.setting(PLAN_DATA_HOURS)
    }

    /// Sets for how many hours what a plan rests on may be old when it is applied.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn set_plan_data_hours(&self, hours: u32) -> Result<()> {
        self.set(PLAN_DATA_HOURS, hours)
    }

    fn setting(&self, name: &'static str) -> Result<Option<u32>> {
        self.read(|db| {
            let sql = "SELECT value FROM setting WHERE name = ?1";
            let mut statement = db.app.prepare_cached(sql)?;
            Ok(statement.query_row([name], |row| row.get(0)).optional()?)
        })
    }

    fn set(&self, name: &'static str, value: u32) -> Result<()> {
        self.write(move |db| {
            let sql = "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)";
            db.app.execute(sql, rusqlite::params![name, value])?;
            Ok(())
        })
    }
}
