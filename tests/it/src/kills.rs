//! Killing `heirloomctl sync` at random moments, and looking at what is left.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use heirloom_engine::clock::SystemClock;
use heirloom_engine::secrets::Memory;
use heirloom_engine::{Engine, Setup};
use heirloom_simulator::{Config, Simulator, WorldSpec};
use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::Value as Json;
use tokio::process::Command;

use crate::{Bell, differences};

/// What the kills came to.
#[derive(Debug, Default)]
pub struct Kills {
    /// Runs that were killed while they worked.
    pub killed: u32,
    /// Runs that were done before their time.
    pub done: u32,
    /// Folders killed into, again and again, until a run came to its end.
    pub folders: u32,
    /// Runs that went on with a killed one.
    pub resumed: u32,
    /// Scopes that were asked again though a killed run had written down their list.
    pub asked_again: u32,
    /// What was wrong; always to be empty.
    pub wrong: Vec<String>,
}

/// A folder, a server and the program.
struct Desk<'a> {
    program: &'a Path,
    home: tempfile::TempDir,
    token: String,
}

impl Desk<'_> {
    fn command(&self, arguments: &[&str]) -> Command {
        let home = self.home.path();
        heirloomctl(self.program, home, &home.join("data"), &self.token, arguments)
    }

    async fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let ended = self.command(arguments).output().await.expect("the program runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (ended.status.code().unwrap_or(-1), text(&ended.stdout), text(&ended.stderr))
    }
}

/// The program over a data folder, with nothing else of this computer; it ends with its command.
pub(crate) fn heirloomctl(
    program: &Path,
    home: &Path,
    data: &Path,
    token: &str,
    arguments: &[&str],
) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
        .env("HEIRLOOM_DATA_DIR", data)
        .env("HEIRLOOM_TOKEN", token)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Kills syncs with SIGKILL until there were so many kills. In one folder several in a row, then a
/// run to its end, which must leave the copy equal to the server; then a new folder.
pub async fn kill_again_and_again(program: &Path, kills: u32, seed: u64) -> Kills {
    let mut dice = StdRng::seed_from_u64(seed);
    let mut seen = Kills::default();
    while seen.killed < kills {
        seen.folders += 1;
        let config = Config {
            world: WorldSpec::Sized { groups: 6, projects: 30 },
            seed: dice.random(),
            latency: Duration::from_millis(3),
            ..Config::default()
        };
        let simulator = Simulator::start(config).await.expect("a simulator");
        let desk = Desk {
            program,
            home: tempfile::tempdir().expect("a folder"),
            token: simulator.token().to_owned(),
        };
        let (code, _, said) =
            desk.run(&["connect", "--url", &simulator.url(), "--name", "lab"]).await;
        assert_eq!(code, 0, "connected: {said}");
        for _ in 0..5 {
            if seen.killed >= kills {
                break;
            }
            kill_once(&desk, &simulator, &mut dice, &mut seen).await;
        }
        finish(&desk, &simulator, &mut seen).await;
        simulator.stop().await;
    }
    seen
}

/// One run, killed after a random number of requests, a little later.
async fn kill_once(desk: &Desk<'_>, simulator: &Simulator, dice: &mut StdRng, seen: &mut Kills) {
    let before = simulator.requests().last().map_or(0, |request| request.number);
    let (after, late) = (dice.random_range(0..70), dice.random_range(0..4_000));
    let mut child = desk.command(&["sync", "--json"]).spawn().expect("the program runs");
    let mut look = tokio::time::interval(Duration::from_micros(500));
    loop {
        tokio::select! {
            ended = child.wait() => {
                ended.expect("an end");
                seen.done += 1;
                return;
            }
            _ = look.tick() => {
                let last = simulator.requests_after(before).len();
                if last >= after {
                    break;
                }
            }
        }
    }
    // Not a wait for anything: the moment is to fall anywhere between two answers.
    tokio::time::sleep(Duration::from_micros(late)).await;
    child.kill().await.expect("killed");
    seen.killed += 1;
    // The folder opens, its databases are whole, and what they hold can be shown.
    match is_whole(&desk.home.path().join("data")).await {
        Ok(()) => {}
        Err(why) => seen.wrong.push(format!("after a kill: {why}")),
    }
}

async fn is_whole(folder: &Path) -> Result<(), String> {
    let setup = Setup {
        keychain: Arc::new(Memory::new()),
        clock: Arc::new(SystemClock),
        listener: Arc::new(Bell::default()),
    };
    let engine = Engine::open(folder, setup).map_err(|error| error.to_string())?;
    let health = engine.health().await.map_err(|error| error.to_string())?;
    if let Some(moved) = health.rebuilt {
        return Err(format!("the cache was set aside as {}", moved.path.display()));
    }
    for (file, said) in health.databases {
        if said != "ok" {
            return Err(format!("{file}: {said}"));
        }
    }
    for connection in engine.connections().await.map_err(|error| error.to_string())? {
        let tree = engine.tree_search(connection.id, String::new(), 500).await;
        tree.map_err(|error| format!("the tree cannot be shown: {error}"))?;
    }
    Ok(())
}

/// The run after the kills comes to its end, and leaves the server's own state.
async fn finish(desk: &Desk<'_>, simulator: &Simulator, seen: &mut Kills) {
    let known = export(desk).await.unwrap_or_default();
    let before = simulator.requests().last().map_or(0, |request| request.number);
    let (code, said, why) = desk.run(&["sync"]).await;
    if code != 0 {
        seen.wrong.push(format!("the run after the kills ends with {code}: {said}{why}"));
    }
    if let Some(since) = went_on_with(&why) {
        let listed = listed_since(&known, since);
        let asked = simulator.requests_after(before);
        let again =
            asked.iter().filter(|request| listed.iter().any(|it| request.path.ends_with(it)));
        seen.asked_again += u32::try_from(again.count()).unwrap_or(u32::MAX);
        seen.resumed += 1;
    }
    match export(desk).await {
        Some(export) => {
            seen.wrong.extend(differences(&export, &simulator.world(), &BTreeSet::new()));
        }
        None => seen.wrong.push("nothing can be exported".to_owned()),
    }
}

/// When the run began that this one went on with, if it says so.
fn went_on_with(said: &str) -> Option<Timestamp> {
    let rest = said.split_once("Went on with the sync begun at ")?.1;
    rest.split_once(": ")?.0.parse().ok()
}

/// The lists of projects that were written down since.
fn listed_since(export: &Json, since: Timestamp) -> BTreeSet<String> {
    let rows = export["rows"].as_array().into_iter().flatten();
    rows.filter(|row| row["level"] == "project")
        .filter(|row| {
            let at = row["read_at"].as_str().and_then(|at| at.parse::<Timestamp>().ok());
            at.is_some_and(|at| at >= since)
        })
        .filter_map(|row| Some(format!("/projects/{}/integrations", row["id"].as_u64()?)))
        .collect()
}

async fn export(desk: &Desk<'_>) -> Option<Json> {
    let (_, said, _) = desk.run(&["export", "--format", "json"]).await;
    serde_json::from_str(&said).ok()
}
