//! Counts by state, kind, level and subtree: kept with every change of a row, so that a question
//! over thousands of scopes is one look-up. Rows of scopes that are gone do not count.

use std::collections::{BTreeMap, HashMap};

use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::row::State;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::cells::{self, Cell};
use super::facts::{id_number, level_number, state, state_number};
use super::scopes::DEEPEST;
use super::words;
use crate::{Result, Store};

/// How many scopes at or below one scope are in a state, for one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The kind.
    pub slug: Slug,
    /// The state.
    pub state: State,
    /// How many groups and projects.
    pub n: u32,
}

/// The same, groups and projects apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelCount {
    /// Group or project.
    pub level: Level,
    /// The kind.
    pub slug: Slug,
    /// The state.
    pub state: State,
    /// How many scopes of that level.
    pub n: u32,
}

impl Store {
    /// The counts of a group's or the instance's subtree, itself included. Scopes that are gone
    /// do not count; nor does the instance's own row, which is the default itself.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn counts(&self, connection: ConnectionId, scope: ScopeKey) -> Result<Vec<Count>> {
        let mut sums: BTreeMap<(Slug, State), u32> = BTreeMap::new();
        for count in self.level_counts(connection, scope)? {
            *sums.entry((count.slug, count.state)).or_default() += count.n;
        }
        Ok(sums.into_iter().map(|((slug, state), n)| Count { slug, state, n }).collect())
    }

    /// As [`Store::counts`], groups and projects apart.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn level_counts(
        &self,
        connection: ConnectionId,
        scope: ScopeKey,
    ) -> Result<Vec<LevelCount>> {
        self.read(|db| {
            let slugs = words::slugs(&db.cache, connection)?;
            let counts = of_scope(&db.cache, connection, scope)?;
            Ok(named(&counts, &slugs))
        })
    }
}

/// Packed counts with their names; what counts nothing is left out.
pub(crate) fn named(counts: &Counts, slugs: &HashMap<u32, Slug>) -> Vec<LevelCount> {
    let mut found: Vec<LevelCount> = counts
        .iter()
        .filter_map(|(key, n)| {
            Some(LevelCount {
                level: if key.project { Level::Project } else { Level::Group },
                slug: slugs.get(&key.kind)?.clone(),
                state: key.state,
                n: u32::try_from(*n).ok().filter(|n| *n > 0)?,
            })
        })
        .collect();
    found.sort_by(|a, b| (&a.slug, a.level, a.state).cmp(&(&b.slug, b.level, b.state)));
    found
}

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Counted {
    pub(crate) kind: u32,
    pub(crate) project: bool,
    pub(crate) state: State,
}

impl Counted {
    pub(crate) const fn of(cell: Cell, project: bool) -> Self {
        Self { kind: cell.kind, project, state: cell.state }
    }
}

/// Counts, or changes of counts.
pub(crate) type Counts = BTreeMap<Counted, i64>;

const SIZE: usize = 9;
const PROJECT: u8 = 1 << 4;

/// Nine bytes each: kind (4), level and state (1), how many (4).
fn entries(bytes: &[u8]) -> impl Iterator<Item = (Counted, i64)> {
    let number = |part: Option<&[u8]>| {
        part.and_then(|part| part.try_into().ok()).map_or(0, u32::from_le_bytes)
    };
    bytes.chunks_exact(SIZE).map(move |chunk| {
        let about = chunk.get(4).copied().unwrap_or_default();
        let counted = Counted {
            kind: number(chunk.get(..4)),
            project: about & PROJECT != 0,
            state: state(i64::from(about & 0x0f)),
        };
        (counted, i64::from(number(chunk.get(5..))))
    })
}

/// Reads packed counts.
pub(crate) fn unpack(bytes: &[u8]) -> Counts {
    entries(bytes).collect()
}

fn pack(counts: &Counts) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(counts.len() * SIZE);
    for (key, n) in counts {
        let Some(n) = u32::try_from(*n).ok().filter(|n| *n > 0) else { continue };
        bytes.extend(key.kind.to_le_bytes());
        let state = u8::try_from(state_number(key.state)).unwrap_or(7);
        bytes.push(state | if key.project { PROJECT } else { 0 });
        bytes.extend(n.to_le_bytes());
    }
    bytes
}

/// The counts of one subtree.
pub(crate) fn of_scope(
    cache: &Connection,
    connection: ConnectionId,
    scope: ScopeKey,
) -> Result<Counts> {
    let bytes: Option<Vec<u8>> = cache
        .prepare_cached(
            "SELECT counts FROM tally WHERE scope = \
               (SELECT ref FROM scope WHERE connection = ?1 AND level = ?2 AND id = ?3)",
        )?
        .query_row(params![connection.0, level_number(scope.level), id_number(scope)?], |row| {
            row.get(0)
        })
        .optional()?;
    Ok(bytes.map_or_else(Counts::new, |bytes| unpack(&bytes)))
}

/// The counts of a scope by its number.
pub(crate) fn of(cache: &Connection, scope: i64) -> Result<Counts> {
    let bytes: Option<Vec<u8>> = cache
        .prepare_cached("SELECT counts FROM tally WHERE scope = ?1")?
        .query_row([scope], |row| row.get(0))
        .optional()?;
    Ok(bytes.map_or_else(Counts::new, |bytes| unpack(&bytes)))
}

