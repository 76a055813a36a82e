//! Steps left out of a plan.

use heirloom_core::ids::ScopeKey;
use heirloom_store::Store;
use heirloom_store::app::journal::{RunId, RunState, StepFilter, Which};

use crate::folder::{ONE, at, connected, folder};
use crate::writing_down::{add_steps, new_plan, step};

fn plan(store: &Store) -> RunId {
    let run = store.begin_plan(new_plan(ONE)).unwrap();
    let steps = (1_u64..5).map(|n| {
        let mut made = step("x");
        made.scope = ScopeKey::project(n);
        (made, format!("acme/p{n}"))
    });
    add_steps(store, run, steps);
    store.finish_plan(run, at(1)).unwrap();
    run
}

#[test]
fn what_is_left_out_is_kept_with_the_plan_and_counts_no_more() {
    let folder = folder();
    let store = connected(folder.path());
    let run = plan(&store);
    assert!(store.leave_out(run, vec![(1, Some(1)), (3, Some(1))]).unwrap(), "it is a plan");
    drop(store);
    let store = Store::open(folder.path()).unwrap();
    let note = store.run(run).unwrap();
    assert_eq!((note.counts.steps, note.left_out), (2, 2), "two are in, two are not");
    let numbers: Vec<u32> = store.steps(run, 0, 10).unwrap().iter().map(|it| it.number).collect();
    assert_eq!(numbers, [2, 4], "those that are in");
    let out = StepFilter { which: Which::LeftOut, ..StepFilter::default() };
    assert_eq!(store.step_numbers(run, &out).unwrap(), [1, 3], "they can still be seen");
    assert_eq!(store.step_scopes(run).unwrap().len(), 2);
    assert!(store.leave_out(run, vec![(3, None)]).unwrap());
    assert_eq!(store.run(run).unwrap().counts.steps, 3, "taken in again");
}

#[test]
fn a_run_has_no_left_out_steps_and_says_who_was_left_out() {
    let folder = folder();
    let store = connected(folder.path());
    let run = plan(&store);
    store.leave_out(run, vec![(1, Some(1)), (3, Some(1))]).unwrap();
    assert!(store.move_run(run, &[RunState::Planned], RunState::Running, at(2)).unwrap());
    let note = store.run(run).unwrap();
    assert_eq!((note.counts.steps, note.left_out, note.skipped), (2, 0, 2));
    let skipped = store.skipped(run, 0, 10).unwrap();
    let said: Vec<_> = skipped.iter().map(|it| (it.path.as_str(), it.why.as_str())).collect();
    assert_eq!(
        said,
        [
            ("acme/p1", "Left out in the review"),
            ("acme/p3", "Left out in the review with the step it needs: acme/p1"),
        ],
        "and why"
    );
    let reasons = store.skip_reasons(run, 1).unwrap();
    assert_eq!(reasons.len(), 1, "as many reasons as were asked for");
    assert!(!store.leave_out(run, vec![(2, Some(2))]).unwrap(), "it is a plan no more");
    assert_eq!(store.run(run).unwrap().counts.steps, 2, "and nothing was written");
}
