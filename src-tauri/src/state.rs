//! What commands share.

use heirloom_engine::Engine;
use heirloom_simulator::Simulator;
use tokio::sync::Mutex;

use crate::arguments::DataFolder;

/// What commands share.
pub struct AppState {
    /// The use cases.
    pub engine: Engine,
    /// The embedded demo company, while it runs.
    pub demo: Mutex<Option<Simulator>>,
    /// Started to show the demo company only.
    pub demo_only: bool,
    /// Held so that a passing folder lives as long as the app.
    pub folder: DataFolder,
}

impl AppState {
    /// Around an engine.
    pub fn new(engine: Engine, demo_only: bool, folder: DataFolder) -> Self {
        Self { engine, demo: Mutex::new(None), demo_only, folder }
    }
}
