//! Scopes × integrations.

use std::collections::{BTreeMap, BTreeSet};

use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::row::State;
use heirloom_store::Store;
use heirloom_store::cache::estate::filter::ScopeFilter;
use heirloom_store::cache::estate::matrix::MatrixCell;
use heirloom_store::cache::scopes::Scope;

use super::kinds::{Extent, extent};
use super::table::unavailable;
use crate::{Engine, Error, Result};

pub use heirloom_store::cache::estate::order::RowOrder;

/// Most rows one window may ask for.
const WINDOW: u32 = 500;

/// Which rows and columns a matrix has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatrixQuestion {
    /// This scope and everything below it.
    pub root: Option<ScopeKey>,
    /// Part of the name or path.
    pub text: String,
    /// The columns. States and values are looked for in these.
    pub kinds: Vec<Slug>,
    /// One of the kinds is in one of these states; none: any.
    pub states: Vec<State>,
    /// Part of a value that a row has of its own.
    pub value: String,
    /// Groups only, or projects only.
    pub level: Option<Level>,
    /// `public`, `internal` or `private` only.
    pub visibility: Option<&'static str>,
    /// Archived scopes are among them.
    pub archived: bool,
    /// What stands below these is left out.
    pub folded: Vec<ScopeKey>,
}

/// What stands around the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatrixHead {
    /// Rows there are.
    pub rows: u32,
    /// The mark of their order: what was selected by row numbers means only this order.
    pub order: RowOrder,
    /// Scopes at or below the root, whatever the filters.
    pub extent: Extent,
}

/// Some rows of many.
#[derive(Clone, Debug, Default)]
pub struct MatrixRows {
    /// The mark of the order that they, and all others, were cut from.
    pub order: RowOrder,
    /// Those asked for, in tree order.
    pub rows: Vec<MatrixRow>,
}

/// A scope with one cell per column.
#[derive(Clone, Debug)]
pub struct MatrixRow {
    /// The scope.
    pub scope: Scope,
    /// In the order of the columns.
    pub cells: Vec<MatrixCell>,
    /// Columns for which a draft is kept here.
    pub drafts: BTreeSet<Slug>,
}

/// What a block of cells holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatrixSum {
    /// Groups among its rows, and the instance.
    pub groups: u32,
    /// Projects among its rows.
    pub projects: u32,
    /// Cells by state.
    pub states: BTreeMap<State, u32>,
}

impl Engine {
    /// How many rows a matrix has.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn matrix_head(&self, id: ConnectionId, of: MatrixQuestion) -> Result<MatrixHead> {
        self.blocking(move |engine| {
            let store = engine.store();
            let filter = filter(store, id, &of)?;
            let (rows, order) = store.ordered_scopes(id, &filter)?;
            Ok(MatrixHead { rows, order, extent: extent(store, id, of.root)? })
        })
        .await
    }

    /// A window of a matrix's rows, in tree order.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn matrix_rows(
        &self,
        id: ConnectionId,
        of: MatrixQuestion,
        offset: u32,
        limit: u32,
    ) -> Result<MatrixRows> {
        self.blocking(move |engine| {
            let store = engine.store();
            let filter = filter(store, id, &of)?;
            let mut drafts: BTreeMap<ScopeKey, BTreeSet<Slug>> = BTreeMap::new();
            for (scope, slug, ..) in store.drafts(id)? {
                drafts.entry(scope).or_default().insert(slug);
            }
            let found = store.matrix(id, &filter, offset, limit.min(WINDOW))?;
            let rows = found.rows.into_iter().map(|row| MatrixRow {
                drafts: drafts.remove(&row.scope.listed.key).unwrap_or_default(),
                scope: row.scope,
                cells: row.cells,
            });
            Ok(MatrixRows { order: found.order, rows: rows.collect() })
        })
        .await
    }

    /// The scopes of the rows in some spans (first, last), which were chosen by their place in an
    /// order.
    ///
    /// # Errors
    /// [`Error::PlanOutdated`] when the rows are not in that order any more: other scopes stand in
    /// those places. When the cache cannot be read.
    pub async fn matrix_scopes(
        &self,
        id: ConnectionId,
        of: MatrixQuestion,
        spans: Vec<(u32, u32)>,
        order: RowOrder,
    ) -> Result<Vec<ScopeKey>> {
        self.blocking(move |engine| {
            let store = engine.store();
            let filter = filter(store, id, &of)?;
            let scopes = store.scopes_in_spans(id, &filter, &spans, order)?;
            scopes.ok_or_else(moved)
        })
        .await
    }

    /// What a block of cells holds: the rows `first` to `last`, of some of the columns.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn matrix_sum(
        &self,
        id: ConnectionId,
        of: MatrixQuestion,
        kinds: Vec<Slug>,
        first: u32,
        last: u32,
    ) -> Result<MatrixSum> {
        self.blocking(move |engine| {
            let store = engine.store();
            let filter = filter(store, id, &of)?;
            let wanted: BTreeSet<&Slug> = kinds.iter().collect();
            let mut sum = MatrixSum::default();
            let mut next = first;
            while next <= last {
                let rows = store.matrix(id, &filter, next, WINDOW.min(last - next + 1))?.rows;
                if rows.is_empty() {
                    break;
                }
                next += u32::try_from(rows.len()).unwrap_or(WINDOW);
                for row in rows {
                    match row.scope.listed.key.level {
                        Level::Project => sum.projects += 1,
                        Level::Group | Level::Instance => sum.groups += 1,
                    }
                    for cell in row.cells.iter().filter(|cell| wanted.contains(&cell.slug)) {
                        *sum.states.entry(cell.state).or_default() += 1;
                    }
                }
            }
            Ok(sum)
        })
        .await
    }
}

/// What is said of a selection whose rows stand elsewhere now.
#[must_use]
pub fn moved() -> Error {
    Error::PlanOutdated("The rows moved meanwhile: select again".into())
}

/// The store's filter; it learns from the catalog where kinds cannot be set.
fn filter(store: &Store, id: ConnectionId, of: &MatrixQuestion) -> Result<ScopeFilter> {
    Ok(ScopeFilter {
        subtree: of.root,
        slugs: of.kinds.clone(),
        unavailable: unavailable(store, id, &of.kinds)?,
        states: of.states.clone(),
        text: of.text.clone(),
        visibility: of.visibility.map(str::to_owned).into_iter().collect(),
        archived: if of.archived { None } else { Some(false) },
        level: of.level,
        value: of.value.clone(),
        open: None,
        folded: of.folded.clone(),
    })
}
