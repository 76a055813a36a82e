//! `history`, `drift` and the report's part on it.

use std::sync::Arc;

use heirloom_engine::change::Request;
use heirloom_engine::clock::SystemClock;
use heirloom_engine::secrets::Memory;
use heirloom_engine::{Engine, Listener, Setup};
use secrecy::SecretString;
use serde_json::{Value as Json, json};

use crate::desk::{Desk, Server};
use crate::shapes::{is_time, keys};

const PAYMENTS: &str = "acme/platform/checkout/payments-api";
const REFUNDS: &str = "acme/platform/checkout/refunds-worker";

fn list(json: &Json) -> &Vec<Json> {
    json.as_array().expect("a list")
}

/// Changes a row behind everybody's back.
fn change(server: &Server, desk: &Desk, path: &str, slug: &str, edit: &Json) {
    let id = desk.run(&["show", path, slug, "--json"]).json()["scope"]["id"].clone();
    server.send("PATCH", &format!("/__state/project/{id}/rows/{slug}"), edit);
}

/// A desk that has noticed two changes since its first sync.
fn drifted(server: &Server) -> Desk {
    let desk = Desk::synced(server);
    change(server, &desk, PAYMENTS, "slack", &json!({ "fields": { "channel": "#elsewhere" } }));
    change(server, &desk, REFUNDS, "jira", &json!({ "active": false }));
    let synced = desk.run(&["sync"]);
    assert_eq!(synced.code, 0, "{synced:?}");
    desk
}

struct Nobody;

impl Listener for Nobody {
    fn changed(&self) {}
}

/// Applies a plan in the same data folder, as the app would.
fn use_default(server: &Server, desk: &Desk, path: &str, slug: &str) {
    let setup = Setup {
        keychain: Arc::new(Memory::new()),
        clock: Arc::new(SystemClock),
        listener: Arc::new(Nobody),
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let engine = Engine::open(&desk.data(), setup).expect("the data folder");
        let id = engine.connections().await.expect("connections").remove(0).id;
        let token = SecretString::from(server.token.as_str());
        engine.lend_token(id, &token).await.expect("a token");
        let scope = engine.find_scope(id, path, None).await.expect("a scope").listed.key;
        let slug = slug.parse().expect("a slug");
        let plan = engine.plan(id, Request::UseDefault { scope, slug }).await.expect("a plan");
        engine.apply(plan.id, Default::default(), None).await.expect("a run");
    });
}

#[test]
fn drift_tells_what_changed_since_the_last_sync_before_and_after() {
    let server = Server::start();
    let desk = drifted(&server);
    let drift = desk.run(&["drift", "--since", "last-sync", "--json"]).json();
    assert_eq!(
        keys(&drift),
        ["by_kind", "by_sync", "changes", "scopes", "since", "until"],
        "the document"
    );
    assert!(is_time(&drift["since"]) && is_time(&drift["until"]), "from when to when: {drift}");
    assert_eq!(drift["changes"], 2, "two changes: {drift}");
    for kind in list(&drift["by_kind"]) {
        assert_eq!(keys(kind), ["changes", "scopes", "settings", "slug", "states"], "a kind");
    }
    let jira = list(&drift["by_kind"]).iter().find(|kind| kind["slug"] == "jira").expect("jira");
    assert_eq!((&jira["states"], &jira["settings"]), (&1.into(), &0.into()), "{jira}");
    let [sync] = list(&drift["by_sync"]).as_slice() else { panic!("one sync: {drift}") };
    assert_eq!(keys(sync), ["at", "changes", "run", "sync"], "a sync");
    let [payments, refunds] = list(&drift["scopes"]).as_slice() else { panic!("two: {drift}") };
    assert_eq!(keys(payments), ["changes", "scope"], "a scope");
    assert_eq!(payments["scope"]["path"], PAYMENTS, "by path");
    let [channel] = list(&payments["changes"]).as_slice() else { panic!("one: {payments}") };
    let expected = ["after", "at", "before", "run", "slug", "sync", "what"];
    assert_eq!(keys(channel), expected, "a change");
    assert_eq!(channel["what"], "field:channel", "what");
    assert_eq!(
        (&channel["before"], &channel["after"]),
        (&"#payments".into(), &"#elsewhere".into())
    );
    assert_eq!(
        (&channel["run"], &channel["sync"]),
        (&Json::Null, &sync["sync"]),
        "nobody knows who"
    );
    let [state] = list(&refunds["changes"]).as_slice() else { panic!("one: {refunds}") };
    assert_eq!((&state["what"], &state["before"]), (&"state".into(), &"custom".into()), "{state}");

    let text = desk.run(&["drift", "--since", "1h"]).out;
    assert!(text.contains("2 changes at 2 scopes"), "how much: {text}");
    let line = text.lines().find(|line| line.contains("#elsewhere")).expect("a line");
    assert!(line.contains("#payments → #elsewhere"), "before and after: {line}");
    assert!(line.ends_with("not known"), "who is said to be unknown: {line}");

    let again = desk.run(&["sync"]);
    assert_eq!(again.code, 0, "{again:?}");
    let quiet = desk.run(&["drift", "--since", "last-sync", "--json"]).json();
    assert_eq!((&quiet["changes"], &quiet["scopes"]), (&0.into(), &json!([])), "nothing since");
    let long_ago = desk.run(&["drift", "--since", "2020-01-01", "--json"]).json();
    assert_eq!(long_ago["since"], "2020-01-01T00:00:00Z", "a day begins in UTC");
    assert_eq!(long_ago["changes"], 2, "{long_ago}");
}

