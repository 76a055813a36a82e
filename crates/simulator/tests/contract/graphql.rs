//! Section 5: what GraphQL tells about integrations.

use heirloom_simulator::{Config, WorldSpec};
use reqwest::Method;
use serde_json::{Value as Json, json};

use crate::harness::{Answer, Server};

const PAYMENTS: &str = "acme/platform/checkout/payments-api";

async fn ask_as(server: &Server, token: Option<&str>, body: &Json) -> Answer {
    let address = format!("{}/api/graphql", server.simulator.url());
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let request = client.request(Method::POST, address).json(body);
    server.send(token.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth)).await
}

async fn ask(server: &Server, query: &str) -> Json {
    ask_as(server, Some(server.simulator.token()), &json!({ "query": query })).await.json()
}

fn services(of: &str) -> String {
    format!(r#"project(fullPath: "{of}") {{ services {{ nodes {{ type active }} }} }}"#)
}

#[tokio::test]
async fn graphql_lists_the_integrations_of_a_project_by_class_and_activity() {
    let server = Server::demo().await;
    let query = r"query Survey($path: ID!, $active: Boolean = true) {
        project(fullPath: $path) { ...Listed id }
        none: project(fullPath: $nowhere) { id }
        currentUser { username }
      }
      fragment Listed on Project {
        all: services { nodes { __typename type active } }
        services(active: $active) { nodes { ... on Service { serviceType } } }
        jira: services(type: JIRA_SERVICE) { nodes { type serviceType active } }
      }";
    let variables = json!({ "path": PAYMENTS, "nowhere": "acme/nowhere" });
    let body = json!({ "query": query, "variables": variables });
    let data = ask_as(&server, Some(server.simulator.token()), &body).await.json()["data"].clone();
    let id = server.project(PAYMENTS);
    assert_eq!(data["project"]["id"], format!("gid://gitlab/Project/{id}"), "a global id: {data}");
    let rows = server.simulator.world().slugs(heirloom_simulator::Level::Project, id).len();
    let all = data["project"]["all"]["nodes"].as_array().expect("nodes");
    assert_eq!(all.len(), rows, "every row, on or off");
    let listed = server.get(&format!("/projects/{id}/integrations")).await.json();
    let mut active: Vec<_> = listed
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| {
            let slug = row["slug"].as_str().expect("a slug");
            format!("{}_SERVICE", slug.replace('-', "_").to_uppercase())
        })
        .collect();
    active.sort();
    let mut seen: Vec<_> = data["project"]["services"]["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .map(|node| node["serviceType"].as_str().expect("a type").to_owned())
        .collect();
    seen.sort();
    assert_eq!(seen, active, "the active ones are those REST lists");
    let jira = json!([{ "type": "JiraService", "serviceType": "JIRA_SERVICE", "active": true }]);
    assert_eq!(data["project"]["jira"]["nodes"], jira, "one kind");
    let own = all.iter().find(|node| node["type"] == "JiraService").expect("listed");
    assert_eq!(own["__typename"], "JiraService", "Jira has a type of its own");
    assert_eq!(data["none"], Json::Null, "no such project");
    assert_eq!(data["currentUser"]["username"], "d.whitfield", "who asks");
}

#[tokio::test]
async fn graphql_shows_services_to_maintainers_alone_and_null_to_others() {
    let server = Server::demo().await;
    let body = json!({ "query": format!("{{ {} }}", services(PAYMENTS)) });
    let tokens = server.simulator.tokens();
    let seen = async |token: Option<&str>| ask_as(&server, token, &body).await.json();
    let maintainer = seen(Some(&tokens.maintainer)).await;
    assert!(maintainer["data"]["project"]["services"].is_object(), "a maintainer: {maintainer}");
    let developer = seen(Some(&tokens.developer)).await;
    let nothing = json!({ "data": { "project": { "services": null } } });
    assert_eq!(developer, nothing, "a developer, without a word");
    assert_eq!(seen(None).await, json!({ "data": { "project": null } }), "nobody at all");
    let read = seen(Some(&tokens.read_api)).await;
    assert!(read["data"]["project"]["services"].is_object(), "read_api is enough: {read}");
}

