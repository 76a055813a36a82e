//! The one window: bundled content only, nothing of the web view kept on disk. Its size is kept
//! among the preferences.

use std::path::Path;

use heirloom_engine::sync::progress::Phase;
use serde::{Deserialize, Serialize};
use tauri::{
    AppHandle, Manager, Runtime, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
};
use tauri_plugin_store::StoreExt as _;
use tauri_specta::Event as _;

use crate::events::Closing;
use crate::state::AppState;

/// Its name in capabilities.
pub const LABEL: &str = "main";

/// Its place among the preferences.
const KEY: &str = "window";

/// The window as it was last.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Frame {
    width: f64,
    height: f64,
    maximized: bool,
}

impl Frame {
    const FIRST: Self = Self { width: 1280.0, height: 832.0, maximized: false };
    const LEAST: (f64, f64) = (640.0, 480.0);

    fn of(window: &WebviewWindow) -> tauri::Result<Self> {
        let size = window.inner_size()?.to_logical(window.scale_factor()?);
        Ok(Self { width: size.width, height: size.height, maximized: window.is_maximized()? })
    }

    /// The kept frame; the first one where none is kept or it makes no sense.
    fn kept(app: &AppHandle) -> Self {
        let store = app.store(app.state::<AppState>().preferences());
        store
            .ok()
            .and_then(|store| serde_json::from_value(store.get(KEY)?).ok())
            .filter(|frame: &Self| frame.width >= Self::LEAST.0 && frame.height >= Self::LEAST.1)
            .unwrap_or(Self::FIRST)
    }

    fn keep(self, app: &AppHandle) -> Result<(), Box<dyn std::error::Error>> {
        let store = app.store(app.state::<AppState>().preferences())?;
        store.set(KEY, serde_json::to_value(self)?);
        store.save()?;
        Ok(())
    }
}

/// Opens it. `passing` is a folder that goes when the app ends.
///
/// # Errors
/// When the system's web view cannot be used.
pub fn open(app: &AppHandle, passing: &Path) -> tauri::Result<()> {
    let frame = Frame::kept(app);
    let builder = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Heirloom")
        .inner_size(frame.width, frame.height)
        .maximized(frame.maximized)
        .min_inner_size(Frame::LEAST.0, Frame::LEAST.1)
        .on_navigation(|url| {
            // Production serves from tauri://localhost or http(s)://tauri.localhost, development
            // from the local server. Nothing else is ever shown here.
            let own = url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost");
            own || (cfg!(debug_assertions) && url.host_str() == Some("localhost"))
        });
    let window = forgetful(builder, passing).build()?;
    let (app, closing) = (app.clone(), window.clone());
    window.on_window_event(move |event| {
        if let WindowEvent::CloseRequested { api, .. } = event {
            let kept = Frame::of(&closing).map_err(Into::into).and_then(|frame| frame.keep(&app));
            if let Err(error) = kept {
                tracing::warn!(%error, "the window's size was not kept");
            }
            // The page keeps what was typed and closes the window. Whoever asks twice gets it
            // closed: a page that hangs does not answer.
            if !app.state::<AppState>().asked_to_close() {
                api.prevent_close();
                tauri::async_runtime::spawn(tell_page(app.clone()));
            }
        }
    });
    Ok(())
}

/// Tells the page that the window is to close, and what is under way.
async fn tell_page(app: AppHandle) {
    let engine = &app.state::<AppState>().engine;
    let mut closing = Closing::default();
    // Not knowing what is under way is no reason to stay open.
    for view in engine.connection_views().await.unwrap_or_default() {
        let id = view.connection.id;
        closing.applying |= engine.apply_status(id).run.is_some();
        closing.syncing |= engine.sync_status(id).phase != Phase::Idle;
    }
    if let Err(error) = closing.emit(&app) {
        tracing::warn!(%error, "the window was not told that it closes");
    }
}

/// No storage and no cache that outlive the app: what may be kept is in our own databases. WebKitGTK
/// cannot be driven by tests while incognito, so there its files lie in a passing folder.
fn forgetful<'a, R: Runtime, M: Manager<R>>(
    builder: WebviewWindowBuilder<'a, R, M>,
    passing: &Path,
) -> WebviewWindowBuilder<'a, R, M> {
    if cfg!(target_os = "linux") {
        builder.data_directory(passing.to_owned())
    } else {
        builder.incognito(true)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_may_listen_to_events_and_call_no_plugin() {
        let file = include_str!("../capabilities/main.json");
        let capability: serde_json::Value = serde_json::from_str(file).expect("JSON");
        let permissions = capability["permissions"].as_array().expect("a list");
        for permission in permissions {
            let name = permission.as_str().expect("a name alone: no scope to be got around");
            assert!(name.starts_with("core:event:allow-"), "{name} would reach outside the window");
        }
    }
}
