//! Heirloom doing the job: `heirloomctl`, as anybody runs it.

use std::collections::BTreeMap;
use std::process::{Output, Stdio};

use heirloom_simulator::Level;
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use tempfile::TempDir;
use tokio::process::Command;

use super::Run;
use super::rows::{Held, Row, Rows, typed};
use super::server::Server;
use crate::failure::{Failure, Result};
use crate::{machine, programs};

const PROGRAM: &str = "heirloomctl";

/// Requests in flight of a connection that nobody gave another ceiling.
pub const CEILING: usize = 24;

/// How many requests are in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// So many.
    Fixed(usize),
    /// As many as the server bears, up to [`CEILING`].
    Adaptive,
}

/// A data folder with one connection.
pub struct Ours {
    folder: TempDir,
    token: String,
}

/// The last line of `sync --json` (design.md, *heirloomctl*).
#[derive(Deserialize)]
struct Summary {
    groups: usize,
    projects: usize,
    requests: Requests,
    seconds: f64,
    complete: bool,
}

#[derive(Deserialize)]
struct Requests {
    total: u64,
    by_kind: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
struct Export {
    rows: Vec<ExportRow>,
}

#[derive(Deserialize)]
struct ExportRow {
    level: Level,
    id: u64,
    slug: String,
    link: Option<String>,
    active: bool,
    agrees: Option<String>,
    fields: Option<Map<String, Json>>,
}

impl Ours {
    /// A new folder with a connection to the server and nothing read yet.
    pub async fn connected(server: &Server) -> Result<Self> {
        let folder = tempfile::tempdir().map_err(Failure::program(PROGRAM))?;
        let ours = Self { folder, token: server.token.clone() };
        ours.run(&["connect", "--url", &server.url]).await?;
        Ok(ours)
    }

    /// A whole sync.
    pub async fn sync(&self, server: &Server, pace: Pace) -> Result<Run> {
        let before = server.answered().await?;
        let (summary, peak) = self.summary(pace).await?;
        let requests = server.answered().await? - before - 1;
        if summary.requests.total != requests {
            let total = summary.requests.total;
            let said = format!("it counted {total} requests, the server {requests}");
            return Err(Failure::Program { program: PROGRAM.to_owned(), said });
        }
        Ok(Run {
            name: "Heirloom".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            in_flight: match pace {
                Pace::Fixed(in_flight) => format!("{in_flight} in flight"),
                Pace::Adaptive => format!("adaptive, up to {CEILING}"),
            },
            requests,
            by_kind: summary.requests.by_kind.into_iter().collect(),
            seconds: summary.seconds,
            scopes: summary.groups + summary.projects,
            rows: self.rows().await?,
            peak,
        })
    }

    /// A whole sync from a server that has other clients too: how many seconds it took.
    pub async fn sync_beside_others(&self) -> Result<f64> {
        Ok(self.summary(Pace::Adaptive).await?.0.seconds)
    }

    async fn summary(&self, pace: Pace) -> Result<(Summary, Option<u64>)> {
        let mut arguments = vec!["sync".to_owned()];
        if let Pace::Fixed(in_flight) = pace {
            arguments.extend(["--in-flight".to_owned(), in_flight.to_string()]);
        }
        let (done, peak) = self.run(&arguments).await?;
        let said = String::from_utf8_lossy(&done.stdout);
        let last = said.lines().last().unwrap_or_default();
        let summary: Summary =
            serde_json::from_str(last).map_err(Failure::shape("the summary of a sync"))?;
        if summary.complete {
            return Ok((summary, peak));
        }
        let said = format!("not everything could be read: {last}");
        Err(Failure::Program { program: PROGRAM.to_owned(), said })
    }

    /// The local copy, as it is written for other programs.
    async fn rows(&self) -> Result<Rows> {
        let (done, _) = self.run(&["export", "--format", "json"]).await?;
        let export: Export =
            serde_json::from_slice(&done.stdout).map_err(Failure::shape("the export"))?;
        let rows = export.rows.into_iter().filter(|row| row.active && row.level != Level::Instance);
        let rows = rows.map(|row| {
            let inherited = row.link.as_deref() == Some("inherited");
            let held = match (row.level, row.agrees.as_deref()) {
                (Level::Project, Some("yes")) => Held::Established,
                (Level::Project, Some("unread")) => Held::SaidUnread,
                _ => Held::Read,
            };
            let values = row.fields.as_ref().map(|fields| typed(&row.slug, fields));
            ((row.level, row.id, row.slug), Row { inherited, values, held })
        });
        Ok(Rows(rows.collect()))
    }

    /// Runs the program to its end.
    async fn run(
        &self,
        arguments: &[impl AsRef<std::ffi::OsStr>],
    ) -> Result<(Output, Option<u64>)> {
        let child = Command::new(programs::heirloomctl()?)
            .arg("--json")
            .arg("--data-dir")
            .arg(self.folder.path().join("data"))
            .args(arguments)
            .env("HEIRLOOM_TOKEN", &self.token)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(Failure::program(PROGRAM))?;
        let peak = machine::peak_of(child.id());
        let (done, peak) = tokio::join!(child.wait_with_output(), peak);
        let done = done.map_err(Failure::program(PROGRAM))?;
        if done.status.success() {
            return Ok((done, peak));
        }
        let said = String::from_utf8_lossy(&done.stderr).trim().to_owned();
        Err(Failure::Program { program: PROGRAM.to_owned(), said })
    }
}
