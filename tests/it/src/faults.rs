//! A sync while the server goes wrong, and what is said of it.

use std::collections::BTreeSet;

use heirloom_engine::core::catalog;
use heirloom_engine::core::ids::Slug;
use heirloom_simulator::{Config, Fault, Form, Level, WorldHandle, WorldSpec};

use crate::truth::false_claims;
use crate::{Lab, differences};

/// Every fault the simulator has, at random, but `late`: what comes after a run's end is not for
/// the run to say.
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

/// Syncs a small world, changes it, and syncs it again while faults are played and some scopes
/// fail throughout. Says what is then claimed to agree with its source and does not.
pub async fn changing_under_faults(seed: u64) -> Vec<String> {
    let world = WorldSpec::Sized { groups: 8, projects: 40 };
    let lab = Lab::connected_at(Config { world, seed, ..Config::default() }).await;
    assert!(lab.sync().await.complete, "nothing is wrong at first");
    let since = lab.engine.now();
    let world = lab.simulator.world();
    change_defaults(&world);
    lab.simulator.propagated().await;
    let nth = |all: Vec<u64>, nth: u64| all[usize::try_from(nth).unwrap_or(0) % all.len()];
    for list in [
        format!("/groups/{}/integrations", nth(world.groups(), seed)),
        format!("/groups/{}/integrations", nth(world.groups(), seed + 3)),
        format!("/projects/{}/integrations", nth(world.projects(), seed * 5)),
    ] {
        let fault = Fault::on(list).answer(500, r#"{"message":"500 Internal Server Error"}"#);
        lab.simulator.fail(fault.header("content-type", "application/json"));
    }
    lab.simulator.play(Some(format!("{ALL_FAULTS};seed={seed}").parse().expect("a fault plan")));
    // Whether it comes to its end does not matter here.
    let _ = lab.engine.sync(lab.id(), None, seed.is_multiple_of(2)).await;
    let mut wrong = false_claims(&lab.export().await, &world, since);
    lab.simulator.play(None);
    lab.simulator.heal();
    let healed = lab.sync().await;
    wrong.extend(healed.failed.iter().map(|it| format!("{}: {}", it.path, it.why)));
    wrong.extend(differences(&lab.export().await, &world, &BTreeSet::new()));
    wrong
}

/// Gives each group's default another value, which is handed down.
fn change_defaults(world: &WorldHandle) {
    for group in world.groups() {
        for slug in world.slugs(Level::Group, group) {
            let Some(row) = world.row(Level::Group, group, slug) else { continue };
            let open = |name: &&String| {
                let known = Slug::new(slug).ok().and_then(|slug| catalog::find(&slug));
                known.and_then(|known| known.field(name)).is_some_and(|it| !it.secret)
            };
            let text = row.fields.iter().filter(|(_, value)| value.is_string());
            let Some(name) = text.map(|(name, _)| name).find(open) else { continue };
            if row.inherit_from.is_none() {
                let fields = [(name.clone(), format!("{slug}-{group}").into())].into();
                let form = Form { fields, ..Form::default() };
                world.save(Level::Group, group, slug, &form).expect("a default of the world's");
            }
        }
    }
}

/// Where a group could not be read, what is below it may not know its source either.
fn below(said: &BTreeSet<String>, lab: &Lab) -> BTreeSet<String> {
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
