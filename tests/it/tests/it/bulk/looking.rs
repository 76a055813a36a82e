//! Plans and runs looked at a window at a time, and what did not work done again.

use heirloom_engine::change::Secrets;
use heirloom_engine::core::plan::Action;
use heirloom_engine::{Outcome, RunState, StepFilter, StepGroup, Which};
use heirloom_simulator::{Level, RowEdit};

use super::{apply, estate, most_overridden, push_defaults, typed};

#[tokio::test]
async fn a_plan_waits_in_the_tray_and_says_what_it_was_asked_for() {
    let lab = estate(30).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let tray = lab.engine.tray(lab.id()).await.expect("a tray");
    assert_eq!(tray.plans.len(), 1, "it waits");
    let about = &tray.plans[0].about;
    assert_eq!(about.action, Some(Action::UseDefault), "what is wanted");
    assert!(about.below && about.named == 1, "everything below one scope: {about:?}");
    let command = lab.engine.plan_command(plan.id).await.expect("an answer").expect("a command");
    assert!(command.contains(" plan use-default "), "{command}");
    assert!(command.contains("--state custom --only project --recursive"), "{command}");

    let groups = lab.engine.step_groups(plan.id, StepFilter::default()).await.expect("groups");
    let all = StepGroup { action: Action::UseDefault, steps: plan.total, left_out: 0 };
    assert_eq!(groups, [all], "all do the same");
    let (total, window) = lab
        .engine
        .find_steps(plan.id, StepFilter::default(), plan.total - 1, 5)
        .await
        .expect("steps");
    assert_eq!((total, window.len()), (plan.total, 1), "the last of them");

    lab.engine.discard_plan(plan.id).await.expect("thrown away");
    assert!(lab.engine.tray(lab.id()).await.expect("a tray").plans.is_empty(), "nothing waits");
}

#[tokio::test]
async fn a_conflict_is_planned_again_on_what_is_there_now_or_left_alone() {
    let lab = estate(30).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let moved: Vec<u64> = plan.steps.iter().take(2).map(|it| it.scope.listed.key.id.0).collect();
    let world = lab.simulator.world();
    for id in &moved {
        let row = world.row(Level::Project, *id, slug.as_str()).expect("a row");
        let events = row.events.iter().map(|(name, on)| (name.clone(), !on)).collect();
        let edit = RowEdit { events, ..RowEdit::default() };
        world.overwrite(Level::Project, *id, slug.as_str(), &edit).expect("written");
    }
    let run = apply(&lab, &plan, Secrets::default()).await;
    assert_eq!(run.counts.conflicts, 2, "{:?}", run.counts);
    let view = lab.engine.run_view(run.id).await.expect("a view");
    assert_eq!((view.needs_you, view.summary.note.state), (2, RunState::Ended), "to be looked at");
    let needs = StepFilter { which: Which::NeedsYou, ..StepFilter::default() };
    let (_, steps) = lab.engine.find_steps(run.id, needs, 0, 9).await.expect("steps");
    let step = lab.engine.step(run.id, steps[0].number).await.expect("a step");
    assert!(!step.outcome.unexpected.is_empty(), "planned beside found: {:?}", step.outcome);

    lab.engine.keep_steps(run.id, vec![steps[1].number]).await.expect("left alone");
    let again = lab.engine.plan_again(run.id, None).await.expect("a plan");
    assert_eq!(again.total, 1, "the other one alone");
    assert_eq!(again.steps[0].scope.listed.key, steps[0].step.scope, "the same scope");
    assert_eq!(Some(&again.steps[0].step.before), steps[0].found.as_ref(), "as it is now");
    let done = lab.engine.apply(again.id, Secrets::default(), typed(&again)).await.expect("a run");
    assert_eq!(done.outcomes[0].outcome, Some(Outcome::Applied), "{:?}", done.outcomes[0].why);
    let row = world.row(Level::Project, steps[0].step.scope.id.0, slug.as_str()).expect("a row");
    assert!(row.inherit_from.is_some(), "the server has it");
    let row = world.row(Level::Project, steps[1].step.scope.id.0, slug.as_str()).expect("a row");
    assert!(row.inherit_from.is_none(), "and keeps what was left alone");

    lab.engine.keep_steps(run.id, vec![steps[0].number]).await.expect("left alone");
    let nothing = lab.engine.plan_again(run.id, None).await;
    assert!(nothing.is_err(), "nothing is left to do: {nothing:?}");
    assert_eq!(lab.engine.run_view(run.id).await.expect("a view").needs_you, 0, "nobody is needed");
}

#[tokio::test]
async fn a_begun_run_that_is_dropped_can_be_gone_on_with() {
    let lab = estate(30).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let begun = lab
        .engine
        .begin_run(plan.id, Secrets::default(), typed(&plan))
        .await
        .expect("nothing stops it");
    let view = lab.engine.run_view(plan.id).await.expect("a view");
    assert_eq!(view.summary.note.state, RunState::Running, "it is under way");
    assert!(view.status.is_some(), "here");
    drop(begun);
    let view = lab.engine.run_view(plan.id).await.expect("a view");
    assert!(view.status.is_none() && view.elsewhere.is_none(), "nobody applies it now: {view:?}");
    let run = lab.engine.resume(plan.id, Secrets::default()).await.expect("a run");
    assert_eq!(run.counts.applied, plan.total, "{:?}", run.counts);
    let (total, past) = lab.engine.past_runs(lab.id(), 0, 9).await.expect("history");
    assert_eq!((total, past[0].note.id), (1, plan.id), "it is over");
}
