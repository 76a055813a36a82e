//! Killing `heirloomctl apply` at random moments.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::{Output, Stdio};
use std::time::Duration;

use heirloom_engine::change::Confirm;
use heirloom_engine::core::plan::Write;
use heirloom_engine::{JournalStep, Outcome, RunId, RunState};
use heirloom_simulator::Request;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};

use super::second_admin::{SecondAdmin, Touched};
use super::{Change, Estate, SECRET};
use crate::differences;
use crate::kills::heirloomctl;

/// So many steps of a run are worth one kill, before it is let go on to its end.
const STEPS_PER_KILL: u32 = 60;

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
    /// Steps that were sent again although their end was known: always to be none.
    pub sent_unknowingly: u32,
    /// Runs with a second admin about.
    pub accompanied: u32,
    /// Rows that the second admin changed meanwhile.
    pub theirs: u32,
    /// Of those, the ones written over because they changed in the moment between the reading of
    /// a row and its write.
    pub written_over: u32,
    /// Steps that were not sent because their row, or its default, had moved.
    pub conflicts: u32,
    /// What was wrong; always to be empty.
    pub wrong: Vec<String>,
}

impl AddAssign for Applies {
    fn add_assign(&mut self, other: Self) {
        self.killed += other.killed;
        self.at_once += other.at_once;
        self.done += other.done;
        self.runs += other.runs;
        self.steps += other.steps;
        self.cut_short += other.cut_short;
        self.sent_again += other.sent_again;
        self.unknown += other.unknown;
        self.sent_unknowingly += other.sent_unknowingly;
        self.accompanied += other.accompanied;
        self.theirs += other.theirs;
        self.written_over += other.written_over;
        self.conflicts += other.conflicts;
        self.wrong.extend(other.wrong);
    }
}

