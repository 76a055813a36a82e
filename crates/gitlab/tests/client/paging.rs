use futures::{StreamExt, TryStreamExt};
use heirloom_core::ids::GitlabId;
use heirloom_gitlab::{Client, ClientOptions, GroupFilter, Problem, ProjectFilter};
use serde_json::{Value as Json, json};
use wiremock::matchers::{method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::support::{client, client_at, group, project, quick, received};

/// A list of groups in pages of two, as GitLab pages by number.
struct Numbered {
    ids: Vec<u64>,
    totals: bool,
}

fn asked_page(request: &Request) -> usize {
    let page = request.url.query_pairs().find(|(key, _)| key == "page");
    page.and_then(|(_, number)| number.parse().ok()).unwrap_or(1)
}

impl Respond for Numbered {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let number = asked_page(request);
        let pages = self.ids.chunks(2).count();
        let items: Vec<Json> = self
            .ids
            .chunks(2)
            .nth(number - 1)
            .unwrap_or_default()
            .iter()
            .map(|id| group(*id))
            .collect();
        let next = if number < pages { (number + 1).to_string() } else { String::new() };
        let answer = ResponseTemplate::new(200)
            .insert_header("x-page", number.to_string())
            .insert_header("x-next-page", next)
            .set_body_json(items);
        if !self.totals {
            return answer;
        }
        answer
            .insert_header("x-total", self.ids.len().to_string())
            .insert_header("x-total-pages", pages.to_string())
    }
}

async fn group_ids(client: &Client) -> heirloom_gitlab::Result<Vec<u64>> {
    let pages: Vec<_> = client.groups(&GroupFilter::default()).try_collect().await?;
    Ok(pages.into_iter().flat_map(|page| page.items).map(|group| group.id.0).collect())
}

#[tokio::test]
async fn groups_are_read_to_the_end_in_order_with_and_without_totals() {
    for totals in [true, false] {
        let server = MockServer::start().await;
        let ids: Vec<u64> = (1..=31).collect();
        Mock::given(path("/api/v4/groups"))
            .and(query_param("per_page", "100"))
            .and(query_param("order_by", "id"))
            .respond_with(Numbered { ids: ids.clone(), totals })
            .mount(&server)
            .await;
        let read = group_ids(&client(&server)).await.expect("all pages");
        assert_eq!(read, ids, "every group once, in order (totals: {totals})");
        assert_eq!(received(&server).await.len(), 16, "no page is asked for twice");
    }
}

#[tokio::test]
async fn the_first_page_tells_how_many_there_are() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(Numbered { ids: vec![1, 2, 3], totals: true })
        .mount(&server)
        .await;
    let mut pages = client(&server).groups(&GroupFilter::default());
    let first = pages.next().await.expect("a page").expect("a good page");
    assert_eq!((first.items.len(), first.total), (2, Some(3)), "for the progress that is shown");
}

#[tokio::test]
async fn a_list_is_counted_with_one_request_where_gitlab_tells() {
    for (totals, count) in [(true, Some(31)), (false, None)] {
        let server = MockServer::start().await;
        Mock::given(method("GET"))
            .respond_with(Numbered { ids: (1..=31).collect(), totals })
            .mount(&server)
            .await;
        let client = client(&server);
        let groups = client.count_groups(&GroupFilter::default()).await.expect("an answer");
        let projects = client.count_projects(&ProjectFilter::default()).await.expect("an answer");
        assert_eq!(
            (groups, projects),
            (count, count),
            "what the header says, or that it is silent"
        );
        let asked = received(&server).await;
        assert_eq!(asked.len(), 2, "one request each");
        assert!(
            !asked[1].url.as_str().contains("keyset"),
            "a keyset has no total (contract, section 6)"
        );
    }
}

#[tokio::test]
async fn a_group_pushed_onto_the_next_page_meanwhile_is_given_once() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(Numbered { ids: vec![1, 2, 2, 3], totals: true })
        .mount(&server)
        .await;
    assert_eq!(group_ids(&client(&server)).await.expect("a list"), [1, 2, 3], "each scope once");
}

#[tokio::test]
async fn one_failed_page_fails_the_list() {
    let server = MockServer::start().await;
    Mock::given(query_param("page", "3"))
        .respond_with(ResponseTemplate::new(500))
        .with_priority(1)
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .respond_with(Numbered { ids: (1..=20).collect(), totals: true })
        .mount(&server)
        .await;
    let pages: Vec<_> = client(&server).groups(&GroupFilter::default()).collect().await;
    assert_eq!(pages.len(), 3, "two pages, the error, and nothing after it");
    assert!(pages[2].is_err(), "a list with a hole is not a list");
}