#[tokio::test]
async fn graphql_tells_errors_in_its_own_shape() {
    let server = Server::demo().await;
    for (query, message, code) in [
        (
            "{ project { id } }",
            "Field 'project' is missing required arguments: fullPath",
            "missingRequiredArguments",
        ),
        ("{ instance { id } }", "Field 'instance' doesn't exist on type 'Query'", "undefinedField"),
        (
            r#"{ project(fullPath: "a/b") { services(slug: 1) { nodes { type } } } }"#,
            "Field 'services' doesn't accept argument 'slug'",
            "argumentNotAccepted",
        ),
        (
            r#"{ project(fullPath: "a/b") { services(active: "x") { nodes { type } } } }"#,
            "Argument 'active' on Field 'services' has an invalid value (\"x\"). Expected type \
             'Boolean'.",
            "argumentLiteralsIncompatible",
        ),
        (
            r#"{ project(fullPath: "a/b") }"#,
            "Field must have selections (field 'project' returns Project but has no selections. \
             Did you mean 'project { ... }'?)",
            "selectionMismatch",
        ),
        ("{ ...Lost }", "Fragment Lost was used, but not defined", "useAndDefineFragment"),
    ] {
        let answer = ask(&server, query).await;
        assert_eq!(answer["errors"][0]["message"], message, "{query}");
        assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{query}");
        assert!(answer["errors"][0]["locations"][0]["line"].is_u64(), "{query}: where");
        assert!(answer.get("data").is_none(), "{query}: nothing was done");
    }
    let endless = ask(&server, "{ ...A ...A } fragment A on Query { ...A ...A }").await;
    assert_eq!(endless["errors"][0]["message"], "Query exceeds max depth of 20", "no end to it");
    let broken = ask(&server, "{ project(").await;
    assert!(broken["errors"][0]["locations"][0]["line"].is_u64(), "no query at all: {broken}");
    let body = json!({ "query": "{ currentUser { username } }" });
    let unknown = ask_as(&server, Some("glpat-nobody"), &body).await;
    let told = json!({ "errors": [{ "message": "Invalid token" }] });
    assert_eq!((unknown.status.as_u16(), unknown.json()), (401, told), "an unknown token");
    let blocked = ask_as(&server, Some(&server.simulator.tokens().blocked), &body).await;
    assert_eq!(blocked.status, 403, "a blocked account");
}

#[tokio::test]
async fn graphql_queries_are_limited_in_complexity_and_length() {
    let server = Server::demo().await;
    let many = |count: usize| {
        let each: String = (0..count).map(|n| format!("p{n}: {} ", services(PAYMENTS))).collect();
        format!("{{ {each} }}")
    };
    // Of a project: itself, its services with a page of a hundred, their nodes and two fields.
    assert!(ask(&server, &many(27)).await["data"]["p26"].is_object(), "243 of 250");
    let refused = ask(&server, &many(28)).await;
    let told = "Query has complexity of 252, which exceeds max complexity of 250";
    assert_eq!(refused, json!({ "errors": [{ "message": told }] }), "two too many");
    let body = json!({ "query": many(26) });
    let stranger = ask_as(&server, None, &body).await.json();
    let told = "Query has complexity of 234, which exceeds max complexity of 200";
    assert_eq!(stranger["errors"][0]["message"], told, "less for strangers");
    let long = format!("{{ currentUser {{ id }} }} #{}", "x".repeat(10_000));
    let token = server.simulator.token();
    let answer = ask_as(&server, Some(token), &json!({ "query": long })).await;
    let told = json!({ "errors": [{ "message": "Query too large" }] });
    assert_eq!((answer.status.as_u16(), answer.json()), (422, told), "over 10,000 characters");
}

#[tokio::test]
async fn graphql_takes_several_queries_at_once() {
    let server = Server::demo().await;
    let body = json!([
        { "query": "{ metadata { version enterprise } }" },
        { "query": "{ nothing }" },
        { "query": "{ currentUser { name } }" },
    ]);
    let answers = ask_as(&server, Some(server.simulator.token()), &body).await.json();
    assert_eq!(answers[0]["data"]["metadata"]["version"], "18.10.2-ee", "the first");
    assert!(answers[1]["errors"].is_array(), "one that fails spoils no other");
    assert_eq!(answers[2]["data"]["currentUser"]["name"], "Dana Whitfield", "the last");
}

#[tokio::test]
async fn graphql_pages_lead_on_by_cursor() {
    let world = WorldSpec::Sized { groups: 4, projects: 250 };
    let server = Server::start(Config { world, ..Config::default() }).await;
    let mut after = Json::Null;
    let mut sizes = Vec::new();
    loop {
        let query = "query($after: String) { projects(first: 500, after: $after) {
            nodes { fullPath } pageInfo { hasNextPage endCursor } } }";
        let body = json!({ "query": query, "variables": { "after": after } });
        let answer = ask_as(&server, Some(&server.simulator.tokens().admin), &body).await.json();
        let page = &answer["data"]["projects"];
        sizes.push(page["nodes"].as_array().expect("nodes").len());
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(sizes, [100, 100, 50], "a hundred at most");
}
