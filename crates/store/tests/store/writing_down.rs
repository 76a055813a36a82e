//! Drafts and the journal.

use std::collections::BTreeMap;

use heirloom_core::ids::{ConnectionId, ScopeKey};
use heirloom_core::plan::{Action, Besides, Snapshot, Step, Write};
use heirloom_core::settings::Settings;
use heirloom_core::value::Value;
use heirloom_store::app::drafts::Draft;
use heirloom_store::app::journal::{
    Ended, GroupStep, Needs, NewPlan, Outcome, RunId, RunState, Skipped, Touch, Touched, Turn,
};
use heirloom_store::{Error, Store};

use crate::folder::{ONE, at, details, folder, open, slug};

fn settings(text: &str) -> Settings {
    Settings {
        fields: BTreeMap::from([
            ("url".to_owned(), Value::Text(text.into())),
            ("blank".to_owned(), Value::Empty),
            ("unset".to_owned(), Value::Unset),
            ("keys".to_owned(), Value::List(vec!["A".into()])),
            ("number".to_owned(), Value::Integer(3)),
        ]),
        events: BTreeMap::from([("push_events".to_owned(), false)]),
    }
}

pub fn draft(text: &str, second: i64) -> Draft {
    Draft {
        scope: ScopeKey::project(2),
        slug: slug("jira"),
        settings: settings(text),
        begun_on: Snapshot::Stored { inherited: true, active: true, settings: settings(text) },
        kept_at: at(second),
    }
}

pub fn step(text: &str) -> Step {
    let row = |inherited| Snapshot::Stored { inherited, active: true, settings: settings(text) };
    Step {
        scope: ScopeKey::project(2),
        slug: slug("jira"),
        action: Action::SetCustom,
        before: row(true),
        after: row(false),
        writes: Vec::new(),
        secrets: vec!["password".into()],
        source: None,
        besides: Vec::new(),
    }
}

#[test]
fn drafts_survive_and_keep_what_they_were_begun_on() {
    let folder = folder();
    let store = open(folder.path());
    store.add_connection(details("a"), at(0)).unwrap();
    store.keep_draft(ONE, draft("first", 1)).unwrap();
    store.keep_draft(ONE, draft("second", 2)).unwrap();
    drop(store);
    let store = open(folder.path());
    let kept = store.draft(ONE, ScopeKey::project(2), &slug("jira")).unwrap().unwrap();
    assert_eq!(kept.settings, settings("second"), "as it stood last, each value with its type");
    assert_eq!(kept.begun_on, draft("first", 1).begun_on, "the row of the first time");
    assert_eq!(store.drafts(ONE).unwrap().len(), 1, "one for each integration and scope");
    store.discard_draft(ONE, ScopeKey::project(2), &slug("jira")).unwrap();
    store.discard_draft(ONE, ScopeKey::project(2), &slug("jira")).unwrap();
    assert!(store.drafts(ONE).unwrap().is_empty(), "discarded, and twice is no error");
}

#[test]
fn a_draft_needs_its_connection() {
    let folder = folder();
    let store = open(folder.path());
    assert!(store.keep_draft(ONE, draft("x", 1)).is_err(), "there is no such connection");
    let id = store.add_connection(details("a"), at(0)).unwrap().id;
    store.keep_draft(id, draft("x", 1)).unwrap();
    store.remove_connection(id).unwrap();
    assert!(store.drafts(id).unwrap().is_empty(), "gone with it");
}

pub fn new_plan(connection: ConnectionId) -> NewPlan {
    NewPlan { connection, slug: slug("jira"), begun_at: at(1), undoes: None }
}

pub fn drawn(store: &Store, run: RunId, touched: Vec<Touched>) {
    let mut drawing = store.draw_touched(run).unwrap();
    touched.into_iter().for_each(|it| drawing.add(it).unwrap());
    drawing.finish().unwrap();
}

pub fn ended(number: u32, outcome: Outcome, why: Option<String>, found: Option<Snapshot>) -> Ended {
    Ended { number, outcome, why, found, at: at(2) }
}

