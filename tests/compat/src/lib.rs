//! Runs GitLab clients that others wrote against the simulator, unmodified and with pinned
//! versions, and counts which of their operations pass.

mod client;
mod environment;
mod script;
mod table;

pub use client::{CLIENTS, Client, Operation, Outcome, run};
pub use environment::{Kit, Unprepared, prepare};
pub use script::{clients, pinned, script};
pub use table::table;
