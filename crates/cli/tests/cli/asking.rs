//! `find` and `compare`.

use serde_json::{Value as Json, json};

use crate::desk::{Desk, Server};
use crate::shapes::{is_time, keys};

const PAYMENTS: &str = "acme/platform/checkout/payments-api";
const REFUNDS: &str = "acme/platform/checkout/refunds-worker";

fn list(json: &Json) -> &Vec<Json> {
    json.as_array().expect("a list")
}

fn names(json: &Json) -> Vec<&str> {
    list(json).iter().filter_map(Json::as_str).collect()
}

#[test]
fn find_says_who_still_has_a_value_and_how_many_inherit_it() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let old = desk.run(&["find", "jira-old.acme", "--json"]).json();
    assert_eq!(keys(&old), ["query", "scopes", "totals", "values"], "the document");
    assert_eq!(keys(&old["totals"]), ["scopes", "values"], "totals");
    assert_eq!(keys(&old["totals"]["values"]), ["more", "n"], "a total");
    assert_eq!(old["scopes"], json!([]), "no scope is called so");
    let hits: Vec<(&str, &str)> = list(&old["values"])
        .iter()
        .map(|hit| {
            assert_eq!(keys(hit), ["field", "inherited_by", "scope", "slug", "value"], "a hit");
            assert_eq!(keys(&hit["scope"]), ["id", "level", "path"], "its scope");
            assert_eq!((&hit["slug"], &hit["inherited_by"]), (&"jira".into(), &0.into()), "{hit}");
            let text = |json: &'_ Json| json.as_str().unwrap_or_default().contains("jira-old.acme");
            assert!(text(&hit["value"]), "its value: {hit}");
            let path = hit["scope"]["path"].as_str().expect("a path");
            (path, hit["field"].as_str().expect("a name"))
        })
        .collect();
    for path in [PAYMENTS, REFUNDS] {
        for field in ["url", "api_url"] {
            assert!(hits.contains(&(path, field)), "{field} of {path}: {hits:?}");
        }
    }
    assert_eq!(old["totals"]["values"]["n"], hits.len(), "all of them are shown");

    let new = desk.run(&["find", "https://jira.acme.example", "--json"]).json();
    let platform = list(&new["values"])
        .iter()
        .find(|hit| hit["scope"]["path"] == "acme/platform" && hit["field"] == "url")
        .expect("the default");
    assert!(platform["inherited_by"].as_u64() > Some(5), "those who inherit it: {platform}");
    let text = desk.run(&["find", "https://jira.acme.example"]).out;
    let line = text.lines().find(|line| line.contains(" acme/platform ")).expect("a line");
    assert!(line.contains("Jira") && line.contains("inherit it"), "the same to read: {line}");
}

#[test]
fn find_takes_parts_of_names_and_paths_and_shows_as_many_as_asked_for() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let found = desk.run(&["find", "PAYMENTS", "--limit", "1", "--json"]).json();
    let [scope] = list(&found["scopes"]).as_slice() else { panic!("one of them: {found}") };
    assert_eq!(keys(scope), ["archived", "id", "level", "name", "path"], "a scope");
    assert!(scope["path"].as_str().expect("a path").contains("payments"), "{scope}");
    assert!(found["totals"]["scopes"]["n"].as_u64() > Some(1), "there are more: {found}");
    let text = desk.run(&["find", "payments", "--limit", "1"]);
    assert!(text.out.contains("--limit shows more"), "and it says so: {text:?}");
    let short = desk.run(&["find", "pa", "--json"]).json();
    assert!(!list(&short["scopes"]).is_empty(), "names are found by their start");
    let begun = desk.run(&["find", "RE", "--json"]).json();
    let keys_of = |hit: &Json| hit["value"].to_string().to_lowercase();
    let hits: Vec<String> = list(&begun["values"]).iter().map(keys_of).collect();
    assert!(hits.iter().any(|hit| hit.contains("\"ref\"")), "values too, in any case: {hits:?}");
    for hit in &hits {
        assert!(hit.starts_with("\"re") || hit.contains("[\"re"), "and by nothing else: {hit}");
    }
    let one = desk.run(&["find", "r", "--limit", "200", "--json"]).json();
    let all: Vec<String> = list(&one["values"]).iter().map(keys_of).collect();
    assert!(hits.iter().all(|hit| all.contains(hit)), "one character finds no less: {all:?}");
    let secret = desk.run(&["find", "payments-jira-password", "--json"]).json();
    assert_eq!((&secret["scopes"], &secret["values"]), (&json!([]), &json!([])), "no secret");
    assert_eq!(desk.run(&["find", "nothing-like-it"]).code, 0, "that is an answer too");
}

