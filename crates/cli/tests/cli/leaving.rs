//! `plan --leave-out`.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use crate::desk::{Desk, Ran, Server};

/// More than the engine gives of a plan's steps in one answer (500).
const MANY: u32 = 520;

const PLAN: [&str; 5] = ["plan", "use-default", "acme/platform", "jira", "--recursive"];

fn with(desk: &Desk, more: &[&str]) -> Ran {
    desk.run(&[&PLAN[..], more].concat())
}

fn paths(of: &Json) -> Vec<&str> {
    let rows = of.as_array().expect("a list").iter();
    rows.map(|it| it["path"].as_str().expect("a path")).collect()
}

#[test]
fn a_scope_that_is_left_out_has_no_step_and_is_listed_with_the_reason() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let whole = with(&desk, &["--json"]).json();
    let all = paths(&whole["steps"]);
    let (last, others) = all.split_last().expect("steps");
    assert!(!others.is_empty(), "something is left to do: {all:?}");
    let file = desk.path("plan.json");
    let file = file.to_str().expect("a path");
    let ran = with(&desk, &["--leave-out", last, "--json", "--output", file]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let plan = ran.json();
    assert_eq!(paths(&plan["steps"]), others, "all but that one");
    let written: Json =
        serde_json::from_str(&std::fs::read_to_string(file).expect("the file")).expect("JSON");
    assert_eq!(written, plan, "the file says the same");
    let skipped = plan["skipped"].as_array().expect("a list");
    let said = skipped.iter().find(|it| it["path"] == **last).expect("it is listed");
    assert!(said["why"].as_str().is_some_and(|why| why.starts_with("Left out")), "{said}");
    let dry = desk.run(&["apply", file, "--dry-run", "--json"]).json();
    assert_eq!(paths(&dry["steps"]), others, "what is applied is what the file says");
}

#[test]
fn a_path_without_a_step_is_refused_by_name_and_no_plan_is_made() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let whole = with(&desk, &["--json"]).json();
    let first = paths(&whole["steps"])[0].to_owned();
    let file = desk.path("plan.json");
    let file = file.to_str().expect("a path");
    // The top-level group is none of those below acme/platform.
    let refused = with(&desk, &["--leave-out", &first, "--leave-out", "acme", "--output", file]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.err.contains("--leave-out acme: the plan has no step there"), "{refused:?}");
    let unknown = with(&desk, &["--leave-out", "acme/nowhere", "--output", file]);
    assert_ne!(unknown.code, 0, "{unknown:?}");
    assert!(unknown.err.contains("acme/nowhere"), "{unknown:?}");
    let all: Vec<&str> =
        paths(&whole["steps"]).into_iter().flat_map(|path| ["--leave-out", path]).collect();
    let nothing = with(&desk, &[&all[..], &["--output", file]].concat());
    assert_eq!(nothing.code, 2, "{nothing:?}");
    assert!(nothing.err.contains("leaves nothing to do"), "{nothing:?}");
    assert!(!std::path::Path::new(file).exists(), "nothing was written");
}

/// Its path is the beginning of all others', which come first: looked for by its text among the
/// first steps it would not be found.
#[test]
fn a_scope_is_found_however_many_steps_of_like_paths_come_before_it() {
    let server = Server::start_with(&["--groups", "1", "--projects", "1"]);
    let desk = Desk::connected(&server);
    assert_eq!(desk.run(&["sync"]).code, 0, "what is there");
    let tree = desk.run(&["tree", "--json"]).json();
    let group = tree.as_array().expect("scopes").iter().find(|it| it["level"] == "group");
    let group = group.expect("a group");
    let above = group["path"].as_str().expect("a path");
    let mut list = String::new();
    let names = (1..=MANY).map(|number| format!("p{number}"));
    for name in names.chain(["p".to_owned()]) {
        server.post("/__state/projects", &json!({ "group": group["id"], "path": name }));
        writeln!(list, "{above}/{name}").expect("a line");
    }
    assert_eq!(desk.run(&["sync"]).code, 0, "all of them");
    let file = desk.path("paths");
    std::fs::write(&file, list).expect("a file");
    let file = file.to_str().expect("a path");
    let set = ["plan", "set", "external-wiki", "--paths-from", file];
    let field = ["--field", "external_wiki_url=https://wiki.example", "--json"];
    let plan = [&set[..], &field].concat();
    let whole = desk.run(&plan).json();
    let last = format!("{above}/p");
    let all = paths(&whole["steps"]);
    assert_eq!((all.len() as u32, all.last()), (MANY + 1, Some(&last.as_str())), "in this order");
    let ran = desk.run(&[&plan[..], &["--leave-out", &last]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let left = ran.json();
    assert_eq!(paths(&left["steps"]), all[..MANY as usize], "all but that one");
}
