//! The simulator over real HTTP. Each rule of the integrations contract that is used so far has a
//! test named after it.

mod harness;
mod world;
