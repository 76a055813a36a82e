//! `demo-server`.

use std::time::Duration;

use heirloom_simulator::{Config, Even, Simulator, WorldSpec};
use serde::Serialize;

use crate::args::{Common, DemoServer};
use crate::exit::{Exit, Failure, Result};
use crate::output;
use crate::stop::Stop;

/// Projects per group of a generated world, where only one of the numbers is given.
const PROJECTS_PER_GROUP: u32 = 20;

/// Projects of a generated world, where no number is given.
const PROJECTS: u32 = 1_000;

#[derive(Serialize)]
struct Started<'a> {
    url: &'a str,
    token: &'a str,
}

pub async fn run(common: &Common, arguments: DemoServer) -> Result {
    let mut config = Config {
        port: arguments.port,
        world: world(&arguments),
        seed: arguments.seed,
        latency: Duration::from_millis(arguments.latency_ms),
        workers: arguments.workers,
        faults: arguments.fault,
        ..Config::default()
    };
    if let Some(version) = arguments.gitlab_version {
        config.gitlab_version = version;
    }
    // Before anything is said: whoever reads the first line may end us at once.
    let mut stop = Stop::listen().map_err(|error| Failure::Other(error.to_string()))?;
    let simulator = Simulator::start(config).await.map_err(|error| match error {
        heirloom_simulator::StartError::Version(_) => Failure::Usage(error.to_string()),
        other => Failure::Other(other.to_string()),
    })?;
    let (url, token) = (simulator.url(), simulator.token());
    if common.json {
        output::json(&Started { url: &url, token })?;
    } else {
        output::line(format!("A pretended GitLab serves at {url}"))?;
        output::line(format!("Its token, for this run alone: {token}"))?;
        output::line("Ctrl-C ends it")?;
    }
    stop.asked().await;
    simulator.stop().await;
    Ok(Exit::Done)
}

fn world(arguments: &DemoServer) -> WorldSpec {
    let (groups, projects) = match (arguments.groups, arguments.projects) {
        (None, None) if arguments.active_per_project.is_none() => return WorldSpec::Demo,
        (None, None) => (PROJECTS / PROJECTS_PER_GROUP, PROJECTS),
        (Some(groups), Some(projects)) => (groups, projects),
        (Some(groups), None) => (groups, groups.saturating_mul(PROJECTS_PER_GROUP)),
        (None, Some(projects)) => ((projects / PROJECTS_PER_GROUP).max(1), projects),
    };
    match arguments.active_per_project {
        None => WorldSpec::Sized { groups, projects },
        Some(active) => {
            let custom_percent = arguments.custom_percent;
            WorldSpec::Even(Even { groups, projects, active, custom_percent })
        }
    }
}
