//! `cargo xtask bench`: the promised figures, measured with optimised programs.

use std::process::Command;

use lexopt::Arg;

use crate::outcome::{Failure, Outcome};
use crate::steps::Steps;
use crate::{run, workspace};

/// One bench of tests/bench.
struct Bench {
    /// Its name, there and here.
    name: &'static str,
    /// What it measures.
    about: &'static str,
    /// The packages whose programs it runs.
    packages: &'static [&'static str],
}

const BENCHES: &[Bench] = &[
    Bench {
        name: "sync",
        about: "a first and a second sync against python-gitlab and @gitbeaker/rest",
        packages: &["heirloom-bench", "heirloomctl"],
    },
    Bench {
        name: "memory",
        about: "what a sync of 100,000 projects holds in memory",
        packages: &["heirloom-bench", "heirloomctl"],
    },
    Bench {
        name: "apply",
        about: "planning 10,000 scopes, applying 2,000 steps, and the memory that takes",
        packages: &["heirloom-bench", "heirloomctl"],
    },
    Bench {
        name: "store",
        about: "a million rows: writing them, and every question the window asks",
        packages: &["heirloom-bench"],
    },
];

/// Builds what a bench needs and runs it with the options given, or lists what there is.
///
/// # Errors
/// When there is no such bench, something can't be built, or a figure misses its limit.
pub fn run(arguments: &mut lexopt::Parser) -> Outcome {
    let bench = match arguments.next()? {
        None => {
            println!("{}", list());
            return Ok(());
        }
        Some(Arg::Value(name)) => {
            BENCHES.iter().find(|bench| bench.name == name).ok_or_else(|| {
                Failure::usage(format!("there is no bench {}\n{}", name.to_string_lossy(), list()))
            })?
        }
        Some(other) => return Err(other.unexpected().into()),
    };
    let options: Vec<_> = arguments.raw_args()?.collect();
    let mut steps = Steps::default();
    steps.step("Compiling, optimised", || {
        let mut build = run::cargo(["build", "--release"]);
        for package in bench.packages {
            build.args(["--package", package]);
        }
        run::finish(build)
    })?;
    steps.step(&format!("Measuring: {}", bench.name), || {
        let mut measure = Command::new(workspace::program("heirloom-bench", true));
        measure.arg(bench.name).args(options);
        run::finish(measure)
    })?;
    steps.summary("Every limit reached");
    Ok(())
}

fn list() -> String {
    let mut text = "cargo xtask bench <bench> [options; --help lists them]\n".to_owned();
    for bench in BENCHES {
        text.push_str(&format!("\n  {:<8}{}", bench.name, bench.about));
    }
    text
}
