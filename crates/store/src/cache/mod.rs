//! What GitLab told us, and when. May be thrown away at any time.

pub mod facts;
pub mod integrations;
pub mod scopes;
pub mod syncs;
pub mod tally;
mod tree;

use rusqlite_migration::{M, Migrations};

/// The newest format this build knows.
pub(crate) const VERSION: i64 = 1;

pub(crate) fn migrations() -> Migrations<'static> {
    Migrations::new(vec![M::up(include_str!("schema-1.sql"))])
}
