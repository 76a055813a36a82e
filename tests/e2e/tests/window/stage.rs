//! Where the tests of the window take place: a private desktop, a data folder, the app.

use std::path::PathBuf;

use heirloom_e2e::{Desktop, Keychain, Launch, Window};
use heirloom_simulator::Simulator;

/// Width and height of desktop and window: the smallest that most people have.
const SIZE: (u32, u32) = (1280, 800);

/// A desktop and what it takes to open the app on it, as often as a test likes.
pub struct Stage {
    pub desktop: Desktop,
    /// Where the app keeps its data; it is there once the app was opened.
    pub data: PathBuf,
    pub launch: Launch,
}

impl Stage {
    pub async fn set() -> Self {
        let desktop = Desktop::start(SIZE, Keychain::Unlocked).await.expect("a desktop");
        let data = desktop.folder().join("heirloom");
        let launch = Launch::heirloom(&["--data-dir", &data.to_string_lossy()]).expect("the app");
        Self { desktop, data, launch }
    }

    /// Opens the app on what its data folder holds.
    pub async fn open(&self) -> Window {
        let window = Window::open(&self.desktop, &self.launch).await.expect("a window");
        window.resize(SIZE).await.expect("a window of that size");
        window
    }

    /// Opens the app for the first time, connects it and reads the server.
    pub async fn connect(&self, server: &Simulator) -> Window {
        let window = self.open().await;
        window.connect(&server.url(), server.token()).await.expect("a connection");
        window
    }

    /// Closes the app as a person does.
    pub async fn quit(&self, window: Window) {
        window.quit(&self.desktop, &self.launch).await.expect("an app that closes");
    }
}