#[tokio::test]
async fn filters_are_sent_as_gitlab_names_them() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!([])))
        .mount(&server)
        .await;
    let client = client(&server);
    let under = Some(GitlabId(9));
    let groups = [
        GroupFilter { min_access_level: Some(50), top_level_only: true, ..GroupFilter::default() },
        GroupFilter { under, search: Some("a&b".to_owned()), ..GroupFilter::default() },
    ];
    for filter in &groups {
        client.groups(filter).try_collect::<Vec<_>>().await.expect("an empty list");
    }
    let projects = [
        ProjectFilter { membership: true, archived: Some(false), ..ProjectFilter::default() },
        ProjectFilter { under, min_access_level: Some(40), ..ProjectFilter::default() },
    ];
    for filter in &projects {
        client.projects(filter).try_collect::<Vec<_>>().await.expect("an empty list");
    }
    let asked: Vec<String> = received(&server)
        .await
        .iter()
        .map(|request| request.url.as_str().split_once("/api/v4").expect("our API").1.to_owned())
        .collect();
    let common = "order_by=id&sort=asc&per_page=100";
    assert_eq!(
        asked,
        [
            format!("/groups?{common}&min_access_level=50&top_level_only=true&page=1"),
            format!("/groups/9/descendant_groups?{common}&search=a%26b&page=1"),
            format!("/projects?{common}&archived=false&membership=true&pagination=keyset"),
            format!(
                "/groups/9/projects?{common}&min_access_level=40&include_subgroups=true&with_shared=false&page=1"
            ),
        ],
        "exactly these requests"
    );
}

/// Projects by keyset, as GitLab answers: even the last page with projects has a `Link`.
async fn keyset(server: &MockServer, after: Option<&str>, ids: &[u64], next: &str) {
    let mock = Mock::given(path("/api/v4/projects")).and(query_param("pagination", "keyset"));
    let mock = match after {
        Some(id) => mock.and(query_param("id_after", id)),
        None => mock.and(query_param_is_missing("id_after")),
    };
    let items: Vec<Json> = ids.iter().map(|id| project(*id)).collect();
    let mut answer = ResponseTemplate::new(200).set_body_json(items);
    if !next.is_empty() {
        let link = format!(
            "<{}/api/v4/projects?id_after={next}&pagination=keyset>; rel=\"next\"",
            server.uri()
        );
        answer = answer.insert_header("link", link.as_str());
    }
    mock.respond_with(answer).mount(server).await;
}

async fn project_ids(client: &Client) -> heirloom_gitlab::Result<Vec<u64>> {
    let pages: Vec<_> = client.projects(&ProjectFilter::default()).try_collect().await?;
    Ok(pages.into_iter().flat_map(|page| page.items).map(|project| project.id.0).collect())
}

#[tokio::test]
async fn projects_are_followed_until_an_empty_page() {
    let server = MockServer::start().await;
    keyset(&server, None, &[1, 2, 5], "5").await;
    keyset(&server, Some("5"), &[9], "9").await;
    keyset(&server, Some("9"), &[], "").await;
    let read = project_ids(&client(&server)).await.expect("all pages");
    assert_eq!(read, [1, 2, 5, 9], "a short page does not end the list");
}

#[tokio::test]
async fn a_keyset_that_goes_in_circles_ends_with_an_error() {
    let server = MockServer::start().await;
    keyset(&server, None, &[1, 2], "2").await;
    keyset(&server, Some("2"), &[1, 2], "2").await;
    let error = project_ids(&client(&server)).await.expect_err("a circle");
    assert!(matches!(error.problem, Problem::Decode { .. }), "{error}");
    assert_eq!(received(&server).await.len(), 2, "noticed with the first repetition");
}

#[tokio::test]
async fn a_link_that_names_the_same_page_again_ends_with_an_error() {
    let server = MockServer::start().await;
    keyset(&server, None, &[1], "1").await;
    keyset(&server, Some("1"), &[2], "1").await;
    let error = project_ids(&client(&server)).await.expect_err("a circle");
    assert!(error.to_string().contains("Link"), "what is wrong is named: {error}");
}

