//! Section 6: lists of groups and projects, paging, moved projects.

use heirloom_simulator::{Config, Level, WorldSpec};
use serde_json::Value as Json;

use crate::harness::{Answer, Server};

fn texts(answer: &Answer, key: &str) -> Vec<String> {
    let list = answer.json();
    let list = list.as_array().expect("a list").clone();
    list.iter().map(|item| item[key].as_str().expect("text").to_owned()).collect()
}

async fn sized(groups: u32, projects: u32) -> Server {
    let world = WorldSpec::Sized { groups, projects };
    Server::start(Config { world, ..Config::default() }).await
}

#[tokio::test]
async fn without_filters_a_user_sees_own_groups_and_an_admin_all() {
    let server = Server::demo().await;
    let own = texts(&server.get("/groups?per_page=100").await, "full_path");
    assert!(own.contains(&"acme-security".to_owned()), "a membership, if a small one");
    assert!(!own.contains(&"acme-oss".to_owned()), "a public group of others");
    let all = texts(&server.get("/groups?per_page=100&all_available=true").await, "full_path");
    assert!(all.contains(&"acme-oss".to_owned()), "unless all are asked for");
    let admin = server.simulator.tokens().admin.clone();
    let everything = texts(&server.get_as(&admin, "/groups?per_page=100").await, "full_path");
    assert_eq!(everything.len(), server.simulator.world().groups().len(), "the default for admins");
}

#[tokio::test]
async fn min_access_level_and_owned_mean_own_memberships_even_for_an_admin() {
    let server = Server::demo().await;
    let owned = texts(&server.get("/groups?per_page=100&min_access_level=50").await, "full_path");
    assert!(owned.iter().all(|path| path.starts_with("acme")), "only what is owned: {owned:?}");
    assert!(!owned.contains(&"acme-security".to_owned()), "Reporter there");
    assert!(owned.contains(&"acme/platform/runtime/edge/proxies".to_owned()), "subgroups count");
    assert_eq!(owned, texts(&server.get("/groups?per_page=100&owned=true").await, "full_path"));
    let admin = server.simulator.tokens().admin.clone();
    let own = server.get_as(&admin, "/groups?min_access_level=10").await;
    assert_eq!(texts(&own, "full_path"), ["acme-oss"], "an admin's own membership alone");
}

#[tokio::test]
async fn groups_are_filtered_and_ordered_as_asked() {
    let server = Server::demo().await;
    let top = texts(&server.get("/groups?top_level_only=true").await, "full_path");
    assert_eq!(top, ["acme", "acme-labs", "acme-security", "vendors"], "by name, roots only");
    let found = texts(&server.get("/groups?search=check").await, "path");
    assert_eq!(found, ["checkout"], "search in name and path");
    let archived = texts(&server.get("/groups?archived=true").await, "path");
    assert_eq!(archived, ["legacy-2019"], "the archived one");
    let answer = server.get("/groups?order_by=id&sort=desc&per_page=100").await.json();
    let ids: Vec<u64> =
        answer.as_array().expect("list").iter().filter_map(|g| g["id"].as_u64()).collect();
    assert!(ids.is_sorted_by(|a, b| a > b), "by id, falling: {ids:?}");
    let refused = server.get("/groups?order_by=size").await;
    assert_eq!(refused.status, 400, "an order nobody knows");
    assert_eq!(refused.json()["error"], "order_by does not have a valid value", "Grape's text");
    assert_eq!(server.get("/groups?owned=maybe").await.json()["error"], "owned is invalid");
}

#[tokio::test]
async fn subgroups_are_direct_and_descendants_are_all() {
    let server = Server::demo().await;
    let id = server.group("acme/platform/runtime");
    let direct = texts(&server.get(&format!("/groups/{id}/subgroups")).await, "path");
    assert_eq!(direct, ["edge"], "one level");
    let all = texts(&server.get(&format!("/groups/{id}/descendant_groups")).await, "path");
    assert_eq!(all, ["edge", "proxies"], "every level");
}

#[tokio::test]
async fn paths_are_ids_when_they_are_url_encoded() {
    let server = Server::demo().await;
    let group = server.get("/groups/acme%2Fplatform%2Fcheckout").await.json();
    assert_eq!(group["full_name"], "Acme / Platform / Checkout", "found by path");
    assert!(group["projects"].as_array().is_some_and(|list| list.len() == 9), "projects embedded");
    let bare = server.get("/groups/acme%2Fplatform%2Fcheckout?with_projects=false").await.json();
    assert!(bare.get("projects").is_none(), "unless not wanted");
    let project = server.get("/projects/acme%2Fplatform%2Fcheckout%2Fpayments-api").await.json();
    assert_eq!(project["namespace"]["full_path"], "acme/platform/checkout", "its group");
    assert_eq!(project["namespace"]["kind"], "group", "a group's namespace");
}

