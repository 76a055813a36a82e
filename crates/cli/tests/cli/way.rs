use crate::desk::{Desk, Server};

const PAYMENTS: &str = "acme/platform/checkout/payments-api";

#[test]
fn the_whole_way_from_a_demo_server_to_nothing_left() {
    let server = Server::start();
    let desk = Desk::new().token(Some(&server.token));

    let made = desk.run(&["connect", "--url", &server.url, "--name", "demo", "--json"]);
    assert_eq!(made.code, 0, "{made:?}");
    assert_eq!(made.json()["name"], "demo", "the connection is told");

    let synced = desk.run(&["sync", "--json"]);
    assert_eq!(synced.code, 0, "{synced:?}");

    // From here on nothing needs the server or the token.
    assert_eq!(server.end(), 0, "a server that is asked to end has done its work");
    let desk = desk.token(None);
    let shown = desk.run(&["show", PAYMENTS, "jira", "--json"]);
    assert_eq!(shown.json()["state"], "custom", "offline: {shown:?}");
    let tree = desk.run(&["tree", "--json"]).json();
    assert!(tree.as_array().expect("scopes").len() > 90, "the tree is known");

    let file = desk.path("out.json");
    let target = file.to_str().expect("a path");
    let written = desk.run(&["export", "--format", "json", "-o", target]);
    assert_eq!(written.code, 0, "{written:?}");
    let export = std::fs::read_to_string(&file).expect("the file");
    let export: serde_json::Value = serde_json::from_str(&export).expect("JSON");
    assert!(export["rows"].as_array().expect("rows").len() > 500, "with every row");
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(&file).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "for its owner alone");

    let gone = desk.run(&["disconnect", "demo"]);
    assert_eq!(gone.code, 0, "{gone:?}");
    assert_eq!(desk.run(&["instances", "--json"]).json(), serde_json::json!([]), "nothing left");
}

#[test]
fn a_connection_is_named_by_name_or_number_and_must_be_where_there_are_several() {
    let (first, second) = (Server::start(), Server::start_with(&["--projects", "30"]));
    let desk = Desk::connected(&first).token(Some(&second.token));
    let made = desk.run(&["connect", "--url", &second.url, "--name", "small"]);
    assert_eq!(made.code, 0, "{made:?}");

    let unnamed = desk.run(&["sync"]);
    assert_eq!(unnamed.code, 2, "a token must not go to whichever comes first: {unnamed:?}");
    assert!(unnamed.err.contains("--instance"), "it says what to add: {unnamed:?}");
    let wrong = desk.run(&["sync", "--instance", "nobody"]);
    assert_eq!(wrong.code, 2, "{wrong:?}");

    let synced = desk.run(&["sync", "--instance", "small", "--json"]);
    assert_eq!(synced.code, 0, "{synced:?}");
    let summary = synced.lines().pop().expect("a summary");
    assert_eq!(summary["projects"], 30, "the one that was named");
    let by_number = desk.run(&["tree", "--instance", "2", "--json"]);
    assert_eq!(by_number.code, 0, "its number works as well: {by_number:?}");
    assert_eq!(desk.run(&["tree", "--instance", "demo"]).code, 3, "the other was not synced");
}

#[test]
fn one_scope_can_be_synced_alone() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let ran = desk.run(&["sync", PAYMENTS, "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let summary = ran.lines().pop().expect("a summary");
    let requests = summary["requests"]["total"].as_u64().expect("a number");
    assert!(requests < 12, "a few requests are enough for one project: {requests}");
}

#[test]
fn a_full_sync_reads_again_what_seems_unchanged() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let kinds = |arguments: &[&str]| {
        let summary = desk.run(arguments).lines().pop().expect("a summary");
        assert_eq!(summary["complete"], true, "{summary}");
        let by_kind = summary["requests"]["by_kind"].as_object().expect("kinds").clone();
        let sum: u64 = by_kind.values().filter_map(serde_json::Value::as_u64).sum();
        assert_eq!(summary["requests"]["total"], sum, "every request has its kind: {summary}");
        sum
    };
    let (second, full) = (kinds(&["sync", "--json"]), kinds(&["sync", "--full", "--json"]));
    assert!(full > second + 20, "custom rows are read again: {full} after {second}");
}

