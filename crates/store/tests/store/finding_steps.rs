//! Some of a run's steps, and of what a plan leaves out or touches, a window at a time.

use heirloom_core::ids::ScopeKey;
use heirloom_core::plan::Action;
use heirloom_store::Store;
use heirloom_store::app::journal::{
    Outcome, RunId, RunState, Skipped, StepFilter, StepGroup, Touch, Touched, Which,
};

use crate::folder::{ONE, at, connected, folder};
use crate::writing_down::{add_skipped, add_steps, drawn, ended, new_plan, step};

const OTHER: ScopeKey = ScopeKey::project(77);

/// Six steps, the last two of which disable; the first five have ended.
fn run(store: &Store) -> RunId {
    let run = store.begin_plan(new_plan(ONE)).unwrap();
    let steps = (0_u64..6).map(|n| {
        let mut made = step("x");
        made.scope = ScopeKey::project(n + 1);
        made.action = if n < 4 { Action::UseDefault } else { Action::Disable };
        (made, format!("acme/Web-{n}"))
    });
    add_steps(store, run, steps);
    store.finish_plan(run, at(1)).unwrap();
    let odd = Some("something else is stored".to_owned());
    let ends = vec![
        ended(1, Outcome::Applied, None, None),
        ended(2, Outcome::Conflict, None, None),
        ended(3, Outcome::Already, None, None),
        ended(4, Outcome::Applied, odd, None),
        ended(5, Outcome::Refused, None, None),
    ];
    store.end_steps(run, ends).unwrap();
    run
}

fn numbers(store: &Store, run: RunId, filter: &StepFilter) -> Vec<u32> {
    let (total, found) = store.find_steps(run, filter, 0, 100).unwrap();
    assert_eq!(total as usize, found.len(), "the count is of the same steps: {filter:?}");
    found.into_iter().map(|it| it.number).collect()
}

#[test]
fn steps_are_found_by_outcome_action_and_path() {
    let folder = folder();
    let store = connected(folder.path());
    let run = run(&store);
    let by = |which| StepFilter { which, ..StepFilter::default() };
    assert_eq!(numbers(&store, run, &by(Which::All)), [1, 2, 3, 4, 5, 6], "all");
    assert_eq!(numbers(&store, run, &by(Which::Open)), [6], "without an outcome");
    assert_eq!(numbers(&store, run, &by(Which::Done)), [1, 3, 4], "as planned");
    assert_eq!(
        numbers(&store, run, &by(Which::NeedsYou)),
        [2, 4, 5],
        "what did not simply work, an applied one that reads otherwise too"
    );
    assert_eq!(
        numbers(&store, run, &by(Which::Again)),
        [2, 4, 5, 6],
        "and with it, of a run that is over, what was never done"
    );
    let off = StepFilter { action: Some(Action::Disable), ..StepFilter::default() };
    assert_eq!(numbers(&store, run, &off), [5, 6], "by what they do");
    let named = StepFilter { text: "WEB-3".into(), ..StepFilter::default() };
    assert_eq!(numbers(&store, run, &named), [4], "by path, whatever its case");
    let percent = StepFilter { text: "%".into(), ..StepFilter::default() };
    assert!(numbers(&store, run, &percent).is_empty(), "a sign of SQL’s is a sign like others");

    let (total, window) = store.find_steps(run, &StepFilter::default(), 4, 1).unwrap();
    assert_eq!((total, window[0].number), (6, 5), "a window knows how many there are");
    let next = store.next_steps(run, &StepFilter::default(), 3, 2).unwrap();
    let next: Vec<u32> = next.iter().map(|it| it.number).collect();
    assert_eq!(next, [4, 5], "past a number, for whoever goes through all");
    let groups = store.step_groups(run, &StepFilter::default()).unwrap();
    let counted = |it: &StepGroup| (it.action, it.steps);
    let groups: Vec<_> = groups.iter().map(counted).collect();
    assert_eq!(groups, [(Action::UseDefault, 4), (Action::Disable, 2)], "in the plan’s order");
}

#[test]
fn a_step_that_a_person_left_alone_needs_nobody_any_more() {
    let folder = folder();
    let store = connected(folder.path());
    let run = run(&store);
    store.keep_steps(run, vec![2], at(9)).unwrap();
    let needs = StepFilter { which: Which::NeedsYou, ..StepFilter::default() };
    assert_eq!(numbers(&store, run, &needs), [4, 5], "it was decided");
    let kept = store.step(run, 2).unwrap().unwrap();
    assert_eq!((kept.outcome, kept.kept_at), (Some(Outcome::Conflict), Some(at(9))), "and dated");
    assert!(store.step(run, 7).unwrap().is_none(), "no such step");
}

#[test]
fn what_is_left_out_and_touched_is_found_by_path() {
    let folder = folder();
    let store = connected(folder.path());
    let run = store.begin_plan(new_plan(ONE)).unwrap();
    let skipped = |path: &str| Skipped { scope: OTHER, path: path.into(), why: "archived".into() };
    let touched = |path: &str, how| Touched { scope: OTHER, path: path.into(), how };
    add_skipped(&store, run, [skipped("acme/old"), skipped("acme/new")]);
    let both = vec![touched("acme/a", Touch::Keep), touched("acme/b", Touch::Change)];
    drawn(&store, run, both);
    let (total, found) = store.find_skipped(run, "OLD", 0, 9).unwrap();
    assert_eq!((total, found[0].path.as_str()), (1, "acme/old"), "of those left out");
    let (total, found) = store.find_touched(run, Touch::Keep, "", 0, 9).unwrap();
    assert_eq!((total, found[0].path.as_str()), (1, "acme/a"), "of one sort");
    assert_eq!(store.find_touched(run, Touch::Keep, "b", 0, 9).unwrap().0, 0, "of no other");
}

#[test]
fn plans_and_runs_are_told_apart_and_keep_what_they_were_made_for() {
    let folder = folder();
    let store = connected(folder.path());
    let plan = store.begin_plan(new_plan(ONE)).unwrap();
    store.finish_plan(plan, at(1)).unwrap();
    store.note_about(plan, "{\"below\":[\"acme\"]}".into()).unwrap();
    let begun = run(&store);
    store.move_run(begun, &[RunState::Planned], RunState::Running, at(2)).unwrap();
    let (total, plans) = store.runs_in(ONE, &[RunState::Planned], 0, 9).unwrap();
    assert_eq!((total, plans[0].id), (1, plan), "one plan waits");
    assert_eq!(plans[0].about.as_deref(), Some("{\"below\":[\"acme\"]}"), "and says for what");
    let (_, open) = store.runs_in(ONE, &[RunState::Running, RunState::Paused], 0, 9).unwrap();
    assert_eq!(open.iter().map(|it| it.id).collect::<Vec<_>>(), [begun], "one run is open");
}
