//! What Heirloom does, without a window: connect, sync, ask, draft, plan, apply. The clock, the
//! keychain and the listener for changes are passed in; the window and `heirloomctl` are two thin
//! users of the same calls.

pub mod change;
pub mod clock;
pub mod connect;
mod engine;
mod error;
pub mod export;
pub mod folder;
pub mod health;
pub mod json;
mod locks;
pub mod older;
mod pause;
pub mod query;
pub mod retention;
pub mod sync;
mod threads;
pub mod words;

pub use engine::{Engine, Listener, Setup};
pub use error::{Error, Kind, Result};
pub use pause::Pause;

pub use heirloom_core as core;
pub use heirloom_secrets as secrets;
pub use heirloom_store::app::connections::{Access, Connection, Details, Safety};
pub use heirloom_store::app::history;
pub use heirloom_store::app::journal::{
    Counts, JournalStep, Outcome, RunId, RunNote, RunState, Skipped, StepFilter, StepGroup, Touch,
    Touched, Which,
};
pub use heirloom_store::cache::estate::clusters::Clusters;
pub use heirloom_store::cache::estate::matrix::MatrixCell;
pub use heirloom_store::cache::integrations::Kept;
pub use heirloom_store::cache::scopes::{Failure, Scope};
pub use heirloom_store::cache::syncs::SyncRun;
