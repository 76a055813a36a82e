//! `plan`, `apply`, `undo`, `again`: the way a change goes without a window.

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
        [
            "action", "after", "before", "besides", "id", "level", "path", "scope_id", "secrets",
            "slug"
        ],
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
            "followed",
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

#[test]
fn a_file_that_changes_a_default_tells_who_inherits_it_and_wants_their_number() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let file = desk.path("plan.json");
    let file = file.to_str().expect("a path");
    let set = ["plan", "set", "acme", "pipelines-email", "--level", "group"];
    let field = ["--field", "recipients=ops@acme.example", "-o", file];
    let shown = desk.run(&[&set[..], &field[..]].concat());
    done(&shown);
    let count = shown.err.split("--confirm ").nth(1).expect("a number is asked for").trim();
    let refused = desk.run(&["apply", file]);
    assert_eq!(refused.code, 2, "a file is no way round it: {}", all(&refused));
    assert!(all(&refused).contains(&format!("--confirm {count}")), "{}", all(&refused));
    let dry = desk.run(&["apply", file, "--dry-run"]);
    assert!(dry.out.contains("inherit from here and are to change"), "{}", all(&dry));
    assert!(dry.out.contains("some GitLabs later or not at all"), "no promise: {}", all(&dry));
    let lines = desk.run(&["apply", file, "--confirm", count, "--json"]).lines();
    let result = lines.last().expect("a result");
    assert_eq!(result["applied"], 1, "{result}");
    let followed = &result["followed"];
    assert!(followed["inherit"].as_u64() > Some(0), "who inherits it is read again: {result}");
    assert_eq!(followed["read"], followed["matching"], "and has it: {result}");
    let run = result["run"].to_string();
    let again = desk.run(&["apply", "--resume", &run, "--json"]);
    done(&again);
    let lines = again.lines();
    let looked = &lines.last().expect("a result")["followed"];
    assert_eq!(looked, followed, "a run that is over can be looked at again");
    let over = desk.run(&["history", "--runs", "--json"]).json();
    assert_eq!(over["runs"][0]["followed_to_its_end"], true, "{over}");
}

#[test]
fn scopes_and_their_secrets_can_come_from_files() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let storefront = "acme/platform/web/storefront";
    let (paths, secrets, file) =
        (desk.path("paths.txt"), desk.path("secrets.json"), desk.path("plan.json"));
    let listed = format!("\u{feff}{PAYMENTS}\r\n\n# not this one\n  {storefront}  \n");
    std::fs::write(&paths, listed).expect("written");
    let (one, other) = ("canary-one-Cl82", "canary-other-Cl82");
    let given = serde_json::json!({
        PAYMENTS: { "webhook": format!("https://hooks.slack.com/{one}") },
        storefront: { "webhook": format!("https://hooks.slack.com/{other}") },
    });
    std::fs::write(&secrets, given.to_string()).expect("written");
    let [paths, secrets, file] =
        [&paths, &secrets, &file].map(|path| path.to_str().expect("a path"));
    let set = ["plan", "set", "slack", "--paths-from", paths, "--field", "username=Heirloom"];
    done(&desk.run(&[&set[..], &["-o", file]].concat()));
    let text = std::fs::read_to_string(file).expect("a plan");
    let plan: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let steps = plan["steps"].as_array().expect("steps");
    let planned: Vec<&str> = steps.iter().filter_map(|step| step["path"].as_str()).collect();
    assert_eq!(planned, [PAYMENTS, storefront], "those that are listed");
    let applied = desk.run(&["apply", file, "--secrets-from", secrets, "--json"]);
    done(&applied);
    assert_eq!(applied.lines().last().expect("a result")["applied"], 2, "{applied:?}");
    for secret in [one, other] {
        assert!(!all(&applied).contains(secret) && !text.contains(secret), "it is shown nowhere");
    }
    let sent: Vec<String> = server
        .requests()
        .iter()
        .filter(|request| request["method"] == "PUT")
        .map(ToString::to_string)
        .collect();
    assert_eq!(sent.len(), 2, "one each: {sent:?}");

    std::fs::write(secrets, "{\"a\": \"canary-misplaced\"}").expect("written");
    let wrong = desk.run(&["apply", file, "--secrets-from", secrets]);
    assert_eq!(wrong.code, 2, "{wrong:?}");
    assert!(!all(&wrong).contains("canary-misplaced"), "nor where it stands wrongly: {wrong:?}");
}

