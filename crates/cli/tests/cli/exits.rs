use crate::desk::{Desk, Server};

#[test]
fn wrong_usage_is_two() {
    let desk = Desk::new();
    for arguments in [
        &[][..],
        &["sing"],
        &["show"],
        &["connect"],
        &["connect", "--url", "https://gitlab.example"],
        &["export"],
        &["export", "--format", "yaml"],
        &["catalog", "no-such-thing"],
        &["catalog", "Not A Slug"],
        &["tree", "x", "--level", "planet"],
        &["demo-server", "--gitlab-version", "next"],
        &["demo-server", "--fault", "gremlins"],
        &["demo-server", "--workers", "0"],
        &["demo-server", "--endpoint-throttles", "perhaps"],
        &["demo-server", "--custom-percent", "20"],
        &["demo-server", "--active-per-project", "99"],
        &["disconnect", "nobody"],
        &["find"],
        &["find", " "],
        &["find", "x", "--limit", "0"],
        &["matrix", "--limit", "0"],
        &["history", "--limit", "0"],
        &["compare", "acme"],
        &["matrix", "--state", "odd"],
        &["matrix", "--only", "instances"],
        &["drift"],
        &["settings", "--keep-history", "0"],
        &["drift", "--since", "yesterday"],
        &["history", "--since", "7"],
        &["sync", "--full", "--deep", "jira"],
    ] {
        let ran = desk.run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {ran:?}");
        assert!(ran.out.is_empty(), "nothing that could be taken for an answer: {ran:?}");
        assert!(!ran.err.is_empty(), "and it says what is wrong: {arguments:?}");
    }
}

#[test]
fn nothing_done_is_three() {
    let server = Server::start();
    let empty = Desk::new().token(Some(&server.token));
    for arguments in [&["sync"][..], &["tree"], &["show", "acme"], &["export", "--format", "json"]]
    {
        let ran = empty.run(arguments);
        assert_eq!(ran.code, 3, "there is no connection yet: {ran:?}");
        assert!(ran.err.contains("heirloomctl connect"), "and the next step is said: {ran:?}");
    }
    let desk = Desk::connected(&server);
    for arguments in [
        &["show", "acme"][..],
        &["find", "acme"],
        &["compare", "acme", "vendors"],
        &["matrix"],
        &["history"],
        &["drift", "--since", "7d"],
        &["drift", "--since", "last-sync"],
    ] {
        let unsynced = desk.run(arguments);
        assert_eq!(unsynced.code, 3, "nothing is known yet: {unsynced:?}");
        assert!(unsynced.err.contains("sync"), "and the next step is said: {unsynced:?}");
    }

    let desk = Desk::synced(&server);
    assert_eq!(desk.run(&["show", "acme/nothing"]).code, 3, "no such scope");
    for arguments in [
        &["show", "acme", "slak"][..],
        &["compare", "acme", "vendors", "slak"],
        &["matrix", "--integration", "slak"],
        &["history", "--integration", "slak"],
        &["sync", "acme", "--deep", "slak"],
    ] {
        assert_eq!(desk.run(arguments).code, 2, "no such integration: a slip");
    }
    let desk = desk.token(Some("glpat-wrong"));
    let refused = desk.run(&["sync"]);
    assert_eq!(refused.code, 3, "the token is refused: {refused:?}");
    assert!(!refused.err.contains("requests"), "no cost of what cannot be begun: {refused:?}");
    let desk = desk.token(None);
    let without = desk.run(&["sync"]);
    assert_eq!(without.code, 3, "there is none: {without:?}");
    assert!(without.err.contains("token"), "and it says so: {without:?}");
    assert!(!without.err.contains("requests"), "and nothing of a cost: {without:?}");
    let future = desk.run(&["drift", "--since", "2099-01-01"]);
    assert_eq!(future.code, 2, "nobody knows what will have changed: {future:?}");
    server.end();
}

#[test]
fn a_server_that_is_away_is_three_and_leaves_the_copy_alone() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    server.end();
    let ran = desk.run(&["sync"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("cannot be reached"), "it says why: {ran:?}");
    assert_eq!(desk.run(&["show", "acme/platform", "jira"]).code, 0, "what was synced is there");
}

#[test]
fn what_cannot_be_connected_is_three_and_leaves_nothing() {
    let server = Server::start();
    let desk = Desk::new().token(Some("glpat-wrong"));
    let ran = desk.run(&["connect", "--url", &server.url]);
    assert_eq!(ran.code, 3, "a wrong token: {ran:?}");
    let desk = desk.token(Some(&server.token));
    let ran = desk.run(&["connect", "--url", "http://gitlab.nowhere.invalid"]);
    assert_eq!(ran.code, 3, "plain http beyond this computer: {ran:?}");
    assert!(ran.err.contains("Not encrypted"), "it says so: {ran:?}");
    let ran = desk.run_with(&["connect", "--url", &server.url, "--token-stdin"], &server.token);
    assert_eq!(ran.code, 3, "there is no keychain to keep it in: {ran:?}");
    assert!(ran.err.contains("keychain"), "it says so: {ran:?}");
    assert_eq!(
        desk.run(&["instances", "--json"]).json(),
        serde_json::json!([]),
        "nothing is saved"
    );
}

