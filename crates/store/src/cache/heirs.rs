//! How many rows inherit a kind from which scope: kept with every change of a row.

use std::collections::HashMap;

use heirloom_core::row::Agrees;
use rusqlite::{Connection, params};

use super::batch::Stored;
use crate::Result;

/// Rows that inherit one kind from one scope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heirs {
    /// Whose values are the default's.
    pub agree: u32,
    /// Whose values are not.
    pub differ: u32,
    /// Whose values were not read.
    pub unread: u32,
}

impl Heirs {
    /// All of them.
    pub const fn all(self) -> u32 {
        self.agree + self.differ + self.unread
    }
}

/// Kind, and the level and id of the scope that is inherited from.
type Owner = (u32, i64, i64);

/// The changes of one batch, each count written once.
#[derive(Default)]
pub(crate) struct Changes(HashMap<Owner, [i64; 3]>);

impl Changes {
    pub(crate) fn count(&mut self, kind: u32, row: &Stored, by: i64) {
        if let Some((level, id)) = row.heir_of() {
            let [agree, differ, unread] = self.0.entry((kind, level, id)).or_default();
            *match row.agrees() {
                Agrees::Yes => agree,
                Agrees::No => differ,
                Agrees::Unread => unread,
            } += by;
        }
    }

    pub(crate) fn write(self, cache: &Connection) -> Result<()> {
        let mut update = cache.prepare_cached(
            "INSERT INTO heirs (kind, level, id, agree, differ, unread) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (kind, level, id) DO UPDATE SET \
               agree = agree + excluded.agree, differ = differ + excluded.differ, \
               unread = unread + excluded.unread",
        )?;
        for ((kind, level, id), [agree, differ, unread]) in self.0 {
            if [agree, differ, unread] != [0; 3] {
                update.execute(params![kind, level, id, agree, differ, unread])?;
            }
        }
        Ok(())
    }
}

/// Every count of one kind, by level and id of the scope that is inherited from.
pub(crate) fn of_kind(cache: &Connection, kind: u32) -> Result<HashMap<(i64, i64), Heirs>> {
    let mut statement = cache
        .prepare_cached("SELECT level, id, agree, differ, unread FROM heirs WHERE kind = ?1")?;
    let rows = statement.query_map([kind], |row| {
        let heirs = Heirs { agree: row.get(2)?, differ: row.get(3)?, unread: row.get(4)? };
        Ok(((row.get(0)?, row.get(1)?), heirs))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Counts everything anew.
pub(crate) fn rebuild(cache: &Connection) -> Result<()> {
    cache.execute_batch(
        "DELETE FROM heirs; \
         INSERT INTO heirs (kind, level, id, agree, differ, unread) \
           SELECT kind, source_level, source_id, sum(agrees IS 0), sum(agrees IS 1), \
             sum(agrees IS NULL OR agrees > 1) \
           FROM integration JOIN scope ON scope.ref = integration.scope \
           WHERE scope.gone_at IS NULL AND presence = 0 AND link = 1 AND source_kind = 0 \
           GROUP BY kind, source_level, source_id;",
    )?;
    Ok(())
}
