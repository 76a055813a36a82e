//! `heirloomctl`: the engine without a window. Thin on purpose: it parses, calls one use case, and
//! writes down what came of it.

mod args;
mod commands;
mod desk;
mod exit;
mod output;
mod since;
mod stop;

use std::process::ExitCode;

use clap::Parser as _;

use args::Arguments;
use exit::Exit;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log_to_stderr();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::note(format!("error: cannot start: {error}"));
            return Exit::Nothing.into();
        }
    };
    let ended = runtime.block_on(commands::run(arguments));
    // A keychain call that hangs on a prompt must not hold up the end.
    runtime.shutdown_background();
    match ended {
        Ok(exit) => exit.into(),
        Err(failure) => {
            if !failure.is_silent() {
                output::note(format!("error: {failure}"));
            }
            failure.exit().into()
        }
    }
}

/// Logs are for finding faults: there are none unless `RUST_LOG` asks for them.
fn log_to_stderr() {
    use tracing_subscriber::EnvFilter;
    if std::env::var_os("RUST_LOG").is_some() {
        tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::from_default_env())
            .with_writer(std::io::stderr)
            .init();
    }
}
