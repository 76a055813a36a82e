//! The tree, scopes, comparisons.

use heirloom_engine::core::ids::ConnectionId;
use tauri::State;

use super::Answer;
use crate::convert;
use crate::dto::{Comparison, IntegrationRef, ScopeRef, ScopeView, TreePage, TreeRow};
use crate::state::AppState;

/// A window of a scope's children; without a parent, the instance's own row.
#[tauri::command]
#[specta::specta]
pub async fn tree_children(
    state: State<'_, AppState>,
    connection: u32,
    parent: Option<ScopeRef>,
    offset: u32,
    limit: u32,
) -> Answer<TreePage> {
    let parent = parent.as_ref().map(convert::scope_key).transpose()?;
    let id = ConnectionId(connection);
    Ok(convert::tree_page(state.engine.tree_children(id, parent, offset, limit).await?))
}

/// Scopes whose name or path holds the text, with their ancestors.
#[tauri::command]
#[specta::specta]
pub async fn tree_search(
    state: State<'_, AppState>,
    connection: u32,
    query: String,
    limit: u32,
) -> Answer<TreePage> {
    let found = state.engine.tree_search(ConnectionId(connection), query, limit).await?;
    Ok(convert::tree_page(found))
}

/// The way from the instance to a scope.
#[tauri::command]
#[specta::specta]
pub async fn tree_path(
    state: State<'_, AppState>,
    connection: u32,
    scope: ScopeRef,
) -> Answer<Vec<TreeRow>> {
    let key = convert::scope_key(&scope)?;
    let path = state.engine.tree_path(ConnectionId(connection), key).await?;
    Ok(path.into_iter().map(convert::tree_row).collect())
}

/// A scope with everything known of its integrations.
#[tauri::command]
#[specta::specta]
pub async fn scope_view(
    state: State<'_, AppState>,
    connection: u32,
    scope: ScopeRef,
) -> Answer<ScopeView> {
    let key = convert::scope_key(&scope)?;
    let found = state.engine.scope_items(ConnectionId(connection), key).await?;
    Ok(convert::scope_view(found))
}

/// An integration at a scope, default and own side by side.
#[tauri::command]
#[specta::specta]
pub async fn compare(state: State<'_, AppState>, at: IntegrationRef) -> Answer<Comparison> {
    let (id, key, slug) = convert::place(&at)?;
    let connection = state.engine.connection(id).await?;
    Ok(convert::comparison(&connection, &state.engine.compare(id, key, slug).await?))
}
