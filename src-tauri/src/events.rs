//! Events to the window.

use std::sync::Arc;
use std::time::Duration;

use heirloom_engine::Listener;
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::AppHandle;
use tauri_specta::Event;
use tokio::sync::Notify;

/// Something in the local state moved: whoever shows it asks again. At most four a second.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
pub struct Changed {
    /// Counts up.
    pub revision: u32,
}

/// Somebody wants to close the window: what was typed is to be kept first.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, Type, Event)]
pub struct Closing {
    /// A run is under way.
    pub applying: bool,
    /// A sync is.
    pub syncing: bool,
}

/// Least time between two events.
const APART: Duration = Duration::from_millis(250);

/// Passes changes on to the window, bundled.
pub struct Pulse(Arc<Notify>);

impl Pulse {
    /// Starts passing changes on, as long as the app runs.
    pub fn start(app: &AppHandle) -> Self {
        let moved = Arc::new(Notify::new());
        let (app, waiting) = (app.clone(), Arc::clone(&moved));
        tauri::async_runtime::spawn(async move {
            let mut revision = 0_u32;
            loop {
                waiting.notified().await;
                revision = revision.wrapping_add(1);
                if let Err(error) = (Changed { revision }).emit(&app) {
                    tracing::warn!(%error, "the window was not told of a change");
                }
                tokio::time::sleep(APART).await;
            }
        });
        Self(moved)
    }
}

impl Listener for Pulse {
    fn changed(&self) {
        self.0.notify_one();
    }
}
