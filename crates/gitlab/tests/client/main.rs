//! The client against real sockets: every rule of the wire has a test named after it.

#![expect(clippy::expect_used, reason = "a test's own tools may fail loudly")]

mod account;
mod bounds;
mod cancelling;
mod connection;
mod integrations;
mod origin;
mod paging;
mod refusals;
mod resending;
mod silence;
mod support;
mod tls;