#[test]
fn faults_of_a_demo_server_are_met_and_outlived() {
    let server =
        Server::start_with(&["--fault", "html502=0.1;path=/integrations;method=GET;seed=7"]);
    let desk = Desk::connected(&server);
    let ran = desk.run(&["sync", "--json"]);
    let last = ran.out.lines().last().expect("a summary");
    let summary: serde_json::Value = serde_json::from_str(last).expect("JSON");
    assert!(summary["retries"].as_u64() > Some(0), "readings were tried again: {summary}");
    assert_eq!(summary["projects"], 70, "and what could be read is there: {summary}");
}

#[test]
fn a_demo_server_to_measure_with_has_projects_that_are_alike() {
    let server = Server::start_with(&[
        "--projects",
        "40",
        "--groups",
        "4",
        "--active-per-project",
        "5",
        "--custom-percent",
        "20",
        "--workers",
        "2",
    ]);
    let desk = Desk::synced(&server);
    let export = desk.run(&["export", "--format", "json"]);
    let export: serde_json::Value = serde_json::from_str(&export.out).expect("JSON");
    let rows = export["rows"].as_array().expect("rows");
    let of_projects: Vec<_> =
        rows.iter().filter(|row| row["level"] == "project" && row["active"] == true).collect();
    assert_eq!(of_projects.len(), 200, "five of each project");
    let custom = of_projects.iter().filter(|row| row["link"] == "custom").count();
    assert_eq!(custom, 40, "a fifth of them custom");
    server.end();
}

/// Switching off what inherits is a PUT and a DELETE. GitLab takes the first alone.
#[test]
fn a_step_done_in_part_is_not_nothing() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let file = desk.path("plan.json");
    let file = file.to_str().expect("a path");
    let path = "acme/platform/checkout/cart-service";
    let planned = desk.run(&["plan", "disable", path, "slack", "-o", file]);
    assert_eq!(planned.code, 0, "{planned:?}");
    server.send_text("PUT", "/__faults", "html502=1;method=DELETE");
    let ran = desk.run(&["apply", file]);
    assert_eq!(ran.code, 1, "the row is another one now: {ran:?}");
    assert!(ran.out.contains("Only part of it is done"), "and it says so: {ran:?}");
}

/// Every command, in an order in which each has what it needs.
#[test]
fn all_of_it_is_zero() {
    let server = Server::start();
    let desk = Desk::new().token(Some(&server.token));
    let (plan, sheet, drift) =
        (desk.path("plan.json"), desk.path("all.csv"), desk.path("drift.csv"));
    let [plan, sheet, drift] = [&plan, &sheet, &drift].map(|path| path.to_str().expect("a path"));
    let payments = "acme/platform/checkout/payments-api";
    let mut run = String::new();
    for arguments in [
        &["connect", "--url", &server.url, "--name", "demo"][..],
        &["instances"],
        &["sync"],
        &["sync", "acme/mobile"],
        &["sync", "--full"],
        &["sync", "acme/mobile", "--deep", "slack"],
        &["tree"],
        &["tree", "acme"],
        &["show", "acme"],
        &["show", payments, "jira"],
        &["find", "jira-old"],
        &["find", "nothing-like-it"],
        &["matrix"],
        &["matrix", "acme", "--state", "unavailable"],
        &["compare", payments, "acme", "jira"],
        &["history"],
        &["drift", "--since", "7d"],
        &["drift", "--since", "7d", "-o", drift],
        &["catalog"],
        &["catalog", "jira"],
        &["export", "--format", "json"],
        &["export", "--format", "csv", "-o", sheet],
        &["export", "--format", "html"],
        &["plan", "use-default", payments, "jira", "-o", plan],
        &["apply", plan, "--dry-run"],
        &["apply", plan, "--json"],
        &["undo", "RUN", "--dry-run"],
        &["settings"],
        &["settings", "--keep-history", "90"],
        &["completions", "bash"],
        &["disconnect", "demo"],
        &["instances"],
    ] {
        let arguments: Vec<&str> =
            arguments.iter().map(|it| if *it == "RUN" { run.as_str() } else { it }).collect();
        let ran = desk.run(&arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
        if arguments.contains(&"apply") && arguments.contains(&"--json") {
            run = ran.lines().last().expect("a result")["run"].to_string();
        }
    }
    assert_eq!(server.end(), 0, "demo-server, too, when it is asked to end");
}

#[test]
fn part_of_it_is_one() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let doctor = desk.run(&["doctor"]);
    assert_eq!(doctor.code, 1, "the data can be used, the keychain cannot: {doctor:?}");
    server.send_text("PUT", "/__faults", "html502=1;path=/projects/7/integrations");
    let scope = desk.run(&["sync", "--json"]);
    assert_eq!(scope.code, 1, "one scope could not be read: {scope:?}");
    let summary = scope.lines().pop().expect("a summary");
    assert_eq!(summary["failed"].as_array().map(Vec::len), Some(1), "and it is named: {summary}");
}
