//! What the tests of the whole way stand on: an engine with a data folder of its own, a simulator
//! to talk to, and the other servers an address may lead to.
#![allow(clippy::expect_used, reason = "only tests use this: a failed preparation fails its test")]

mod added;
mod bell;
mod folder;
mod lab;
mod servers;

pub use added::with_added_rows;
pub use bell::Bell;
pub use folder::{find_bytes, open_to_others};
pub use lab::{Lab, SetClock, input};
pub use servers::{TlsFront, not_a_gitlab};