#[test]
fn compare_lists_what_differs_between_two_scopes() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let ran = desk.run(&["compare", PAYMENTS, REFUNDS, "jira", "--json"]);
    assert_eq!(ran.code, 0, "differing is no failure: {ran:?}");
    let found = ran.json();
    assert_eq!(keys(&found), ["a", "b", "integrations"], "the document");
    assert_eq!((&found["a"]["path"], &found["b"]["path"]), (&PAYMENTS.into(), &REFUNDS.into()));
    let [jira] = list(&found["integrations"]).as_slice() else { panic!("one: {found}") };
    let expected = ["a", "b", "cannot_compare", "differs", "same", "settings", "slug"];
    assert_eq!(keys(jira), expected, "an integration");
    for side in [&jira["a"], &jira["b"]] {
        let expected = ["active", "link", "read_at", "source", "state", "values"];
        assert_eq!(keys(side), expected, "a side");
        assert_eq!((&side["state"], &side["values"]), (&"custom".into(), &"read".into()), "{side}");
        assert!(is_time(&side["read_at"]), "when: {side}");
    }
    let differs = names(&jira["differs"]);
    for name in ["jira_issue_regex", "project_keys", "merge_requests_events"] {
        assert!(differs.contains(&name), "{name} differs: {differs:?}");
    }
    assert!(!differs.contains(&"url"), "both are at the old address: {differs:?}");
    assert!(names(&jira["cannot_compare"]).contains(&"password"), "secrets cannot be compared");
    assert!(jira["same"].as_u64() > Some(2), "the rest is the same");
    let setting = |name: &str| {
        let settings = list(&jira["settings"]).iter();
        settings.clone().find(|it| it["name"] == name).unwrap_or_else(|| panic!("{name}: {jira}"))
    };
    assert_eq!(keys(setting("project_keys")), ["a", "b", "name", "secret", "verdict"], "one");
    assert_eq!(setting("project_keys")["a"], json!([]), "typed values");
    assert_eq!(setting("project_keys")["b"], json!(["REF"]), "of both");
    let password = setting("password");
    assert_eq!((&password["secret"], &password["a"]), (&true.into(), &Json::Null), "no secret");
    let text = desk.run(&["compare", PAYMENTS, REFUNDS, "jira"]).out;
    let line = text.lines().find(|line| line.contains("jira_issue_regex")).expect("a line");
    let words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(words, ["≠", "jira_issue_regex", "PAY-\\d+", "REF-\\d+"], "side by side");
    let secrets = text.lines().find(|line| line.contains("Can’t be compared")).expect("a line");
    assert!(secrets.contains("password"), "and secrets are named: {secrets}");
}

#[test]
fn compare_without_a_slug_takes_every_integration_that_either_has() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let found = desk.run(&["compare", PAYMENTS, REFUNDS, "--json"]).json();
    let kind = |slug: &str| {
        let kinds = list(&found["integrations"]).iter();
        kinds.clone().find(|kind| kind["slug"] == slug).unwrap_or_else(|| panic!("{slug}: {found}"))
    };
    let harbor = kind("harbor");
    assert_eq!(harbor["a"]["values"], "source", "inherited ones count, with their source's values");
    assert_eq!(harbor["a"]["source"]["path"], "acme/platform", "{harbor}");
    assert_eq!(harbor["differs"], json!([]), "which are the same");
    let jenkins = kind("jenkins");
    assert_ne!(jenkins["a"]["state"], jenkins["b"]["state"], "states may differ as well");
    let shown = desk.run(&["show", PAYMENTS, "--json"]).json();
    for one in list(&shown["integrations"]).iter().filter(|one| !one["link"].is_null()) {
        kind(one["slug"].as_str().expect("a slug"));
    }
    let levels = desk.run(&["compare", PAYMENTS, "acme", "--level", "group", "--json"]).json();
    assert_eq!(levels["a"]["level"], "project", "a level is for what is both: {levels}");
    let same = desk.run(&["compare", PAYMENTS, PAYMENTS, "--json"]).json();
    for kind in list(&same["integrations"]) {
        assert_eq!(kind["differs"], json!([]), "nothing differs from itself: {kind}");
    }
}

#[test]
fn the_help_of_each_question_tells_its_shape() {
    let desk = Desk::new();
    for (command, named) in [
        ("find", &["query", "scopes", "values", "totals", "inherited_by", "more"][..]),
        ("matrix", &["total", "slugs", "rows", "cells", "depth", "agrees", "custom_below"]),
        ("compare", &["integrations", "same", "differs", "cannot_compare", "verdict", "secret"]),
        ("history", &["since", "total", "changes", "steps", "before", "after", "run", "outcome"]),
        ("drift", &["since", "until", "by_kind", "by_sync", "scopes", "settings", "states"]),
    ] {
        let help = desk.run(&[command, "--help"]).out;
        for name in named {
            assert!(help.contains(&format!("\"{name}\"")), "{name} in the help of {command}");
        }
    }
}

#[test]
fn shells_learn_every_command() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = desk.run(&["completions", shell]);
        assert_eq!(ran.code, 0, "{ran:?}");
        for command in ["find", "matrix", "compare", "history", "drift", "demo-server"] {
            assert!(ran.out.contains(command), "{command} in {shell}");
        }
    }
    assert_eq!(desk.run(&["completions", "abacus"]).code, 2, "no such shell");
}
