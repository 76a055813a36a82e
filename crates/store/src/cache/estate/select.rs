//! The scopes a filter lets through, in tree order.
//!
//! One look at every scope of the subtree, with its states packed beside it, answers any filter in
//! the same time. The answer is kept until the next batch is written, so that the windows of a
//! long list are cut from it.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use heirloom_core::ids::{ConnectionId, Level, ScopeKey};
use heirloom_core::row::State;
use heirloom_core::value::Value;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::answers::Answers;
use super::filter::ScopeFilter;
use super::order::RowOrder;
use super::valued::{FEW, with_value};
use crate::Result;
use crate::cache::cells;
use crate::cache::facts::{id_number, level_number};
use crate::cache::marked::Marked;
use crate::cache::search::sought;
use crate::cache::words;

/// What was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) filter: ScopeFilter,
    /// A field has exactly this value.
    pub(crate) exact: Option<(String, Value)>,
}

/// Scopes by their number in the cache, in tree order.
pub(crate) enum Selection {
    /// All of an interval.
    Interval(i64, i64),
    /// These.
    Listed(Arc<List>),
}

/// Scopes one by one, with the mark of their order once somebody asked for it.
#[derive(Default)]
pub(crate) struct List {
    pub(super) scopes: Vec<i64>,
    pub(super) order: OnceLock<RowOrder>,
}

/// The number of the batch that was written last, as this transaction sees it.
pub(super) fn batch(cache: &Connection) -> Result<i64> {
    Ok(cache
        .prepare_cached("SELECT coalesce(batch, 0) FROM state")?
        .query_row([], |row| row.get(0))?)
}

/// The scopes of a question. The connection must be within a transaction: answers are kept by the
/// batch it sees.
pub(crate) fn select(
    cache: &Connection,
    answers: &Answers,
    connection: ConnectionId,
    question: &Question,
) -> Result<Selection> {
    let root = question.filter.subtree.unwrap_or(ScopeKey::INSTANCE);
    let Some((first, last)) = interval(cache, connection, root)? else {
        return Ok(Selection::Listed(Arc::default()));
    };
    if question.filter.is_plain()
        && question.exact.is_none()
        && !any_gone(cache, connection, first, last)?
    {
        return Ok(Selection::Interval(first, last));
    }
    let batch = batch(cache)?;
    if let Some(answer) = answers.lists.find(connection, batch, question) {
        return Ok(Selection::Listed(answer));
    }
    let test = Test::of(cache, connection, question)?;
    let mut found: Vec<(i64, i64)> = Vec::new();
    match &question.filter.open {
        None => {
            let few = test.with_value.as_ref().filter(|them| them.len() <= FEW);
            let mut show = |row: &Row<'_>| test.take(row, &mut found);
            match few {
                Some(them) => probe(cache, connection, (first, last), them, &mut show)?,
                None => scan(cache, connection, (first, last), &mut show)?,
            }
        }
        Some(open) => {
            for scope in opened(cache, connection, root, open)? {
                let sql = format!("SELECT {COLUMNS} FROM scope WHERE ref = ?1 AND gone_at IS NULL");
                let mut statement = cache.prepare_cached(&sql)?;
                let mut rows = statement.query([scope])?;
                while let Some(row) = rows.next()? {
                    test.take(row, &mut found)?;
                }
            }
        }
    }
    found.sort_unstable();
    fold(cache, connection, &question.filter.folded, &mut found)?;
    let scopes = found.into_iter().map(|(_, scope)| scope).collect();
    let answer = Arc::new(List { scopes, order: OnceLock::new() });
    answers.lists.keep(connection, batch, question.clone(), Arc::clone(&answer));
    Ok(Selection::Listed(answer))
}

