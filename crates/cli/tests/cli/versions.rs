//! Servers that tell less: what is answered says so, and guesses nothing.

use serde_json::{Value as Json, json};

use crate::desk::{Desk, Server};

const PAYMENTS: &str = "acme/platform/checkout/payments-api";
const REFUNDS: &str = "acme/platform/checkout/refunds-api";
const PLATFORM: &str = "acme/platform";

fn desk(version: &str) -> (Server, Desk) {
    let server = Server::start_with(&["--gitlab-version", version, "--endpoint-throttles", "off"]);
    let desk = Desk::synced(&server);
    (server, desk)
}

fn with<'a>(rows: &'a Json, key: &str, is: &str) -> Vec<&'a Json> {
    rows.as_array().expect("a list").iter().filter(|row| row[key] == is).collect()
}

/// Contract, section 2: `inherited` came with 17.3.
#[test]
fn before_17_3_matrix_compare_and_export_say_that_the_link_is_not_known() {
    let (_server, desk) = desk("17.2.1-ee");
    let matrix = desk.run(&["matrix", "--only", "projects", "--json"]).json();
    let payments = with(&matrix["rows"], "path", PAYMENTS);
    let [jira] = with(&payments[0]["cells"], "slug", "jira")[..] else {
        panic!("a cell: {matrix}")
    };
    let told = [&jira["state"], &jira["link"], &jira["agrees"], &jira["source"]];
    assert_eq!(told, [&json!("unknown"), &Json::Null, &Json::Null, &Json::Null], "{jira}");

    let compared = desk.run(&["compare", PAYMENTS, REFUNDS, "jira", "--json"]).json();
    for side in ["a", "b"] {
        let side = &compared["integrations"][0][side];
        assert_eq!(side["state"], "unknown", "custom or inherited: {side}");
        assert_eq!((&side["link"], &side["active"]), (&Json::Null, &json!(true)), "but on: {side}");
    }
    let export = desk.run(&["export", "--format", "json"]).json();
    let rows = export["rows"].as_array().expect("rows");
    assert!(rows.len() > 50, "what is on is there: {}", rows.len());
    for row in rows {
        let told = (&row["state"], &row["link"], &row["source"]);
        assert_eq!(told, (&json!("unknown"), &Json::Null, &Json::Null), "no guess: {row}");
        assert_eq!(row["active"], true, "that it is on is known: {row}");
    }
    let lines = desk.run(&["export", "--format", "csv"]).out;
    assert!(lines.lines().skip(1).any(|line| line.contains(",unknown,,true,")), "{lines}");
}

/// Contract, section 1: the group API came with 17.9.
#[test]
fn before_17_9_matrix_compare_and_export_say_that_groups_are_not_known() {
    let (_server, desk) = desk("17.8.4-ee");
    let matrix = desk.run(&["matrix", "--only", "groups", "--json"]).json();
    let groups = matrix["rows"].as_array().expect("rows");
    assert!(groups.len() > 3, "groups are listed");
    let cells = groups.iter().flat_map(|row| row["cells"].as_array().expect("cells"));
    for cell in cells {
        assert_eq!(cell["state"], "unknown", "which is not the same as off: {cell}");
    }
    let compared = desk.run(&["compare", PLATFORM, PAYMENTS, "jira", "--json"]).json();
    let jira = &compared["integrations"][0];
    assert_eq!(jira["a"]["state"], "unknown", "the group: {jira}");
    assert_eq!(jira["b"]["state"], "custom", "the project: {jira}");

    let export = desk.run(&["export", "--format", "json"]).json();
    let inherited = with(&export["rows"], "link", "inherited");
    assert!(!inherited.is_empty(), "projects say that they inherit");
    assert!(inherited.iter().all(|row| row["agrees"] != "yes"), "from what cannot be read");
    assert!(with(&export["rows"], "level", "group").is_empty(), "nothing is said of groups");
    let page = desk.run(&["export", "--format", "html"]).out;
    let (_, section) = page.split_once("Could not be read").expect("what is missing is named");
    assert!(section.contains(PLATFORM) && section.contains("it came with 17.9"), "and why");
}
