//! `demo-server`.

use std::time::Duration;

use heirloom_simulator::{Config, Even, Limits, Simulator, WorldSpec};
use serde::Serialize;

use crate::args::{Common, DemoServer, Switch};
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
    let config = config(arguments);
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

fn config(arguments: DemoServer) -> Config {
    // Whoever asks for a release wants it as it is; the demo is there to be looked around in.
    let endpoints = match arguments.endpoint_throttles {
        Some(switch) => switch == Switch::On,
        None => arguments.gitlab_version.is_some(),
    };
    let mut config = Config {
        port: arguments.port,
        world: world(&arguments),
        seed: arguments.seed,
        latency: Duration::from_millis(arguments.latency_ms),
        workers: arguments.workers,
        faults: arguments.fault,
        limits: Limits { endpoints, ..Limits::default() },
        ..Config::default()
    };
    if let Some(version) = arguments.gitlab_version {
        config.gitlab_version = version;
    }
    config
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::{Arguments, Command};

    fn typed(more: &str) -> Config {
        let words = ["heirloomctl", "demo-server"].into_iter().chain(more.split_whitespace());
        match Arguments::parse_from(words).command {
            Command::DemoServer(arguments) => config(arguments),
            _ => panic!("another command"),
        }
    }

    #[test]
    fn endpoint_throttles_come_with_a_release_unless_told_otherwise() {
        for (more, on) in [
            ("", false),
            ("--gitlab-version 19.3.0-ee", true),
            ("--gitlab-version 19.3.0-ee --endpoint-throttles off", false),
            ("--endpoint-throttles on", true),
        ] {
            assert_eq!(typed(more).limits.endpoints, on, "demo-server {more}");
        }
    }

    #[test]
    fn worlds_are_sized_by_what_is_given() {
        let even = |groups, projects, custom_percent| {
            WorldSpec::Even(Even { groups, projects, active: 5, custom_percent })
        };
        for (more, world) in [
            ("", WorldSpec::Demo),
            ("--groups 3", WorldSpec::Sized { groups: 3, projects: 60 }),
            ("--projects 100", WorldSpec::Sized { groups: 5, projects: 100 }),
            ("--projects 9 --groups 7", WorldSpec::Sized { groups: 7, projects: 9 }),
            ("--active-per-project 5", even(50, 1_000, 10)),
            ("--projects 9 --groups 7 --active-per-project 5 --custom-percent 0", even(7, 9, 0)),
        ] {
            assert_eq!(typed(more).world, world, "demo-server {more}");
        }
    }
}
