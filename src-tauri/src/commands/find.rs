//! Finding, as somebody types.

use heirloom_engine::core::ids::ConnectionId;
use tauri::State;

use super::Answer;
use crate::convert;
use crate::dto::Suggestions;
use crate::state::AppState;

/// Scopes and values that hold a text: so many of each at most. With a kind, its state at each
/// of the scopes.
#[tauri::command]
#[specta::specta]
pub async fn suggest(
    state: State<'_, AppState>,
    connection: u32,
    text: String,
    kind: Option<String>,
    limit: u32,
) -> Answer<Suggestions> {
    let kind = kind.as_deref().map(convert::slug).transpose()?;
    let found = state.engine.suggest(ConnectionId(connection), text, kind, limit).await?;
    Ok(convert::suggestions(&found))
}
