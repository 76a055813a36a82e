//! What cannot be fetched again: connections, drafts, the journal of writes, history, the
//! names of remembered secrets.

pub mod connections;
pub mod drafts;
pub mod history;
pub mod journal;
pub mod remembered;
pub mod settings;

use rusqlite_migration::{M, Migrations};

/// The newest format this build knows.
pub(crate) const VERSION: i64 = 9;

pub(crate) fn migrations() -> Migrations<'static> {
    Migrations::new(vec![
        M::up(include_str!("schema-1.sql")),
        M::up(include_str!("schema-2.sql")),
        M::up(include_str!("schema-3.sql")),
        M::up(include_str!("schema-4.sql")),
        M::up(include_str!("schema-5.sql")),
        M::up(include_str!("schema-6.sql")),
        M::up(include_str!("schema-7.sql")),
        M::up(include_str!("schema-8.sql")),
        M::up(include_str!("schema-9.sql")),
    ])
}
