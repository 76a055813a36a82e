//! `matrix`.

use serde_json::{Value as Json, json};

use crate::desk::{Desk, Server};
use crate::shapes::{is_time, keys};

const PAYMENTS: &str = "acme/platform/checkout/payments-api";

fn list(json: &Json) -> &Vec<Json> {
    json.as_array().expect("a list")
}

fn paths(matrix: &Json) -> Vec<&str> {
    list(&matrix["rows"]).iter().filter_map(|row| row["path"].as_str()).collect()
}

fn cell<'a>(matrix: &'a Json, path: &str, slug: &str) -> &'a Json {
    let rows = list(&matrix["rows"]);
    let row = rows.iter().find(|row| row["path"] == path).expect("a row");
    list(&row["cells"]).iter().find(|cell| cell["slug"] == slug).expect("a cell")
}

#[test]
fn each_scope_has_a_cell_for_each_integration_in_use() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let matrix = desk.run(&["matrix", "--json"]).json();
    assert_eq!(keys(&matrix), ["rows", "slugs", "total"], "the document");
    let tree = desk.run(&["tree", "--json"]).json();
    let scopes: Vec<&str> = list(&tree).iter().filter_map(|it| it["path"].as_str()).collect();
    assert_eq!(paths(&matrix), scopes, "every scope, in the tree's order");
    assert_eq!(matrix["total"], scopes.len(), "and no more");
    for row in list(&matrix["rows"]) {
        assert_eq!(keys(row), ["archived", "cells", "depth", "id", "level", "path"], "a row");
        let slugs: Vec<&Json> = list(&row["cells"]).iter().map(|cell| &cell["slug"]).collect();
        assert_eq!(slugs, list(&matrix["slugs"]).iter().collect::<Vec<_>>(), "in their order");
    }
    let expected = [
        "agrees",
        "custom_below",
        "inherited_differs_below",
        "link",
        "read_at",
        "slug",
        "source",
        "state",
    ];
    let jira = cell(&matrix, PAYMENTS, "jira");
    assert_eq!(keys(jira), expected, "a cell");
    assert_eq!((&jira["state"], &jira["link"]), (&"custom".into(), &"custom".into()), "{jira}");
    assert!(is_time(&jira["read_at"]), "when: {jira}");
    let harbor = cell(&matrix, PAYMENTS, "harbor");
    assert_eq!((&harbor["state"], &harbor["agrees"]), (&"inherited".into(), &"yes".into()));
    assert_eq!(keys(&harbor["source"]), ["id", "level", "path"], "its source");
    assert_eq!(harbor["source"]["path"], "acme/platform", "{harbor}");
    let platform = cell(&matrix, "acme/platform", "jira");
    assert!(platform["custom_below"].as_u64() > Some(2), "counts of what is below: {platform}");
    assert_eq!(cell(&matrix, "vendors", "jira")["state"], "unknown", "not readable, no guess");
    // The same words as `show`.
    for one in list(&desk.run(&["show", PAYMENTS, "--json"]).json()["integrations"]) {
        let slug = one["slug"].as_str().expect("a slug");
        if list(&matrix["slugs"]).contains(&one["slug"]) {
            assert_eq!(cell(&matrix, PAYMENTS, slug)["state"], one["state"], "{slug}");
        }
    }
}

#[test]
fn filters_leave_rows_and_columns_out() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let of = |arguments: &[&str]| desk.run(&[&["matrix", "--json"], arguments].concat()).json();
    let below = of(&["acme/platform/checkout", "--integration", "slack", "--integration", "jira"]);
    assert_eq!(below["slugs"], json!(["slack", "jira"]), "columns in the order asked for");
    assert!(paths(&below).iter().all(|path| path.starts_with("acme/platform/checkout")), "{below}");
    assert_eq!(paths(&below)[0], "acme/platform/checkout", "the scope itself comes first");

    let custom = of(&["--integration", "jira", "--state", "custom", "--only", "projects"]);
    assert!(paths(&custom).contains(&PAYMENTS), "{custom}");
    for row in list(&custom["rows"]) {
        assert_eq!(
            (&row["level"], &row["cells"][0]["state"]),
            (&"project".into(), &"custom".into())
        );
    }
    let either =
        of(&["--integration", "jira", "--state", "custom", "--state", "inherited_differs"]);
    assert!(either["total"].as_u64() > custom["total"].as_u64(), "one of the states is enough");

    let all = of(&["--only", "groups", "--limit", "3"]);
    assert_eq!(list(&all["rows"]).len(), 3, "as many as asked for");
    assert!(all["total"].as_u64() > Some(20), "of so many: {}", all["total"]);
    let (only, rest) = (of(&["--archived", "only"]), of(&["--archived", "exclude"]));
    assert!(list(&only["rows"]).iter().all(|row| row["archived"] == true), "archived: {only}");
    assert!(list(&rest["rows"]).iter().all(|row| row["archived"] == false), "the others");
    let sum = only["total"].as_u64().zip(rest["total"].as_u64()).map(|(a, b)| a + b);
    assert_eq!(sum, of(&[])["total"].as_u64(), "together they are all");
    assert!(only["total"].as_u64() > Some(0), "there are some: {only}");
    let none =
        desk.run(&["matrix", "acme/mobile", "--integration", "jenkins", "--state", "custom"]);
    assert_eq!(none.code, 0, "no scope is an answer, too: {none:?}");
}

#[test]
fn a_person_reads_marks_and_their_legend() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let ran = desk.run(&["matrix", "acme/platform/checkout", "--integration", "jira"]);
    let head: Vec<&str> = ran.out.lines().take(3).collect();
    assert_eq!(head[0].trim(), "1  jira", "columns are named by number: {ran:?}");
    let row = |path: &str| {
        let found = ran.out.lines().find(|line| line.trim_start().starts_with(path));
        found.unwrap_or_else(|| panic!("{path}: {ran:?}")).split_whitespace().last()
    };
    assert_eq!(row(PAYMENTS), Some("◆"), "custom");
    assert_eq!(row("acme/platform/checkout/payments-api-contract-tests"), Some("●"), "inherited");
    for word in ["◆ custom", "● inherited", "◐ inherited, differs", "? unknown"] {
        assert!(ran.out.contains(word), "the legend has {word}: {ran:?}");
    }
}
