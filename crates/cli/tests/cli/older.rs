//! Servers that tell less: what is answered says so, and guesses nothing.

use serde_json::{Value as Json, json};

use crate::desk::{Desk, Server};

const PAYMENTS: &str = "acme/platform/checkout/payments-api";
const REFUNDS: &str = "acme/platform/checkout/refunds-worker";
const PLATFORM: &str = "acme/platform";

fn desk(version: &str) -> (Server, Desk) {
    let server = Server::start_with(&["--gitlab-version", version, "--endpoint-throttles", "off"]);
    let desk = Desk::connected(&server);
    let ran = desk.run(&["sync"]);
    assert_eq!(ran.code, 0, "an older GitLab is no failure: {ran:?}");
    assert!(ran.err.contains("is not known"), "but what it keeps to itself is said: {ran:?}");
    (server, desk)
}

fn with<'a>(rows: &'a Json, key: &str, is: &str) -> Vec<&'a Json> {
    rows.as_array().expect("a list").iter().filter(|row| row[key] == is).collect()
}

fn csv_lines(desk: &Desk) -> Vec<csv::StringRecord> {
    let ran = desk.run(&["export", "--format", "csv"]);
    let mut lines = csv::Reader::from_reader(ran.out.as_bytes());
    let head = lines.headers().expect("a head").clone();
    let columns = [head.get(3), head.get(5), head.get(6), head.get(16)];
    assert_eq!(columns, [Some("integration"), Some("state"), Some("link"), Some("why")], "columns");
    lines.records().collect::<Result<_, _>>().expect("lines")
}

/// A section of the report, from its heading on.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let (_, from) = page.split_once(&format!("<h2>{heading}</h2>")).expect("a section");
    from.split("</section>").next().expect("its end")
}

