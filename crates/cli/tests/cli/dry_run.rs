//! `--dry-run`: every command that would change something can be looked at first.

use serde_json::Value as Json;

use crate::desk::{Desk, Server};

/// How often a server was told to change something.
fn writes(server: &Server) -> usize {
    server.requests().iter().filter(|it| it["method"] != "GET").count()
}

#[test]
fn a_plan_is_shown_and_neither_written_nor_kept() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let file = desk.path("plan.json");
    let plan = ["plan", "use-default", "acme/platform", "jira", "--recursive"];
    let output = ["--output", file.to_str().expect("a path"), "--ask", "--dry-run", "--json"];
    let asked = server.requests().len();
    let ran = desk.run(&[&plan[..], &output].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    let steps = ran.json()["steps"].as_array().map(Vec::len);
    assert!(steps.is_some_and(|it| it > 0), "it is shown: {ran:?}");
    assert!(!file.exists(), "no file");
    assert_eq!(server.requests().len(), asked, "and nobody was asked");
    let whole = desk.run(&[&plan[..], &output[..2], &["--json"]].concat());
    assert_eq!(whole.json()["steps"], ran.json()["steps"], "what it showed is what is made");
    assert!(file.exists(), "without it there is a file");
}

#[test]
fn a_sync_says_what_it_would_take_and_reads_nothing() {
    let server = Server::start();
    let desk = Desk::connected(&server);
    let cost = desk.run(&["sync", "--dry-run", "--json"]).json();
    assert!(cost["requests"].as_u64().is_some_and(|it| it > 0), "{cost}");
    let read: Vec<Json> = server
        .requests()
        .into_iter()
        .filter(|it| it["path"].as_str().is_some_and(|path| path.contains("/integrations")))
        .collect();
    assert!(read.is_empty(), "no settings were read: {read:?}");
    let said = desk.run(&["sync", "--dry-run"]);
    assert!(said.out.contains("Nothing was read"), "{said:?}");
}

#[test]
fn a_connection_is_checked_and_not_made_and_shown_and_not_removed() {
    let server = Server::start();
    let desk = Desk::new().token(Some(&server.token));
    let connect = ["connect", "--url", &server.url, "--dry-run"];
    let checked = desk.run(&[&connect[..], &["--json"]].concat());
    assert_eq!(checked.code, 0, "{checked:?}");
    let found = checked.json();
    let checks = found["checks"].as_array().expect("checks");
    assert!(checks.iter().any(|it| it["status"] == "ok"), "{found}");
    assert_eq!(desk.run(&["instances", "--json"]).json(), serde_json::json!([]), "not saved");
    let wrong = Desk::new().token(Some("glpat-nobody")).run(&connect);
    assert_eq!(wrong.code, 3, "a token that is refused could not be connected: {wrong:?}");

    let desk = Desk::synced(&server);
    let before = desk.run(&["instances", "--json"]).json();
    let name = before[0]["name"].as_str().expect("a name");
    let said = desk.run(&["disconnect", name, "--dry-run"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("would be removed") && said.out.contains("projects"), "{said:?}");
    assert_eq!(desk.run(&["instances", "--json"]).json(), before, "it is still there");
    assert_eq!(writes(&server), 0, "and GitLab was told nothing");
}

#[test]
fn settings_are_shown_as_they_would_be_and_stay() {
    let desk = Desk::new();
    let shown =
        |more: &[&str]| -> Json { desk.run(&[&["settings", "--json"], more].concat()).json() };
    let before = shown(&[]);
    let dry = shown(&["--keep-history", "77", "--plan-data", "7", "--dry-run"]);
    assert_eq!((&dry["keep_history_days"], &dry["plan_data_hours"]), (&77.into(), &7.into()));
    assert_eq!(shown(&[]), before, "nothing was set");
}