#[test]
fn what_gitlab_does_besides_is_said_before() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let plan = desk.run(&["plan", "use-default", PAYMENTS, "jira"]);
    assert!(
        plan.out.contains("besides: deletes what is stored for"),
        "a password that nobody can give back: {}",
        all(&plan)
    );
}

#[test]
fn a_secret_that_no_step_takes_is_refused_not_dropped() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let file = desk.path("plan.json");
    let file = file.to_str().expect("a path");
    done(&desk.run(&["plan", "use-default", PAYMENTS, "jira", "-o", file]));
    let secret = "canary-Wm20-password";
    let refused = desk.run_with(&["apply", file, "--secret-stdin", "password"], secret);
    assert_eq!(refused.code, 2, "it would have gone nowhere: {}", all(&refused));
    assert!(!all(&refused).contains(secret), "and it is not repeated");

    let secrets = desk.path("secrets.json");
    for wrong in ["{\"acme\": \"canary-Wm20-password\"}", "{\"acme\": {\"password\": 20200131}}"] {
        std::fs::write(&secrets, wrong).expect("a file");
        let from = ["--secrets-from", secrets.to_str().expect("a path")];
        let refused = desk.run(&[&["apply", file][..], &from[..]].concat());
        assert_eq!(refused.code, 2, "not in this shape: {}", all(&refused));
        assert!(all(&refused).contains("line 1"), "it says where: {}", all(&refused));
        for part in ["canary", "20200131"] {
            assert!(!all(&refused).contains(part), "what is in it is not: {}", all(&refused));
        }
    }
}

#[test]
fn what_a_run_did_not_do_is_planned_again() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let file = desk.path("plan.json");
    let file = file.to_str().expect("a path");
    done(&desk.run(&["plan", "use-default", PAYMENTS, "jira", "-o", file]));
    let moved = desk.run(&["apply", file, "--json"]).lines();
    let moved = moved.last().expect("a result")["run"].to_string();
    let nothing = desk.run(&["again", &moved, "--dry-run"]);
    assert_eq!(nothing.code, 3, "all of it was done: {}", all(&nothing));

    // Of two steps each lacks its secret, so that neither stops the run before it begins.
    let set = ["plan", "set", PAYMENTS, "acme/platform/web/storefront", "jira"];
    let set = [&set[..], &["--field", "project_key=NEW", "--secret-stdin", "password"]].concat();
    done(&desk.run(&[&set[..], &["-o", file]].concat()));
    let lacking = desk.run(&["apply", file, "--json"]);
    let result = lacking.lines().pop().expect("a result");
    assert_eq!(result["failed"], 2, "nobody gave it: {result}");
    let run = result["run"].to_string();
    done(&desk.run(&["again", &run, "-o", file]));
    let plan: serde_json::Value =
        serde_json::from_slice(&std::fs::read(file).expect("a file")).expect("JSON");
    assert_eq!(plan["steps"].as_array().map(Vec::len), Some(2), "both: {plan}");
    let again = desk.run_with(&["again", &run, "--json", "--secret-stdin", "password"], "given");
    let result = again.lines().pop().expect("a result");
    assert_eq!(result["applied"], 2, "both: {}", all(&again));
}

#[test]
fn a_run_that_was_held_is_listed_and_looked_at_without_going_on() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let file = desk.path("plan.json");
    let file = file.to_str().expect("a path");
    done(&desk.run(&[
        "plan",
        "disable",
        "acme/platform",
        "pipelines-email",
        "--recursive",
        "-o",
        file,
    ]));
    let asked = desk.run(&["apply", file, "--dry-run"]);
    let confirm: Vec<&str> = match asked.err.split("--confirm ").nth(1) {
        Some(count) => vec!["--confirm", count.trim()],
        None => Vec::new(),
    };
    server.end();
    let held = desk.run(&[&["apply", file, "--json"][..], &confirm].concat());
    assert_eq!(held.code, 3, "nothing could be done: {}", all(&held));
    let listed = desk.run(&["history", "--runs", "--json"]).json();
    let run = &listed["runs"][0];
    assert_eq!(run["state"], "paused", "it can go on: {listed}");
    assert_eq!(run["remaining"], run["steps"], "all of it: {listed}");
    let text = desk.run(&["history", "--runs"]);
    let number = run["run"].to_string();
    assert!(text.out.contains(&format!("apply --resume {number}")), "{}", all(&text));
    let dry = desk.run(&["apply", "--resume", &number, "--dry-run", "--json"]);
    assert_eq!(dry.code, 0, "only looked at, which needs no server: {}", all(&dry));
    assert_eq!(dry.json()["remaining"], run["steps"], "nothing went on");
}

