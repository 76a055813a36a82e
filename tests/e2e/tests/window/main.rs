//! The real window on a private desktop.

mod harness;
