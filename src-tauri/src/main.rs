//! Heirloom's window.

// A console window beside the app would be odd on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    match heirloom_window::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without a window this is the only place to say why.
            eprintln!("Heirloom cannot start: {error}");
            ExitCode::FAILURE
        }
    }
}
