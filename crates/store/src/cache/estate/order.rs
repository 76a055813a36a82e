//! Which rows a list has, and in which order: what a number of a row is worth only together with.

use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::Hasher as _;
use std::num::ParseIntError;
use std::str::FromStr;

use heirloom_core::ids::{ConnectionId, ScopeKey};
use rusqlite::{Connection, params};

use super::answers::Answers;
use super::filter::ScopeFilter;
use super::matrix::window;
use super::select::{Question, Selection, batch, select};
use crate::{Result, Store};

/// Rows that are looked up at a time.
const AT_A_TIME: u32 = 500;

/// A mark of the rows of a list and their order: another as soon as one row came, went or moved.
/// Means something only to the program that made it, while it runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct RowOrder(u64);

impl fmt::Display for RowOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for RowOrder {
    type Err = ParseIntError;

    fn from_str(text: &str) -> std::result::Result<Self, ParseIntError> {
        u64::from_str_radix(text, 16).map(Self)
    }
}

impl Store {
    /// How many scopes a filter lets through, and the mark of their order.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn ordered_scopes(
        &self,
        connection: ConnectionId,
        filter: &ScopeFilter,
    ) -> Result<(u32, RowOrder)> {
        let question = Question { filter: filter.clone(), exact: None };
        self.read_at_once(|cache| {
            let selection = select(cache, self.answers(), connection, &question)?;
            let total = window(cache, connection, &selection, 0, 0)?.0;
            Ok((total, order(cache, self.answers(), connection, &selection)?))
        })
    }

    /// The scopes in some spans of rows (first, last), as long as the rows still are those that
    /// `order` marks. None: they moved.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn scopes_in_spans(
        &self,
        connection: ConnectionId,
        filter: &ScopeFilter,
        spans: &[(u32, u32)],
        wanted: RowOrder,
    ) -> Result<Option<Vec<ScopeKey>>> {
        let question = Question { filter: filter.clone(), exact: None };
        self.read_at_once(|cache| {
            let selection = select(cache, self.answers(), connection, &question)?;
            if order(cache, self.answers(), connection, &selection)? != wanted {
                return Ok(None);
            }
            let mut scopes = Vec::new();
            for &(first, last) in spans {
                let mut next = first;
                while next <= last {
                    let limit = AT_A_TIME.min(last - next + 1);
                    let (_, rows) = window(cache, connection, &selection, next, limit)?;
                    if rows.is_empty() {
                        break;
                    }
                    scopes.extend(rows.into_iter().map(|(_, scope)| scope.listed.key));
                    next = next.saturating_add(limit);
                }
            }
            Ok(Some(scopes))
        })
    }
}

/// The mark of what was selected. The connection must be within a transaction.
pub(super) fn order(
    cache: &Connection,
    answers: &Answers,
    connection: ConnectionId,
    selection: &Selection,
) -> Result<RowOrder> {
    let (first, last) = match selection {
        Selection::Listed(list) => {
            return Ok(*list.order.get_or_init(|| {
                let mut mark = DefaultHasher::new();
                list.scopes.iter().for_each(|scope| mark.write_i64(*scope));
                RowOrder(mark.finish())
            }));
        }
        Selection::Interval(first, last) => (*first, *last),
    };
    let batch = batch(cache)?;
    if let Some(known) = answers.orders.find(connection, batch, &(first, last)) {
        return Ok(known);
    }
    let mut mark = DefaultHasher::new();
    let mut statement = cache.prepare_cached(
        "SELECT ref FROM scope INDEXED BY scope_by_pre WHERE connection = ?1 \
           AND pre BETWEEN ?2 AND ?3 ORDER BY pre",
    )?;
    let mut rows = statement.query(params![connection.0, first, last])?;
    while let Some(row) = rows.next()? {
        mark.write_i64(row.get(0)?);
    }
    let order = RowOrder(mark.finish());
    answers.orders.keep(connection, batch, (first, last), order);
    Ok(order)
}
