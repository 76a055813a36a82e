//! What Heirloom knows about GitLab's integrations, and nothing of how it gets there.
//!
//! Pure: no I/O, no clock, no async. Everything here is a function of its arguments, so that
//! inheritance, comparison and planning can be tested over whole worlds at once.

pub mod catalog;
pub mod ids;
pub mod inheritance;
pub mod plan;
pub mod row;
pub mod settings;
pub mod validation;
pub mod value;
