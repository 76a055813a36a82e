use std::collections::BTreeSet;
use std::time::Duration;

use heirloom_engine::change::{Plan, Run, Secrets};
use heirloom_engine::core::ids::Slug;
use heirloom_engine::{Outcome, Result, RunState};
use heirloom_it::Lab;
use heirloom_simulator::{Config, Even, Fault, Level, RowEdit, RowView, WorldSpec};
use secrecy::SecretString;
use tokio::task::JoinHandle;

use super::{most_overridden, push_defaults, typed};

/// Far more than are under way at once.
const STEPS: u32 = 150;

/// A run under way: every project's custom settings go back to default.
pub(super) struct UnderWay {
    pub(super) lab: Lab,
    slug: Slug,
    plan: Plan,
    /// Requests answered before it.
    mark: u64,
    job: JoinHandle<Result<Run>>,
}

impl UnderWay {
    /// Begun, and so many steps have ended.
    pub(super) async fn after(steps: u32) -> Self {
        let even = Even { groups: 4, projects: STEPS, active: 1, custom_percent: 100 };
        let config = Config { world: WorldSpec::Even(even), ..Config::default() };
        let lab = Lab::connected_at(config).await;
        assert!(lab.sync().await.complete, "everything can be read");
        let (slug, _) = most_overridden(&lab);
        let plan = push_defaults(&lab, &slug).await.expect("a plan");
        assert_eq!(plan.total, STEPS, "one step each");
        lab.simulator.fail(Fault::on("/integrations/").delay(Duration::from_millis(5)));
        let mark = lab.mark();
        let (engine, run, confirm) = (lab.engine.clone(), plan.id, typed(&plan));
        let job = tokio::spawn(async move { engine.apply(run, Secrets::default(), confirm).await });
        let under_way = Self { lab, slug, plan, mark, job };
        under_way.until(steps).await;
        under_way
    }

    /// Waits until so many steps have ended.
    pub(super) async fn until(&self, steps: u32) {
        let done = || {
            let counts = self.lab.engine.apply_status(self.lab.id()).counts;
            counts.steps > 0 && counts.steps - counts.open() >= steps
        };
        self.lab.bell.wait_until(done).await;
    }

    /// Waits until it stops, for whatever reason.
    pub(super) async fn stopped(&mut self) -> Run {
        (&mut self.job).await.expect("a task").expect("a run")
    }

    /// Goes on with it to where it stops again.
    pub(super) async fn go_on(&self) -> Run {
        self.lab.engine.resume(self.plan.id, Secrets::default()).await.expect("a run")
    }

    fn row(&self, project: u64) -> RowView {
        let row = self.lab.simulator.world().row(Level::Project, project, self.slug.as_str());
        row.expect("a row")
    }

    /// Every step of a run that came to its end was applied, and written once.
    pub(super) fn each_was_applied_once(&self, run: &Run) {
        assert_eq!((run.state, run.counts.open()), (RunState::Ended, 0), "to its end");
        assert_eq!(run.counts.applied, self.plan.total, "{:?}", run.counts);
        let written = self.lab.writes_since(self.mark);
        let paths: BTreeSet<&str> = written.iter().map(|request| request.path.as_str()).collect();
        let total = self.plan.total as usize;
        assert_eq!((paths.len(), written.len()), (total, total), "each was written once");
    }
}

#[tokio::test]
async fn a_run_is_paused_and_gone_on_with_and_nothing_is_written_twice() {
    let mut run = UnderWay::after(5).await;
    run.lab.engine.pause_apply(run.lab.id());
    let paused = run.stopped().await;
    assert_eq!(paused.state, RunState::Paused, "{:?}", paused.counts);
    assert!(paused.counts.open() > 0 && paused.counts.applied >= 5, "{:?}", paused.counts);

    // The program ends here, and another goes on.
    run.lab.reopen();
    let runs = run.lab.engine.runs(run.lab.id(), 0, 9).await.expect("runs");
    assert_eq!(runs[0].state, RunState::Paused, "it is known after a restart");
    let ended = run.go_on().await;
    run.each_was_applied_once(&ended);
    let again = run.lab.engine.resume(run.plan.id, Secrets::default()).await;
    assert!(again.is_err(), "what is over is over");
}

#[tokio::test]
async fn a_cancelled_run_leaves_the_rest_undone() {
    let mut run = UnderWay::after(3).await;
    run.lab.engine.cancel_apply(run.lab.id());
    let ended = run.stopped().await;
    assert_eq!(ended.state, RunState::Ended, "it does not go on");
    assert!(ended.counts.open() > 0, "the rest is undone: {:?}", ended.counts);
    let written = run.lab.writes_since(run.mark).len();
    assert_eq!(written, ended.counts.applied as usize, "and was not sent");
    let again = run.lab.engine.resume(run.plan.id, Secrets::default()).await;
    assert!(again.is_err(), "for good");
}

#[tokio::test]
async fn what_a_cancelled_run_did_not_send_is_planned_again() {
    let mut run = UnderWay::after(3).await;
    run.lab.engine.cancel_apply(run.lab.id());
    let ended = run.stopped().await;
    assert!(ended.counts.open() > 0, "the rest is undone: {:?}", ended.counts);
    run.lab.simulator.heal();
    let rest = run.lab.engine.plan_again(ended.id, None).await.expect("a plan");
    assert_eq!(rest.total, ended.counts.steps - ended.counts.applied, "and nothing else");
    let rest = run.lab.engine.apply(rest.id, Secrets::default(), typed(&rest)).await;
    let rest = rest.expect("a run");
    assert_eq!(rest.counts.applied, rest.counts.steps, "{:?}", rest.counts);
    let written = run.lab.writes_since(run.mark);
    assert_eq!(written.len(), STEPS as usize, "each was written once");
    let nothing = run.lab.engine.plan_again(ended.id, None).await.map(drop);
    assert!(nothing.is_err(), "all of it is as wanted by now");
}

