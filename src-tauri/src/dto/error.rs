//! One error type for every command.

use serde::Serialize;
use specta::Type;

/// What went wrong, in words a person can act on, with a code where the window acts on it.
#[derive(Clone, Debug, Serialize, Type)]
pub struct IpcError {
    /// For the window to decide by.
    pub code: ErrorCode,
    /// State, then reason: one or two sentences.
    pub message: String,
    /// The next step, if there is one.
    pub hint: Option<String>,
}

/// Only what the window treats differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// What was typed cannot be used.
    InvalidInput,
    /// GitLab does not answer.
    Offline,
    /// GitLab refused the token (401).
    TokenRefused,
    /// No keychain on this computer.
    KeychainMissing,
    /// The keychain is locked or did not answer in time.
    KeychainLocked,
    /// The thing asked for is not in the local copy.
    NotFound,
    /// This connection or token may not write.
    ReadOnly,
    /// Somebody else holds the lock (another window, or heirloomctl).
    Busy,
    /// The plan no longer fits what is known; make it again.
    PlanOutdated,
    /// Anything else.
    Failed,
}
