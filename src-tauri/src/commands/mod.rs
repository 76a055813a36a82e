//! What the window may ask for. Each command parses, calls the engine once, and converts.

pub mod app;
pub mod changes;
pub mod connections;
pub mod estate;
pub mod export;
pub mod find;
pub mod runs;
pub mod scopes;
pub mod sync;
pub mod window;

use crate::dto::IpcError;

/// What every command returns.
pub type Answer<T> = Result<T, IpcError>;
