//! Where tokens and remembered secrets are kept: the operating system's keychain, or nowhere.
//!
//! There is no plain-text fallback. Without a usable keychain every call fails with an [`Error`]
//! that says what to do.

mod clear;
mod doubles;
mod error;
mod keychain;
mod name;
mod store;

pub use clear::{Leftovers, clear_everything};
pub use doubles::{Failing, Memory};
pub use error::Error;
pub use keychain::Keychain;
pub use name::{BadName, SecretName, SecretOwner};
pub use store::{Answer, SecretStore};

/// What a keychain call gives.
pub type Result<T> = std::result::Result<T, Error>;

/// The name under which the keychain files everything of this app.
pub const SERVICE: &str = "dev.heirloom.app";