#[test]
fn history_tells_what_we_did_ourselves_from_what_others_did() {
    let server = Server::start();
    let desk = drifted(&server);
    use_default(&server, &desk, PAYMENTS, "jira");
    let history = desk.run(&["history", "acme/platform/checkout", "--json"]).json();
    assert_eq!(keys(&history), ["changes", "since", "steps", "total"], "the document");
    let changes = list(&history["changes"]);
    assert_eq!(history["total"], changes.len(), "all of them");
    for change in changes {
        let expected = ["after", "at", "before", "run", "scope", "slug", "sync", "what"];
        assert_eq!(keys(change), expected, "a change");
        assert!(is_time(&change["at"]), "when: {change}");
    }
    let times: Vec<&str> = changes.iter().filter_map(|change| change["at"].as_str()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "latest first: {times:?}");
    let [step] = list(&history["steps"]).as_slice() else { panic!("one step: {history}") };
    let expected =
        ["action", "at", "ended_at", "number", "outcome", "run", "scope", "sent_at", "slug", "why"];
    assert_eq!(keys(step), expected, "a step");
    assert_eq!((&step["action"], &step["outcome"]), (&"use_default".into(), &"applied".into()));
    assert!(is_time(&step["at"]) && is_time(&step["ended_at"]), "when: {step}");
    let ours = |change: &&Json| change["run"] == step["run"];
    let state = changes.iter().filter(ours).find(|change| change["what"] == "state");
    let state = state.unwrap_or_else(|| panic!("the change it made: {history}"));
    assert_eq!((&state["before"], &state["after"]), (&"custom".into(), &"inherited".into()));
    let theirs: Vec<_> = changes.iter().filter(|change| change["run"].is_null()).collect();
    assert_eq!(theirs.len(), 2, "the rest is others'");

    let of = |arguments: &[&str]| {
        let found = desk.run(&[&["history", "--json"], arguments].concat()).json();
        (list(&found["changes"]).len(), list(&found["steps"]).len())
    };
    assert_eq!(of(&[REFUNDS]), (1, 0), "one project alone");
    assert_eq!(of(&["acme/mobile"]), (0, 0), "elsewhere nothing happened");
    assert_eq!(of(&["--integration", "slack"]), (1, 0), "one kind alone");
    assert_eq!(of(&["--limit", "1"]), (1, 1), "as many as asked for");
    let drift = desk.run(&["drift", "--since", "1h", "--json"]).json();
    let now = drift["until"].as_str().expect("when it was asked");
    assert_eq!(of(&["--since", now]), (0, 0), "from then on");

    let text = desk.run(&["history", PAYMENTS]).out;
    let run = step["run"].as_u64().expect("a number");
    let line = text.lines().find(|line| line.contains("custom → inherited")).expect("a line");
    assert!(line.contains(&format!("run {run}")), "who: {line}");
    let line = text.lines().find(|line| line.contains("#elsewhere")).expect("a line");
    assert!(line.contains("not known"), "who: {line}");
    let own = text.lines().find(|line| line.contains("use default settings")).expect("a line");
    assert!(own.contains("applied"), "how it ended: {own}");
}

