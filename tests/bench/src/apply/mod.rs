//! `heirloom-bench apply`: how long a large plan takes to make and to apply, and whether memory
//! grows with it.

mod desk;
mod table;
pub mod work;

use std::fs;
use std::path::PathBuf;

use clap::Args;

use self::desk::Desk;
use self::work::{Done, Part};
use crate::failure::{Failure, Result};
use crate::limit::Limit;
use crate::server::World;
use crate::{machine, programs};

/// Requests in flight of a connection that nobody gave another ceiling.
const CEILING: u32 = 24;

/// Each step is read again, written and read back.
const REQUESTS: u32 = 3;

/// What is planned and applied.
#[derive(Args)]
pub struct Options {
    /// Scopes of the plan that is only made
    #[arg(long, default_value_t = 10_000)]
    planned: u32,
    /// Steps of the run whose time is measured
    #[arg(long, default_value_t = 2_000)]
    steps: u32,
    /// Steps of the run whose memory is compared with that
    #[arg(long, default_value_t = 20_000)]
    many: u32,
    /// What each answer takes longer while the time is measured, in milliseconds
    #[arg(long, default_value_t = 25)]
    latency_ms: u32,
    /// Where the table goes [default: results/apply.md of this crate, if the plans are the usual
    /// ones]
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
}

/// Everything that was measured.
struct Measured {
    plan: Done,
    applied: Done,
    many: Done,
}

/// Measures, prints and keeps the table.
///
/// # Errors
/// When a limit is missed, or something cannot be measured.
pub async fn run(options: &Options) -> Result {
    let described = machine::described();
    let measured = measure(options).await?;
    let limits = limits(options, &measured);
    let text = table::of(options, &described, &measured, &limits);
    println!("{text}");
    let usual = (options.planned, options.steps, options.many, options.latency_ms)
        == (10_000, 2_000, 20_000, 25);
    let kept = programs::source("results/apply.md");
    if let Some(path) = options.results.clone().or_else(|| usual.then_some(kept)) {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(Failure::file(folder))?;
        }
        fs::write(&path, &text).map_err(Failure::file(&path))?;
    }
    let missed: Vec<String> =
        limits.iter().filter(|limit| limit.is_missed()).map(ToString::to_string).collect();
    if missed.is_empty() { Ok(()) } else { Err(Failure::Missed(missed)) }
}

async fn measure(options: &Options) -> Result<Measured> {
    eprintln!("▸ A plan of {} scopes", options.planned);
    let desk = Desk::at(&world(options.planned, 0)).await?;
    let plan = desk.whole(Part::Plan, None, options.planned).await?;
    desk.close().await?;
    eprintln!("▸ A run of {} steps", options.steps);
    let few = applied(options.steps, options.latency_ms).await?;
    eprintln!("▸ A run of {} steps, for its memory", options.many);
    let many = applied(options.many, 0).await?;
    Ok(Measured { plan, applied: few, many })
}

async fn applied(steps: u32, latency_ms: u32) -> Result<Done> {
    let desk = Desk::at(&world(steps, latency_ms)).await?;
    let plan = desk.whole(Part::Plan, None, steps).await?;
    let done = desk.whole(Part::Apply, Some(plan.run), steps).await?;
    if done.applied != steps {
        let what = format!("{} of {steps} steps were applied", done.applied);
        return Err(Failure::NotTheJob { client: "Heirloom".into(), what });
    }
    desk.close().await?;
    Ok(done)
}

/// One custom row in every project, one step each.
const fn world(projects: u32, latency_ms: u32) -> World {
    World {
        projects,
        groups: if projects < 50 { 1 } else { projects / 50 },
        active_per_project: 1,
        custom_percent: 100,
        latency_ms,
        workers: None,
    }
}

/// The time the requests of a run take at that latency, with so many in flight all along.
fn ideal(options: &Options) -> f64 {
    let requests = f64::from(options.steps) * f64::from(REQUESTS);
    requests * f64::from(options.latency_ms) / 1e3 / f64::from(CEILING)
}

fn limits(options: &Options, measured: &Measured) -> Vec<Limit> {
    let planned = options.planned;
    let growth = measured.applied.peak.zip(measured.many.peak);
    vec![
        Limit::at_most(
            format!("seconds to plan {planned} scopes, a subtree"),
            Some(measured.plan.seconds),
            1.0,
        ),
        Limit::at_most(
            format!("seconds to plan {planned} scopes, each named"),
            Some(measured.plan.named),
            1.0,
        ),
        Limit::at_most(
            format!("time ÷ ({REQUESTS} × {} × latency ÷ {CEILING})", options.steps),
            Some(measured.applied.seconds / ideal(options)),
            1.3,
        ),
        Limit::at_most(
            format!("peak memory, {} steps ÷ {} steps", options.many, options.steps),
            growth.map(|(few, many)| many as f64 / few as f64),
            1.25,
        ),
    ]
}