/// What is still open of a run that can go on is not done twice.
#[tokio::test]
async fn what_a_paused_run_has_still_to_do_is_not_planned_again() {
    let mut run = UnderWay::after(3).await;
    run.lab.engine.pause_apply(run.lab.id());
    let paused = run.stopped().await;
    assert!(paused.counts.open() > 0, "{:?}", paused.counts);
    let nothing = run.lab.engine.plan_again(paused.id, None).await.map(drop);
    assert!(nothing.is_err(), "it can be gone on with");
    run.lab.engine.close_run(paused.id).await.expect("closed");
    let rest = run.lab.engine.plan_again(paused.id, None).await.expect("a plan");
    assert_eq!(rest.total, paused.counts.open(), "now nobody else does it");
}

#[tokio::test]
async fn a_server_that_goes_away_holds_the_run_instead_of_failing_every_step() {
    let mut run = UnderWay::after(5).await;
    run.lab.simulator.pause().await;
    let held = run.stopped().await;
    assert_eq!(held.state, RunState::Paused, "{:?}", held.counts);
    assert!(held.stopped.as_ref().is_some_and(|why| why.contains("Held")), "{:?}", held.stopped);
    assert!(
        held.counts.failed + held.counts.unknown < STEPS / 2,
        "few were under way: {:?}",
        held.counts
    );
    run.lab.simulator.resume().await.expect("back on its port");
    run.lab.simulator.heal();
    // A client that found the server gone does not believe at once that it is back.
    let ended = loop {
        let ended = run.go_on().await;
        if ended.state == RunState::Ended {
            break ended;
        }
    };
    assert_eq!(ended.counts.open(), 0, "{:?}", ended.counts);
    // What failed is true: the server says the same of each.
    for step in run.lab.engine.outcomes(ended.id, 0, 500).await.expect("outcomes") {
        let linked = run.row(step.scope.listed.key.id.0).inherit_from.is_some();
        match step.outcome {
            Some(Outcome::Applied | Outcome::Already) => assert!(linked, "{step:?}"),
            Some(Outcome::Failed) => assert!(!linked, "{step:?}"),
            Some(Outcome::Unknown) => {}
            other => panic!("{other:?}: {step:?}"),
        }
    }
}

#[tokio::test]
async fn a_token_revoked_half_way_holds_the_run_until_there_is_another() {
    let mut run = UnderWay::after(5).await;
    run.lab.simulator.world().revoke(run.lab.simulator.token()).expect("revoked");
    let held = run.stopped().await;
    assert_eq!(held.state, RunState::Paused, "{:?}", held.counts);
    assert!(held.counts.open() > 0, "the rest waits for a token: {:?}", held.counts);
    let why = held.stopped.unwrap_or_default();
    assert!(why.contains("revoked"), "it says why: {why}");
    // What was under way when the token went has no end yet: it is looked at when it goes on.
    let written = run.lab.writes_since(run.mark);
    let taken = written.iter().filter(|request| request.status == 200).count();
    let applied = held.counts.applied as usize;
    let marked = held.outcomes.iter().filter(|it| it.outcome.is_none() && it.in_part).count();
    assert!((applied..=applied + marked).contains(&taken), "{taken}: {:?}", held.counts);
    assert_eq!(held.counts.open() + held.counts.applied, held.counts.steps, "{:?}", held.counts);

    let id = run.lab.id();
    let another = SecretString::from(run.lab.simulator.tokens().impersonation.clone());
    run.lab.engine.replace_token(id, another).await.expect("of the same account");
    let ended = run.go_on().await;
    run.each_was_applied_once(&ended);
}

#[tokio::test]
async fn what_a_second_admin_changed_meanwhile_is_a_conflict_and_stays_theirs() {
    let mut run = UnderWay::after(3).await;
    // Whatever is still open, from the last step back: its row is not read yet.
    let world = run.lab.simulator.world();
    let edit = RowEdit { active: Some(false), ..RowEdit::default() };
    let theirs: Vec<u64> =
        run.plan.steps.iter().rev().take(10).map(|step| step.step.scope.id.0).collect();
    for id in &theirs {
        world.overwrite(Level::Project, *id, run.slug.as_str(), &edit).expect("written");
    }
    let ended = run.stopped().await;
    assert_eq!((ended.state, ended.counts.open()), (RunState::Ended, 0), "{:?}", ended.counts);
    let conflicts: Vec<u64> = ended
        .outcomes
        .iter()
        .filter(|step| step.outcome == Some(Outcome::Conflict))
        .map(|step| step.scope.listed.key.id.0)
        .collect();
    assert_eq!(ended.counts.applied as usize, ended.outcomes.len() - conflicts.len(), "the rest");
    let expected: BTreeSet<u64> = theirs.iter().copied().collect();
    assert_eq!(conflicts.iter().copied().collect::<BTreeSet<_>>(), expected, "those, no others");
    for id in theirs {
        let row = run.row(id);
        assert!(row.inherit_from.is_none() && !row.active, "{id} is as they left it");
    }
}
