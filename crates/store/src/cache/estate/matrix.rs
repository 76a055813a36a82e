//! Scopes by integrations.

use std::collections::{BTreeMap, HashMap};

use heirloom_core::ids::{ConnectionId, Level, Slug};
use heirloom_core::row::{Agrees, Source, State};
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::filter::ScopeFilter;
use super::order::{self, RowOrder};
use super::select::{Question, Selection, select, without_row};
use crate::cache::facts::{agrees, state, time};
use crate::cache::integrations::linked_source;
use crate::cache::scopes::{COLUMNS, Scope, columns};
use crate::cache::tally::{self, Counts};
use crate::cache::words;
use crate::{Result, Store};

/// A window of the matrix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    /// Scopes the filter lets through.
    pub total: u32,
    /// The mark of all their order.
    pub order: RowOrder,
    /// Those asked for, in tree order.
    pub rows: Vec<MatrixRow>,
}

/// A scope with its cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixRow {
    /// The scope.
    pub scope: Scope,
    /// One for each kind the filter names, in its order; else for each kind with rows, by slug.
    pub cells: Vec<MatrixCell>,
}

/// One kind at one scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixCell {
    /// The kind.
    pub slug: Slug,
    /// The label.
    pub state: State,
    /// A row is stored and on.
    pub active: bool,
    /// Custom settings, or linked to default settings; none where there is no row or the server
    /// does not say.
    pub custom: Option<bool>,
    /// Where inherited settings come from, as far as that was resolved.
    pub source: Option<Source>,
    /// Whether an inherited row's values are its source's.
    pub agrees: Option<Agrees>,
    /// When the row, or the lack of one, was read.
    pub read_at: Option<Timestamp>,
    /// Scopes below with custom settings; none at projects.
    pub custom_below: u32,
    /// Scopes below that inherit, but differ.
    pub differs_below: u32,
}

impl Store {
    /// A window of the scopes a filter lets through, in tree order, with what is known of each
    /// kind there. The sums of columns are [`Store::level_counts`].
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn matrix(
        &self,
        connection: ConnectionId,
        filter: &ScopeFilter,
        offset: u32,
        limit: u32,
    ) -> Result<Matrix> {
        let question = Question { filter: filter.clone(), exact: None };
        self.read_at_once(|cache| {
            let selection = select(cache, self.answers(), connection, &question)?;
            let (total, scopes) = window(cache, connection, &selection, offset, limit)?;
            let order = order::order(cache, self.answers(), connection, &selection)?;
            let slugs = words::slugs(cache, connection)?;
            let by_slug: HashMap<&Slug, u32> = slugs.iter().map(|(id, slug)| (slug, *id)).collect();
            let shown: Vec<(Slug, Option<u32>)> = if filter.slugs.is_empty() {
                let all: BTreeMap<Slug, u32> =
                    slugs.iter().map(|(id, slug)| (slug.clone(), *id)).collect();
                all.into_iter().map(|(slug, id)| (slug, Some(id))).collect()
            } else {
                let kind = |slug: &Slug| (slug.clone(), by_slug.get(slug).copied());
                filter.slugs.iter().map(kind).collect()
            };
            let rows = scopes
                .into_iter()
                .map(|(number, scope)| {
                    let cells = row_cells(cache, filter, &shown, number, &scope)?;
                    Ok(MatrixRow { scope, cells })
                })
                .collect::<Result<_>>()?;
            Ok(Matrix { total, order, rows })
        })
    }

    /// How many scopes a filter lets through.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn count_scopes(&self, connection: ConnectionId, filter: &ScopeFilter) -> Result<u32> {
        let question = Question { filter: filter.clone(), exact: None };
        self.read_at_once(|cache| {
            let selection = select(cache, self.answers(), connection, &question)?;
            Ok(window(cache, connection, &selection, 0, 0)?.0)
        })
    }
}

