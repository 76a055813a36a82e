//! Events to the window.

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri_specta::Event;

/// Something in the local state moved: whoever shows it asks again. At most four a second.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
pub struct Changed {
    /// Counts up.
    pub revision: u32,
}
