//! The one window: bundled content only, nothing of the web view kept on disk.

use tauri::{AppHandle, WebviewUrl, WebviewWindowBuilder};

/// Its name in capabilities.
const LABEL: &str = "main";

/// Opens it.
///
/// # Errors
/// When the system's web view cannot be used.
pub fn open(app: &AppHandle) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Heirloom")
        .inner_size(1280.0, 832.0)
        .min_inner_size(640.0, 480.0)
        // No storage, no cache: what may be kept is in our own databases.
        .incognito(true)
        .on_navigation(|url| {
            // Production serves from tauri://localhost or http(s)://tauri.localhost, development
            // from the local server. Nothing else is ever shown here.
            let own = url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost");
            own || (cfg!(debug_assertions) && url.host_str() == Some("localhost"))
        })
        .build()?;
    Ok(())
}
