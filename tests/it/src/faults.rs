//! A sync while the server goes wrong, and what is said of it.

use std::collections::BTreeSet;

use heirloom_simulator::{Config, WorldSpec};

use crate::{Lab, differences};

/// Every fault the simulator has, at random.
pub const ALL_FAULTS: &str = "429=0.004,429json=0.004,429bare=0.004,html500=0.02,html502=0.02,\
    html503=0.02,truncate=0.02,cut=0.02,drop=0.02,lose=0.02,slow=0.01,type=0.02,restart=0.003,\
    latency=0..5;retry-after=1";

/// How such a sync went.
#[derive(Debug, Default)]
pub struct FaultRun {
    /// Requests that were sent again.
    pub retries: u64,
    /// Scopes that the run says are not current.
    pub failed: usize,
    /// The run ended early, and said so.
    pub stopped: Option<String>,
    /// Where the copy is wrong and the run does not say so: always to be empty.
    pub unsaid: Vec<String>,
    /// Where the copy is wrong after a further sync of the healed server: always to be empty.
    pub left: Vec<String>,
}

/// Syncs a small world while faults are played (see `FaultPlan`), and once more after they ended.
pub async fn under_faults(plan: &str, seed: u64) -> FaultRun {
    let world = WorldSpec::Sized { groups: 6, projects: 30 };
    let lab = Lab::connected_at(Config { world, seed, ..Config::default() }).await;
    let plan = format!("{plan};seed={seed}").parse().expect("a fault plan");
    lab.simulator.play(Some(plan));
    let mut run = FaultRun::default();
    match lab.engine.sync(lab.id(), None, false).await {
        Ok(summary) => {
            run.retries = summary.retries;
            run.failed = summary.failed.len();
            // Rows are named with their scope; what is said of a list is said of everything.
            let said: BTreeSet<String> = summary
                .failed
                .iter()
                .map(|failed| failed.path.split(' ').next().unwrap_or_default().to_owned())
                .collect();
            let about_lists = summary.failed.iter().any(|it| it.path.starts_with("the list of"));
            let excused = below(&said, &lab);
            if summary.complete {
                run.unsaid =
                    differences(&lab.export().await, &lab.simulator.world(), &BTreeSet::new());
            } else if !about_lists {
                run.unsaid = differences(&lab.export().await, &lab.simulator.world(), &excused);
            }
        }
        Err(error) => run.stopped = Some(error.to_string()),
    }
    lab.simulator.play(None);
    lab.simulator.heal();
    let healed = lab.sync().await;
    if !healed.complete {
        run.left.extend(healed.failed.iter().map(|it| format!("{}: {}", it.path, it.why)));
    }
    run.left.extend(differences(&lab.export().await, &lab.simulator.world(), &BTreeSet::new()));
    run
}

/// Where a group could not be read, what is below it may not know its source either.
fn below(said: &BTreeSet<String>, lab: &Lab) -> BTreeSet<String> {
    use heirloom_simulator::Level;
    let world = lab.simulator.world();
    let groups = world.groups().into_iter().filter_map(|id| world.path(Level::Group, id));
    let projects = world.projects().into_iter().filter_map(|id| world.path(Level::Project, id));
    groups
        .chain(projects)
        .filter(|path| {
            said.iter().any(|said| {
                path.strip_prefix(said.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        })
        .collect()
}