/// The changes one batch makes to counts, each count written once.
#[derive(Default)]
pub(crate) struct Changes {
    by_scope: HashMap<i64, Counts>,
    above: HashMap<i64, Option<i64>>,
}

impl Changes {
    /// A scope's cells changed. Counts in itself, if it holds others, and in all above it.
    pub(crate) fn moved(
        &mut self,
        cache: &Connection,
        scope: (i64, Level),
        before: &[Cell],
        after: &[Cell],
    ) -> Result<()> {
        let (start, level) = scope;
        // The instance's own row is the default itself, not one of those it is handed down to.
        if level == Level::Instance || before == after {
            return Ok(());
        }
        let mut by = Counts::new();
        for (cells, n) in [(before, -1), (after, 1)] {
            for cell in cells {
                *by.entry(Counted::of(*cell, level == Level::Project)).or_default() += n;
            }
        }
        by.retain(|_, n| *n != 0);
        let mut at = if level.holds_others() { Some(start) } else { self.above(cache, start)? };
        // A ring, from a lying server, counts each of its groups once.
        let mut seen = Vec::new();
        while let Some(place) = at
            && !seen.contains(&place)
            && seen.len() <= DEEPEST
        {
            seen.push(place);
            let counts = self.by_scope.entry(place).or_default();
            for (key, n) in &by {
                *counts.entry(*key).or_default() += n;
            }
            at = self.above(cache, place)?;
        }
        Ok(())
    }

    fn above(&mut self, cache: &Connection, scope: i64) -> Result<Option<i64>> {
        if let Some(known) = self.above.get(&scope) {
            return Ok(*known);
        }
        let found = cache
            .prepare_cached("SELECT above FROM scope WHERE ref = ?1")?
            .query_row([scope], |row| row.get(0))
            .optional()?
            .flatten();
        self.above.insert(scope, found);
        Ok(found)
    }

    pub(crate) fn write(self, cache: &Connection) -> Result<()> {
        let mut read = cache.prepare_cached("SELECT counts FROM tally WHERE scope = ?1")?;
        for (scope, by) in self.by_scope {
            if by.values().all(|n| *n == 0) {
                continue;
            }
            let bytes: Option<Vec<u8>> = read.query_row([scope], |row| row.get(0)).optional()?;
            let mut counts = bytes.map_or_else(Counts::new, |bytes| unpack(&bytes));
            for (key, n) in by {
                *counts.entry(key).or_default() += n;
            }
            put(cache, scope, &counts)?;
        }
        Ok(())
    }
}

fn put(cache: &Connection, scope: i64, counts: &Counts) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO tally (scope, counts) VALUES (?1, ?2)";
    cache.prepare_cached(sql)?.execute(params![scope, pack(counts)])?;
    Ok(())
}

/// Counts everything anew, after scopes moved within the tree.
pub(crate) fn rebuild(cache: &Connection, connection: ConnectionId) -> Result<()> {
    let mut above: HashMap<i64, Option<i64>> = HashMap::new();
    let mut own: HashMap<i64, Counts> = HashMap::new();
    {
        let mut statement = cache.prepare_cached(
            "SELECT ref, level, above, iif(gone_at IS NULL, cells, NULL) FROM scope \
             WHERE connection = ?1",
        )?;
        let mut rows = statement.query([connection.0])?;
        while let Some(row) = rows.next()? {
            let (scope, level, over): (i64, i64, Option<i64>) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let project = level == level_number(Level::Project);
            let holder = if project { over } else { Some(scope) };
            if !project {
                above.insert(scope, over);
            }
            let Some(holder) = holder else { continue };
            let Some(bytes) = row.get_ref(3)?.as_blob_or_null().unwrap_or_default() else {
                continue;
            };
            if level == level_number(Level::Instance) {
                continue;
            }
            let counts = own.entry(holder).or_default();
            for cell in cells::unpack(bytes) {
                *counts.entry(Counted::of(cell, project)).or_default() += 1;
            }
        }
    }
    let mut sums: HashMap<i64, Counts> = HashMap::new();
    for (holder, counts) in &own {
        let mut at = Some(*holder);
        let mut seen = Vec::new();
        while let Some(place) = at
            && !seen.contains(&place)
            && seen.len() <= DEEPEST
        {
            seen.push(place);
            let sum = sums.entry(place).or_default();
            for (key, n) in counts {
                *sum.entry(*key).or_default() += n;
            }
            at = above.get(&place).copied().flatten();
        }
    }
    let mut read = cache.prepare_cached("SELECT counts FROM tally WHERE scope = ?1")?;
    for scope in above.keys() {
        let now = sums.remove(scope).unwrap_or_default();
        let was: Option<Vec<u8>> = read.query_row([scope], |row| row.get(0)).optional()?;
        if was.as_ref().map_or(!now.is_empty(), |was| *was != pack(&now)) {
            put(cache, *scope, &now)?;
        }
    }
    Ok(())
}
