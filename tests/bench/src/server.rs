//! A simulator in a process of its own.

use std::process::Stdio;

use reqwest::Client;
use serde::Deserialize;
use serde_json::Value as Json;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::failure::{Failure, Result};
use crate::programs;

const PROGRAM: &str = "heirloomctl demo-server";

/// What a simulator is started with.
pub struct World {
    /// Projects.
    pub projects: u32,
    /// Groups.
    pub groups: u32,
    /// Active integrations of each project.
    pub active_per_project: u8,
    /// How many in a hundred of those are custom.
    pub custom_percent: u8,
    /// What each answer takes longer, in milliseconds.
    pub latency_ms: u32,
    /// Workers; none = as many as anybody wants.
    pub workers: Option<u32>,
}

/// A running simulator.
pub struct Server {
    /// Its address.
    pub url: String,
    /// The owner's token.
    pub token: String,
    /// For questions beside those that are measured.
    pub http: Client,
    process: Child,
    // Kept open: a server whose listener has gone cannot print.
    _said: Lines<BufReader<ChildStdout>>,
}

#[derive(Deserialize)]
struct Started {
    url: String,
    token: String,
}

impl Server {
    /// Starts it.
    pub async fn start(world: &World) -> Result<Self> {
        let mut command = Command::new(programs::heirloomctl()?);
        command.args(["demo-server", "--json"]);
        for (flag, number) in [
            ("--projects", world.projects),
            ("--groups", world.groups),
            ("--active-per-project", u32::from(world.active_per_project)),
            ("--custom-percent", u32::from(world.custom_percent)),
            ("--latency-ms", world.latency_ms),
        ] {
            command.args([flag, &number.to_string()]);
        }
        if let Some(workers) = world.workers {
            command.args(["--workers", &workers.to_string()]);
        }
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(Failure::program(PROGRAM))?;
        let silent = || Failure::Program {
            program: PROGRAM.to_owned(),
            said: "it ended before it served".to_owned(),
        };
        let mut said = BufReader::new(process.stdout.take().ok_or_else(silent)?).lines();
        let line = said.next_line().await.map_err(Failure::program(PROGRAM))?.ok_or_else(silent)?;
        let Started { url, token } =
            serde_json::from_str(&line).map_err(Failure::shape("its first line"))?;
        let http = Client::builder().no_proxy().build()?;
        Ok(Self { url, token, http, process, _said: said })
    }

    /// How many requests of GitLab's API it answered so far. Asking is one of them.
    pub async fn answered(&self) -> Result<u64> {
        let answer = self.api("version").await?;
        let number = answer.headers().get("x-request-id").and_then(|it| it.to_str().ok());
        number.and_then(|text| text.parse().ok()).ok_or_else(|| Failure::Shape {
            of: "x-request-id".to_owned(),
            why: "it is not the number of the request".to_owned(),
        })
    }

    /// One read of GitLab's API, as any other client of the server would make it.
    pub async fn api(&self, path: &str) -> Result<reqwest::Response> {
        let request = self.http.get(format!("{}/api/v4/{path}", self.url));
        Ok(request.header("private-token", &self.token).send().await?.error_for_status()?)
    }

    /// One of the simulator's own pages: they cost no latency and are not counted.
    pub async fn state<T: serde::de::DeserializeOwned>(&self, path: &str) -> Result<T> {
        let request = self.http.get(format!("{}/__state{path}", self.url));
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    /// Saves a project's row as GitLab's settings page does.
    pub async fn save(&self, project: u64, slug: &str, form: &Json) -> Result {
        let path = format!("{}/__state/project/{project}/rows/{slug}", self.url);
        self.http.put(path).json(form).send().await?.error_for_status()?;
        Ok(())
    }

    /// Ends it.
    pub async fn stop(mut self) -> Result {
        self.process.kill().await.map_err(Failure::program(PROGRAM))
    }
}
