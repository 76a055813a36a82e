//! Section 6, for those who bring no token.

use heirloom_simulator::{Config, WorldSpec};
use reqwest::Method;
use serde_json::json;

use crate::harness::{Answer, Server};

async fn nobody(server: &Server, path: &str) -> Answer {
    server.send(server.request(Method::GET, path)).await
}

fn paths(answer: &Answer, key: &str) -> Vec<String> {
    let list = answer.json();
    let list = list.as_array().expect("a list").clone();
    list.iter().map(|item| item[key].as_str().expect("text").to_owned()).collect()
}

#[tokio::test]
async fn without_a_token_only_what_is_public_is_listed() {
    let server = Server::demo().await;
    let groups = nobody(&server, "/groups?per_page=100").await;
    assert_eq!(paths(&groups, "full_path"), ["acme-oss"], "the one public group");
    let projects = nobody(&server, "/projects?per_page=100").await;
    let listed = paths(&projects, "path_with_namespace");
    assert!(!listed.is_empty(), "public projects");
    assert!(listed.iter().all(|path| path.starts_with("acme-oss/")), "and no others: {listed:?}");
    assert!(projects.json()[0].get("archived").is_none(), "in the short form");
    let acme = server.group("acme");
    for path in [format!("/groups/{acme}"), format!("/groups/{acme}/projects")] {
        let hidden = nobody(&server, &path).await;
        assert_eq!(hidden.json(), json!({ "message": "404 Group Not Found" }), "{path} is hidden");
    }
    let oss = server.group("acme-oss");
    let integrations = nobody(&server, &format!("/groups/{oss}/integrations")).await;
    assert_eq!(integrations.status, 401, "integrations are for members");
}

#[tokio::test]
async fn without_a_token_offset_pages_end_at_50_000() {
    let server = Server::demo().await;
    for (path, objects) in [("/groups", "Group"), ("/projects", "Project")] {
        let last = nobody(&server, &format!("{path}?page=500&per_page=100")).await;
        assert_eq!(last.status, 200, "{path}: the last that is served");
        let refused = nobody(&server, &format!("{path}?page=501&per_page=100")).await;
        assert_eq!(refused.status, 405, "{path}: one too far");
        let told = format!(
            "Offset pagination has a maximum allowed offset of 50000 for requests that return \
             objects of type {objects}. Remaining records can be retrieved using keyset pagination."
        );
        assert_eq!(refused.json(), json!({ "error": told }), "{path}: GitLab's words");
        let own = server.get(&format!("{path}?page=501&per_page=100")).await;
        assert_eq!(own.status, 200, "{path}: no end for those who are signed in");
    }
}

#[tokio::test]
async fn groups_have_keyset_pages_by_name_for_strangers_alone() {
    let world = WorldSpec::Sized { groups: 3, projects: 0 };
    let server = Server::start(Config { world, ..Config::default() }).await;
    for id in server.simulator.world().groups() {
        server.simulator.world().publish(heirloom_simulator::Level::Group, id).expect("it exists");
    }
    let mut path = "/groups?pagination=keyset&per_page=2&order_by=name&sort=asc".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = nobody(&server, &path).await;
        seen.extend(paths(&page, "name"));
        assert_eq!(page.header("x-total"), None, "keyset pages are not counted");
        let Some(cursor) = page.header("x-next-cursor") else {
            assert_eq!(page.header("link"), None, "the last page has no next");
            break;
        };
        let link = page.header("link").expect("a link beside the cursor");
        assert!(link.contains(&format!("cursor={cursor}")), "the same cursor: {link}");
        path = format!("/groups?pagination=keyset&per_page=2&cursor={cursor}");
    }
    assert_eq!(seen.len(), 3, "each once: {seen:?}");
    assert!(seen.is_sorted(), "by name: {seen:?}");
    let refused = nobody(&server, "/groups?pagination=keyset&order_by=id").await;
    assert_eq!(refused.status, 405, "by name alone");
    let own = server.get("/groups?pagination=keyset&per_page=2").await;
    assert_eq!(own.header("x-total"), Some("3"), "plain pages for those who are signed in");
}
