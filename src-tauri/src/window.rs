//! The one window: bundled content only, nothing of the web view kept on disk.

use std::path::Path;

use tauri::{AppHandle, Manager, Runtime, WebviewUrl, WebviewWindowBuilder};

/// Its name in capabilities.
const LABEL: &str = "main";

/// Opens it. `passing` is a folder that goes when the app ends.
///
/// # Errors
/// When the system's web view cannot be used.
pub fn open(app: &AppHandle, passing: &Path) -> tauri::Result<()> {
    let builder = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Heirloom")
        .inner_size(1280.0, 832.0)
        .min_inner_size(640.0, 480.0)
        .on_navigation(|url| {
            // Production serves from tauri://localhost or http(s)://tauri.localhost, development
            // from the local server. Nothing else is ever shown here.
            let own = url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost");
            own || (cfg!(debug_assertions) && url.host_str() == Some("localhost"))
        });
    forgetful(builder, passing).build()?;
    Ok(())
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
