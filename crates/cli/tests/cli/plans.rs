//! `plan`, `apply`, `undo`: the way a change goes without a window.

use crate::desk::{Desk, Ran, Server};

const PAYMENTS: &str = "acme/platform/checkout/payments-api";

fn done(ran: &Ran) {
    assert_eq!(ran.code, 0, "{ran:?}");
}

fn all(ran: &Ran) -> String {
    format!("{}{}", ran.out, ran.err)
}

fn keys(json: &serde_json::Value) -> Vec<&str> {
    let mut keys: Vec<&str> =
        json.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn overrides_go_back_to_the_default_and_the_run_is_taken_back() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let file = desk.path("plan.json");
    let file = file.to_str().expect("a path");
    let plan = ["plan", "use-default", "acme/platform", "jira", "--recursive"];
    let shown = desk.run(&[&plan[..], &["--json"]].concat()).json();
    assert_eq!(
        keys(&shown),
        ["blast", "instance", "planned_at", "skipped", "steps", "version"],
        "a plan"
    );
    assert_eq!(
        keys(&shown["steps"][0]),
        ["action", "after", "before", "id", "level", "path", "scope_id", "secrets", "slug"],
        "its steps"
    );
    done(&desk.run(&[&plan[..], &["-o", file]].concat()));
    let dry = desk.run(&["apply", file, "--dry-run", "--json"]).json();
    assert_eq!(dry["steps"], shown["steps"], "a dry run shows the plan, and does nothing");
    let lines = desk.run(&["apply", file, "--json"]).lines();
    let result = lines.last().expect("a result");
    assert_eq!(
        keys(result),
        [
            "already",
            "applied",
            "conflicts",
            "failed",
            "outcomes",
            "refused",
            "remaining",
            "requests",
            "run",
            "seconds",
            "stopped",
            "unknown"
        ],
        "what came of it"
    );
    let steps = shown["steps"].as_array().expect("steps").len();
    assert_eq!(result["applied"], steps, "every step: {result}");
    assert_eq!(keys(&result["outcomes"][0]), ["id", "level", "outcome", "path", "slug", "why"]);
    let path = shown["steps"][0]["path"].as_str().expect("a path");
    let now = desk.run(&["show", path, "jira", "--json"]).json();
    assert_eq!(now["state"], "inherited", "and the local copy knows it at once");

    let again = desk.run(&["apply", file]);
    assert_eq!(again.code, 3, "the local copy has overtaken the plan");
    let run = result["run"].to_string();
    let undo = ["undo", &run, "--json", "--secret-stdin", "password"];
    let back = desk.run_with(&undo, "another one").lines();
    assert_eq!(back.last().expect("a result")["applied"], steps, "taken back: {back:?}");
    let now = desk.run(&["show", path, "jira", "--json"]).json();
    assert_eq!(now["state"], "custom", "as it was");
}

#[test]
fn settings_are_typed_by_the_catalog_and_secrets_are_never_arguments() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let secret = "canary-Cl71-password";
    let refused =
        desk.run(&["plan", "set", PAYMENTS, "jira", "--field", &format!("password={secret}")]);
    assert_eq!(refused.code, 2, "a secret on the command line is refused");
    assert!(!all(&refused).contains(secret), "and not repeated: {}", all(&refused));
    let wrong = desk.run(&["plan", "set", PAYMENTS, "jira", "--field", "url=nonsense"]);
    assert_eq!(wrong.code, 3, "what GitLab would not take is not planned: {}", all(&wrong));
    assert!(all(&wrong).contains("Web URL"), "and the field is named: {}", all(&wrong));
    let file = desk.path("plan.json");
    let file = file.to_str().expect("a path");
    let plan = desk.run(&[
        "plan",
        "set",
        PAYMENTS,
        "jira",
        "--field",
        "jira_issue_regex=PAY-[0-9]+",
        "-o",
        file,
    ]);
    done(&plan);
    let without = desk.run(&["apply", file]);
    assert_eq!(without.code, 3, "without its secret nothing is sent: {}", all(&without));
    let given = desk.run_with(&["apply", file, "--secret-stdin", "password"], secret);
    done(&given);
    assert!(!all(&given).contains(secret), "it is shown nowhere");
    let now = desk.run(&["show", PAYMENTS, "jira", "--json"]).json();
    assert_eq!(now["own"]["fields"]["jira_issue_regex"], "PAY-[0-9]+", "it is there");
}

#[test]
fn many_scopes_want_their_number_confirmed() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let file = desk.path("plan.json");
    let file = file.to_str().expect("a path");
    done(&desk.run(&["plan", "disable", "acme", "pipelines-email", "--recursive", "-o", file]));
    let refused = desk.run(&["apply", file]);
    assert_eq!(refused.code, 2, "not without it: {}", all(&refused));
    assert!(all(&refused).contains("--confirm "), "and it says how: {}", all(&refused));
    let wrong = desk.run(&["apply", file, "--confirm", "1"]);
    assert_eq!(wrong.code, 2, "nor with another: {}", all(&wrong));
}
