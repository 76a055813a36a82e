//! The shapes other programs rely on (design.md, *heirloomctl*), key by key.

use serde_json::Value as Json;

use crate::desk::{Desk, Server};

pub fn keys(json: &Json) -> Vec<&str> {
    let mut keys: Vec<&str> =
        json.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

pub fn is_time(json: &Json) -> bool {
    json.as_str().is_some_and(|text| {
        text.parse::<jiff::Timestamp>().is_ok() && text.ends_with('Z') && text.contains('T')
    })
}

#[test]
fn connections() {
    let server = Server::start();
    let desk = Desk::connected(&server);
    let all = desk.run(&["instances", "--json"]).json();
    let one = &all[0];
    assert_eq!(
        keys(one),
        ["access", "id", "name", "safety", "token_expires_on", "url", "username", "version"],
        "a connection, and nothing of its token"
    );
    assert_eq!(one["access"], "full", "what the token may do");
    assert_eq!(one["url"], server.url.as_str(), "where");
}

#[test]
fn sync() {
    let server = Server::start();
    let desk = Desk::connected(&server);
    let lines = desk.run(&["sync", "--json"]).lines();
    let (summary, progress) = lines.split_last().expect("a summary");
    for line in progress {
        assert_eq!(keys(line), ["done", "phase", "total"], "a progress line");
    }
    assert!(progress.iter().any(|line| line["phase"] == "integrations"), "phases are named");
    assert_eq!(
        keys(summary),
        [
            "complete", "failed", "groups", "notes", "projects", "requests", "retries", "rows",
            "seconds"
        ],
        "the summary"
    );
    assert_eq!(keys(&summary["requests"]), ["by_kind", "total"], "requests");
    assert_eq!(summary["complete"], true, "everything was read");
    assert_eq!(summary["failed"], serde_json::json!([]), "and nothing failed");
    let export = desk.run(&["export", "--format", "json"]).json();
    let rows = export["rows"].as_array().expect("rows").len();
    assert_eq!(summary["rows"], rows, "rows are those of the export");
}

#[test]
fn show_one() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let one = desk.run(&["show", "acme/platform/checkout/payments-api", "jira", "--json"]).json();
    let expected = [
        "active",
        "agrees",
        "default",
        "differs",
        "link",
        "own",
        "read_at",
        "scope",
        "slug",
        "source",
        "source_basis",
        "state",
    ];
    assert_eq!(keys(&one), expected, "one integration");
    assert_eq!(keys(&one["scope"]), ["id", "level", "path"], "its scope");
    assert_eq!((&one["state"], &one["link"]), (&"custom".into(), &"custom".into()), "two axes");
    assert_eq!(one["active"], true, "the other one");
    assert_eq!(
        (&one["agrees"], &one["source"]),
        (&Json::Null, &Json::Null),
        "custom has no source"
    );
    assert_eq!(one["default"]["fields"]["url"], "https://jira.acme.example", "the default");
    assert_eq!(one["own"]["fields"]["url"], "https://jira-old.acme.example", "its own");
    assert_eq!(one["own"]["events"]["merge_requests_events"], false, "events");
    assert_eq!(one["own"]["fields"]["project_keys"], serde_json::json!([]), "typed values");
    assert!(one["own"]["fields"].get("password").is_none(), "no secret, not even its name");
    let differs: Vec<&str> =
        one["differs"].as_array().expect("names").iter().filter_map(Json::as_str).collect();
    assert!(differs.contains(&"url") && differs.contains(&"merge_requests_events"), "{differs:?}");
    assert!(is_time(&one["read_at"]), "when it was read: {}", one["read_at"]);

    let inherited =
        desk.run(&["show", "acme/platform/checkout/payments-api", "harbor", "--json"]).json();
    assert_eq!(inherited["state"], "inherited", "inherited");
    assert_eq!(inherited["agrees"], "yes", "and agrees");
    assert_eq!(inherited["source"]["path"], "acme/platform", "with its source");
    assert_eq!(inherited["source_basis"], "read", "which was read");
    assert_eq!(inherited["own"]["fields"], inherited["default"]["fields"], "the source's values");

    let differs =
        desk.run(&["show", "acme/platform/checkout/fraud-rules-engine", "harbor", "--json"]).json();
    assert_eq!(differs["state"], "inherited_differs", "inherits, but differs");
    assert_eq!(differs["agrees"], "no", "which was read");
    assert_eq!(differs["differs"], serde_json::json!(["url", "username"]), "and in what");

    let instance = desk.run(&["show", "instance", "jira", "--json"]).json();
    assert_eq!(instance["scope"]["path"], "instance", "the instance has no path of its own");
    assert_eq!(instance["default"], Json::Null, "nothing is above it");

    let off = desk.run(&["show", "acme/platform/checkout/payments-api", "asana", "--json"]).json();
    assert_eq!((&off["state"], &off["own"]), (&"off".into(), &Json::Null), "off has no row");
    assert_eq!(off["default"], Json::Null, "and no default");

    let unknown = desk.run(&["show", "vendors", "slack", "--json"]).json();
    assert_eq!(unknown["state"], "unknown", "not readable");
    assert_eq!((&unknown["active"], &unknown["read_at"]), (&Json::Null, &Json::Null), "no guess");
}