#[test]
fn a_run_is_never_taken_for_one_of_another_instance() {
    let (one, two) = (Server::start(), Server::start());
    let desk = Desk::synced(&one);
    let connect = ["connect", "--url", &two.url, "--name", "two"];
    let desk = desk.token(Some(&two.token));
    done(&desk.run(&connect));
    let desk = desk.token(Some(&one.token));
    let undo = ["plan", "disable", PAYMENTS, "jira", "--instance", "demo", "-o"];
    let file = desk.path("plan.json");
    let file = file.to_str().expect("a path");
    done(&desk.run(&[&undo[..], &[file]].concat()));
    let applied = desk.run(&["apply", file, "--instance", "demo", "--json"]).lines();
    let run = applied.last().expect("a result")["run"].to_string();
    let desk = desk.token(Some(&two.token));
    for wrong in [
        vec!["undo", &run, "--dry-run", "--instance", "two"],
        vec!["apply", "--resume", &run, "--instance", "two"],
    ] {
        let refused = desk.run(&wrong);
        assert_eq!(refused.code, 2, "{wrong:?}: {}", all(&refused));
        assert!(all(&refused).contains("“demo”"), "it says whose: {}", all(&refused));
    }
}

#[test]
fn where_every_change_is_confirmed_one_scope_is_too() {
    let server = Server::start();
    let desk = Desk::new().token(Some(&server.token));
    let connect = ["connect", "--url", &server.url, "--safety", "confirm-each"];
    done(&desk.run(&connect));
    done(&desk.run(&["sync"]));
    let file = desk.path("plan.json");
    let file = file.to_str().expect("a path");
    done(&desk.run(&["plan", "use-default", PAYMENTS, "jira", "-o", file]));
    let refused = desk.run(&["apply", file]);
    assert_eq!(refused.code, 2, "not without a word: {}", all(&refused));
    done(&desk.run(&["apply", file, "--confirm", "1"]));
}

#[test]
fn how_long_a_plan_takes_is_said_where_the_server_was_measured() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    server.send_text("PUT", "/__faults", "latency=400..400;path=/integrations");
    let field = ["--field", "external_wiki_url=https://wiki.example"];
    let plan = [&["plan", "set", "acme/platform", "external-wiki"], &field[..]].concat();
    let plain = desk.run(&plan);
    done(&plain);
    assert!(
        plain.out.contains("3 requests\n"),
        "nothing was asked, and nothing is guessed: {plain:?}"
    );
    let asked = desk.run(&[&plan[..], &["--ask"]].concat());
    done(&asked);
    let said = asked.out.lines().find_map(|line| line.split_once("3 requests: "));
    let (_, said) = said.unwrap_or_else(|| panic!("it was measured: {asked:?}"));
    let seconds = said.strip_suffix(" s or more, as fast as GitLab answered last");
    let seconds: Option<u32> = seconds.and_then(|it| it.parse().ok());
    assert!(seconds >= Some(1), "a read, a write and another read: {said}");
}

#[test]
fn what_is_off_is_left_out_of_a_subtree_as_not_asked_until_somebody_asks() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let plan = ["plan", "enable", "acme", "external-wiki", "--recursive", "--only", "project"];
    let without = desk.run(&plan);
    assert!(all(&without).contains("were not asked"), "nobody looked: {}", all(&without));
    let asked = desk.run(&[&plan[..], &["--ask"]].concat());
    assert!(asked.err.contains("a request each"), "what it costs is said: {}", all(&asked));
    assert!(!all(&asked).contains("were not asked"), "each was asked: {}", all(&asked));
}
