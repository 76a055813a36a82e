//! Many scopes at once: the matrix, one kind, the overview, what changed.

use heirloom_engine::core::catalog;
use heirloom_engine::core::ids::{ConnectionId, ScopeKey};
use tauri::State;

use super::Answer;
use crate::convert;
use crate::dto::{
    DriftCounts, DriftPage, DriftQuery, IpcError, KindCounts, KindView, Level, MatrixFilter,
    MatrixHead, MatrixPage, MatrixSum, MemberQuery, Members, Overview, ScopeRef, Trend,
    ValueGroups,
};
use crate::state::AppState;

fn key(scope: Option<&ScopeRef>) -> Result<Option<ScopeKey>, IpcError> {
    scope.map(convert::scope_key).transpose()
}

/// Every kind of integration with its figures at or below a scope.
#[tauri::command]
#[specta::specta]
pub async fn kinds(
    state: State<'_, AppState>,
    connection: u32,
    root: Option<ScopeRef>,
) -> Answer<Vec<KindCounts>> {
    let root = key(root.as_ref())?;
    let kinds = state.engine.kinds(ConnectionId(connection), root, None).await?;
    Ok(kinds.iter().map(convert::kind_counts).collect())
}

/// What stands around the rows of a matrix.
#[tauri::command]
#[specta::specta]
pub async fn matrix_head(
    state: State<'_, AppState>,
    connection: u32,
    filter: MatrixFilter,
) -> Answer<MatrixHead> {
    let of = convert::matrix_question(&filter)?;
    Ok(convert::matrix_head(state.engine.matrix_head(ConnectionId(connection), of).await?))
}

/// A window of a matrix's rows, in tree order.
#[tauri::command]
#[specta::specta]
pub async fn matrix_rows(
    state: State<'_, AppState>,
    connection: u32,
    filter: MatrixFilter,
    offset: u32,
    limit: u32,
) -> Answer<MatrixPage> {
    let of = convert::matrix_question(&filter)?;
    let found = state.engine.matrix_rows(ConnectionId(connection), of, offset, limit).await?;
    let rows = found.rows.into_iter().map(convert::matrix_row).collect();
    Ok(MatrixPage { order: found.order.to_string(), rows })
}

/// What a block of cells holds: the rows first to last, of some of the columns.
#[tauri::command]
#[specta::specta]
pub async fn matrix_sum(
    state: State<'_, AppState>,
    connection: u32,
    filter: MatrixFilter,
    kinds: Vec<String>,
    first: u32,
    last: u32,
) -> Answer<MatrixSum> {
    let of = convert::matrix_question(&filter)?;
    let kinds = kinds.iter().map(|name| convert::slug(name)).collect::<Result<_, _>>()?;
    let id = ConnectionId(connection);
    Ok(convert::matrix_sum(&state.engine.matrix_sum(id, of, kinds, first, last).await?))
}

/// One kind across all scopes, with its defaults' values of some fields.
#[tauri::command]
#[specta::specta]
pub async fn kind_view(
    state: State<'_, AppState>,
    connection: u32,
    slug: String,
    fields: Vec<String>,
) -> Answer<KindView> {
    let view = state.engine.kind_view(ConnectionId(connection), convert::slug(&slug)?).await?;
    Ok(convert::kind_view(&view, &fields))
}

/// Custom settings of a kind by the value of one field, at or below a scope.
#[tauri::command]
#[specta::specta]
pub async fn value_groups(
    state: State<'_, AppState>,
    connection: u32,
    slug: String,
    field: String,
    below: Option<ScopeRef>,
) -> Answer<ValueGroups> {
    let slug = convert::slug(&slug)?;
    let below = key(below.as_ref())?;
    let id = ConnectionId(connection);
    let found = state.engine.value_groups(id, slug.clone(), field.clone(), below).await?;
    Ok(convert::value_groups(&found, &slug, &field))
}

/// A window of the scopes whose custom settings have one value.
#[tauri::command]
#[specta::specta]
pub async fn group_members(
    state: State<'_, AppState>,
    connection: u32,
    query: MemberQuery,
    offset: u32,
    limit: u32,
) -> Answer<Members> {
    let slug = convert::slug(&query.slug)?;
    let value = convert::typed(catalog::find(&slug), &query.field, query.value);
    let below = key(query.below.as_ref())?;
    let id = ConnectionId(connection);
    let (total, found) = state
        .engine
        .group_members(id, slug.clone(), (query.field, value), below, offset, limit)
        .await?;
    let beside = query.beside.as_deref();
    let rows = found.iter().map(|member| convert::member(member, &slug, beside)).collect();
    Ok(Members { total, rows })
}

/// Figures at or below a scope, of one level or of both.
#[tauri::command]
#[specta::specta]
pub async fn overview(
    state: State<'_, AppState>,
    connection: u32,
    root: Option<ScopeRef>,
    level: Option<Level>,
) -> Answer<Overview> {
    let root = key(root.as_ref())?;
    let id = ConnectionId(connection);
    let found = state.engine.overview(id, root, level.map(convert::level)).await?;
    Ok(convert::overview(&found))
}

/// What the syncs of everything counted.
#[tauri::command]
#[specta::specta]
pub async fn trend(state: State<'_, AppState>, connection: u32) -> Answer<Trend> {
    Ok(convert::trend(&state.engine.trend(ConnectionId(connection)).await?))
}

/// A window of what changed, latest first.
#[tauri::command]
#[specta::specta]
pub async fn drift(
    state: State<'_, AppState>,
    connection: u32,
    query: DriftQuery,
    offset: u32,
    limit: u32,
) -> Answer<DriftPage> {
    let filter = convert::history_filter(&query)?;
    let id = ConnectionId(connection);
    let (total, found) = state.engine.drift(id, filter, offset, limit).await?;
    Ok(DriftPage { total, rows: found.into_iter().map(convert::drift_change).collect() })
}

/// How much changed since a time.
#[tauri::command]
#[specta::specta]
pub async fn drift_counts(
    state: State<'_, AppState>,
    connection: u32,
    since: String,
) -> Answer<DriftCounts> {
    let since = convert::time(&since)?;
    let found = state.engine.drift_counts(ConnectionId(connection), since).await?;
    Ok(convert::drift_counts(&found))
}
