//! The project's chores, one command each: `cargo xtask demo | test | check | bench | bindings`.

mod bench;
mod bindings;
mod check;
mod demo;
mod install;
mod outcome;
mod run;
mod soak;
mod steps;
mod test;
mod ui;
mod workspace;

use std::process::ExitCode;

use outcome::{Failure, Outcome};

const USAGE: &str = "\
cargo xtask <command>

  demo       build Heirloom and open it with the demo company
             --screenshot FILE   no display needed: save a picture of the real window instead
             --theme light|dark  for the picture (default: light)
             --size 1440x900     of the picture
             --form SLUG         the form of this integration, in the picture
             --view NAME         overview, matrix, integrations or drift, in the picture
             --release           the optimised build
  test       everything a change has to pass: format, boundaries, UI, lints, all tests
             --no-e2e            leave out the tests that drive the real window
  check      the boundaries between the crates, and what else no compiler looks at
  bench      measure the promised figures; without a name: list what there is
             sync --help         the options of one
  soak       sync: syncs under random faults and kills, hundreds of times
  bindings   write ui/src/ipc/bindings.gen.ts anew from the commands in src-tauri

What a command needs and the machine lacks (system packages, npm packages, cargo-nextest) is
installed first, where that is possible without asking.";

fn main() -> ExitCode {
    match dispatch() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch() -> Outcome {
    // A bench has options of its own.
    let of_bench = std::env::args().nth(1).is_some_and(|command| command == "bench");
    if !of_bench
        && std::env::args().skip(1).any(|argument| argument == "--help" || argument == "-h")
    {
        println!("{USAGE}");
        return Ok(());
    }
    let mut arguments = lexopt::Parser::from_env();
    match arguments.next()? {
        Some(lexopt::Arg::Value(command)) => match command.to_str() {
            Some("demo") => demo::run(&mut arguments),
            Some("test") => test::run(&mut arguments),
            Some("check") => check::run(&mut arguments),
            Some("bench") => bench::run(&mut arguments),
            Some("soak") => soak::run(&mut arguments),
            Some("bindings") => bindings::run(&mut arguments),
            _ => Err(Failure::usage(format!("there is no command {}", command.to_string_lossy()))),
        },
        None => {
            println!("{USAGE}");
            Ok(())
        }
        Some(other) => Err(other.unexpected().into()),
    }
}
