//! The window: starts the engine, opens one web view on the bundled UI, and passes its questions
//! and commands on. The only place that knows Tauri.

mod arguments;
mod bindings;
mod commands;
mod convert;
mod demo;
mod dto;
mod events;
mod log;
mod state;
mod window;

use std::sync::Arc;

use clap::Parser as _;
use heirloom_engine::clock::SystemClock;
use heirloom_engine::secrets::Keychain;
use heirloom_engine::{Engine, Setup};
use tauri::{Manager as _, RunEvent};

use crate::arguments::{Arguments, DataFolder};
use crate::state::AppState;

/// Runs the app until its window is closed.
///
/// # Errors
/// When the data folder or the system's web view cannot be used.
pub fn run() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let folder = DataFolder::choose(&arguments)?;
    log::start(folder.path())?;
    let bindings = bindings::builder();
    let handler = bindings.invoke_handler();
    let builder = tauri::Builder::default()
        .plugin(tauri_plugin_store::Builder::default().build())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(handler)
        .setup(move |app| {
            bindings.mount_events(app);
            let setup = Setup {
                keychain: Arc::new(Keychain::new()),
                clock: Arc::new(SystemClock),
                listener: Arc::new(events::Pulse::start(app.handle())),
            };
            let engine = Engine::open(folder.path(), setup)?;
            let passing = tempfile::Builder::new().prefix("heirloom-view-").tempdir()?;
            let view_files = passing.path().to_owned();
            app.manage(AppState::new(engine, arguments.demo, folder, passing));
            window::open(app.handle(), &view_files)?;
            tauri::async_runtime::spawn(demo::settle(app.handle().clone()));
            Ok(())
        });
    builder.build(tauri::generate_context!())?.run(|app, event| {
        if let RunEvent::Exit = event {
            // The process ends right after, and would leave temporary folders behind.
            app.state::<AppState>().clear_passing();
        }
    });
    Ok(())
}