pub fn add_steps(store: &Store, run: RunId, steps: impl IntoIterator<Item = (Step, String)>) {
    let mut writing = store.write_plan(run, at(1));
    steps.into_iter().for_each(|(step, path)| writing.step(step, path).unwrap());
    writing.finish().unwrap();
}

pub fn add_skipped(store: &Store, run: RunId, skipped: impl IntoIterator<Item = Skipped>) {
    let mut writing = store.write_plan(run, at(1));
    skipped.into_iter().for_each(|it| writing.skip(it).unwrap());
    writing.finish().unwrap();
}

#[test]
fn steps_are_written_down_before_their_outcomes() {
    let folder = folder();
    let store = open(folder.path());
    store.add_connection(details("a"), at(0)).unwrap();
    let run = store.begin_plan(new_plan(ONE)).unwrap();
    let steps = vec![(step("a"), "g/p".to_owned()), (step("b"), "g/q".to_owned())];
    add_steps(&store, run, steps);
    // Read by another connection, as after a crash.
    let journal = || -> Vec<(String, Option<String>)> {
        let file = rusqlite::Connection::open(folder.path().join("app.sqlite")).unwrap();
        let mut asked = file.prepare("SELECT path, outcome FROM step ORDER BY number").unwrap();
        let rows = asked.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let open_steps = [("g/p".to_owned(), None), ("g/q".to_owned(), None)];
    assert_eq!(journal(), open_steps, "intended, and no outcome yet");
    let found = Some(step("a").after);
    store.end_steps(run, vec![ended(1, Outcome::Applied, None, found)]).unwrap();
    assert_eq!(journal()[0].1.as_deref(), Some("applied"), "its outcome, once it was read back");
    assert_eq!(journal()[1].1, None, "the other is still open");
    let missing = store.end_steps(run, vec![ended(7, Outcome::Applied, None, None)]);
    assert!(matches!(missing, Err(Error::Missing(_))), "an outcome without its intent is refused");
    let missing = store.mark_sent(run, vec![7], Some(at(2)));
    assert!(matches!(missing, Err(Error::Missing(_))), "and so is a write without one");
}

#[test]
fn a_plan_comes_back_as_it_was_made() {
    let folder = folder();
    let store = open(folder.path());
    store.add_connection(details("a"), at(0)).unwrap();
    let run = store.begin_plan(new_plan(ONE)).unwrap();
    let mut first = step("a");
    first.writes =
        vec![Write::Put { body: [("url".to_owned(), "x".into())].into_iter().collect() }];
    first.source = Some(ScopeKey::group(7));
    first.besides =
        vec![Besides::FollowsDefault, Besides::LosesSecrets { secrets: vec!["k".into()] }];
    let mut second = step("b");
    second.writes = vec![Write::Put { body: serde_json::Map::new() }, Write::Delete];
    add_steps(&store, run, [(first.clone(), "g/p".into())]);
    add_steps(&store, run, [(second.clone(), "g/q".into())]);
    let skipped = Skipped { scope: ScopeKey::project(3), path: "g/r".into(), why: "no".into() };
    let touched = |number, how| Touched { scope: ScopeKey::project(number), path: "t".into(), how };
    let both = vec![touched(4, Touch::Change), touched(5, Touch::Maybe), touched(6, Touch::Change)];
    add_skipped(&store, run, [skipped.clone()]);
    drawn(&store, run, vec![touched(9, Touch::Keep)]);
    drawn(&store, run, both.clone());
    let mut half = store.draw_touched(run).unwrap();
    half.add(touched(8, Touch::Keep)).unwrap();
    drop(half);
    let mut writing = store.write_plan(run, at(1));
    (0..3).for_each(|_| writing.same());
    writing.finish().unwrap();
    assert!(store.run(run).is_err(), "not whole yet: nobody sees it");
    store.finish_plan(run, at(1)).unwrap();
    drop(store);

    let store = open(folder.path());
    let steps: Vec<Step> = store.steps(run, 0, 10).unwrap().into_iter().map(|it| it.step).collect();
    assert_eq!(steps, [first, second.clone()], "step by step, in order");
    let window = store.steps(run, 1, 10).unwrap();
    assert_eq!((window.len(), &window[0].step), (1, &second), "or a window of them");
    assert_eq!(store.skipped(run, 0, 9).unwrap(), [skipped], "with what was left out");
    let change = store.touched(run, Touch::Change, 0, 1).unwrap();
    assert_eq!(change, (2, vec![both[0].clone()]), "and who is touched, sort by sort");
    let kept = store.touched(run, Touch::Keep, 0, 9).unwrap();
    assert_eq!(kept, (0, vec![]), "nothing of what was replaced, or given up half way");
    let needs = store.step_needs(run, 0, 9).unwrap();
    let told = |it: &Needs| (it.number, it.path.clone(), it.writes, it.source);
    assert_eq!(told(&needs[0]), (1, "g/p".into(), 1, Some(ScopeKey::group(7))), "what each needs");
    assert_eq!(told(&needs[1]), (2, "g/q".into(), 2, None));
    assert_eq!(needs[1].secrets, ["password"]);
    assert_eq!(store.step_needs(run, 1, 9).unwrap(), needs[1..], "or a window of them");
    let note = store.run(run).unwrap();
    assert_eq!(
        (note.state, note.counts.steps, note.same, note.skipped),
        (RunState::Planned, 2, 3, 1)
    );
    assert!(store.runs(ONE, 0, 9).unwrap().is_empty(), "a plan is no run yet");
    assert!(store.journal(ONE).unwrap().is_empty(), "and nothing was written by it");
}

/// What is saved in a group is handed down: who is to keep settings of its own comes first, who
/// takes them over last.
#[test]
fn a_long_plan_is_written_in_order_while_it_is_made_and_a_refusal_is_told() {
    let folder = folder();
    let store = open(folder.path());
    store.add_connection(details("a"), at(0)).unwrap();
    let run = store.begin_plan(new_plan(ONE)).unwrap();
    let path = |number: u32| format!("g/p{number}");
    add_steps(&store, run, (1..=1_234).map(|number| (step("a"), path(number))));
    store.finish_plan(run, at(1)).unwrap();
    assert_eq!(store.run(run).unwrap().counts.steps, 1_234, "all are counted");
    let last = store.steps(run, 1_200, 100).unwrap();
    assert!(last.iter().all(|it| it.path == path(it.number)), "in the order of their making");
    assert_eq!(last.len(), 34, "numbered without gaps");

    let mut writing = store.write_plan(RunId(99), at(1));
    let refused = (1..=2_000).try_for_each(|number| writing.step(step("a"), path(number)));
    assert!(refused.is_err(), "the plan is not there: whoever makes it hears of it on the way");
    let mut writing = store.write_plan(RunId(99), at(1));
    writing.step(step("a"), path(1)).unwrap();
    assert!(writing.finish().is_err(), "at the latest in the end");
}

#[test]
fn steps_are_taken_in_turns_groups_from_below_or_from_above() {
    let folder = folder();
    let store = open(folder.path());
    store.add_connection(details("a"), at(0)).unwrap();
    let run = store.begin_plan(new_plan(ONE)).unwrap();
    let (outer, inner, project) = (ScopeKey::group(1), ScopeKey::group(2), ScopeKey::project(1));
    for action in [Action::UseDefault, Action::SetCustom] {
        let steps = [outer, inner, project].map(|scope| {
            let step = Step { scope, action, ..step("a") };
            (step, scope.to_string())
        });
        add_steps(&store, run, steps);
    }
    let numbers = |turn, past, limit| -> Vec<u32> {
        let steps = store.open_steps(run, turn, past, limit).unwrap();
        steps.into_iter().map(|it| it.number).collect()
    };
    let turns = Turn::ALL.map(|turn| numbers(turn, None, 9));
    assert_eq!(turns, [vec![6], vec![5, 4], vec![1, 2], vec![3]]);
    let (up, down) = (Turn::OwnGroups, Turn::DefaultGroups);
    assert_eq!((numbers(up, None, 1), numbers(up, Some(5), 1)), (vec![5], vec![4]), "windows");
    assert_eq!((numbers(down, None, 1), numbers(down, Some(1), 1)), (vec![1], vec![2]), "windows");
    store.end_steps(run, vec![ended(1, Outcome::Refused, None, None)]).unwrap();
    store.end_steps(run, vec![ended(5, Outcome::Applied, None, None)]).unwrap();
    store.end_steps(run, vec![ended(3, Outcome::Failed, None, None)]).unwrap();
    assert_eq!(
        store.undone_groups(run).unwrap(),
        [outer].into(),
        "what hangs on it must not go on"
    );
}

#[test]
fn what_a_step_does_besides_is_added_to_it() {
    let folder = folder();
    let store = open(folder.path());
    store.add_connection(details("a"), at(0)).unwrap();
    let run = store.begin_plan(new_plan(ONE)).unwrap();
    let mut first = step("a");
    first.besides = vec![Besides::Blanks];
    let second = Step { scope: ScopeKey::group(9), action: Action::Disable, ..step("a") };
    add_steps(&store, run, [(first.clone(), "g/p".into()), (second, "g".into())]);
    let groups = store.step_groups_at(run).unwrap();
    let (active, inherits) = (step("a").after.active(), step("a").after.inherited());
    let disabled =
        GroupStep { group: ScopeKey::group(9), action: Action::Disable, active, inherits };
    assert_eq!(groups, [disabled], "what is done to groups");
    assert_eq!(store.step_scopes(run).unwrap(), [first.scope, ScopeKey::group(9)].into());
    let leaves = Besides::LeavesInheritors { inherit: 3 };
    store.add_besides(run, vec![(first.scope, leaves.clone())]).unwrap();
    let steps = store.steps(run, 0, 9).unwrap();
    assert_eq!(steps[0].step.besides, [Besides::Blanks, leaves], "beside what it had");
    assert_eq!(steps[1].step.besides, step("a").besides, "and to no other");
}

#[test]
fn a_plan_is_begun_once_and_then_not_thrown_away() {
    let folder = folder();
    let store = open(folder.path());
    store.add_connection(details("a"), at(0)).unwrap();
    let run = store.begin_plan(new_plan(ONE)).unwrap();
    add_steps(&store, run, [(step("a"), "g/p".into())]);
    let half = store.move_run(run, &[RunState::Planned], RunState::Running, at(2)).unwrap();
    assert!(!half, "what a program left half made is not begun");
    assert_eq!(store.runs_in(ONE, &[RunState::Planned], 0, 9).unwrap().0, 0, "nor seen");
    store.finish_plan(run, at(1)).unwrap();
    assert!(store.finish_plan(run, at(1)).is_err(), "whole once");
    let begin = || store.move_run(run, &[RunState::Planned], RunState::Running, at(2)).unwrap();
    assert!(begin(), "the first time");
    assert!(!begin(), "and never again");
    store.discard_plan(run).unwrap();
    store.forget_plans(at(9)).unwrap();
    assert_eq!(store.journal(ONE).unwrap().len(), 1, "what was begun stays written down");
    let open_steps = || store.open_steps(run, Turn::OwnProjects, None, 9).unwrap();
    store.mark_sent(run, vec![1], Some(at(3))).unwrap();
    assert_eq!(open_steps()[0].sent_at, Some(at(3)), "it may have arrived");
    store.mark_sent(run, vec![1], None).unwrap();
    assert_eq!(open_steps()[0].sent_at, None, "it surely did not");
    store.end_steps(run, vec![ended(1, Outcome::Applied, None, None)]).unwrap();
    assert!(open_steps().is_empty(), "nothing is open");
    assert!(store.move_run(run, &[RunState::Running], RunState::Ended, at(4)).unwrap());
    let note = store.run(run).unwrap();
    assert_eq!((note.counts.applied, note.counts.open(), note.finished_at), (1, 0, Some(at(4))));
    let other = store.begin_plan(new_plan(ONE)).unwrap();
    let half = store.begin_plan(new_plan(ONE)).unwrap();
    store.finish_plan(other, at(1)).unwrap();
    store.forget_plans(at(9)).unwrap();
    assert!(store.finish_plan(half, at(9)).is_err(), "and what was never made whole");
    assert!(store.run(other).is_err(), "an old plan is gone");
}

#[test]
fn no_run_begins_without_its_connection() {
    let folder = folder();
    let store = open(folder.path());
    assert!(store.begin_plan(new_plan(ONE)).is_err(), "nothing may be sent then");
}
