//! `settings`.

use serde::Serialize;

use crate::args::Common;
use crate::desk;
use crate::exit::{Exit, Result};
use crate::output::{self, line};

#[derive(Serialize)]
struct Shape {
    keep_history_days: u32,
}

pub async fn run(common: &Common, keep_history: Option<u32>) -> Result {
    let engine = desk::engine(common)?;
    if let Some(days) = keep_history {
        engine.keep_history_days(days).await?;
    }
    let keep_history_days = engine.history_kept_days().await?;
    if common.json {
        output::json(&Shape { keep_history_days })?;
    } else {
        line(format!("History is kept for {keep_history_days} days (--keep-history changes it)"))?;
    }
    Ok(Exit::Done)
}
