//! `demo-server`.

use std::time::Duration;

use heirloom_simulator::{Config, Simulator, WorldSpec};
use serde::Serialize;

use crate::args::{Common, DemoServer};
use crate::exit::{Exit, Failure, Result};
use crate::output;
use crate::stop::Stop;

/// Projects per group of a generated world, where only one of the numbers is given.
const PROJECTS_PER_GROUP: u32 = 20;

#[derive(Serialize)]
struct Started<'a> {
    url: &'a str,
    token: &'a str,
}

pub async fn run(common: &Common, arguments: DemoServer) -> Result {
    let mut config = Config {
        port: arguments.port,
        world: world(arguments.groups, arguments.projects),
        seed: arguments.seed,
        latency: Duration::from_millis(arguments.latency_ms),
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

fn world(groups: Option<u32>, projects: Option<u32>) -> WorldSpec {
    match (groups, projects) {
        (None, None) => WorldSpec::Demo,
        (Some(groups), Some(projects)) => WorldSpec::Sized { groups, projects },
        (Some(groups), None) => {
            WorldSpec::Sized { groups, projects: groups.saturating_mul(PROJECTS_PER_GROUP) }
        }
        (None, Some(projects)) => {
            WorldSpec::Sized { groups: (projects / PROJECTS_PER_GROUP).max(1), projects }
        }
    }
}
