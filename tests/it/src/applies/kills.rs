//! Killing `heirloomctl apply` at random moments.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use heirloom_engine::change::Confirm;
use heirloom_engine::core::plan::Write;
use heirloom_engine::{JournalStep, Outcome, RunId, RunState};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};

use super::{Change, Estate, SECRET};
use crate::differences;
use crate::kills::heirloomctl;

/// Kills of one run before it is let go on to its end.
const IN_A_ROW: u32 = 5;

/// How long what is handed down is followed.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the kills came to.
#[derive(Debug, Default)]
pub struct Applies {
    /// Programs that were killed while they applied.
    pub killed: u32,
    /// Of those, before anything of their run was sent.
    pub at_once: u32,
    /// Programs that came to their end before their time.
    pub done: u32,
    /// Runs, each gone on with to its end.
    pub runs: u32,
    /// Their steps.
    pub steps: u32,
    /// Steps that were cut short: marked as sent, without an outcome.
    pub cut_short: u32,
    /// Steps that were sent again, since nobody could know that they had arrived.
    pub sent_again: u32,
    /// Steps whose secrets may or may not have been taken.
    pub unknown: u32,
    /// What was wrong; always to be empty.
    pub wrong: Vec<String>,
}

/// Kills applies with SIGKILL until there were so many kills: several times in one run of so many
/// steps, which then goes on to its end; then the next run, at another server, of another change.
pub async fn kill_applies(program: &Path, kills: u32, steps: u32, seed: u64) -> Applies {
    let mut dice = StdRng::seed_from_u64(seed);
    let mut seen = Applies::default();
    for change in Change::ALL.into_iter().cycle() {
        if seen.killed >= kills {
            break;
        }
        let mut run = Desk::begin(program, change, steps, dice.random()).await;
        for _ in 0..IN_A_ROW {
            if seen.killed < kills && !run.kill(&mut dice, &mut seen).await {
                break;
            }
        }
        run.finish(&mut seen).await;
        run.estate.lab.simulator.stop().await;
    }
    seen
}

/// A run, the server it is for and the program.
pub(super) struct Desk<'a> {
    program: &'a Path,
    pub(super) estate: Estate,
    file: PathBuf,
    total: u32,
    /// Requests answered before it.
    mark: u64,
    pub(super) run: Option<RunId>,
    /// How often a step was cut short, by its number.
    cut: BTreeMap<u32, u32>,
}

impl<'a> Desk<'a> {
    /// A plan file for a server.
    pub(super) async fn begin(program: &'a Path, change: Change, steps: u32, seed: u64) -> Self {
        let estate = Estate::planned(change, steps, seed, Duration::from_millis(4)).await;
        let (engine, plan) = (&estate.lab.engine, &estate.plan);
        let bytes = engine.write_plan(plan.id, Vec::new()).await.expect("a file");
        let file = estate.lab.folder().with_file_name("plan.json");
        std::fs::write(&file, bytes).expect("written");
        engine.discard_plan(plan.id).await.expect("discarded");
        let (total, mark) = (plan.total, estate.lab.mark());
        Self { program, estate, file, total, mark, run: None, cut: BTreeMap::new() }
    }

    /// The plan file.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// The program, beginning the run or going on with it.
    pub(super) fn command(&self) -> Command {
        let touched = match self.estate.plan.confirm {
            Confirm::TypeCount(count) => count.to_string(),
            Confirm::Dialog => String::from("0"),
        };
        let number = self.run.map(|run| run.0.to_string());
        let plan = self.file.to_str().expect("a path");
        let mut arguments = vec!["apply"];
        match &number {
            Some(number) => arguments.extend(["--resume", number]),
            None => arguments.extend([plan, "--confirm", &touched]),
        }
        for name in &self.estate.plan.secrets {
            arguments.extend(["--secret-stdin", name]);
        }
        let data = self.estate.lab.folder();
        let home = data.parent().expect("a folder");
        let token = self.estate.lab.simulator.token();
        heirloomctl(self.program, home, &data, token, &arguments)
    }

