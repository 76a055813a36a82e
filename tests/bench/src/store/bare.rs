//! The same rows in the same tables with the same indexes, by nothing but prepared inserts.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};

use crate::failure::Result;

/// Rows in one transaction: as many as a sync writes at once.
const BATCH: usize = 2_560;

/// What an insert of everything took.
#[derive(Clone, Copy, Default)]
pub struct Bare {
    /// The table of rows alone.
    pub rows: Duration,
    /// All tables.
    pub all: Duration,
}

/// Copies a cache, table by table, and times the writing alone.
pub fn copy(from: &Path, to: &Path) -> Result<Bare> {
    let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut target = Connection::open(to)?;
    // As the store opens its cache.
    for (name, value) in [("journal_mode", "WAL"), ("synchronous", "NORMAL")] {
        target.pragma_update(None, name, value)?;
    }
    target.pragma_update(None, "cache_size", -heirloom_store::WRITER_CACHE_KIB)?;
    target.pragma_update(None, "wal_autocheckpoint", heirloom_store::WAL_PAGES)?;
    let made: Vec<String> = source
        .prepare(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' \
               AND name NOT GLOB '*_text_*' AND name NOT GLOB 'settings_holds_*' ORDER BY type = 'index', rowid",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for sql in made {
        target.execute_batch(&sql)?;
    }
    let mut sums = Bare::default();
    for table in
        ["kind", "event_set", "scope", "value", "settings", "integration", "tally", "heirs"]
    {
        let took = rows(&source, &mut target, table, &format!("SELECT * FROM {table}"))?;
        sums.all += took;
        if table == "integration" {
            sums.rows = took;
        }
    }
    // What is cut up for search is not kept whole: it is made from where it came from.
    let names = "SELECT ref, iif(instr(path_key, name_key), path_key, \
        name_key || char(10) || path_key) FROM scope";
    sums.all += rows(&source, &mut target, "scope_text (rowid, text)", names)?;
    let values = "SELECT id, text FROM value";
    sums.all += rows(&source, &mut target, "value_text (rowid, text)", values)?;
    let holds = "SELECT id, holds FROM settings";
    sums.all += rows(&source, &mut target, "settings_holds (rowid, holds)", holds)?;
    Ok(sums)
}

fn rows(source: &Connection, target: &mut Connection, into: &str, from: &str) -> Result<Duration> {
    let mut select = source.prepare(from)?;
    let columns = select.column_count();
    let marks = vec!["?"; columns].join(", ");
    let insert = format!("INSERT INTO {into} VALUES ({marks})");
    let mut found = select.query([])?;
    let mut took = Duration::ZERO;
    loop {
        let mut batch: Vec<Vec<Value>> = Vec::with_capacity(BATCH);
        while batch.len() < BATCH
            && let Some(row) = found.next()?
        {
            batch.push((0..columns).map(|index| row.get(index)).collect::<rusqlite::Result<_>>()?);
        }
        if batch.is_empty() {
            return Ok(took);
        }
        let began = Instant::now();
        let writing = target.transaction()?;
        {
            let mut statement = writing.prepare_cached(&insert)?;
            for row in &batch {
                statement.execute(params_from_iter(row))?;
            }
        }
        writing.commit()?;
        took += began.elapsed();
    }
}
