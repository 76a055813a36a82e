//! How long history is kept.

use std::ops::RangeInclusive;

use heirloom_store::Store;
use jiff::{SignedDuration, Timestamp};

use crate::{Engine, Error, Result};

/// Days that history is kept where nobody set anything else: a year.
pub const DEFAULT_DAYS: u32 = 365;

/// Days that may be set: a week is the least that a weekly look can be compared with.
pub const DAYS: RangeInclusive<u32> = 7..=3650;

impl Engine {
    /// For how many days history is kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn history_kept_days(&self) -> Result<u32> {
        self.db(days).await
    }

    /// Sets for how many days history is kept, of all connections. What is older goes with the
    /// next sync.
    ///
    /// # Errors
    /// When the number is out of [`DAYS`], or the disk refuses.
    pub async fn keep_history_days(&self, days: u32) -> Result<()> {
        if !DAYS.contains(&days) {
            return Err(Error::Invalid {
                field: "days that history is kept".into(),
                message: format!("must be from {} to {}", DAYS.start(), DAYS.end()),
            });
        }
        self.db(move |store| store.keep_history_days(days)).await?;
        self.changed();
        Ok(())
    }
}

fn days(store: &Store) -> heirloom_store::Result<u32> {
    Ok(store.history_kept_days()?.unwrap_or(DEFAULT_DAYS))
}

/// Forgets the history that is older than it is to be kept.
pub(crate) fn forget_old(store: &Store, now: Timestamp) -> heirloom_store::Result<()> {
    let kept = SignedDuration::from_hours(i64::from(days(store)?) * 24);
    store.forget_history(now - kept)
}