    /// Starts it, with its secrets.
    pub(super) async fn spawn(&self, mut command: Command) -> Child {
        command.stdin(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        let mut input = child.stdin.take().expect("its input");
        let lines: String =
            self.estate.plan.secrets.iter().map(|_| format!("{SECRET}\n")).collect();
        // One that ended already does not read.
        drop(input.write_all(lines.as_bytes()).await);
        child
    }

    /// Starts the program and kills it after a random number of requests, a little later. Tells
    /// whether there is something left to do.
    async fn kill(&mut self, dice: &mut StdRng, seen: &mut Applies) -> bool {
        let before = self.estate.lab.mark();
        let share = (self.total as usize * 3) / IN_A_ROW as usize;
        let (after, late) = (dice.random_range(0..share), dice.random_range(0..6_000));
        let mut child = self.spawn(self.command()).await;
        let mut look = tokio::time::interval(Duration::from_millis(1));
        loop {
            tokio::select! {
                ended = child.wait() => {
                    ended.expect("an end");
                    seen.done += 1;
                    self.look(seen).await;
                    return false;
                }
                _ = look.tick() => {
                    if self.estate.lab.simulator.requests_after(before).len() > after {
                        break;
                    }
                }
            }
        }
        // Not a wait for anything: the moment is to fall anywhere between two answers.
        tokio::time::sleep(Duration::from_micros(late)).await;
        child.kill().await.expect("killed");
        seen.killed += 1;
        while self.estate.lab.simulator.under_way() > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        self.look(seen).await;
        true
    }

    /// What the journal says right after a kill must be true: what has an outcome is so, and what
    /// is not marked as sent never was.
    pub(super) async fn look(&mut self, seen: &mut Applies) {
        self.run = self.latest().await;
        let Some(run) = self.run else {
            seen.at_once += 1;
            if !self.estate.writes(self.mark).is_empty() {
                seen.wrong.push("something was written for a run nobody knows of".to_owned());
            }
            return;
        };
        let writes = self.estate.writes(self.mark);
        for step in self.estate.steps(run).await {
            if step.sent_at.is_none() && writes.contains_key(&step.step.scope.id.0) {
                seen.wrong.push(format!("{}: sent and not marked", step.path));
            }
            if step.outcome.is_some() {
                self.hold(&step, seen);
            } else if step.sent_at.is_some() {
                *self.cut.entry(step.number).or_default() += 1;
                seen.cut_short += 1;
            }
        }
    }

    /// Goes on to the end. Then every step is true, none is lost, and none was sent twice but
    /// where a kill left it in doubt.
    pub(super) async fn finish(&mut self, seen: &mut Applies) {
        let ended =
            self.spawn(self.command()).await.wait_with_output().await.expect("the program runs");
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        self.run = self.latest().await;
        let Some(run) = self.run else {
            seen.wrong.push(format!("there is no run: {said}"));
            return;
        };
        let note = self.estate.lab.engine.run(run).await.expect("the run");
        if note.state != RunState::Ended || note.counts.open() > 0 {
            seen.wrong.push(format!("not over: {:?} {:?} {said}", note.state, note.counts));
        }
        seen.runs += 1;
        let writes = self.estate.writes(self.mark);
        let steps = self.estate.steps(run).await;
        seen.steps += u32::try_from(steps.len()).unwrap_or(u32::MAX);
        if steps.len() != self.total as usize {
            seen.wrong.push(format!("{} steps of {}", steps.len(), self.total));
        }
        for step in &steps {
            self.hold(step, seen);
            seen.unknown += u32::from(step.outcome == Some(Outcome::Unknown));
            let none = BTreeMap::new();
            let sent = writes.get(&step.step.scope.id.0).unwrap_or(&none);
            let cut = self.cut.get(&step.number).copied().unwrap_or_default();
            for (method, times) in sent {
                let planned = step.step.writes.iter();
                let puts = planned.filter(|it| matches!(it, Write::Put { .. })).count();
                let once = if method == "PUT" { u32::try_from(puts).unwrap_or(1) } else { 1 };
                if *times > once * (1 + cut) {
                    seen.wrong
                        .push(format!("{}: {times} times {method}, cut {cut} times", step.path));
                }
            }
            let writes: u32 = sent.values().sum();
            seen.sent_again += u32::from(writes as usize > step.step.writes.len());
            if sent.is_empty() && cut == 0 {
                seen.wrong.push(format!("{}: never sent, and {:?}", step.path, step.outcome));
            }
        }
        self.estate.lab.simulator.propagated().await;
        let followed = self.estate.lab.engine.follow(run, PATIENCE).await.expect("a look");
        if followed.matching < followed.inherit {
            seen.wrong.push(format!("not all that inherit have it: {followed:?}"));
        }
        let export = self.estate.lab.export().await;
        let wrong = differences(&export, &self.estate.lab.simulator.world(), &BTreeSet::new());
        seen.wrong.extend(wrong.into_iter().map(|it| format!("the local copy: {it}")));
    }

    /// A step that has an outcome: is it so?
    fn hold(&self, step: &JournalStep, seen: &mut Applies) {
        let Some((done, ..)) = self.estate.is_done(step) else {
            seen.wrong.push(format!("{}: its row is gone", step.path));
            return;
        };
        let secrets = !self.estate.plan.secrets.is_empty();
        // What links a row comes last, and tells that all before it was taken.
        let in_doubt = secrets && step.step.source.is_none() && self.cut.contains_key(&step.number);
        let right = match step.outcome {
            Some(Outcome::Applied) => done && step.sent_at.is_some(),
            Some(Outcome::Unknown) => done && in_doubt,
            // Nobody else writes here, and the server fails nothing.
            _ => false,
        };
        if !right {
            let why = step.why.as_deref().unwrap_or_default();
            let what = step.outcome;
            seen.wrong.push(format!("{}: {what:?} ({why}), and done is {done}", step.path));
        }
    }

    async fn latest(&self) -> Option<RunId> {
        let lab = &self.estate.lab;
        let runs = lab.engine.runs(lab.id(), 0, 1).await.expect("runs");
        runs.first().map(|run| run.id)
    }
}