/// Takes away what stands below folded scopes. `found` is in tree order.
fn fold(
    cache: &Connection,
    connection: ConnectionId,
    folded: &[ScopeKey],
    found: &mut Vec<(i64, i64)>,
) -> Result<()> {
    let mut intervals = Vec::new();
    for scope in folded {
        intervals.extend(interval(cache, connection, *scope)?);
    }
    intervals.sort_unstable();
    let mut intervals = intervals.into_iter().peekable();
    let mut hidden_until = i64::MIN;
    found.retain(|(pre, _)| {
        while let Some((_, last)) = intervals.next_if(|(top, _)| top < pre) {
            hidden_until = hidden_until.max(last);
        }
        *pre > hidden_until
    });
    Ok(())
}

/// A scope's interval, if it has one.
pub(crate) fn interval(
    cache: &Connection,
    connection: ConnectionId,
    scope: ScopeKey,
) -> Result<Option<(i64, i64)>> {
    let found = cache
        .prepare_cached(
            "SELECT pre, last FROM scope WHERE connection = ?1 AND level = ?2 AND id = ?3 \
               AND pre IS NOT NULL",
        )?
        .query_row(params![connection.0, level_number(scope.level), id_number(scope)?], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(found)
}

/// Whether anything in an interval is gone.
pub(crate) fn any_gone(
    cache: &Connection,
    connection: ConnectionId,
    first: i64,
    last: i64,
) -> Result<bool> {
    Ok(cache
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM scope INDEXED BY scope_gone WHERE connection = ?1 \
               AND pre BETWEEN ?2 AND ?3 AND gone_at IS NOT NULL)",
        )?
        .query_row(params![connection.0, first, last], |row| row.get(0))?)
}

const COLUMNS: &str = "ref, pre, level, archived, visibility, listed_at IS NOT NULL, cells, \
    name_key, path_key";

