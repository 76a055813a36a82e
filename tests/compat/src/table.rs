//! The table the run prints.

use std::fmt::Write as _;

use crate::client::Outcome;

/// Client, version, operations tried, passed; below it what did not pass, with its evidence.
#[must_use]
pub fn table(outcomes: &[Outcome]) -> String {
    let mut text = format!("{:<24}{:>10}{:>8}{:>8}\n", "client", "version", "tried", "passed");
    for outcome in outcomes {
        let (tried, passed) = (outcome.operations.len(), outcome.passed());
        let (name, version) = (outcome.client.name, &outcome.version);
        let _ = writeln!(text, "{name:<24}{version:>10}{tried:>8}{passed:>8}");
    }
    for outcome in outcomes.iter().filter(|outcome| !outcome.is_green()) {
        let _ = writeln!(text, "\n{}:", outcome.client.name);
        for operation in outcome.operations.iter().filter(|operation| !operation.passed) {
            let _ = writeln!(text, "  {}: {}", operation.name, operation.evidence);
        }
        let missing = outcome.client.at_least.saturating_sub(outcome.operations.len());
        if missing > 0 {
            let _ = writeln!(text, "  {missing} operations were never tried\n{}", outcome.noise);
        }
    }
    text
}
