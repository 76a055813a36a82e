//! The local copy as a file, where the person at the window says. The dialog is opened here: the
//! page neither names a path nor may open dialogs.

use std::path::PathBuf;

use heirloom_engine::core::ids::ConnectionId;
use heirloom_engine::export::Format;
use heirloom_engine::export::changes::ChangesFormat;
use tauri::{AppHandle, Manager as _, State};
use tauri_plugin_dialog::{DialogExt as _, FilePath};
use tokio::sync::oneshot;

use super::Answer;
use crate::convert;
use crate::dto::{self, DriftQuery, ErrorCode, ExportFormat, ExportPart, IpcError};
use crate::state::AppState;
use crate::window::LABEL;

/// Asks where to, and writes the local copy, or a part of it, there. Says where it is; nothing
/// where nobody chose a place.
#[tauri::command]
#[specta::specta]
pub async fn export_copy(
    app: AppHandle,
    state: State<'_, AppState>,
    connection: u32,
    part: ExportPart,
    format: ExportFormat,
) -> Answer<Option<String>> {
    let (id, part) = (ConnectionId(connection), convert::part(&part)?);
    let format = match format {
        ExportFormat::Csv => Format::Csv,
        ExportFormat::Json => Format::Json,
        ExportFormat::Html => Format::Html,
    };
    let name = state.engine.connection(id).await?.details.name;
    let of = part.slug.as_ref().map(ToString::to_string).unwrap_or_default();
    let day = state.engine.now().strftime("%Y-%m-%d").to_string();
    let Some(path) = choose(&app, &file_name(&[&name, &of, &day]), format.extension()).await?
    else {
        return Ok(None);
    };
    state.engine.export_to(id, part, format, path.clone()).await?;
    Ok(Some(path.display().to_string()))
}

/// The same for what changed.
#[tauri::command]
#[specta::specta]
pub async fn export_drift(
    app: AppHandle,
    state: State<'_, AppState>,
    connection: u32,
    query: DriftQuery,
    format: dto::ChangesFormat,
) -> Answer<Option<String>> {
    let (id, filter) = (ConnectionId(connection), convert::history_filter(&query)?);
    let format = match format {
        dto::ChangesFormat::Csv => ChangesFormat::Csv,
        dto::ChangesFormat::Json => ChangesFormat::Json,
    };
    let name = state.engine.connection(id).await?.details.name;
    let day = state.engine.now().strftime("%Y-%m-%d").to_string();
    let name = file_name(&[&name, "drift", &day]);
    let Some(path) = choose(&app, &name, format.extension()).await? else { return Ok(None) };
    state.engine.export_changes_to(id, filter, format, path.clone()).await?;
    Ok(Some(path.display().to_string()))
}

/// Lets a person choose a file to write.
pub(super) async fn choose(
    app: &AppHandle,
    name: &str,
    extension: &str,
) -> Answer<Option<PathBuf>> {
    let mut dialog = app
        .dialog()
        .file()
        .set_title("Export")
        .set_file_name(format!("{name}.{extension}"))
        .add_filter(extension.to_uppercase(), &[extension]);
    if let Some(window) = app.get_webview_window(LABEL) {
        dialog = dialog.set_parent(&window);
    }
    let (tell, told) = oneshot::channel();
    dialog.save_file(move |chosen| {
        // Nobody listens any more only while the app ends.
        drop(tell.send(chosen));
    });
    let chosen = told.await.ok().flatten();
    chosen.map(FilePath::into_path).transpose().map_err(|error| IpcError {
        code: ErrorCode::InvalidInput,
        message: format!("Nothing can be written there: {error}"),
        hint: Some("Choose a folder of this computer".into()),
    })
}

/// A name that every file system takes.
fn file_name(parts: &[&str]) -> String {
    let plain = |part: &str| {
        let words: Vec<String> = part
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        words.join("-")
    };
    let parts: Vec<String> =
        parts.iter().map(|part| plain(part)).filter(|part| !part.is_empty()).collect();
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_file_is_called_by_what_is_in_it_and_nothing_a_server_sends_leads_elsewhere() {
        assert_eq!(file_name(&["Acme GitLab", "", "2026-03-23"]), "acme-gitlab-2026-03-23");
        let harm = file_name(&["../../etc/passwd\0", "jira", "2026-03-23"]);
        assert_eq!(harm, "etc-passwd-jira-2026-03-23", "no path, no control character");
    }
}