/// Kills applies with SIGKILL until there were so many kills: several times in one run of so many
/// steps, which then goes on to its end; then the next run, at another server, of another change.
/// In every other run a second admin changes rows meanwhile. The seed says which comes first.
pub async fn kill_applies(program: &Path, kills: u32, steps: u32, seed: u64) -> Applies {
    let mut dice = StdRng::seed_from_u64(seed);
    let mut seen = Applies::default();
    let in_a_row = (steps / STEPS_PER_KILL).max(5);
    let first = usize::try_from(seed).unwrap_or_default() % (2 * Change::ALL.len());
    for (number, change) in Change::ALL.into_iter().cycle().enumerate().skip(first) {
        if seen.killed >= kills {
            break;
        }
        let mut run = Desk::begin(program, change, steps, dice.random()).await;
        if (number + number / Change::ALL.len()) % 2 == 1 {
            run.second = SecondAdmin::at(&run.estate, dice.random()).await;
            seen.accompanied += 1;
        }
        run.discard_plan().await;
        for _ in 0..in_a_row {
            if seen.killed < kills && !run.kill(in_a_row, &mut dice, &mut seen).await {
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
    second: SecondAdmin,
}

impl<'a> Desk<'a> {
    /// A plan file for a server.
    pub(super) async fn begin(program: &'a Path, change: Change, steps: u32, seed: u64) -> Self {
        let estate = Estate::planned(change, steps, seed, Duration::from_millis(4)).await;
        let (engine, plan) = (&estate.lab.engine, &estate.plan);
        let bytes = engine.write_plan(plan.id, Vec::new()).await.expect("a file");
        let file = estate.lab.folder().with_file_name("plan.json");
        std::fs::write(&file, bytes).expect("written");
        let (total, mark) = (plan.total, estate.lab.mark());
        let second = SecondAdmin::default();
        Self { program, estate, file, total, mark, run: None, cut: BTreeMap::new(), second }
    }

    /// Nothing is left but the plan file.
    pub(super) async fn discard_plan(&self) {
        let plan = self.estate.plan.id;
        self.estate.lab.engine.discard_plan(plan).await.expect("discarded");
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
    async fn kill(&mut self, in_a_row: u32, dice: &mut StdRng, seen: &mut Applies) -> bool {
        let before = self.estate.lab.mark();
        let share = u64::from(self.total * 3 / in_a_row);
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
                    self.second.look_in(&self.estate);
                    if self.estate.lab.mark() - before > after {
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
            let sent = writes.get(&step.step.scope).map_or(&[][..], Vec::as_slice);
            if step.sent_at.is_none() && !sent.is_empty() {
                seen.wrong.push(format!("{}: sent and not marked", step.path));
            }
            if step.outcome.is_some() {
                self.hold(&step, sent, seen);
            } else if step.sent_at.is_some() {
                *self.cut.entry(step.number).or_default() += 1;
                seen.cut_short += 1;
            }
        }
    }

    /// Goes on to the end. Then every step is true, none is lost, and none was sent twice but
    /// where a kill left it in doubt.
    pub(super) async fn finish(&mut self, seen: &mut Applies) {
        let ended = self.accompanied().await;
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
            let sent = writes.get(&step.step.scope).map_or(&[][..], Vec::as_slice);
            self.hold(step, sent, seen);
            seen.unknown += u32::from(step.outcome == Some(Outcome::Unknown));
            seen.conflicts += u32::from(step.outcome == Some(Outcome::Conflict));
            let touched = self.second.touched(&self.estate, step, sent);
            seen.written_over += u32::from(touched == Touched::WrittenOver);
            let cut = self.cut.get(&step.number).copied().unwrap_or_default() as usize;
            for method in ["PUT", "DELETE"] {
                let times = sent.iter().filter(|it| it.method == method).count();
                let planned = step.step.writes.iter();
                let puts = planned.filter(|it| matches!(it, Write::Put { .. })).count();
                let once = if method == "PUT" { puts } else { 1 };
                if times > once * (1 + cut) {
                    seen.sent_unknowingly += 1;
                    seen.wrong
                        .push(format!("{}: {times} times {method}, cut {cut} times", step.path));
                }
            }
            seen.sent_again += u32::from(sent.len() > step.step.writes.len());
            if sent.is_empty() && cut == 0 && touched == Touched::Not {
                seen.wrong.push(format!("{}: never sent, and {:?}", step.path, step.outcome));
            }
        }
        seen.theirs += self.second.changes();
        let lab = &self.estate.lab;
        lab.simulator.propagated().await;
        if self.second.is_there() {
            assert!(lab.sync().await.complete, "everything can be read");
        } else {
            let followed = lab.engine.follow(run, PATIENCE).await.expect("a look");
            if followed.matching < followed.read {
                seen.wrong.push(format!("not all that inherit have it: {followed:?}"));
            }
        }
        let wrong = differences(&lab.export().await, &lab.simulator.world(), &BTreeSet::new());
        seen.wrong.extend(wrong.into_iter().map(|it| format!("the local copy: {it}")));
    }

    /// The program to its end, while the second admin looks in.
    async fn accompanied(&mut self) -> Output {
        let mut ended = pin!(self.spawn(self.command()).await.wait_with_output());
        let mut look = tokio::time::interval(Duration::from_millis(1));
        loop {
            tokio::select! {
                ended = &mut ended => return ended.expect("the program runs"),
                _ = look.tick() => self.second.look_in(&self.estate),
            }
        }
    }

    /// A step that has an outcome: is it so?
    fn hold(&self, step: &JournalStep, sent: &[Request], seen: &mut Applies) {
        let Some((done, ..)) = self.estate.is_done(step) else {
            seen.wrong.push(format!("{}: its row is gone", step.path));
            return;
        };
        let secrets = !self.estate.plan.secrets.is_empty();
        let cut = self.cut.contains_key(&step.number);
        // What links a row comes last, and tells that all before it was taken.
        let in_doubt = secrets && step.step.source.is_none() && cut;
        let as_sent = match step.outcome {
            Some(Outcome::Applied) => done && step.sent_at.is_some(),
            Some(Outcome::Unknown) => done && in_doubt,
            // The server fails nothing.
            _ => false,
        };
        let moved = matches!(step.outcome, Some(Outcome::Conflict));
        let was_sent = step.outcome == Some(Outcome::Applied) && !sent.is_empty();
        // A group above that conflicts fails what hangs on it.
        let not_sent = (moved || step.outcome == Some(Outcome::Failed)) && sent.is_empty();
        let touched = self.second.touched(&self.estate, step, sent);
        let right = match touched {
            Touched::Not => as_sent,
            // Whatever came of it before, the row is theirs.
            Touched::Stands => as_sent || moved || was_sent || not_sent,
            Touched::Above => as_sent || was_sent || not_sent,
            Touched::WrittenOver => as_sent || (moved && cut),
            Touched::Lost => false,
        };
        let why = step.why.as_deref().unwrap_or_default();
        let false_word = why.contains("Nothing was sent") && !sent.is_empty();
        if !right || false_word {
            let what = step.outcome;
            seen.wrong.push(format!(
                "{}: {what:?} ({why}), done is {done}, {touched:?}, cut {cut}, {} sent",
                step.path,
                sent.len()
            ));
        }
    }

    async fn latest(&self) -> Option<RunId> {
        let lab = &self.estate.lab;
        let runs = lab.engine.runs(lab.id(), 0, 1).await.expect("runs");
        runs.first().map(|run| run.id)
    }
}
