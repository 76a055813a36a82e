//! Other people's clients doing the same job, each as its users would write it for speed.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use heirloom_compat::{Kit, pinned, prepare, script};
use heirloom_simulator::Level;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::Run;
use super::rows::{Held, Row, Rows, typed};
use crate::failure::{Failure, Result};
use crate::server::Server;
use crate::{machine, programs};

/// A client and its program.
pub struct Peer {
    /// As its makers call it, and what carries the version.
    pub name: &'static str,
    kit: Kit,
    script: &'static str,
    in_flight: &'static str,
}

/// Who is compared with.
pub const PEERS: [&Peer; 2] = [
    &Peer {
        name: "python-gitlab",
        kit: Kit::Python("python-gitlab"),
        script: "peers/python_gitlab.py",
        in_flight: "threads",
    },
    &Peer {
        name: "@gitbeaker/rest",
        kit: Kit::Node("gitbeaker"),
        script: "peers/gitbeaker.mjs",
        in_flight: "in flight",
    },
];

/// What a peer's program prints at its end.
#[derive(Deserialize)]
struct Said {
    groups: usize,
    projects: usize,
    seconds: f64,
}

/// What it writes for each row, after its clock has stopped.
#[derive(Deserialize)]
struct Line {
    level: Level,
    id: u64,
    slug: String,
    active: bool,
    inherited: bool,
    properties: Map<String, Json>,
}

/// Runs a peer against a server.
pub async fn run(peer: &Peer, server: &Server, in_flight: usize) -> Result<Run> {
    let home = prepare(peer.kit, &programs::environments()?)?;
    let version = pinned(peer.kit, peer.name).map_err(Failure::program(peer.name))?;
    let folder = tempfile::tempdir().map_err(Failure::program(peer.name))?;
    let written = folder.path().join("rows");
    let path = programs::source(peer.script);
    let before = server.answered().await?;
    let child = script(peer.kit, &home, &path, &server.url, &server.token)
        .map_err(Failure::program(peer.name))?
        .env("IN_FLIGHT", in_flight.to_string())
        .env("ROWS", &written)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(Failure::program(peer.name))?;
    let peak = machine::peak_of(child.id());
    let (done, peak) = tokio::join!(child.wait_with_output(), peak);
    let done = done.map_err(Failure::program(peer.name))?;
    let requests = server.answered().await? - before - 1;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr).trim().to_owned();
        return Err(Failure::Program { program: peer.name.to_owned(), said });
    }
    let said: Said = serde_json::from_slice(&done.stdout).map_err(Failure::shape(peer.name))?;
    Ok(Run {
        name: peer.name.to_owned(),
        version,
        in_flight: format!("{in_flight} {}", peer.in_flight),
        requests,
        by_kind: Vec::new(),
        phases: Vec::new(),
        seconds: said.seconds,
        scopes: said.groups + said.projects,
        rows: read(&written)?,
        peak,
    })
}

fn read(path: &Path) -> Result<Rows> {
    let mut rows = Rows::default();
    for line in BufReader::new(File::open(path).map_err(Failure::file(path))?).lines() {
        let line = line.map_err(Failure::file(path))?;
        let line: Line = serde_json::from_str(&line).map_err(Failure::shape("a row"))?;
        if line.active {
            let values = Some(typed(&line.slug, &line.properties));
            let row = Row { inherited: line.inherited, values, held: Held::Read };
            rows.0.insert((line.level, line.id, line.slug), row);
        }
    }
    Ok(rows)
}
