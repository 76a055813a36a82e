//! The commands that write: `plan`, `apply`, `undo`, `again`.

mod apply;
mod besides;
mod given;
mod plan;
mod show;
mod undo;

pub use apply::run as apply;
pub use plan::run as plan;
pub use undo::{again, undo};
