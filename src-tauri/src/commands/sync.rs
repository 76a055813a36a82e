//! Sync.

use heirloom_engine::core::ids::ConnectionId;
use heirloom_engine::sync::progress::Phase;
use tauri::State;

use super::Answer;
use crate::convert;
use crate::dto::{IntegrationRef, ScopeRef, SyncCost, SyncStatus};
use crate::state::AppState;

/// What a sync would cost.
#[tauri::command]
#[specta::specta]
pub async fn sync_cost(
    state: State<'_, AppState>,
    connection: u32,
    scope: Option<ScopeRef>,
) -> Answer<SyncCost> {
    let root = scope.as_ref().map(convert::scope_key).transpose()?;
    Ok(convert::cost(state.engine.sync_cost(ConnectionId(connection), root, false).await?))
}

/// Starts a sync of everything, or of one scope with what is below it. Where it stands, and what
/// stopped it, is in the status.
#[tauri::command]
#[specta::specta]
pub async fn start_sync(
    state: State<'_, AppState>,
    connection: u32,
    scope: Option<ScopeRef>,
) -> Answer<()> {
    let root = scope.as_ref().map(convert::scope_key).transpose()?;
    let (engine, id) = (state.engine.clone(), ConnectionId(connection));
    // Says at once what would stop it from starting at all.
    engine.may_sync(id).await?;
    tauri::async_runtime::spawn(async move {
        if let Err(error) = engine.sync(id, root, false).await {
            tracing::warn!(%error, connection = id.0, "a sync ended early");
        }
    });
    Ok(())
}

/// What looking up would cost where one integration is off: a request for each scope at or below
/// this one whose list does not show it.
#[tauri::command]
#[specta::specta]
pub async fn deep_scan_cost(state: State<'_, AppState>, at: IntegrationRef) -> Answer<SyncCost> {
    let (id, root, slug) = convert::place(&at)?;
    Ok(convert::cost(state.engine.deep_scan_cost(id, root, &slug).await?))
}

/// Looks that up. It is a sync like any other: where it stands is in the status, and it is
/// cancelled as one.
#[tauri::command]
#[specta::specta]
pub async fn start_deep_scan(state: State<'_, AppState>, at: IntegrationRef) -> Answer<()> {
    let (id, root, slug) = convert::place(&at)?;
    let engine = state.engine.clone();
    engine.may_sync(id).await?;
    tauri::async_runtime::spawn(async move {
        if let Err(error) = engine.deep_scan(id, root, &slug).await {
            tracing::warn!(%error, connection = id.0, "a deep scan ended early");
        }
    });
    Ok(())
}

/// Ends a running sync; what was read is kept.
#[tauri::command]
#[specta::specta]
pub async fn cancel_sync(state: State<'_, AppState>, connection: u32) -> Answer<()> {
    state.engine.cancel_sync(ConnectionId(connection));
    Ok(())
}

/// Where a sync stands.
#[tauri::command]
#[specta::specta]
pub async fn sync_status(state: State<'_, AppState>, connection: u32) -> Answer<SyncStatus> {
    let id = ConnectionId(connection);
    let status = state.engine.sync_status(id);
    if status.phase != Phase::Idle {
        // Asked often then; and it is being mended.
        let last = state.engine.last_sync(id).await?;
        return Ok(convert::sync_status(
            status,
            state.engine.server_pause(id),
            last.as_ref(),
            None,
        ));
    }
    let standing = state.engine.sync_standing(id).await?;
    Ok(convert::sync_status(status, None, standing.last.as_ref(), standing.unfinished))
}