/// Shows every scope of an interval, in any order.
fn scan(
    cache: &Connection,
    connection: ConnectionId,
    (first, last): (i64, i64),
    mut show: impl FnMut(&Row<'_>) -> Result<()>,
) -> Result<()> {
    // Through the index each scope is a look-up of its own; for many of them, reading the table
    // from end to end is faster.
    let many = last - first > 4_096;
    let sql = format!(
        "SELECT {COLUMNS} FROM scope {} WHERE connection = ?1 AND pre BETWEEN ?2 AND ?3 \
           AND gone_at IS NULL",
        if many { "NOT INDEXED" } else { "INDEXED BY scope_by_pre" }
    );
    let mut statement = cache.prepare_cached(&sql)?;
    let mut rows = statement.query(params![connection.0, first, last])?;
    while let Some(row) = rows.next()? {
        show(row)?;
    }
    Ok(())
}

/// Shows those of a few scopes that stand in an interval.
fn probe(
    cache: &Connection,
    connection: ConnectionId,
    (first, last): (i64, i64),
    scopes: &Marked,
    mut show: impl FnMut(&Row<'_>) -> Result<()>,
) -> Result<()> {
    let sql = format!(
        "SELECT {COLUMNS} FROM scope WHERE ref = ?1 AND connection = ?2 \
           AND pre BETWEEN ?3 AND ?4 AND gone_at IS NULL"
    );
    let mut statement = cache.prepare_cached(&sql)?;
    for scope in scopes.iter() {
        let mut rows = statement.query(params![scope, connection.0, first, last])?;
        while let Some(row) = rows.next()? {
            show(row)?;
        }
    }
    Ok(())
}

/// The root and everything that stands right under an opened scope that is seen itself.
fn opened(
    cache: &Connection,
    connection: ConnectionId,
    root: ScopeKey,
    open: &[ScopeKey],
) -> Result<Vec<i64>> {
    let mut by_key = cache
        .prepare_cached("SELECT ref FROM scope WHERE connection = ?1 AND level = ?2 AND id = ?3")?;
    let mut number = |key: ScopeKey| -> Result<Option<i64>> {
        let key = params![connection.0, level_number(key.level), id_number(key)?];
        Ok(by_key.query_row(key, |row| row.get(0)).optional()?)
    };
    let mut opened = HashSet::new();
    for key in open {
        opened.extend(number(*key)?);
    }
    let mut below = cache.prepare_cached(
        "SELECT ref FROM scope WHERE above = ?1 AND rank >= 0 AND pre IS NOT NULL",
    )?;
    let mut seen: Vec<i64> = number(root)?.into_iter().collect();
    let mut next = 0;
    while let Some(scope) = seen.get(next).copied() {
        next += 1;
        if opened.remove(&scope) {
            for child in below.query_map([scope], |row| row.get(0))? {
                seen.push(child?);
            }
        }
    }
    Ok(seen)
}

/// A filter made ready for one look at each scope.
struct Test {
    text: String,
    level: Option<i64>,
    archived: Option<bool>,
    visibility: Vec<String>,
    states: Vec<State>,
    /// Kinds by number; one without rows has none.
    kinds: Vec<(Option<u32>, [bool; 3])>,
    /// Scopes with the value.
    with_value: Option<Marked>,
}

impl Test {
    fn of(cache: &Connection, connection: ConnectionId, question: &Question) -> Result<Self> {
        let filter = &question.filter;
        let kinds = filter
            .slugs
            .iter()
            .map(|slug| {
                let unavailable = [Level::Instance, Level::Group, Level::Project]
                    .map(|level| filter.unavailable.iter().any(|it| it == &(slug.clone(), level)));
                Ok((words::kind_of(cache, connection, slug)?, unavailable))
            })
            .collect::<Result<_>>()?;
        Ok(Self {
            text: sought(&filter.text),
            level: filter.level.map(level_number),
            archived: filter.archived,
            visibility: filter.visibility.clone(),
            states: filter.states.clone(),
            kinds,
            with_value: with_value(cache, connection, question)?,
        })
    }

    fn take(&self, row: &Row<'_>, found: &mut Vec<(i64, i64)>) -> Result<()> {
        let (scope, level): (i64, i64) = (row.get(0)?, row.get(2)?);
        let fits = self.level.is_none_or(|wanted| wanted == level)
            && self.with_value.as_ref().is_none_or(|them| them.has(scope))
            && self.archived.is_none_or(|wanted| row.get(3).is_ok_and(|is: bool| is == wanted))
            && (self.visibility.is_empty() || self.visible(row)?)
            && (self.text.is_empty() || self.holds(row)?)
            && (self.states.is_empty() || self.in_state(row, level)?);
        if fits {
            found.push((row.get(1)?, scope));
        }
        Ok(())
    }

    fn visible(&self, row: &Row<'_>) -> Result<bool> {
        let visibility: Option<String> = row.get(4)?;
        Ok(visibility.is_some_and(|it| self.visibility.contains(&it)))
    }

    fn holds(&self, row: &Row<'_>) -> Result<bool> {
        for index in [7, 8] {
            let text = row.get_ref(index)?.as_str().unwrap_or_default();
            if text.contains(&self.text) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn in_state(&self, row: &Row<'_>, level: i64) -> Result<bool> {
        let listed: bool = row.get(5)?;
        let packed = row.get_ref(6)?.as_blob_or_null().unwrap_or_default().unwrap_or_default();
        if self.kinds.is_empty() {
            return Ok(cells::unpack(packed).any(|cell| self.states.contains(&cell.state))
                || (!listed && self.states.contains(&State::Unknown)));
        }
        Ok(self.kinds.iter().any(|(kind, unavailable)| {
            let kept = kind.and_then(|kind| cells::unpack(packed).find(|cell| cell.kind == kind));
            let state = kept.map_or_else(
                || {
                    let index = usize::try_from(level).unwrap_or_default();
                    without_row(unavailable.get(index) == Some(&true), listed)
                },
                |cell| cell.state,
            );
            self.states.contains(&state)
        }))
    }
}

/// The state of a kind at a scope that keeps no row of it.
pub(crate) const fn without_row(unavailable: bool, listed: bool) -> State {
    match (unavailable, listed) {
        (true, _) => State::Unavailable,
        (false, true) => State::Off,
        (false, false) => State::Unknown,
    }
}
