//! An apply while the server goes wrong, and whether its outcomes are true.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use heirloom_engine::change::{Confirm, Secrets};
use heirloom_engine::{Outcome, RunState};
use secrecy::SecretString;

use super::{Change, Estate, SECRET};
use crate::differences;

/// So often a held run is gone on with before the server is healed.
const PATIENCE: u32 = 20;

/// How such an apply went.
#[derive(Debug, Default)]
pub struct HinderedApply {
    /// Steps by how they ended.
    pub outcomes: BTreeMap<&'static str, u32>,
    /// How often it was held and gone on with.
    pub held: u32,
    /// Requests that write, answered by the server.
    pub writes: u32,
    /// What was wrong; always to be empty.
    pub wrong: Vec<String>,
}

/// Applies a plan of so many steps while faults are played (see `FaultPlan`), going on with it
/// whenever it is held.
pub async fn apply_under_faults(
    faults: &str,
    change: Change,
    steps: u32,
    seed: u64,
) -> HinderedApply {
    let estate = Estate::planned(change, steps, seed, Duration::ZERO).await;
    let (lab, plan) = (&estate.lab, &estate.plan);
    let mark = lab.mark();
    let given = plan.secrets.iter().map(|name| (name.clone(), SecretString::from(SECRET)));
    let secrets: Secrets = given.collect();
    let confirm = match plan.confirm {
        Confirm::TypeCount(count) => Some(count),
        Confirm::Dialog => None,
    };
    let mut seen = HinderedApply::default();
    let faults = format!("{faults};seed={seed}").parse().expect("a fault plan");
    lab.simulator.play(Some(faults));
    let mut run = lab.engine.apply(plan.id, secrets.clone(), confirm).await.expect("a run");
    while run.state == RunState::Paused {
        seen.held += 1;
        if seen.held == PATIENCE {
            lab.simulator.play(None);
            lab.simulator.heal();
        }
        run = lab.engine.resume(run.id, secrets.clone()).await.expect("a run");
    }
    lab.simulator.play(None);
    lab.simulator.heal();
    while lab.simulator.under_way() > 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let writes = estate.writes(mark);
    seen.writes = writes.values().flat_map(BTreeMap::values).sum();
    if run.counts.open() > 0 {
        seen.wrong.push(format!("over, and steps are open: {:?}", run.counts));
    }
    for step in estate.steps(run.id).await {
        let outcome = step.outcome.map_or("open", Outcome::name);
        *seen.outcomes.entry(outcome).or_default() += 1;
        let Some((done, linked, on)) = estate.is_done(&step) else {
            seen.wrong.push(format!("{}: its row is gone", step.path));
            continue;
        };
        let right = match step.outcome {
            Some(Outcome::Applied) => done && step.sent_at.is_some(),
            Some(Outcome::Refused | Outcome::Failed) => !done,
            // Nothing could be read after it was sent, or it was sent with secrets.
            Some(Outcome::Unknown) => {
                let in_doubt = !step.step.secrets.is_empty() && done;
                step.sent_at.is_some() && (step.found.is_none() || in_doubt)
            }
            // Nobody else writes here.
            _ => false,
        };
        let read = step.found.as_ref();
        let as_found = read.is_none_or(|row| row.inherited() == linked && row.active() == on);
        let unmarked = step.sent_at.is_none() && writes.contains_key(&step.step.scope.id.0);
        if !right || !as_found || unmarked {
            let why = step.why.as_deref().unwrap_or_default();
            seen.wrong.push(format!(
                "{}: {outcome} ({why}), done {done}, linked {linked}, on {on}, sent {:?}, {read:?}",
                step.path, step.sent_at
            ));
        }
    }
    // What could not be read back is read by the next sync; all else is in the local copy.
    assert!(lab.sync().await.complete, "healed, everything can be read");
    let wrong = differences(&lab.export().await, &lab.simulator.world(), &BTreeSet::new());
    seen.wrong.extend(wrong.into_iter().map(|it| format!("the local copy: {it}")));
    seen
}