/// Groups are named one by one, with the reason, and set nothing that anybody knows of.
fn assert_groups_are_unread(desk: &Desk) {
    let matrix = desk.run(&["matrix", "--only", "groups", "--json"]).json();
    let groups = matrix["rows"].as_array().expect("rows");
    assert!(groups.len() > 3, "groups are listed: {matrix}");
    for cell in groups.iter().flat_map(|row| row["cells"].as_array().expect("cells")) {
        let told = [&cell["link"], &cell["agrees"], &cell["source"], &cell["read_at"]];
        assert!(told.iter().all(|it| it.is_null()), "nothing is claimed of a group: {cell}");
        let state = cell["state"].as_str().expect("a state");
        assert!(
            ["unknown", "unavailable"].contains(&state),
            "unread is neither off nor on: {cell}"
        );
    }
    let text = desk.run(&["matrix", "--only", "groups"]);
    assert!(text.err.contains("17.9"), "a person is told why: {text:?}");

    let export = desk.run(&["export", "--format", "json"]).json();
    assert!(with(&export["rows"], "level", "group").is_empty(), "no group has a row");
    for row in with(&export["rows"], "agrees", "yes") {
        assert_eq!(row["source"]["level"], "instance", "no group's default is agreed with: {row}");
    }
    assert!(
        export["untold"].to_string().contains("17.9"),
        "the file says why: {}",
        export["untold"]
    );
    let unread = with(&export["unread"], "path", PLATFORM);
    assert_eq!(unread[0]["reason"], "version", "each group is named: {unread:?}");
    assert_eq!(
        (&unread[0]["read_at"], &unread[0]["level"]),
        (&Json::Null, &json!("group")),
        "never"
    );
    let named = with(&export["unread"], "level", "group").len();
    assert_eq!(named, groups.len(), "all of them");

    let lines = csv_lines(desk);
    let blank: Vec<_> = lines.iter().filter(|line| line[3].is_empty()).collect();
    assert_eq!(blank.len(), export["unread"].as_array().expect("a list").len(), "a line for each");
    assert!(blank.iter().all(|line| &line[5] == "unknown" && !line[16].is_empty()), "{blank:?}");
    assert!(blank.iter().any(|line| &line[2] == PLATFORM && line[16].contains("17.9")), "and why");

    let page = desk.run(&["export", "--format", "html"]).out;
    assert!(page.contains("has no API for group integrations"), "the page says so in its head");
    let unread = section(&page, "Could not be read");
    assert!(unread.contains(PLATFORM) && unread.contains("it came with 17.9"), "and names each");
    let matrix = section(&page, "Matrix");
    let row = matrix.split("<tr>").find(|row| row.contains(">Platform<")).expect("a row");
    assert!(row.contains(r#"<span title="unknown""#), "no cell of a group is left blank: {row}");
    assert!(!row.contains(r#"title="custom""#), "and none has a state: {row}");
}

/// Contract, section 2: `inherited` came with 17.3.
#[test]
fn before_17_3_nothing_says_custom_inherited_or_disabled() {
    let (_server, desk) = desk("17.2.1-ee");
    let matrix = desk.run(&["matrix", "--only", "projects", "--json"]).json();
    let payments = with(&matrix["rows"], "path", PAYMENTS);
    let [jira] = with(&payments[0]["cells"], "slug", "jira")[..] else {
        panic!("a cell: {matrix}")
    };
    let told = [&jira["link"], &jira["agrees"], &jira["source"]];
    assert_eq!((&jira["state"], told), (&json!("unknown"), [&Json::Null; 3]), "{jira}");
    for cell in
        matrix["rows"].as_array().expect("rows").iter().flat_map(|row| row["cells"].as_array())
    {
        for cell in cell {
            let state = cell["state"].as_str().expect("a state");
            assert!(["unknown", "off", "unavailable"].contains(&state), "no link is known: {cell}");
        }
    }
    let compared = desk.run(&["compare", PAYMENTS, REFUNDS, "jira", "--json"]).json();
    let jira = &compared["integrations"][0];
    assert_eq!((&jira["a"]["state"], &jira["b"]["state"]), (&json!("unknown"), &json!("unknown")));
    assert_eq!((&jira["a"]["link"], &jira["a"]["active"]), (&Json::Null, &json!(true)), "but on");
    let text = desk.run(&["compare", PAYMENTS, REFUNDS, "jira"]);
    assert!(text.out.contains("Jira issues: unknown | unknown"), "for people, too: {text:?}");
    assert!(text.err.contains("17.3"), "and why: {text:?}");

    let export = desk.run(&["export", "--format", "json"]).json();
    let rows = export["rows"].as_array().expect("rows");
    assert!(rows.len() > 50, "what is on is there: {}", rows.len());
    for row in rows {
        let told = [&row["link"], &row["agrees"], &row["source"]];
        assert_eq!((&row["state"], told), (&json!("unknown"), [&Json::Null; 3]), "no guess: {row}");
        assert_eq!(row["active"], true, "that it is on is known: {row}");
        assert!(row["why"].as_str().is_some_and(|why| why.contains("17.3")), "and why: {row}");
    }
    for line in csv_lines(&desk) {
        assert_eq!((&line[5], &line[6]), ("unknown", ""), "{line:?}");
        let is_row = !line[3].is_empty();
        assert!(!line[16].is_empty(), "each line says why: {line:?}");
        assert!(!is_row || line[16].contains("17.3"), "and of rows, since when: {line:?}");
    }
    let page = desk.run(&["export", "--format", "html"]).out;
    assert!(page.contains("does not tell inherited from custom settings"), "the page says so");
    let overrides = section(&page, "Overrides");
    assert!(
        overrides.contains("GitLab does not tell whether they have custom settings"),
        "{overrides}"
    );
    assert!(
        !overrides.contains("than the default."),
        "and does not say that nobody has: {overrides}"
    );
    let head = section(&page, "Integrations in use");
    assert!(head.contains("? unknown"), "what is not known is counted as such: {head}");
    assert_groups_are_unread(&desk);
}

/// Contract, section 1: the group API came with 17.9.
#[test]
fn before_17_9_projects_tell_their_link_and_groups_nothing() {
    let (_server, desk) = desk("17.8.4-ee");
    let compared = desk.run(&["compare", PLATFORM, PAYMENTS, "jira", "--json"]).json();
    let jira = &compared["integrations"][0];
    assert_eq!(jira["a"]["state"], "unknown", "the group: {jira}");
    assert_eq!(
        (&jira["a"]["active"], &jira["a"]["read_at"]),
        (&Json::Null, &Json::Null),
        "nothing"
    );
    assert_eq!(jira["b"]["state"], "custom", "the project: {jira}");
    assert_eq!(jira["same"], 0, "what was not read is not the same as anything: {jira}");

    let export = desk.run(&["export", "--format", "json"]).json();
    let inherited = with(&export["rows"], "link", "inherited");
    assert!(!inherited.is_empty(), "projects say that they inherit");
    let blind = inherited.iter().filter(|row| row["source"].is_null());
    for row in blind.clone() {
        let why = row["why"].as_str().unwrap_or_default();
        assert!(why.contains("could not be read"), "from where, and why not: {row}");
    }
    assert!(blind.count() > 10, "most stand below a group");
    let page = desk.run(&["export", "--format", "html"]).out;
    let overrides = section(&page, "Overrides");
    assert!(overrides.contains("whether they override a default is not known"), "{overrides}");
    assert!(!overrides.contains("than the default."), "nobody knows that nobody has: {overrides}");
    assert_groups_are_unread(&desk);
}