/// Some scopes of a selection, with how many it holds.
pub(super) fn window(
    cache: &Connection,
    connection: ConnectionId,
    selection: &Selection,
    offset: u32,
    limit: u32,
) -> Result<(u32, Vec<(i64, Scope)>)> {
    let mut found = Vec::new();
    let total = match selection {
        Selection::Interval(first, last) => {
            let sql = format!(
                "SELECT {COLUMNS}, ref FROM scope WHERE connection = ?1 AND pre >= ?2 \
                   AND pre < ?3 AND pre <= ?4 ORDER BY pre"
            );
            let from = first + i64::from(offset);
            let mut statement = cache.prepare_cached(&sql)?;
            let rows = statement
                .query_map(params![connection.0, from, from + i64::from(limit), last], |row| {
                    Ok((row.get("ref")?, columns(row)?))
                })?;
            for row in rows {
                let (number, scope) = row?;
                found.push((number, scope.scope()?));
            }
            u32::try_from(last - first + 1).unwrap_or(u32::MAX)
        }
        Selection::Listed(list) => {
            let sql = format!("SELECT {COLUMNS} FROM scope WHERE ref = ?1");
            let mut statement = cache.prepare_cached(&sql)?;
            let (skip, take) = (
                usize::try_from(offset).unwrap_or(usize::MAX),
                usize::try_from(limit).unwrap_or(0),
            );
            for number in list.scopes.iter().skip(skip).take(take) {
                found.push((*number, statement.query_row([number], columns)?.scope()?));
            }
            u32::try_from(list.scopes.len()).unwrap_or(u32::MAX)
        }
    };
    Ok((total, found))
}

fn row_cells(
    cache: &Connection,
    filter: &ScopeFilter,
    shown: &[(Slug, Option<u32>)],
    number: i64,
    scope: &Scope,
) -> Result<Vec<MatrixCell>> {
    let level = scope.listed.key.level;
    let kept = stored(cache, number, scope)?;
    let below = if level == Level::Project { Counts::new() } else { tally::of(cache, number)? };
    let cells = shown.iter().map(|(slug, kind)| {
        let cell = kind.and_then(|kind| kept.get(&kind));
        let mut cell = cell.cloned().unwrap_or_else(|| {
            let unavailable =
                filter.unavailable.iter().any(|(kind, at)| kind == slug && *at == level);
            MatrixCell {
                state: without_row(unavailable, scope.listed_at.is_some()),
                read_at: scope.listed_at,
                ..empty(slug)
            }
        });
        cell.slug = slug.clone();
        let sum = |state: State| -> u32 {
            let all = below.iter().filter(|(key, _)| Some(key.kind) == *kind && key.state == state);
            let own = i64::from(cell.state == state && level == Level::Group);
            u32::try_from(all.map(|(_, n)| n).sum::<i64>() - own).unwrap_or_default()
        };
        (cell.custom_below, cell.differs_below) =
            (sum(State::Custom), sum(State::InheritedDiffers));
        cell
    });
    Ok(cells.collect())
}

fn empty(slug: &Slug) -> MatrixCell {
    MatrixCell {
        slug: slug.clone(),
        state: State::Unknown,
        active: false,
        custom: None,
        source: None,
        agrees: None,
        read_at: None,
        custom_below: 0,
        differs_below: 0,
    }
}

/// The kept rows of a scope, by kind.
fn stored(cache: &Connection, number: i64, scope: &Scope) -> Result<HashMap<u32, MatrixCell>> {
    let mut statement = cache.prepare_cached(
        "SELECT kind, slug, state, presence, link, active, agrees, source_kind, source_level, \
           source_id, flags_at FROM integration JOIN kind ON kind.id = kind WHERE scope = ?1",
    )?;
    let mut rows = statement.query([number])?;
    let mut found = HashMap::new();
    while let Some(row) = rows.next()? {
        let slug = crate::cache::facts::slug(row.get_ref(1)?.as_str().unwrap_or_default())?;
        let (presence, active): (i64, bool) = (row.get(3)?, row.get(5)?);
        let link: Option<i64> = row.get(4)?;
        let link = link.filter(|_| presence == 0);
        let source: Option<i64> = row.get(7)?;
        let inherited = link == Some(1);
        let read_at = time(row.get(10)?);
        let cell = MatrixCell {
            state: state(row.get(2)?),
            active: active && presence == 0,
            custom: link.map(|link| link == 0),
            source: match source.filter(|_| inherited) {
                Some(kind) => Some(linked_source(kind, row.get(8)?, row.get(9)?)?),
                None => None,
            },
            agrees: row.get::<_, Option<i64>>(6)?.filter(|_| inherited).map(agrees),
            read_at: Some(match scope.listed_at {
                Some(listed) if active && presence == 0 => listed.max(read_at),
                _ => read_at,
            }),
            ..empty(&slug)
        };
        found.insert(row.get(0)?, cell);
    }
    Ok(found)
}
