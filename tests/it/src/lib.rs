//! What the tests of the whole way stand on: an engine with a data folder of its own, a simulator
//! to talk to, and the other servers an address may lead to.
#![allow(clippy::expect_used, reason = "only tests use this: a failed preparation fails its test")]

mod added;
mod applies;
mod bell;
mod faults;
mod folder;
mod front;
mod kills;
mod lab;
mod servers;
mod truth;

pub use added::with_added_rows;
pub use applies::{
    Applies, Change, FullDisk, HinderedApply, apply_on_full_disks, apply_under_faults, kill_applies,
};
pub use bell::Bell;
pub use faults::{ALL_FAULTS, FaultRun, changing_under_faults, under_faults};
pub use folder::{find_bytes, open_to_others};
pub use front::{Said, changed};
pub use kills::{Kills, kill_again_and_again};
pub use lab::{Lab, SetClock, input};
pub use servers::{TlsFront, not_a_gitlab};
pub use truth::{alike, differences};
