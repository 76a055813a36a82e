//! The real window, driven from outside: a private desktop to run it on, a WebDriver session to
//! use it with, and witnesses that don't take the app's word for anything.

mod app;
pub mod desktop;
mod error;
mod process;
mod wait;
pub mod window;

pub use desktop::{Desktop, Keychain};
pub use error::{Error, Result};
pub use wait::until;
pub use window::{Launch, Seek, Window};
