//! A server, a data folder that has read it, and processes that work there.

use std::path::PathBuf;
use std::process::Stdio;

use tempfile::TempDir;
use tokio::process::Command;

use super::work::{Done, Part, TOKEN};
use crate::failure::{Failure, Result};
use crate::programs;
use crate::server::{Server, World};

/// A data folder with one synced connection.
pub struct Desk {
    server: Server,
    folder: TempDir,
}

impl Desk {
    /// Starts the server and reads it.
    pub async fn at(world: &World) -> Result<Self> {
        let server = Server::start(world).await?;
        let folder = tempfile::tempdir().map_err(Failure::program("heirloom-bench"))?;
        let desk = Self { server, folder };
        for arguments in [&["connect", "--url", &desk.server.url][..], &["sync"]] {
            let mut command = Command::new(programs::heirloomctl()?);
            command.args(["--json", "--data-dir"]).arg(desk.data()).args(arguments);
            desk.said(command, "heirloomctl").await?;
        }
        Ok(desk)
    }

    /// Does a part in a process of its own, and holds it to the number of its steps.
    pub async fn whole(&self, part: Part, run: Option<u32>, steps: u32) -> Result<Done> {
        let program = std::env::current_exe().map_err(Failure::program("heirloom-bench"))?;
        let mut command = Command::new(program);
        let name = match part {
            Part::Plan => "plan",
            Part::Apply => "apply",
        };
        command.args(["work", name, "--folder"]).arg(self.data());
        if let Some(run) = run {
            command.args(["--run", &run.to_string()]);
        }
        let said = self.said(command, "heirloom-bench work").await?;
        let done: Done = serde_json::from_str(&said).map_err(Failure::shape("what was done"))?;
        if done.steps == steps {
            return Ok(done);
        }
        let what = format!("{} steps instead of {steps}", done.steps);
        Err(Failure::NotTheJob { client: "Heirloom".into(), what })
    }

    /// Ends the server.
    pub async fn close(self) -> Result {
        self.server.stop().await
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Runs a program to its end, and gives what it printed.
    async fn said(&self, mut command: Command, program: &str) -> Result<String> {
        command.env(TOKEN, &self.server.token).stdin(Stdio::null()).kill_on_drop(true);
        let ended = command.output().await.map_err(Failure::program(program))?;
        if ended.status.success() {
            return Ok(String::from_utf8_lossy(&ended.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        Err(Failure::Program { program: program.to_owned(), said })
    }
}
