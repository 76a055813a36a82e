//! Plans of more steps than are ever held at once: made, written and read window by window.

use std::io::{Cursor, Read};

use heirloom_engine::change::{Bulk, Filter, Plan, Selection, Wish};
use heirloom_engine::core::ids::{Level, ScopeKey, Slug};
use heirloom_engine::core::plan::Step;
use heirloom_engine::core::row::State;
use heirloom_engine::{Error, RunId, StepFilter};
use heirloom_it::Lab;
use heirloom_simulator::{Config, Even, WorldSpec};
use serde_json::Value as Json;

/// Over twice as many as are looked up, or planned again, at once.
const PROJECTS: u32 = 1_100;

async fn large() -> (Lab, Slug) {
    let even = Even { groups: 40, projects: PROJECTS, active: 1, custom_percent: 100 };
    let config = Config { world: WorldSpec::Even(even), ..Config::default() };
    let lab = Lab::connected_at(config).await;
    assert!(lab.sync().await.complete, "everything can be read");
    let kinds = lab.engine.kinds_in_use(lab.id(), None).await.expect("kinds");
    (lab, kinds.into_iter().next().expect("one kind"))
}

async fn back_to_default(lab: &Lab, slug: &Slug, scopes: Vec<ScopeKey>, below: bool) -> Plan {
    let filter =
        Filter { states: vec![State::Custom], level: Some(Level::Project), ..Filter::default() };
    let selection = Selection { scopes, below, filter };
    let bulk = Bulk { slug: slug.clone(), wish: Wish::UseDefault, selection };
    lab.engine.plan_many(lab.id(), bulk).await.expect("a plan")
}

/// All steps of a plan, in its order, with where they are.
async fn steps(lab: &Lab, plan: &Plan) -> Vec<(Step, String)> {
    let mut all = Vec::new();
    loop {
        let past = u32::try_from(all.len()).expect("a number");
        let window = lab.engine.plan_steps(plan.id, past, 500).await.expect("steps");
        if window.is_empty() {
            return all;
        }
        all.extend(window.into_iter().map(|it| (it.step, it.scope.listed.path)));
    }
}

#[tokio::test]
async fn a_subtree_and_all_of_its_scopes_by_name_are_the_same_plan() {
    let (lab, slug) = large().await;
    let tree = back_to_default(&lab, &slug, vec![ScopeKey::INSTANCE], true).await;
    assert_eq!(tree.total, PROJECTS, "every project");
    let mut whole = steps(&lab, &tree).await;
    whole.sort_by_key(|(step, _)| step.scope);
    let mut names: Vec<ScopeKey> = whole.iter().map(|(step, _)| step.scope).collect();
    // The last first, and some twice.
    names.reverse();
    names.extend(names.clone().into_iter().step_by(7));
    let named = back_to_default(&lab, &slug, names, false).await;
    assert_eq!(named.total, PROJECTS, "each once");
    let mut each = steps(&lab, &named).await;
    each.sort_by_key(|(step, _)| step.scope);
    assert!(each == whole, "step by step");
    assert_eq!((named.requests, &named.secrets), (tree.requests, &tree.secrets), "at its cost");
    assert_eq!(named.read_from, tree.read_from, "on the same readings");

    let some = ScopeKey::project(999_999);
    let filter = Filter::default();
    let selection = Selection { scopes: vec![whole[0].0.scope, some], below: false, filter };
    let bulk = Bulk { slug, wish: Wish::UseDefault, selection };
    let missing = lab.engine.plan_many(lab.id(), bulk).await;
    assert!(matches!(missing, Err(Error::Store(_))), "one that is not there: {missing:?}");
}

/// A file that cannot be read to its end.
struct Torn(Cursor<Vec<u8>>);

impl Read for Torn {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        match self.0.read(room)? {
            0 => Err(std::io::Error::other("the disk is gone")),
            read => Ok(read),
        }
    }
}

#[tokio::test]
async fn a_plan_file_with_a_fault_in_its_last_step_leaves_nothing_behind() {
    let (lab, slug) = large().await;
    let plan = back_to_default(&lab, &slug, vec![ScopeKey::INSTANCE], true).await;
    let made = steps(&lab, &plan).await;
    let bytes = lab.engine.write_plan(plan.id, Vec::new()).await.expect("a file");
    let line = lab.engine.print_plan(plan.id, Vec::new()).await.expect("a line");
    let json: Json = serde_json::from_slice(&bytes).expect("JSON");
    assert_eq!(json, serde_json::from_slice::<Json>(&line).expect("JSON"), "the same on one line");
    assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1, "and at its end");
    lab.engine.discard_plan(plan.id).await.expect("discarded");
    let connection = lab.engine.connection(lab.id()).await.expect("the connection");

    let last = json["steps"].as_array().expect("steps").len() - 1;
    let mut moved = json.clone();
    moved["steps"][last]["path"] = "harmless/sandbox".into();
    let mut twice = json.clone();
    twice["steps"][last] = json["steps"][0].clone();
    let mut shapeless = json.clone();
    shapeless["steps"][last]["action"] = "burn".into();
    let mut headless = json.clone();
    headless.as_object_mut().expect("a plan").remove("planned_at");
    let text = |json: &Json| json.to_string().into_bytes();
    let cut = bytes[..bytes.len() - 200].to_vec();
    let trailing = [bytes.as_slice(), b"{}"].concat();
    let mut runs = plan.id.0;
    for (what, fault) in [
        ("the last step is elsewhere by now", text(&moved)),
        ("the last step is the first once more", text(&twice)),
        ("the last step is none", text(&shapeless)),
        ("nothing says when it was made", text(&headless)),
        ("it ends too soon", cut),
        ("something comes after it", trailing),
    ] {
        let refused = lab.engine.read_plan(&connection, Cursor::new(fault)).await;
        assert!(refused.is_err(), "{what}");
        runs += 1;
        nothing_left(&lab, RunId(runs), what).await;
    }
    let torn = Torn(Cursor::new(bytes[..bytes.len() - 200].to_vec()));
    let refused = lab.engine.read_plan(&connection, torn).await;
    assert!(matches!(refused, Err(Error::File { .. })), "told as what it is: {refused:?}");
    nothing_left(&lab, RunId(runs + 1), "torn").await;

    // Whatever order another program writes it in.
    let mut sorted: Vec<(&String, &Json)> = json.as_object().expect("a plan").iter().collect();
    sorted.sort_by_key(|(name, _)| *name != "steps");
    let members: Vec<String> =
        sorted.into_iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    for file in [bytes, format!("{{{}}}", members.join(",")).into_bytes()] {
        let taken = lab.engine.read_plan(&connection, Cursor::new(file)).await.expect("a plan");
        assert_eq!(taken.id.0, runs + 2, "those before had begun");
        assert!(steps(&lab, &taken).await == made, "all of it, as it was made");
        assert_eq!(taken.read_from, plan.read_from, "as old as the data under it");
        lab.engine.discard_plan(taken.id).await.expect("discarded");
        runs += 1;
    }
}

async fn nothing_left(lab: &Lab, run: RunId, what: &str) {
    let tray = lab.engine.tray(lab.id()).await.expect("a tray");
    assert!(tray.plans.is_empty(), "{what}: no plan waits");
    let (steps, _) =
        lab.engine.find_steps(run, StepFilter::default(), 0, 1).await.expect("an answer");
    assert_eq!(steps, 0, "{what}: no step either");
}
