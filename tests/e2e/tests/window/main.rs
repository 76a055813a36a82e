//! The real window on a private desktop.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "the helpers of a test may fail it, with the reason"
)]

mod bulk;
mod estate;
mod forms;
mod group;
mod harness;
mod ipc;
mod keyboard;
mod leaks;
mod many;
mod review;
mod scale;
mod stage;
mod walk;
