//! What a command needs beside Rust, installed when it is missing.

mod nextest;
mod npm;
mod system;

pub use nextest::nextest;
pub use npm::npm;
pub use system::{Need, system};
