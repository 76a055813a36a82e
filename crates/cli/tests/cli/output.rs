use serde_json::json;

use crate::desk::{Desk, Server};

#[test]
fn a_servers_names_cannot_command_the_terminal() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let tree = desk.run(&["tree", "acme", "--json"]).json();
    // No path of GitLab's looks like this; a server that lies may send it.
    let name = "evil\u{1b}[2J\u{9b}31m\u{202e}gpj";
    let path = "wicked\u{1b}[31mpath";
    server.post("/__state/groups", &json!({ "parent": tree[0]["id"], "path": path, "name": name }));
    desk.run(&["sync"]);
    let shown = desk.run(&["tree"]);
    assert!(shown.out.contains("wicked[31mpath/"), "the group is there, its controls are not");
    let shown = desk.run(&["tree", "--json"]).json();
    let shown = shown.as_array().expect("scopes").iter().any(|scope| scope["name"] == name);
    assert!(shown, "JSON has the name whole, in escapes");
    for arguments in [
        &["tree"][..],
        &["tree", "--json"],
        &["instances"],
        &["export", "--format", "json"],
        &["find", "wicked"],
        &["find", "wicked", "--json"],
        &["find", "evil\u{1b}[2J"],
        &["compare", "acme/wicked\u{1b}[31mpath", "acme"],
        &["matrix"],
        &["matrix", "--json"],
        &["history"],
    ] {
        let ran = desk.run(arguments);
        assert_eq!(ran.code, 0, "{ran:?}");
        let commands = |c: char| c.is_control() && c != '\n';
        assert!(!ran.out.contains(commands), "{arguments:?} wrote control characters");
        assert!(!ran.err.contains(commands), "{arguments:?} wrote control characters beside it");
    }
}

#[test]
fn a_reader_that_stops_early_is_no_failure() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let mut child = desk.command(&["export", "--format", "json"]).spawn().expect("the program");
    drop(child.stdout.take());
    let ran = crate::desk::finish(child);
    assert_eq!(ran.code, 0, "as with heirloomctl … | head: {ran:?}");
    assert_eq!(ran.err, "", "and it says nothing");
}

#[test]
fn both_sides_can_be_read_in_text() {
    let server = Server::start();
    let desk = Desk::synced(&server);
    let ran = desk.run(&["show", "acme/platform/checkout/payments-api", "jira"]);
    let row = ran.out.lines().find(|line| line.contains(" username ")).expect("a line");
    let words: Vec<&str> = row.split_whitespace().collect();
    assert_eq!(words, ["≠", "username", "svc-gitlab", "svc-gitlab-payments"], "side by side");
    assert!(ran.out.contains("hidden by GitLab"), "secrets are named and hidden");
    let assumed = desk.run(&["show", "acme/platform/checkout/payments-api", "harbor"]);
    assert!(assumed.out.contains("were not read"), "what was not read is said to be so");
}