#[tokio::test]
async fn what_cannot_be_seen_is_404_by_kind() {
    let server = Server::demo().await;
    let developer = server.simulator.tokens().developer.clone();
    let hidden = server.group("acme-labs");
    let group = server.get_as(&developer, &format!("/groups/{hidden}")).await;
    assert_eq!(group.json()["message"], "404 Group Not Found", "a private group of others");
    let hidden = server.project("acme-labs/lab-notes");
    let project = server.get_as(&developer, &format!("/projects/{hidden}")).await;
    assert_eq!(project.json()["message"], "404 Project Not Found", "and its project");
    assert_eq!(server.get("/groups/999999").await.status, 404, "missing");
}

#[tokio::test]
async fn projects_of_a_group_include_subgroups_only_when_asked() {
    let server = Server::demo().await;
    let id = server.group("acme/platform/runtime");
    let own = server.get(&format!("/groups/{id}/projects?order_by=path&sort=asc")).await;
    assert_eq!(texts(&own, "path"), ["base-images", "cluster-config", "image-promoter"]);
    let all = server.get(&format!("/groups/{id}/projects?include_subgroups=true")).await;
    assert_eq!(texts(&all, "path").len(), 8, "and those further down");
    let checkout = server.group("acme/platform/checkout");
    let live = server.get(&format!("/groups/{checkout}/projects?archived=false")).await;
    assert!(
        !texts(&live, "path").contains(&"tax-tables-2019".to_owned()),
        "archived ones left out"
    );
}

#[tokio::test]
async fn membership_narrows_even_an_admin_and_an_admin_sees_every_project() {
    let server = Server::demo().await;
    let admin = server.simulator.tokens().admin.clone();
    let all = server.get_as(&admin, "/projects?per_page=100").await;
    let count = server.simulator.world().projects().len();
    assert_eq!(all.header("x-total"), Some(count.to_string().as_str()), "all of them");
    let own = server.get_as(&admin, "/projects?membership=true").await;
    assert_eq!(texts(&own, "path_with_namespace").len(), 2, "the two of acme-oss");
}

#[tokio::test]
async fn personal_projects_stand_in_a_user_namespace() {
    let server = Server::demo().await;
    let id = server.project("d.whitfield/dotfiles");
    let project = server.get(&format!("/projects/{id}")).await.json();
    assert_eq!(project["namespace"]["kind"], "user", "not a group");
    assert_eq!(project["permissions"]["project_access"]["access_level"], 50, "owned");
}

#[tokio::test]
async fn archived_and_pending_deletion_are_marked() {
    let server = Server::demo().await;
    let id = server.project("acme/platform/checkout/tax-tables-2019");
    assert_eq!(server.get(&format!("/projects/{id}")).await.json()["archived"], true);
    let found = server.get("/projects?search=loyalty-v1&membership=true").await.json();
    assert!(found[0]["marked_for_deletion_on"].is_string(), "waiting to be deleted: {found}");
    let group = server.get("/groups/acme%2Flegacy-2019").await.json();
    assert_eq!(group["archived"], true, "a group too");
}

#[tokio::test]
async fn names_beyond_ascii_arrive_whole() {
    let server = Server::demo().await;
    let id = server.project("acme/mobile/matjar-aljawwal");
    assert_eq!(server.get(&format!("/projects/{id}")).await.json()["name"], "متجر-الجوّال");
}

#[tokio::test]
async fn offset_pages_carry_all_headers() {
    let server = sized(45, 10).await;
    let first = server.get("/groups").await;
    let header = |name| first.header(name);
    assert_eq!(header("x-page"), Some("1"), "the first page");
    assert_eq!(header("x-per-page"), Some("20"), "20 unless asked");
    assert_eq!(header("x-next-page"), Some("2"), "there is more");
    assert_eq!(header("x-prev-page"), Some(""), "nothing before, but the header is there");
    assert_eq!(header("x-total"), Some("45"), "counted");
    assert_eq!(header("x-total-pages"), Some("3"), "in pages");
    let link = header("link").unwrap_or_default().to_owned();
    assert!(link.contains("rel=\"next\"") && link.contains("rel=\"last\""), "links: {link}");
    let base = format!("<{}/api/v4/groups?", server.simulator.url());
    assert!(link.starts_with(&base), "on the configured host: {link}");
    let last = server.get("/groups?page=3").await;
    assert_eq!(texts(&last, "path").len(), 5, "the rest");
    assert_eq!(last.header("x-next-page"), Some(""), "and no more");
}

#[tokio::test]
async fn per_page_is_capped_at_100_and_0_is_refused() {
    let server = sized(130, 0).await;
    let page = server.get("/groups?per_page=500").await;
    assert_eq!(texts(&page, "path").len(), 100, "silently capped");
    assert_eq!(page.header("x-per-page"), Some("100"), "and said so");
    let refused = server.get("/groups?per_page=0").await;
    assert_eq!(refused.status, 400, "no page of nothing");
    assert_eq!(refused.json()["error"], "per_page has a value not allowed", "Grape's text");
}