#[tokio::test]
async fn a_keyset_longer_than_any_gitlab_is_given_up() {
    struct Endless;
    impl Respond for Endless {
        fn respond(&self, request: &Request) -> ResponseTemplate {
            let after = request.url.query_pairs().find(|(key, _)| key == "id_after");
            let id = after.map_or(1, |(_, id)| id.parse::<u64>().expect("a number") + 1);
            let link = format!("</api/v4/projects?id_after={id}>; rel=\"next\"");
            ResponseTemplate::new(200)
                .insert_header("link", link.as_str())
                .set_body_json(json!([project(id)]))
        }
    }
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(Endless).mount(&server).await;
    let client = client_at(&server.uri(), ClientOptions { max_pages: 10, ..quick() });
    let error = project_ids(&client).await.expect_err("it never ends");
    assert_eq!(error.problem, Problem::TooLarge { limit: 10, unit: "pages" }, "{error}");
    assert_eq!(received(&server).await.len(), 10, "as many pages as allowed");
}

#[tokio::test]
async fn ids_that_cannot_be_are_decode_errors_that_name_the_field() {
    let mut negative = project(1);
    negative["namespace"]["id"] = json!(-1);
    let mut huge = project(1);
    huge["id"] = serde_json::from_str("18446744073709551616").expect("a number");
    let mut text = project(1);
    text["id"] = json!("secret-value");
    let mut missing = project(1);
    missing.as_object_mut().expect("an object").remove("path_with_namespace");
    for (bad, field) in
        [(negative, "namespace.id"), (huge, "id"), (text, "id"), (missing, "path_with_namespace")]
    {
        let server = MockServer::start().await;
        Mock::given(method("GET"))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!([project(0), bad])))
            .mount(&server)
            .await;
        let error = project_ids(&client(&server)).await.expect_err("no such project can be");
        let text = error.to_string();
        assert!(matches!(error.problem, Problem::Decode { .. }), "{text}");
        assert!(text.contains("[1]") && text.contains(field), "{field} of item 1 is named: {text}");
        assert!(text.contains("/projects"), "the endpoint is named: {text}");
        assert!(!text.contains("secret-value"), "values are never repeated: {text}");
        assert_eq!(received(&server).await.len(), 1, "a well-formed answer is not asked for again");
    }
}

#[tokio::test]
async fn the_same_project_twice_on_one_page_is_refused() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!([project(1), project(1)])))
        .mount(&server)
        .await;
    let error = project_ids(&client(&server)).await.expect_err("one scope cannot be two");
    assert!(error.to_string().contains("[1].id"), "{error}");
}

#[tokio::test]
async fn deletion_marks_and_access_are_read_in_both_spellings() {
    let mut new = project(1);
    new["marked_for_deletion_on"] = json!("2026-01-02");
    new["permissions"] =
        json!({ "project_access": { "access_level": 30 }, "group_access": { "access_level": 40 } });
    let mut old = project(2);
    old["marked_for_deletion_at"] = json!("2026-01-02");
    old["permissions"] = json!({ "project_access": null, "group_access": null });
    old["namespace"]["kind"] = json!("user");
    let server = MockServer::start().await;
    for one in [new, old] {
        let address = format!("/api/v4/projects/{}", one["id"]);
        Mock::given(path(address))
            .respond_with(ResponseTemplate::new(200).set_body_json(one))
            .mount(&server)
            .await;
    }
    let client = client(&server);
    let new = client.project(GitlabId(1)).await.expect("a project");
    let old = client.project(GitlabId(2)).await.expect("a project");
    assert_eq!(new.marked_for_deletion(), old.marked_for_deletion(), "one fact, two spellings");
    assert!(new.marked_for_deletion().is_some(), "and it is there");
    assert_eq!((new.access_level(), old.access_level()), (Some(40), None), "the higher one counts");
}

#[tokio::test]
async fn a_group_is_found_by_its_encoded_path_without_its_projects() {
    let server = MockServer::start().await;
    Mock::given(path("/api/v4/groups/a%2Fb%20c"))
        .and(query_param("with_projects", "false"))
        .respond_with(ResponseTemplate::new(200).set_body_json(group(3)))
        .expect(1)
        .mount(&server)
        .await;
    let found = client(&server).group_by_path("/a/b c/").await.expect("the group");
    assert_eq!(found.id, GitlabId(3), "slashes in a path are part of the id");
}
