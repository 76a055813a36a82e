//! Why a secret could not be kept or fetched, in words that suggest the next step.

/// A keychain call that failed. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no keychain to talk to.
    #[error("no keychain was found ({detail}): {}, then start Heirloom again", INSTALL)]
    NoKeychain {
        /// The system's words.
        detail: String,
    },
    /// The keychain is locked, or waits for someone to unlock it.
    #[error(
        "the keychain is locked: unlock it (your desktop may be showing a prompt) and try again"
    )]
    Locked,
    /// The person, or the system, said no.
    #[error("access to the keychain was denied: allow Heirloom to use it and try again")]
    Denied,
    /// The secret does not fit into this system's keychain.
    #[error("this system's keychain takes secrets of up to {limit} characters: this one is longer")]
    TooLong {
        /// The keychain's own bound.
        limit: u32,
    },
    /// Anything else.
    #[error("the keychain failed: {0}")]
    Failed(String),
}

/// What to do where no keychain answers.
const INSTALL: &str = if cfg!(any(target_os = "macos", target_os = "windows")) {
    "sign in to a desktop session of this computer"
} else {
    "install and start a Secret Service such as gnome-keyring or KWallet within a desktop session"
};
