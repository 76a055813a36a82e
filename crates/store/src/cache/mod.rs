//! What GitLab told us, and when. May be thrown away at any time.

pub(crate) mod batch;
mod cells;
pub mod census;
pub mod estate;
pub mod facts;
pub mod heirs;
pub mod integrations;
mod marked;
pub mod scopes;
pub mod search;
pub mod syncs;
pub mod tally;
mod tree;
pub mod unfinished;
mod upgrade;
mod walk;
pub mod ways;
pub(crate) mod words;

use heirloom_core::ids::ConnectionId;
use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::Result;

/// The newest format this build knows.
pub(crate) const VERSION: i64 = 7;

pub(crate) fn migrations() -> Migrations<'static> {
    Migrations::new(vec![
        M::up(include_str!("schema-1.sql")),
        M::up_with_hook(include_str!("schema-2.sql"), upgrade::to_format_2),
        M::up(include_str!("schema-3.sql")),
        M::up(include_str!("schema-4.sql")),
        M::up_with_hook(include_str!("schema-5.sql"), upgrade::to_format_5),
        M::up_with_hook(include_str!("schema-6.sql"), upgrade::to_format_6),
        M::up(include_str!("schema-7.sql")),
    ])
}

/// Takes away everything of a connection, texts cut up for search included.
pub(crate) fn forget(cache: &Connection, connection: ConnectionId) -> Result<()> {
    const SCOPES: &str = "(SELECT ref FROM scope WHERE connection = ?1)";
    const KINDS: &str = "(SELECT id FROM kind WHERE connection = ?1)";
    for sql in [
        format!("DELETE FROM integration WHERE scope IN {SCOPES}"),
        format!("DELETE FROM tally WHERE scope IN {SCOPES}"),
        format!("DELETE FROM scope_text WHERE rowid IN {SCOPES}"),
        format!(
            "DELETE FROM settings_holds WHERE rowid IN \
               (SELECT id FROM settings WHERE kind IN {KINDS})"
        ),
        "DELETE FROM value_text WHERE rowid IN (SELECT id FROM value WHERE connection = ?1)".into(),
        "DELETE FROM value WHERE connection = ?1".into(),
        format!("DELETE FROM settings WHERE kind IN {KINDS}"),
        format!("DELETE FROM heirs WHERE kind IN {KINDS}"),
        "DELETE FROM kind WHERE connection = ?1".into(),
        "DELETE FROM event_set WHERE connection = ?1".into(),
        "DELETE FROM scope WHERE connection = ?1".into(),
        "DELETE FROM sync WHERE connection = ?1".into(),
        "DELETE FROM unfinished WHERE connection = ?1".into(),
    ] {
        cache.execute(&sql, [connection.0])?;
    }
    // Cut-up text is only marked as deleted until its pieces are merged.
    cache.execute_batch(
        "INSERT INTO scope_text (scope_text) VALUES ('optimize'); \
         INSERT INTO value_text (value_text) VALUES ('optimize'); \
         INSERT INTO settings_holds (settings_holds) VALUES ('optimize');",
    )?;
    // The answers changed.
    crate::app::history::next_batch(cache).map(drop)
}
