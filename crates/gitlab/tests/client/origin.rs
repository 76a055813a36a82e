use futures::TryStreamExt;
use heirloom_gitlab::{Problem, ProjectFilter};
use serde_json::{Map, json};
use wiremock::matchers::{header_exists, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{PROJECT, TOKEN, client, problem_of_user, project, received, slug, user};

fn redirect(status: u16, to: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).insert_header("location", to)
}

#[tokio::test]
async fn the_token_does_not_follow_a_redirect_to_another_port() {
    let other = MockServer::start().await;
    Mock::given(method("GET")).respond_with(user()).mount(&other).await;
    for status in [301, 302, 303, 307, 308] {
        let server = MockServer::start().await;
        let to = format!("{}/api/v4/user?private_token={TOKEN}", other.uri());
        Mock::given(method("GET")).respond_with(redirect(status, &to)).mount(&server).await;
        let problem = problem_of_user(&client(&server)).await;
        let expected = format!("{}/api/v4/user", other.uri());
        assert_eq!(
            problem,
            Problem::RedirectedElsewhere { to: expected },
            "another port is another origin ({status}), and a query is not repeated"
        );
    }
    assert!(received(&other).await.is_empty(), "the other server was never asked anything");
}

#[tokio::test]
async fn the_token_does_not_follow_a_redirect_to_another_host_or_scheme() {
    let server = MockServer::start().await;
    let port = server.address().port();
    for to in [format!("http://localhost:{port}/api/v4/user"), format!("https://127.0.0.1:{port}/")]
    {
        server.reset().await;
        Mock::given(method("GET")).respond_with(redirect(302, &to)).mount(&server).await;
        let problem = problem_of_user(&client(&server)).await;
        assert!(matches!(problem, Problem::RedirectedElsewhere { .. }), "{to}: {problem:?}");
        assert_eq!(received(&server).await.len(), 1, "{to} is not asked");
    }
}

#[tokio::test]
async fn a_moved_project_is_followed_within_the_origin() {
    let server = MockServer::start().await;
    Mock::given(path("/api/v4/projects/old%2Fname"))
        .respond_with(redirect(301, &format!("{}/api/v4/projects/7", server.uri())))
        .mount(&server)
        .await;
    Mock::given(path("/api/v4/projects/7"))
        .and(header_exists("authorization"))
        .respond_with(ResponseTemplate::new(200).set_body_json(project(7)))
        .mount(&server)
        .await;
    let found = client(&server).project_by_path("old/name").await.expect("the moved project");
    assert_eq!(found.id.0, 7, "GitLab points to it by id");
}

#[tokio::test]
async fn a_circle_of_redirects_ends() {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(redirect(302, "/api/v4/user")).mount(&server).await;
    let problem = problem_of_user(&client(&server)).await;
    assert!(matches!(problem, Problem::RedirectedElsewhere { .. }), "{problem:?}");
    assert_eq!(received(&server).await.len(), 6, "the request and five redirects");
}

#[tokio::test]
async fn writes_follow_no_redirect_at_all() {
    let server = MockServer::start().await;
    Mock::given(method("PUT")).respond_with(redirect(307, "/api/v4/x")).mount(&server).await;
    Mock::given(method("DELETE")).respond_with(redirect(308, "/api/v4/x")).mount(&server).await;
    let client = client(&server);
    let put = client.put_integration(PROJECT, &slug("slack"), &Map::new()).await;
    let delete = client.delete_integration(PROJECT, &slug("slack")).await;
    for error in [put.expect_err("not followed"), delete.expect_err("not followed")] {
        assert!(matches!(error.problem, Problem::RedirectedElsewhere { .. }), "{error}");
        assert!(!error.outcome_unknown(), "a redirected write did nothing");
    }
    assert_eq!(received(&server).await.len(), 2, "each was sent once");
}

#[tokio::test]
async fn a_link_to_another_host_is_not_followed() {
    let other = MockServer::start().await;
    let server = MockServer::start().await;
    let link = format!("<{}/evil/path?id_after=2&pagination=keyset>; rel=\"next\"", other.uri());
    Mock::given(path("/api/v4/projects"))
        .and(query_param("id_before", "1"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!([])))
        .with_priority(1)
        .mount(&server)
        .await;
    Mock::given(path("/api/v4/projects"))
        .respond_with(
            ResponseTemplate::new(200)
                .insert_header("link", link.as_str())
                .set_body_json(json!([project(2), project(3)])),
        )
        .mount(&server)
        .await;
    let listed: Result<Vec<_>, _> =
        client(&server).projects(&ProjectFilter::default()).try_collect().await;
    drop(listed);
    assert!(received(&server).await.len() >= 2, "the list goes on at our own server");
    assert!(received(&other).await.is_empty(), "the token went to its own origin only");
}

#[tokio::test]
async fn the_token_is_never_printed() {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(401)).mount(&server).await;
    let client = client(&server);
    let error = client.current_user().await.expect_err("no such token");
    for printed in [format!("{client:?}"), format!("{error:?}"), error.to_string()] {
        assert!(!printed.contains("canary"), "the token shows in: {printed}");
    }
}
