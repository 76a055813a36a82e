//! The simulator over real HTTP. Each rule of the integrations contract that is used so far has a
//! test named after it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops at its first surprise"
)]

mod account;
mod browser;
mod browsing;
mod deleting;
mod faults;
mod forms;
mod graphql;
mod harness;
mod inheriting;
mod limits;
mod offered;
mod pages;
mod parameters;
mod propagating;
mod reading;
mod rules;
mod running;
mod second_factor;
mod secrets;
mod strangers;
mod world;
mod writing;