#[test]
fn show_all() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let all = desk.run(&["show", "acme/platform", "--json"]).json();
    assert_eq!(keys(&all), ["integrations", "scope"], "a scope");
    let integrations = all["integrations"].as_array().expect("integrations");
    assert!(integrations.len() >= 50, "every integration: {}", integrations.len());
    for one in integrations {
        assert!(one.get("own").is_none() && one.get("default").is_none(), "without values: {one}");
        assert!(one["slug"].is_string() && one["state"].is_string(), "with its state: {one}");
    }
}

#[test]
fn export() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let export = desk.run(&["export", "--format", "json"]).json();
    assert_eq!(
        keys(&export),
        ["complete", "exported_at", "instance", "rows", "synced_at", "unread"],
        "the document"
    );
    assert_eq!(keys(&export["instance"]), ["url", "version"], "whose");
    assert!(is_time(&export["exported_at"]), "when");
    assert!(is_time(&export["synced_at"]), "and how old what it says is");
    assert_eq!(export["complete"], true, "all of it");
    let expected = [
        "active",
        "agrees",
        "events",
        "fields",
        "id",
        "level",
        "link",
        "path",
        "read_at",
        "slug",
        "source",
        "state",
        "updated_at",
        "why",
    ];
    for row in export["rows"].as_array().expect("rows") {
        assert_eq!(keys(row), expected, "a row");
        assert!(is_time(&row["read_at"]), "when it was read: {row}");
    }
}

#[test]
fn tree() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let tree = desk.run(&["tree", "acme/mobile", "--json"]).json();
    let tree = tree.as_array().expect("scopes");
    assert_eq!(tree[0]["path"], "acme/mobile", "the scope asked for comes first");
    assert_eq!(tree.len(), 3 + 8, "three groups and eight projects");
    let ios = tree.iter().find(|scope| scope["path"] == "acme/mobile/ios").expect("a subgroup");
    assert_eq!(ios["parent"]["id"], tree[0]["id"], "with its place");
    assert_eq!(ios["inherited_differs"], 1, "and its counts");
}

#[test]
fn catalog() {
    let desk = Desk::new();
    let catalog = desk.run(&["catalog", "--json"]).json();
    let catalog = catalog.as_array().expect("integrations");
    assert!(catalog.len() >= 50, "all of them: {}", catalog.len());
    for one in catalog {
        for key in ["slug", "title", "levels", "edition", "fields", "events"] {
            assert!(one.get(key).is_some(), "{key} of {}", one["slug"]);
        }
        for key in ["supports_inherit", "supports_delete"] {
            assert!(one[key].is_boolean(), "{key} of {}", one["slug"]);
        }
    }
    let slack = desk.run(&["catalog", "slack", "--json"]).json();
    let webhook = slack[0]["fields"].as_array().expect("fields").iter();
    let webhook = webhook.clone().find(|field| field["name"] == "webhook").expect("the webhook");
    assert_eq!((&webhook["required"], &webhook["secret"]), (&true.into(), &true.into()), "flags");
    assert_eq!(webhook["type"], "string", "type");
    assert_eq!(webhook["section"], "connection", "section");
    let events = slack[0]["events"].as_array().expect("events");
    let push = events.iter().find(|event| event["name"] == "push_events").expect("push");
    assert_eq!(push["channel"], "push_channel", "an event's own channel");
    assert!(!desk.data().exists(), "and no data folder was needed");
}
