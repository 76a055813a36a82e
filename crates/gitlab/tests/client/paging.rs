use futures::{StreamExt, TryStreamExt};
use heirloom_core::ids::GitlabId;
use heirloom_gitlab::{Client, ClientOptions, GroupFilter, Problem, ProjectFilter};
use serde_json::{Value as Json, json};
use wiremock::matchers::{method, path, query_param};
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
        let mut asked: Vec<usize> = received(&server).await.iter().map(asked_page).collect();
        asked.sort_unstable();
        assert!(asked.is_sorted_by(|a, b| a < b), "no page is asked for twice: {asked:?}");
        let most = if totals { 16 } else { 16 + 7 };
        assert!(asked.len() <= most, "few pages too many (totals: {totals}): {asked:?}");
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
    let by_id = "order_by=id&per_page=100";
    assert_eq!(
        asked,
        [
            format!("/groups?{common}&min_access_level=50&top_level_only=true&page=1"),
            format!("/groups/9/descendant_groups?{common}&search=a%26b&page=1"),
            format!("/projects?{by_id}&archived=false&membership=true&pagination=keyset&sort=desc"),
            format!(
                "/groups/9/projects?{by_id}&min_access_level=40&include_subgroups=true&with_shared=false&sort=asc&page=1"
            ),
        ],
        "exactly these requests"
    );
}

/// Projects by keyset, as GitLab answers; `most` is what fits on a page there.
struct Keyset {
    ids: Vec<u64>,
    most: usize,
}

fn number(request: &Request, name: &str) -> Option<u64> {
    let found = request.url.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, number)| number.parse().expect("a number"))
}

impl Respond for Keyset {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let after = number(request, "id_after").unwrap_or(0);
        let before = number(request, "id_before").unwrap_or(u64::MAX);
        let within = self.ids.iter().copied().filter(|id| after < *id && *id < before);
        let items: Vec<u64> = if request.url.as_str().contains("sort=desc") {
            within.rev().take(self.most).collect()
        } else {
            within.take(self.most).collect()
        };
        ResponseTemplate::new(200)
            .set_body_json(items.into_iter().map(project).collect::<Vec<Json>>())
    }
}

async fn project_ids(client: &Client) -> heirloom_gitlab::Result<Vec<u64>> {
    let pages: Vec<_> = client.projects(&ProjectFilter::default()).try_collect().await?;
    Ok(pages.into_iter().flat_map(|page| page.items).map(|project| project.id.0).collect())
}

/// Contract, section 6: a page that is not full is the last; a proxy may make pages smaller.
#[tokio::test]
async fn projects_are_read_to_the_end_side_by_side_each_once() {
    for most in [100, 30] {
        let server = MockServer::start().await;
        let ids: Vec<u64> = (1..=1_234).filter(|id| id % 7 != 0).collect();
        Mock::given(path("/api/v4/projects"))
            .and(query_param("pagination", "keyset"))
            .and(query_param("order_by", "id"))
            .and(query_param("per_page", "100"))
            .respond_with(Keyset { ids: ids.clone(), most })
            .mount(&server)
            .await;
        let mut read = project_ids(&client(&server)).await.expect("all pages");
        read.sort_unstable();
        assert_eq!(read, ids, "every project once, {most} a page");
        let asked = received(&server).await.len();
        let pages = ids.len().div_ceil(most);
        assert!(asked <= pages + 8, "{asked} requests for {pages} pages");
    }
}

#[tokio::test]
async fn few_projects_take_two_requests_and_none_take_one() {
    for (ids, most) in [(vec![], 1), (vec![5, 9], 2)] {
        let server = MockServer::start().await;
        Mock::given(method("GET"))
            .respond_with(Keyset { ids: ids.clone(), most: 100 })
            .mount(&server)
            .await;
        let mut read = project_ids(&client(&server)).await.expect("all pages");
        read.sort_unstable();
        assert_eq!(read, ids, "all of them");
        assert_eq!(received(&server).await.len(), most, "{ids:?}: the end, and what is below it");
    }
}

#[tokio::test]
async fn a_server_that_ignores_the_bounds_is_noticed_at_once() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!([project(4), project(3)])))
        .mount(&server)
        .await;
    let error = project_ids(&client(&server)).await.expect_err("not in order");
    assert!(matches!(error.problem, Problem::Decode { .. }), "{error}");
    assert!(received(&server).await.len() <= 4, "noticed with the first repetition");
}

#[tokio::test]
async fn a_list_longer_than_any_gitlab_is_given_up() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(Keyset { ids: (1..=10_000).collect(), most: 1 })
        .mount(&server)
        .await;
    let client = client_at(&server.uri(), ClientOptions { max_pages: 10, ..quick() });
    let error = project_ids(&client).await.expect_err("it never ends");
    assert_eq!(error.problem, Problem::TooLarge { limit: 10, unit: "pages" }, "{error}");
    assert!(received(&server).await.len() < 20, "no more pages than allowed, and those under way");
}

#[tokio::test]
async fn items_that_make_no_sense_are_left_out_and_named_without_their_values() {
    let mut negative = project(1);
    negative["namespace"]["id"] = json!(-1);
    let mut none = project(1);
    none["namespace"]["parent_id"] = json!(0);
    let mut huge = project(1);
    huge["id"] = serde_json::from_str("18446744073709551616").expect("a number");
    let mut too_high = project(1);
    too_high["id"] = json!(9_223_372_036_854_775_808_u64);
    let mut text = project(1);
    text["id"] = json!("secret-value");
    let mut missing = project(1);
    missing.as_object_mut().expect("an object").remove("path_with_namespace");
    for (bad, field) in [
        (negative, "namespace.id"),
        (none, "namespace.parent_id"),
        (huge, "id"),
        (too_high, "id"),
        (text, "id"),
        (missing, "path_with_namespace"),
        (project(7), "id"),
    ] {
        let server = MockServer::start().await;
        Mock::given(query_param("sort", "desc"))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!([project(7), bad])))
            .with_priority(1)
            .mount(&server)
            .await;
        Mock::given(method("GET"))
            .respond_with(Keyset { ids: vec![], most: 100 })
            .mount(&server)
            .await;
        let pages: Vec<_> =
            client(&server).projects(&ProjectFilter::default()).try_collect().await.expect("pages");
        let ids: Vec<u64> = pages[0].items.iter().map(|project| project.id.0).collect();
        assert_eq!(ids, [7], "{field}: the good one is taken");
        let text = pages[0].unreadable[0].to_string();
        assert!(text.contains("[1]") && text.contains(field), "{field} of item 1 is named: {text}");
        assert!(!text.contains("secret-value"), "values are never repeated: {text}");
        let asked = received(&server).await;
        let same = asked.iter().filter(|it| it.url.as_str().contains("sort=desc")).count();
        assert_eq!(same, 4, "three tries, and one that takes what can be read");
    }
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
