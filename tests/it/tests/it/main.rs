//! The whole way: engine, HTTP and a GitLab that behaves as the contract says.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod bulk;
mod change;
mod connect;
mod estate;
mod export;
mod kinds;
mod locks;
mod offline;
mod restart;
mod secrets;
mod sync;
mod throttles;
