//! The window's own: what it remembers of itself, and its end.

use serde_json::{Map, Value};
use tauri::{AppHandle, Manager as _, State};
use tauri_plugin_store::StoreExt as _;

use super::Answer;
use crate::dto::{ErrorCode, IpcError, Preference};
use crate::state::AppState;
use crate::window::LABEL;

/// The longest a preference may be, as JSON text, in bytes.
const LONGEST: usize = 1 << 20;

/// What the window remembers, as a JSON object. The page names no file: there is one, and only the
/// app knows where.
#[tauri::command]
#[specta::specta]
pub async fn read_preferences(app: AppHandle, state: State<'_, AppState>) -> Answer<String> {
    let store = app.store(state.preferences()).map_err(|error| failed(&error))?;
    let kept = Preference::ALL
        .into_iter()
        .filter_map(|it| Some((it.name().into(), store.get(it.name())?)));
    Ok(Value::Object(kept.collect::<Map<String, Value>>()).to_string())
}

/// Remembers one thing, given as JSON text.
#[tauri::command]
#[specta::specta]
pub async fn write_preference(
    app: AppHandle,
    state: State<'_, AppState>,
    name: Preference,
    json: String,
) -> Answer<()> {
    let value = parsed(&json)?;
    let store = app.store(state.preferences()).map_err(|error| failed(&error))?;
    // Written by itself soon after, and when the app ends.
    store.set(name.name(), value);
    Ok(())
}

/// Closes the window: what was typed is kept, and whoever was asked agrees.
#[tauri::command]
#[specta::specta]
pub async fn close_window(app: AppHandle) -> Answer<()> {
    let Some(window) = app.get_webview_window(LABEL) else { return Ok(()) };
    window.destroy().map_err(|error| failed(&error))
}

/// Keeps the window open after all; the next wish to close it is asked about again.
#[tauri::command]
#[specta::specta]
pub async fn stay_open(state: State<'_, AppState>) -> Answer<()> {
    state.stays_open();
    Ok(())
}

fn parsed(json: &str) -> Answer<Value> {
    let refused = |message: String| IpcError { code: ErrorCode::InvalidInput, message, hint: None };
    if json.len() > LONGEST {
        return Err(refused("This is too long for a preference".into()));
    }
    serde_json::from_str(json).map_err(|error| refused(format!("This is no preference: {error}")))
}

fn failed(error: &impl std::fmt::Display) -> IpcError {
    IpcError { code: ErrorCode::Failed, message: error.to_string(), hint: None }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, parsed};

    #[test]
    fn a_preference_is_json_and_not_without_end() {
        assert_eq!(parsed("{\"a\":1}").expect("JSON")["a"], 1, "taken");
        assert!(parsed("{").is_err(), "half of it");
        assert!(parsed(&format!("\"{}\"", "a".repeat(LONGEST))).is_err(), "too long");
    }
}
