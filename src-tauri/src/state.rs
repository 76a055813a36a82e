//! What commands share.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex as BlockingMutex, PoisonError};

use heirloom_engine::Engine;
use heirloom_simulator::Simulator;
use tempfile::TempDir;
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
    folder: PathBuf,
    passing: BlockingMutex<Vec<TempDir>>,
    closing: AtomicBool,
}

impl AppState {
    /// Around an engine. `view_files` is where the web view keeps its own files.
    pub fn new(engine: Engine, demo_only: bool, folder: DataFolder, view_files: TempDir) -> Self {
        let path = folder.path().to_owned();
        let mut passing = vec![view_files];
        if let DataFolder::Passing(demo) = folder {
            passing.push(demo);
        }
        Self {
            engine,
            demo: Mutex::new(None),
            demo_only,
            folder: path,
            passing: BlockingMutex::new(passing),
            closing: AtomicBool::new(false),
        }
    }

    /// The file of window and UI preferences.
    pub fn preferences(&self) -> PathBuf {
        self.folder.join("preferences.json")
    }

    /// Somebody wants to close the window. Says whether the page was asked before and has not
    /// answered: it may never do so.
    pub fn asked_to_close(&self) -> bool {
        self.closing.swap(true, Ordering::Relaxed)
    }

    /// The page's answer: the window stays.
    pub fn stays_open(&self) {
        self.closing.store(false, Ordering::Relaxed);
    }

    /// Removes what only lives as long as the app.
    pub fn clear_passing(&self) {
        let mut passing = self.passing.lock().unwrap_or_else(PoisonError::into_inner);
        for folder in passing.drain(..) {
            if let Err(error) = folder.close() {
                tracing::warn!(%error, "a temporary folder could not be removed");
            }
        }
    }
}
