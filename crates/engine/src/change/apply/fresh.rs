//! Whether a plan, and what it rests on, are young enough to be applied.
//!
//! Each step reads its row again before it writes, whatever their age. But who else is touched was
//! worked out from the same readings, and a person decided by all of it.

use std::ops::RangeInclusive;

use heirloom_store::Store;
use jiff::{SignedDuration, Timestamp};

use crate::change::plans::{CLOCKS_DIFFER, LIFETIME};
use crate::{Engine, Error, Result};

/// Hours that what a plan rests on may be old where nobody set anything else.
pub const DEFAULT_PLAN_DATA_HOURS: u32 = 24;

/// Hours that may be set: up to a month, for estates that are synced once in a while.
pub const PLAN_DATA_HOURS: RangeInclusive<u32> = 1..=744;

impl Engine {
    /// For how many hours what a plan rests on may be old when it is applied.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn plan_data_hours(&self) -> Result<u32> {
        let set = self.db(Store::plan_data_hours).await?;
        Ok(set.unwrap_or(DEFAULT_PLAN_DATA_HOURS))
    }

    /// Sets for how many hours what a plan rests on may be old when it is applied.
    ///
    /// # Errors
    /// When the number is out of [`PLAN_DATA_HOURS`], or the disk refuses.
    pub async fn set_plan_data_hours(&self, hours: u32) -> Result<()> {
        if !PLAN_DATA_HOURS.contains(&hours) {
            return Err(Error::Invalid {
                field: "hours that what a plan rests on may be old".into(),
                message: format!(
                    "must be from {} to {}",
                    PLAN_DATA_HOURS.start(),
                    PLAN_DATA_HOURS.end()
                ),
            });
        }
        self.db(move |store| store.set_plan_data_hours(hours)).await?;
        self.changed();
        Ok(())
    }
}

/// Refuses a plan that lay too long, or that rests on readings older than so many hours.
///
/// A plan from a time that has not come yet was made before the computer's clock was set back, or
/// on a computer whose clock is ahead: nobody knows how old it is.
pub(super) fn fresh(
    made_at: Timestamp,
    read_from: Timestamp,
    hours: u32,
    now: Timestamp,
) -> Result<()> {
    let age = now.duration_since(made_at);
    if age > LIFETIME {
        let old = "This plan is over an hour old. Make it again from current data";
        return Err(Error::PlanOutdated(old.into()));
    }
    if -age > CLOCKS_DIFFER {
        let ahead = "By this computer’s clock the plan was made at a time that has not come yet, \
                     so its age cannot be told. Make it again from current data";
        return Err(Error::PlanOutdated(ahead.into()));
    }
    if now.duration_since(read_from) > SignedDuration::from_hours(i64::from(hours)) {
        return Err(Error::DataOutdated { read_from, hours });
    }
    Ok(())
}
