//! `heirloom-bench`: what the project promises in figures, measured in one go. Each bench prints a
//! table, keeps it beside its source, and fails when a figure misses its limit.

mod apply;
mod failure;
mod limit;
mod machine;
mod programs;
mod server;
mod store;
mod sync;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::Failure;

/// The project's benches. `cargo xtask bench` builds what they need and runs them.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    bench: Bench,
}

#[derive(Subcommand)]
enum Bench {
    /// A first and a second sync, against other people's clients doing the same job
    Sync(sync::Options),
    /// What a sync of 100,000 projects holds in memory
    Memory(sync::memory::Options),
    /// Planning 10,000 scopes, applying 2,000 steps, and the memory that takes
    Apply(apply::Options),
    /// One part of `apply`, in a process of its own
    #[command(hide = true)]
    Work(apply::work::Options),
    /// A million rows: writing them, and every question the window asks
    Store(store::Options),
}

#[tokio::main]
async fn main() -> ExitCode {
    let ended = match Arguments::parse().bench {
        Bench::Sync(options) => sync::run(&options).await,
        Bench::Memory(options) => sync::memory::run(&options).await,
        Bench::Apply(options) => apply::run(&options).await,
        Bench::Work(options) => apply::work::run(&options).await,
        Bench::Store(options) => store::run(&options),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n✗ {failure}");
            if matches!(failure, Failure::Missed(_)) { ExitCode::from(1) } else { 3.into() }
        }
    }
}