#[test]
fn a_deep_scan_says_its_cost_and_finds_what_hides_behind_off() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let state = |of: &Desk| of.run(&["show", PAYMENTS, "pipelines-email", "--json"]).json();
    assert_eq!(state(&desk)["state"], "off", "a list does not show rows that are off");
    let ran = desk.run(&["sync", "acme/platform/checkout", "--deep", "pipelines-email", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.err.starts_with("About "), "the cost comes first: {ran:?}");
    let told: String = ran.err.chars().filter(char::is_ascii_digit).take(1).collect();
    let summary = ran.lines().pop().expect("a summary");
    assert_eq!(summary["requests"]["total"].to_string(), told, "and holds: {ran:?}");
    assert_eq!(state(&desk)["state"], "disabled", "it is a row that is off");
}

#[test]
fn without_an_option_the_data_is_where_the_app_keeps_it() {
    let server = Server::start();
    let desk = Desk::new().token(Some(&server.token));
    let base = desk.path("share");
    let mut command = desk.command(&["connect", "--url", &server.url]);
    command.env_remove("HEIRLOOM_DATA_DIR").env("XDG_DATA_HOME", &base);
    let ran = crate::desk::finish(command.spawn().expect("the program"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let home = desk.path("Library/Application Support/dev.heirloom.app/app.sqlite");
    let known = base.join("dev.heirloom.app/app.sqlite").exists() || home.exists();
    assert!(known, "the app's own folder holds it");
}

#[test]
fn the_doctor_finds_what_is_wrong() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let ran = desk.run(&["doctor", "--json"]);
    assert_eq!(ran.code, 1, "there is no keychain here, and the rest works: {ran:?}");
    let found = ran.json();
    assert_eq!(found["usable"], true, "what is synced can be used");
    let status = |name: &str| {
        let checks = found["checks"].as_array().expect("checks");
        checks.iter().find(|check| check["check"] == name).map(|check| check["status"].clone())
    };
    assert_eq!(status("folder"), Some("ok".into()), "the folder");
    assert_eq!(status("database"), Some("ok".into()), "the databases");
    assert_eq!(status("keychain"), Some("failed".into()), "the keychain");
    assert_eq!(status("connection"), Some("ok".into()), "the connection");

    server.end();
    let away = desk.run(&["doctor", "--json"]).json();
    let checks = away["checks"].as_array().expect("checks");
    let connection = checks.iter().find(|check| check["check"] == "connection");
    assert_eq!(connection.expect("a check")["status"], "failed", "the server is away");

    std::fs::write(desk.data().join("app.sqlite"), b"this is no database").expect("written");
    for side in ["app.sqlite-wal", "app.sqlite-shm"] {
        drop(std::fs::remove_file(desk.data().join(side)));
    }
    let broken = desk.run(&["doctor", "--json"]);
    assert_eq!(broken.code, 3, "nothing can be done with this folder: {broken:?}");
    assert_eq!(broken.json()["usable"], false, "and it says so");
}

#[test]
fn a_local_copy_that_was_set_aside_is_spoken_of() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    std::fs::write(desk.data().join("cache.sqlite"), b"this is no database at all, but a text")
        .expect("written");
    let ran = desk.run(&["instances"]);
    assert_eq!(ran.code, 0, "the connections are elsewhere: {ran:?}");
    for text in ["begun anew", "could not be read", "heirloomctl sync", "cache.sqlite.damaged"] {
        assert!(ran.err.contains(text), "it says {text}: {ran:?}");
    }
    assert_eq!(desk.run(&["instances"]).err, "", "once");
    let found = desk.run(&["doctor", "--json"]).json();
    let checks = found["checks"].as_array().expect("checks");
    let aside = checks.iter().find(|check| check["subject"] == "cache.sqlite.damaged");
    assert_eq!(aside.expect("it lists the old one")["status"], "warning", "until it is deleted");

    for side in ["app.sqlite", "app.sqlite-wal", "app.sqlite-shm"] {
        drop(std::fs::remove_file(desk.data().join(side)));
    }
    let other = Server::start_with(&["--projects", "30"]);
    let desk = desk.token(Some(&other.token));
    let ran = desk.run(&["connect", "--url", &other.url, "--name", "small"]);
    assert!(ran.err.contains("connections that app.sqlite does not hold"), "{ran:?}");
    assert_eq!(desk.run(&["show", "acme"]).code, 3, "nothing of the other server is shown");
}
