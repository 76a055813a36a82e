//! Connections.

use heirloom_engine::connect::Input;
use heirloom_engine::core::ids::ConnectionId;
use secrecy::SecretString;
use tauri::State;

use super::Answer;
use crate::dto::{ConnectInput, Connection, ConnectionReport, Reach, Safety};
use crate::state::AppState;
use crate::{convert, demo};

/// Every connection.
#[tauri::command]
#[specta::specta]
pub async fn list_connections(state: State<'_, AppState>) -> Answer<Vec<Connection>> {
    let views = state.engine.connection_views().await?;
    Ok(views.into_iter().map(convert::connection).collect())
}

/// Checks everything a connection needs, and saves nothing.
#[tauri::command]
#[specta::specta]
pub async fn check_connection(
    state: State<'_, AppState>,
    input: ConnectInput,
) -> Answer<ConnectionReport> {
    let input = Input::from(input);
    let report = state.engine.check_connection(&input).await;
    let cost = if report.can_connect() {
        // Not knowing the cost is no reason not to connect.
        state.engine.first_cost(&input, &report).await.ok()
    } else {
        None
    };
    Ok(convert::report(report, cost))
}

/// Checks, then saves.
#[tauri::command]
#[specta::specta]
pub async fn connect(state: State<'_, AppState>, input: ConnectInput) -> Answer<Connection> {
    let saved = state.engine.connect(input.into()).await?;
    view(&state, saved.id).await
}

/// Checks a new token for a connection, and saves nothing.
#[tauri::command]
#[specta::specta]
pub async fn check_token(
    state: State<'_, AppState>,
    connection: u32,
    token: String,
) -> Answer<ConnectionReport> {
    let token = SecretString::from(token);
    let report = state.engine.check_token(ConnectionId(connection), token).await?;
    Ok(convert::report(report, None))
}

/// Puts a new token in place of the old one.
#[tauri::command]
#[specta::specta]
pub async fn replace_token(
    state: State<'_, AppState>,
    connection: u32,
    token: String,
) -> Answer<Connection> {
    let token = SecretString::from(token);
    let changed = state.engine.replace_token(ConnectionId(connection), token).await?;
    view(&state, changed.id).await
}

/// Removes a connection with everything kept for it.
#[tauri::command]
#[specta::specta]
pub async fn remove_connection(state: State<'_, AppState>, connection: u32) -> Answer<()> {
    Ok(state.engine.remove_connection(ConnectionId(connection)).await?)
}

/// Gives a connection another name.
#[tauri::command]
#[specta::specta]
pub async fn rename_connection(
    state: State<'_, AppState>,
    connection: u32,
    name: String,
) -> Answer<Connection> {
    let changed = state.engine.rename_connection(ConnectionId(connection), &name).await?;
    view(&state, changed.id).await
}

/// Changes how much asking there is before changes.
#[tauri::command]
#[specta::specta]
pub async fn set_safety(
    state: State<'_, AppState>,
    connection: u32,
    safety: Safety,
) -> Answer<Connection> {
    let changed = state.engine.set_safety(ConnectionId(connection), safety.into()).await?;
    view(&state, changed.id).await
}

/// Starts the demo company, or finds it running.
#[tauri::command]
#[specta::specta]
pub async fn start_demo(state: State<'_, AppState>) -> Answer<Connection> {
    let connection = demo::start(&state).await?;
    view(&state, connection.id).await
}

/// Asks GitLab once whether it answers.
#[tauri::command]
#[specta::specta]
pub async fn recheck(state: State<'_, AppState>, connection: u32) -> Answer<Reach> {
    Ok(convert::reach(state.engine.recheck(ConnectionId(connection)).await?))
}

async fn view(state: &AppState, id: ConnectionId) -> Answer<Connection> {
    Ok(convert::connection(state.engine.connection_view(id).await?))
}
