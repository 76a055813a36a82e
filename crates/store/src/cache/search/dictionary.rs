//! Texts that values hold, kept once each and named by number: a text looked for leads to a few
//! numbers, and those to the settings that hold them.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hasher as _;
use std::ops::ControlFlow;

use fnv::FnvHasher;
use heirloom_core::ids::ConnectionId;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{has_threes, phrase, texts};
use crate::Result;
use crate::cache::marked::Marked;
use crate::cache::words::Fields;

/// So many numbers are asked for in one question.
const ASKED: usize = 256;

/// Settings are looked up by so many numbers at most; for more, reading all of them from end to
/// end is faster.
const FEW: usize = 1_024;

/// Numbers that one batch has used. Never kept longer: another process may take them away.
pub(crate) struct Dictionary {
    connection: ConnectionId,
    known: HashMap<String, i64>,
}

impl Dictionary {
    pub(crate) fn new(connection: ConnectionId) -> Self {
        Self { connection, known: HashMap::new() }
    }

    /// Keeps new settings, which can be found by what they hold from now on.
    pub(crate) fn keep(
        &mut self,
        cache: &Connection,
        (id, kind): (Option<i64>, u32),
        fields: &Fields,
        written: &str,
    ) -> Result<i64> {
        let mut numbers = BTreeSet::new();
        for text in fields.values().flat_map(texts) {
            numbers.insert(self.number(cache, text.to_lowercase())?);
        }
        let holds = joined(&numbers, " ");
        cache
            .prepare_cached(
                "INSERT INTO settings (id, kind, hash, holds, fields) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![id, kind, hash(written), holds, written])?;
        let id = cache.last_insert_rowid();
        if !holds.is_empty() {
            cache
                .prepare_cached("INSERT INTO settings_holds (rowid, holds) VALUES (?1, ?2)")?
                .execute(params![id, holds])?;
        }
        Ok(id)
    }

    /// The number of a text in small letters; it is given one if it has none.
    fn number(&mut self, cache: &Connection, text: String) -> Result<i64> {
        if let Some(id) = self.known.get(&text) {
            return Ok(*id);
        }
        let hash = hash(&text);
        let found = cache
            .prepare_cached(
                "SELECT id FROM value WHERE connection = ?1 AND hash = ?2 AND text = ?3",
            )?
            .query_row(params![self.connection.0, hash, text], |row| row.get(0))
            .optional()?;
        let id = match found {
            Some(id) => id,
            None => {
                cache
                    .prepare_cached(
                        "INSERT INTO value (connection, hash, text) VALUES (?1, ?2, ?3)",
                    )?
                    .execute(params![self.connection.0, hash, text])?;
                let id = cache.last_insert_rowid();
                cache
                    .prepare_cached("INSERT INTO value_text (rowid, text) VALUES (?1, ?2)")?
                    .execute(params![id, text])?;
                id
            }
        };
        self.known.insert(text, id);
        Ok(id)
    }
}

/// Where a text is looked up. Equal texts are told apart from equal numbers by comparing them.
pub(crate) fn hash(text: &str) -> i64 {
    let mut hasher = FnvHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish().cast_signed()
}

/// Takes settings away, and what nothing else holds.
pub(crate) fn remove(cache: &Connection, unused: &[i64]) -> Result<()> {
    let mut freed = BTreeSet::new();
    for id in unused {
        let holds: String = cache
            .prepare_cached("DELETE FROM settings WHERE id = ?1 RETURNING holds")?
            .query_row([id], |row| row.get(0))?;
        cache.prepare_cached("DELETE FROM settings_holds WHERE rowid = ?1")?.execute([id])?;
        freed.extend(numbers(&holds));
    }
    for number in freed {
        let held: bool = cache
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM settings_holds WHERE settings_holds MATCH ?1)",
            )?
            .query_row([number.to_string()], |row| row.get(0))?;
        if !held {
            cache.prepare_cached("DELETE FROM value WHERE id = ?1")?.execute([number])?;
            cache.prepare_cached("DELETE FROM value_text WHERE rowid = ?1")?.execute([number])?;
        }
    }
    Ok(())
}

/// Shows the settings that hold a text, each once, until the visitor has enough. Of a text of
/// three characters or more they may be another connection's.
pub(crate) fn visit(
    cache: &Connection,
    connection: ConnectionId,
    text: &str,
    mut show: impl FnMut(i64) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let mut seen = Marked::default();
    matching(cache, connection, text, |numbers| {
        let mut holding = cache
            .prepare_cached("SELECT rowid FROM settings_holds WHERE settings_holds MATCH ?1")?;
        let mut holding = holding.query([joined(numbers, " OR ")])?;
        while let Some(row) = holding.next()? {
            let settings = row.get(0)?;
            if seen.has(settings) {
                continue;
            }
            seen.insert(settings);
            if show(settings)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    })
}

/// Shows the numbers of texts that hold this one anywhere, or begin with it where it is too short
/// for the index of threes; some at a time.
fn matching(
    cache: &Connection,
    connection: ConnectionId,
    text: &str,
    mut show: impl FnMut(&[i64]) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let mut by_threes;
    let mut by_start;
    let mut rows = if has_threes(text) {
        by_threes =
            cache.prepare_cached("SELECT rowid FROM value_text WHERE value_text MATCH ?1")?;
        by_threes.query([phrase(text)])?
    } else {
        by_start = cache.prepare_cached(
            "SELECT id FROM value INDEXED BY value_by_start \
             WHERE connection = ?1 AND substr(text, 1, 2) BETWEEN ?2 AND ?3",
        )?;
        let is_whole = text.chars().nth(1).is_some();
        let last = if is_whole { text.to_owned() } else { format!("{text}\u{10FFFF}") };
        by_start.query(params![connection.0, text, last])?
    };
    let mut numbers = Vec::with_capacity(ASKED);
    loop {
        numbers.clear();
        while numbers.len() < ASKED
            && let Some(row) = rows.next()?
        {
            numbers.push(row.get(0)?);
        }
        if numbers.is_empty() || show(&numbers)?.is_break() {
            return Ok(());
        }
    }
}

/// All settings that hold a text, as [`visit`] shows them.
pub(crate) fn holding(cache: &Connection, connection: ConnectionId, text: &str) -> Result<Marked> {
    let mut texts = Marked::default();
    matching(cache, connection, text, |numbers| {
        numbers.iter().for_each(|number| texts.insert(*number));
        Ok(ControlFlow::Continue(()))
    })?;
    let mut found = Marked::default();
    if texts.len() <= FEW {
        visit(cache, connection, text, |settings| {
            found.insert(settings);
            Ok(ControlFlow::Continue(()))
        })?;
        return Ok(found);
    }
    let mut statement = cache.prepare_cached("SELECT id, holds FROM settings")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let holds = row.get_ref(1)?.as_str().unwrap_or_default();
        if numbers(holds).any(|number| texts.has(number)) {
            found.insert(row.get(0)?);
        }
    }
    Ok(found)
}

fn numbers(holds: &str) -> impl Iterator<Item = i64> {
    holds.split(' ').filter_map(|number| number.parse().ok())
}

fn joined<'a>(numbers: impl IntoIterator<Item = &'a i64>, by: &str) -> String {
    let numbers: Vec<String> = numbers.into_iter().map(ToString::to_string).collect();
    numbers.join(by)
}
