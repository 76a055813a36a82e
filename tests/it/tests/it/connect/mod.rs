//! Connecting: what must hold before anything is saved, and what each failure says.

mod addresses;
mod keychain;
mod tokens;

use heirloom_engine::connect::{CheckStatus, Input, Report};
use heirloom_engine::{Engine, Error};
use heirloom_it::{Lab, find_bytes};

/// The title and the detail of what failed.
fn failure(report: &Report) -> (String, String) {
    let failed = report.checks.iter().find(|check| check.status == CheckStatus::Failed);
    let failed = failed.expect("a check that failed");
    (failed.title.clone(), failed.detail.clone())
}

/// Tries to connect where it must not work; gives what it says.
async fn refusal(engine: &Engine, input: Input) -> String {
    let refused = engine.connect(input).await.expect_err("this must not connect");
    assert!(
        matches!(refused, Error::NotConnectable { .. }),
        "a failed check is a finding, not an accident: {refused:?}"
    );
    refused.to_string()
}

/// Nothing of a refused connection stays: no row, no token, no trace of the address.
async fn nothing_stays(lab: &Lab, engine: &Engine, trace: &str) {
    let saved = engine.connections().await.expect("the list of connections");
    assert!(saved.is_empty(), "nothing is half-saved: {saved:?}");
    assert!(lab.keychain.names().is_empty(), "no token is left behind in the keychain");
    let found = find_bytes(&lab.folder(), trace.as_bytes());
    assert!(found.is_empty(), "the data folder knows nothing of it: {found:?}");
}
