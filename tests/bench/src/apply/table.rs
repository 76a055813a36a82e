//! The table, as it is printed and kept.

use std::fmt::Write as _;

use super::{CEILING, Measured, Options, ideal};
use crate::limit::Limit;
use crate::machine;

/// The whole report.
pub fn of(options: &Options, described: &str, measured: &Measured, limits: &[Limit]) -> String {
    let Measured { plan, applied, many } = measured;
    let mut text = format!("# Apply\n\n{}, {described}.\n", machine::today());
    let _ = writeln!(
        text,
        "Custom settings of every project back to default, one step each: planned from the local \
         copy, written to the journal, and applied, each step read again, written, read back and \
         journaled. One simulator in a process of its own, the engine in another, which makes or \
         applies one plan.\n"
    );
    let _ = writeln!(
        text,
        "A plan of {} scopes, made three times: {:.2} s at the longest as a subtree, {:.2} s with \
         each scope named; peak memory {}.\n",
        plan.steps,
        plan.seconds,
        plan.named,
        megabytes(plan.peak),
    );
    let _ = writeln!(
        text,
        "A run of {} steps at {} ms latency: {} requests in {:.2} s, up to {CEILING} in flight; \
         {:.2} s if {CEILING} were in flight all along and nothing took time but the latency; \
         ratio {:.2}. Peak memory {}.\n",
        applied.steps,
        options.latency_ms,
        applied.requests,
        applied.seconds,
        ideal(options),
        applied.seconds / ideal(options),
        megabytes(applied.peak),
    );
    let _ = writeln!(
        text,
        "A run of {} steps without latency: {} requests in {:.1} s, peak memory {}.\n",
        many.steps,
        many.requests,
        many.seconds,
        megabytes(many.peak),
    );
    text.push_str("| promised | measured | must be | |\n|---|--:|---|---|\n");
    for limit in limits {
        let (shown, verdict) = (limit.shown(), limit.verdict());
        let _ = writeln!(text, "| {} | {shown} | {} | {verdict} |", limit.what, limit.bound);
    }
    text
}

fn megabytes(bytes: Option<u64>) -> String {
    bytes.map_or_else(|| "not known".to_owned(), |bytes| format!("{:.0} MB", bytes as f64 / 1e6))
}