#[tokio::test]
async fn totals_are_left_out_above_10_000_rows() {
    let server = sized(1, 10_001).await;
    let page = server.get("/projects?per_page=1&simple=true").await;
    assert!(page.header("x-total").is_none(), "not counted out");
    assert!(page.header("x-total-pages").is_none(), "nor in pages");
    assert_eq!(page.header("x-next-page"), Some("2"), "but there is a next page");
    let link = page.header("link").unwrap_or_default();
    assert!(!link.contains("rel=\"last\""), "and no last one: {link}");
}

#[tokio::test]
async fn keyset_pages_link_onwards_until_an_empty_page() {
    let server = sized(3, 200).await;
    let mut path = "/projects?pagination=keyset&order_by=id&sort=asc&per_page=100".to_owned();
    let mut sizes = Vec::new();
    let mut ids: Vec<u64> = Vec::new();
    loop {
        let page = server.get(&path).await;
        assert!(page.header("x-total").is_none(), "keyset pages are not counted");
        let rows = page.json();
        let rows: Vec<Json> = rows.as_array().expect("rows").clone();
        sizes.push(rows.len());
        ids.extend(rows.iter().filter_map(|row| row["id"].as_u64()));
        let Some(link) = page.header("link") else { break };
        let next = link.trim_start_matches('<').split('>').next().expect("an address");
        path = next.split_once("/api/v4").expect("an API address").1.to_owned();
        assert!(path.contains("id_after="), "the cursor is an id: {path}");
    }
    assert_eq!(sizes, [100, 100, 0], "even the full last page has a next link");
    assert!(ids.is_sorted() && ids.len() == 200, "each project once, in order");
}

#[tokio::test]
async fn keyset_descends_by_id_before_unless_told() {
    let server = sized(1, 5).await;
    let page = server.get("/projects?pagination=keyset&order_by=id&per_page=2").await;
    let rows = page.json();
    assert_eq!((&rows[0]["id"], &rows[1]["id"]), (&Json::from(5), &Json::from(4)), "newest first");
    assert!(page.header("link").is_some_and(|link| link.contains("id_before=4")), "onwards");
}

#[tokio::test]
async fn keyset_by_another_order_is_405() {
    let server = sized(1, 5).await;
    let refused = server.get("/projects?pagination=keyset&order_by=name").await;
    assert_eq!(refused.status, 405, "only by id");
    let text = "Keyset pagination is not yet available for this type of request";
    assert_eq!(refused.json()["error"], text, "GitLab's text");
}

#[tokio::test]
async fn a_moved_project_redirects_get_and_refuses_the_rest() {
    let server = Server::demo().await;
    let id = server.project("acme/platform/checkout/cart-service");
    server.simulator.world().rename(Level::Project, id, "basket").expect("a project");
    let old = "/projects/acme%2Fplatform%2Fcheckout%2Fcart-service/integrations/jira";
    let moved = server.get(old).await;
    assert_eq!(moved.status, 301, "the old path leads on");
    let to = format!("{}/api/v4/projects/{id}/integrations/jira", server.simulator.url());
    assert_eq!(moved.header("location"), Some(to.as_str()), "to the same address by id");
    assert!(moved.text.starts_with("This resource has been moved permanently to "), "in words");
    let refused = server.delete(old).await;
    assert_eq!(refused.status, 405, "but not for writing");
    let text = "Non GET methods are not allowed for moved projects";
    assert_eq!(refused.json()["message"], text, "GitLab's text");
}

#[tokio::test]
async fn a_moved_group_is_404_by_its_old_path() {
    let server = Server::demo().await;
    let id = server.group("acme/platform");
    server.simulator.world().rename(Level::Group, id, "core").expect("a group");
    assert_eq!(server.get("/groups/acme%2Fplatform").await.status, 404, "no redirect for groups");
    assert_eq!(server.get("/groups/acme%2Fcore").await.status, 200, "found anew");
    let below = server.get("/projects/acme%2Fcore%2Fcheckout%2Fpayments-api").await;
    assert_eq!(below.status, 200, "what is below moved along");
}

#[tokio::test]
async fn a_relative_url_root_stands_in_front_of_everything() {
    let config = Config { relative_url_root: "/gitlab".to_owned(), ..Config::default() };
    let server = Server::start(config).await;
    assert!(server.simulator.url().ends_with("/gitlab"), "part of the base URL");
    let page = server.get("/groups?per_page=5").await;
    assert_eq!(page.status, 200, "served below the root");
    let link = page.header("link").unwrap_or_default();
    assert!(link.contains("/gitlab/api/v4/groups?"), "and in links: {link}");
}
