//! An apply while the server goes wrong and a second admin changes rows, and whether its outcomes
//! are true.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::time::Duration;

use heirloom_engine::change::{Confirm, Run, Secrets};
use heirloom_engine::{JournalStep, Outcome, RunState};
use heirloom_simulator::Request;
use secrecy::SecretString;

use super::second_admin::{SecondAdmin, Touched};
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
    /// Rows that the second admin changed.
    pub theirs: u32,
    /// Of those, the ones written over in the moment between the reading of a row and its write.
    pub written_over: u32,
    /// What was wrong; always to be empty.
    pub wrong: Vec<String>,
}

/// Applies a plan of so many steps while faults are played (see `FaultPlan`) and a second admin
/// changes some of its rows, going on with it whenever it is held.
pub async fn apply_under_faults(
    faults: &str,
    change: Change,
    steps: u32,
    seed: u64,
) -> HinderedApply {
    let estate = Estate::planned(change, steps, seed, Duration::ZERO).await;
    let mut second = SecondAdmin::at(&estate, seed).await;
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
    let job = lab.engine.apply(plan.id, secrets.clone(), confirm);
    let mut run = accompanied(job, &mut second, &estate).await;
    while run.state == RunState::Paused {
        seen.held += 1;
        if seen.held == PATIENCE {
            lab.simulator.play(None);
            lab.simulator.heal();
        }
        let job = lab.engine.resume(run.id, secrets.clone());
        run = accompanied(job, &mut second, &estate).await;
    }
    lab.simulator.play(None);
    lab.simulator.heal();
    while lab.simulator.under_way() > 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    lab.simulator.propagated().await;
    if run.counts.open() > 0 {
        seen.wrong.push(format!("over, and steps are open: {:?}", run.counts));
    }
    let writes = estate.writes(mark);
    seen.writes = writes.values().map(|all| all.len() as u32).sum();
    seen.theirs = second.changes();
    for step in estate.steps(run.id).await {
        let sent = writes.get(&step.step.scope).map_or(&[][..], Vec::as_slice);
        let touched = second.touched(&estate, &step, sent);
        seen.written_over += u32::from(touched == Touched::WrittenOver);
        judge(&estate, &step, sent, touched, &mut seen);
    }
    // What could not be read back is read by the next sync; all else is in the local copy.
    assert!(lab.sync().await.complete, "healed, everything can be read");
    let wrong = differences(&lab.export().await, &lab.simulator.world(), &BTreeSet::new());
    seen.wrong.extend(wrong.into_iter().map(|it| format!("the local copy: {it}")));
    seen
}

/// A run to where it stops, while the second admin looks in.
async fn accompanied(
    run: impl Future<Output = heirloom_engine::Result<Run>>,
    second: &mut SecondAdmin,
    estate: &Estate,
) -> Run {
    let mut run = pin!(run);
    let mut look = tokio::time::interval(Duration::from_millis(1));
    loop {
        tokio::select! {
            ended = &mut run => return ended.expect("a run"),
            _ = look.tick() => second.look_in(estate),
        }
    }
}

/// Whether what is said of a step is so.
fn judge(
    estate: &Estate,
    step: &JournalStep,
    sent: &[Request],
    touched: Touched,
    seen: &mut HinderedApply,
) {
    let outcome = step.outcome.map_or("open", Outcome::name);
    *seen.outcomes.entry(outcome).or_default() += 1;
    let Some((done, linked, on)) = estate.is_done(step) else {
        seen.wrong.push(format!("{}: its row is gone", step.path));
        return;
    };
    let why = step.why.as_deref().unwrap_or_default();
    let as_sent = match step.outcome {
        Some(Outcome::Applied) => done && step.sent_at.is_some(),
        Some(Outcome::Refused | Outcome::Failed) => !done,
        // Nothing could be read after it was sent, or it was sent with secrets; or its answer was
        // lost, and it was not there and might still have come.
        Some(Outcome::Unknown) => {
            let in_doubt = !step.step.secrets.is_empty() && done;
            let not_there = !done && why.contains("may still come");
            step.sent_at.is_some() && (step.found.is_none() || in_doubt || not_there)
        }
        _ => false,
    };
    let moved = step.outcome == Some(Outcome::Conflict);
    let was_sent = step.outcome == Some(Outcome::Applied) && step.sent_at.is_some();
    let right = match touched {
        Touched::Not => as_sent,
        // Whatever came of it before, the row is theirs.
        Touched::Stands => moved || was_sent || as_sent,
        Touched::Above => moved || was_sent || as_sent,
        // What is there is neither of the two, and that is said.
        Touched::WrittenOver => {
            let in_part = moved || step.outcome == Some(Outcome::Failed);
            as_sent || (in_part && step.sent_at.is_some())
        }
        Touched::Lost => false,
    };
    let read = step.found.as_ref();
    let as_found = touched != Touched::Not
        || read.is_none_or(|row| row.inherited() == linked && row.active() == on);
    let unmarked = step.sent_at.is_none() && sent.iter().any(|it| it.status < 400);
    let false_word = why.contains("Nothing was sent") && sent.iter().any(|it| it.status < 400);
    if !right || !as_found || unmarked || false_word {
        seen.wrong.push(format!(
            "{}: {outcome} ({why}), done {done}, {touched:?}, linked {linked}, on {on}, sent {:?} \
             {:?}, {read:?}",
            step.path,
            step.sent_at,
            sent.iter().map(|it| (it.number, it.method.as_str(), it.status)).collect::<Vec<_>>()
        ));
    }
}
