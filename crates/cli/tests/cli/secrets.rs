use std::path::Path;

use crate::desk::{Desk, Server};

fn holds(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).expect("a folder").any(|entry| {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            return holds(&path, text);
        }
        let bytes = std::fs::read(&path).expect("a file");
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[test]
fn a_token_for_one_run_is_in_no_file_and_in_no_output() {
    let server = Server::start();
    let desk = Desk::new().token(Some(&server.token));
    let url = server.url.as_str();
    let runs = [
        vec!["connect", "--url", url],
        vec!["connect", "--url", url],
        vec!["sync", "--json"],
        vec!["doctor", "--json"],
        vec!["instances", "--json"],
        vec!["show", "acme/platform", "slack", "--json"],
        vec!["export", "--format", "json"],
        vec!["export", "--format", "html"],
        vec!["find", "jira", "--json"],
        vec!["matrix", "--json"],
        vec!["compare", "acme", "acme/platform", "--json"],
        vec!["compare", "acme", "acme/platform"],
        vec!["history", "--json"],
        vec!["drift", "--since", "1d", "--json"],
        vec!["sync", "--help"],
    ];
    for arguments in runs {
        // The most talkative it can be.
        let ran = desk.command(&arguments).env("RUST_LOG", "trace").spawn().expect("the program");
        let ran = crate::desk::finish(ran);
        for (name, text) in [("output", &ran.out), ("errors and logs", &ran.err)] {
            assert!(!text.contains(&server.token), "the token is in the {name} of {arguments:?}");
            for secret in ["platform-jira-password", "hooks.slack.example", "PRIVATE KEY"] {
                assert!(!text.contains(secret), "{secret} is in the {name} of {arguments:?}");
            }
        }
    }
    assert!(holds(&desk.data(), "payments-api"), "the search finds what is there");
    assert!(!holds(&desk.data(), &server.token), "and no file holds the token");
}

#[test]
fn there_is_no_argument_for_a_token() {
    let desk = Desk::new();
    let ran = desk.run(&["connect", "--url", "https://gitlab.example", "--token", "glpat-x"]);
    assert_eq!(ran.code, 2, "arguments can be read by everybody on the computer: {ran:?}");
}
