//! Heirloom doing the job: `heirloomctl`, as anybody runs it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io;
use std::process::Stdio;
use std::time::Instant;

use heirloom_simulator::Level;
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::Command;

use super::Run;
use super::rows::{Held, Row, Rows, typed};
use crate::failure::{Failure, Result};
use crate::server::Server;
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

/// What a large sync says of itself, and what it held.
pub struct Large {
    /// Groups and projects in the local copy.
    pub scopes: usize,
    /// Integration rows in it.
    pub rows: usize,
    /// Requests it sent.
    pub requests: u64,
    /// How long it took.
    pub seconds: f64,
    /// The most memory it held, in bytes.
    pub peak: Option<u64>,
}

/// The last line of `sync --json` (design.md, *heirloomctl*).
#[derive(Deserialize)]
struct Summary {
    groups: usize,
    projects: usize,
    rows: usize,
    requests: Requests,
    seconds: f64,
    complete: bool,
}

#[derive(Deserialize)]
struct Requests {
    total: u64,
    by_kind: BTreeMap<String, u64>,
}

/// The lines before it.
#[derive(Deserialize)]
struct Progress {
    phase: String,
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
        let (summary, done) = self.summary(pace).await?;
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
            phases: phases(&done.lines),
            rows: self.rows().await?,
            peak: done.peak,
        })
    }

    /// A whole sync from a server that has other clients too: how many seconds it took.
    pub async fn sync_beside_others(&self) -> Result<f64> {
        Ok(self.summary(Pace::Adaptive).await?.0.seconds)
    }

    /// A whole sync of more than can be looked through afterwards.
    pub async fn large(&self) -> Result<Large> {
        let (summary, done) = self.summary(Pace::Adaptive).await?;
        Ok(Large {
            scopes: summary.groups + summary.projects,
            rows: summary.rows,
            requests: summary.requests.total,
            seconds: summary.seconds,
            peak: done.peak,
        })
    }

    async fn summary(&self, pace: Pace) -> Result<(Summary, Done)> {
        let mut arguments = vec!["sync".to_owned()];
        if let Pace::Fixed(in_flight) = pace {
            arguments.extend(["--in-flight".to_owned(), in_flight.to_string()]);
        }
        let done = self.run(&arguments).await?;
        let last = done.lines.last().map_or("", |(_, line)| line);
        let summary: Summary =
            serde_json::from_str(last).map_err(Failure::shape("the summary of a sync"))?;
        if summary.complete {
            return Ok((summary, done));
        }
        let said = format!("not everything could be read: {last}");
        Err(Failure::Program { program: PROGRAM.to_owned(), said })
    }

    /// The local copy, as it is written for other programs.
    async fn rows(&self) -> Result<Rows> {
        let done = self.run(&["export", "--format", "json"]).await?;
        let export: String = done.lines.into_iter().map(|(_, line)| line).collect();
        let export: Export = serde_json::from_str(&export).map_err(Failure::shape("the export"))?;
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
    async fn run(&self, arguments: &[impl AsRef<OsStr>]) -> Result<Done> {
        let mut child = Command::new(programs::heirloomctl()?)
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
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let (lines, said, peak) = tokio::join!(timed_lines(out), timed_lines(err), peak);
        let lines = lines.map_err(Failure::program(PROGRAM))?;
        let status = child.wait().await.map_err(Failure::program(PROGRAM))?;
        if status.success() {
            return Ok(Done { lines, peak });
        }
        let said = said.map_err(Failure::program(PROGRAM))?;
        let said = said.into_iter().map(|(_, line)| line).collect::<Vec<_>>().join("\n");
        Err(Failure::Program { program: PROGRAM.to_owned(), said })
    }
}

/// A run of the program.
struct Done {
    /// What it printed, and when.
    lines: Vec<(Instant, String)>,
    /// The most memory it held, in bytes.
    peak: Option<u64>,
}

async fn timed_lines(from: Option<impl AsyncRead + Unpin>) -> io::Result<Vec<(Instant, String)>> {
    let mut said = Vec::new();
    if let Some(from) = from {
        let mut lines = BufReader::new(from).lines();
        while let Some(line) = lines.next_line().await? {
            said.push((Instant::now(), line));
        }
    }
    Ok(said)
}

/// Seconds by phase, in the order in which they came: each progress line counts until the next.
fn phases(lines: &[(Instant, String)]) -> Vec<(String, f64)> {
    let mut found: Vec<(String, f64)> = Vec::new();
    for pair in lines.windows(2) {
        let [(from, line), (to, _)] = pair else { continue };
        let Ok(Progress { phase }) = serde_json::from_str(line) else { continue };
        let seconds = (*to - *from).as_secs_f64();
        match found.iter_mut().find(|(name, _)| *name == phase) {
            Some((_, sum)) => *sum += seconds,
            None => found.push((phase, seconds)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_phase_that_comes_again_is_counted_once() {
        let start = Instant::now();
        let at = |ms, line: &str| (start + Duration::from_millis(ms), line.to_owned());
        let lines = [
            at(0, r#"{"phase":"projects","done":0,"total":0}"#),
            at(500, r#"{"phase":"settings","done":0,"total":9}"#),
            at(750, r#"{"phase":"integrations","done":0,"total":9}"#),
            at(1_750, r#"{"phase":"settings","done":9,"total":9}"#),
            at(2_000, r#"{"groups":1,"projects":1}"#),
        ];
        let expected = [("projects", 0.5), ("settings", 0.5), ("integrations", 1.0)];
        assert_eq!(
            phases(&lines),
            expected.map(|(name, seconds)| (name.to_owned(), seconds)),
            "in order, up to the summary"
        );
    }
}