#[test]
fn the_report_tells_what_changed() {
    let server = Server::start();
    let desk = drifted(&server);
    let page = desk.run(&["export", "--format", "html"]).out;
    let (_, drift) = page.split_once("<h2>Drift</h2>").expect("a section");
    let line = drift.split("<tr>").find(|line| line.contains("#elsewhere")).expect("a line");
    assert!(line.contains(PAYMENTS) && line.contains("#payments"), "where, and before: {line}");
    assert!(line.contains("not known"), "and that nobody knows who: {line}");
}

#[test]
fn changes_are_written_to_a_file_that_is_safe_to_open() {
    let server = Server::start();
    let desk = drifted(&server);
    change(&server, &desk, PAYMENTS, "slack", &json!({ "fields": { "channel": "=1+1" } }));
    let synced = desk.run(&["sync"]);
    assert_eq!(synced.code, 0, "{synced:?}");
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).to_string_lossy().into_owned();

    let (sheet, document) = (file("drift.csv"), file("drift.json"));
    let written = desk.run(&["drift", "--since", "1h", "--output", &sheet]);
    assert_eq!(written.code, 0, "the name says what it is: {written:?}");
    let text = std::fs::read_to_string(&sheet).expect("a file");
    let rows = csv::Reader::from_reader(text.as_bytes()).into_records();
    let rows: Vec<_> = rows.map(|row| row.expect("as many cells as the head")).collect();
    assert_eq!(rows.len(), 3, "every change: {text}");
    assert!(text.contains("'=1+1"), "no formula: {text}");
    assert!(text.contains("#payments") && text.contains(PAYMENTS), "before, and where: {text}");

    let written = desk.run(&["drift", "--since", "1h", "-o", &document, "--format", "json"]);
    assert_eq!(written.code, 0, "{written:?}");
    let json: Json = serde_json::from_str(&std::fs::read_to_string(&document).expect("a file"))
        .expect("a document");
    assert_eq!(keys(&json), ["changes", "exported_at", "instance", "since", "until"], "its keys");
    let expected = ["after", "at", "before", "run", "scope", "slug", "sync", "what"];
    for change in list(&json["changes"]) {
        assert_eq!(keys(change), expected, "a change");
    }
    assert_eq!(json["changes"][0]["after"], "=1+1", "latest first, as it is");

    let refused = desk.run(&["drift", "--since", "1h", "--output", &file("drift.xls")]);
    assert_eq!(refused.code, 2, "what it should be is not guessed: {refused:?}");
    let nowhere = desk.run(&["drift", "--since", "1h", "--output", &file("no/drift.csv")]);
    assert_eq!(nowhere.code, 3, "no folder: {nowhere:?}");
    assert!(nowhere.err.contains("cannot write"), "and it says so: {nowhere:?}");
}

#[test]
fn how_long_history_is_kept_can_be_set() {
    let desk = Desk::new();
    let kept = |arguments: &[&str]| desk.run(arguments).json()["keep_history_days"].clone();
    assert_eq!(kept(&["settings", "--json"]), 365, "a year, unless somebody says otherwise");
    assert_eq!(kept(&["settings", "--keep-history", "30", "--json"]), 30, "it is taken");
    assert_eq!(kept(&["settings", "--json"]), 30, "and stays");
    assert!(desk.run(&["settings"]).out.contains("30 days"), "and is said");
}
