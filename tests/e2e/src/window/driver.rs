//! WebKit's own driver, which starts the app and passes commands on to its web view.
//!
//! The app only listens to it when it was started with `TAURI_WEBVIEW_AUTOMATION=true`.

use std::net::TcpListener;
use std::process::Stdio;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};

use super::{Launch, PATIENCE};
use crate::process::Background;
use crate::{Desktop, Error, Result, until};

/// The driver's name.
pub const DRIVER: &str = "WebKitWebDriver";

/// A running driver; it can drive one app.
#[derive(Debug)]
pub(super) struct Driver {
    program: Background,
    url: String,
}

impl Driver {
    /// Starts it on a free port and waits until it answers: its port opens a little earlier.
    pub(super) async fn start(desktop: &Desktop, launch: &Launch) -> Result<Self> {
        let port = free_port()?;
        let mut command = desktop.command(DRIVER);
        command
            .args(["--host=127.0.0.1", &format!("--port={port}")])
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            // The driver hands its own environment on to the app.
            .envs(launch.environment().iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let mut program = Background::start(DRIVER, &mut command, &desktop.logs())?;
        let url = format!("http://127.0.0.1:{port}");
        let status = format!("{url}/status");
        until("an answer from the driver", PATIENCE, async || {
            if let Some(status) = program.ended() {
                return Err(Error::program(DRIVER, format!("{status}. {}", program.said())));
            }
            let answers = match reqwest::get(&status).await {
                Ok(answer) => answer.status().is_success(),
                Err(_) => false,
            };
            Ok(answers.then_some(()))
        })
        .await?;
        Ok(Self { program, url })
    }

    /// Starts the app and a session with its first window.
    pub(super) async fn session(&mut self, launch: &Launch) -> Result<Client> {
        let options = json!({ "binary": launch.binary(), "args": launch.arguments() });
        let mut capabilities = Map::<String, Value>::new();
        capabilities.insert("webkitgtk:browserOptions".to_owned(), options);
        let session = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&self.url)
            .await;
        session.map_err(|error| {
            Error::program(launch.name(), format!("{error}. {}", self.program.said()))
        })
    }
}

fn free_port() -> Result<u16> {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|source| Error::Start { program: DRIVER.to_owned(), source })
}
