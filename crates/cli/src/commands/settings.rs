//! `settings`.

use serde::Serialize;

use crate::args::Common;
use crate::desk;
use crate::exit::{Exit, Result};
use crate::output::{self, line};

#[derive(Serialize)]
struct Shape {
    keep_history_days: u32,
    plan_data_hours: u32,
}

pub async fn run(
    common: &Common,
    keep_history: Option<u32>,
    plan_data: Option<u32>,
    dry_run: bool,
) -> Result {
    let engine = desk::engine(common)?;
    // A dry run shows what was typed as if it were set.
    let mut keep_history_days = engine.history_kept_days().await?;
    if let Some(days) = keep_history {
        if !dry_run {
            engine.keep_history_days(days).await?;
        }
        keep_history_days = days;
    }
    let mut plan_data_hours = engine.plan_data_hours().await?;
    if let Some(hours) = plan_data {
        if !dry_run {
            engine.set_plan_data_hours(hours).await?;
        }
        plan_data_hours = hours;
    }
    if common.json {
        output::json(&Shape { keep_history_days, plan_data_hours })?;
    } else {
        line(format!("History is kept for {keep_history_days} days (--keep-history changes it)"))?;
        line(format!(
            "A plan is applied while what it rests on was read within {plan_data_hours} hours \
             (--plan-data changes it)"
        ))?;
    }
    Ok(Exit::Done)
}
