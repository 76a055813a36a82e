//! Section 2: PUT.

use heirloom_simulator::{Config, Level};
use serde_json::{Value as Json, json};

use crate::harness::Server;

const PAYMENTS: &str = "acme/platform/checkout/payments-api";
const CART: &str = "acme/platform/checkout/cart-service";

fn jira(more: &Json) -> Json {
    let mut body = json!({
        "url": "https://jira.new.example",
        "password": "new-password",
        "username": "me",
        "use_inherited_settings": false,
    });
    for (key, value) in more.as_object().expect("an object") {
        body[key] = value.clone();
    }
    body
}

#[tokio::test]
async fn required_parameters_are_required_on_every_put() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "jira");
    let none = server.put(&path, json!({})).await;
    assert_eq!(none.status, 400, "an edit needs them again");
    assert_eq!(none.json(), json!({ "error": "url is missing, password is missing" }), "all named");
    let inheriting = server.put(&path, json!({ "use_inherited_settings": true })).await;
    assert_eq!(inheriting.status, 400, "even to go back to the default");
    let one = server.put(&path, json!({ "url": "https://jira.example" })).await;
    assert_eq!(one.json()["error"], "password is missing", "secrets too, although stored");
}

#[tokio::test]
async fn datadog_needs_ci_visibility_until_19() {
    let body = json!({ "api_key": "k", "use_inherited_settings": false });
    let old = Server::demo().await;
    let refused = old.put(&old.of_project(CART, "datadog"), body.clone()).await;
    assert_eq!(
        refused.json()["error"],
        "datadog_ci_visibility is missing",
        "18.10 documents it so"
    );
    let config = Config { gitlab_version: "19.3.0-ee".to_owned(), ..Config::default() };
    let new = Server::start(config).await;
    let taken = new.put(&new.of_project(CART, "datadog"), body).await;
    assert_eq!(taken.status, 200, "19.3 no longer: {}", taken.text);
}

#[tokio::test]
async fn put_answers_200_with_the_full_row_for_create_and_edit() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "telegram");
    assert_eq!(server.get(&path).await.status, 404, "not there yet");
    let body = json!({ "token": "t", "room": "-100", "thread": 7, "push_events": false });
    let created = server.put(&path, body).await;
    assert_eq!(created.status, 200, "not 201");
    let row = created.json();
    assert_eq!(row["active"], true, "switched on");
    assert_eq!(row["properties"]["room"], "-100", "with its values");
    assert_eq!(row["properties"]["thread"], "7", "a number for a text field becomes text");
    assert_eq!(row["push_events"], false, "and its events");
    assert_eq!(row["inherited"], false, "custom");
    assert_eq!(server.get(&path).await.json(), row, "as it is stored");
}

#[tokio::test]
async fn put_takes_forms_and_query_parameters_too() {
    let server = Server::demo().await;
    let path = format!("{}?room=r1", server.of_project(PAYMENTS, "telegram"));
    let body = "token=t&push_events=0";
    let request = server
        .request(reqwest::Method::PUT, &path)
        .bearer_auth(server.simulator.token())
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body);
    let answer = server.send(request).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json()["properties"]["room"], "r1", "from the query");
    assert_eq!(answer.json()["push_events"], false, "from the form");
}

#[tokio::test]
async fn omitted_optional_parameters_keep_their_values() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "jira");
    let body = json!({
        "url": "https://jira-old.acme.example",
        "password": "p",
        "use_inherited_settings": false,
        "jira_issue_prefix": "P-",
    });
    let row = server.put(&path, body).await.json();
    assert_eq!(row["properties"]["jira_issue_regex"], "PAY-\\d+", "kept");
    assert_eq!(row["properties"]["jira_issue_prefix"], "P-", "set");
    assert_eq!(row["merge_requests_events"], false, "events too");
}

#[tokio::test]
async fn undeclared_parameters_are_dropped_without_a_word() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "slack");
    let body = json!({
        "webhook": "https://hooks.slack.example/x",
        "use_inherited_settings": false,
        "incidents_events": true,
        "group_mention_events": true,
        "active": false,
        "wat": 1,
    });
    let row = server.put(&path, body).await;
    assert_eq!(row.status, 200, "no complaint");
    assert_eq!(row.json()["incident_events"], false, "a misspelt event does nothing");
    assert_eq!(row.json()["active"], true, "`active` is not a parameter");
}

#[tokio::test]
async fn put_switches_on() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "pipelines-email");
    assert_eq!(server.get(&path).await.json()["active"], false, "off before");
    let body = json!({ "recipients": "a@acme.example", "use_inherited_settings": false });
    assert_eq!(server.put(&path, body).await.json()["active"], true, "on afterwards");
}

#[tokio::test]
async fn wrong_types_are_invalid_by_name() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "jira");
    let body = jira(&json!({
        "jira_auth_type": "two",
        "commit_events": "perhaps",
        "project_keys": "PAY",
        "username": ["me"],
    }));
    let answer = server.put(&path, body).await;
    assert_eq!(answer.status, 400, "refused");
    let text = "jira_auth_type is invalid, username is invalid, project_keys is invalid, \
                commit_events is invalid";
    assert_eq!(answer.json(), json!({ "error": text }), "every one of them");
}

#[tokio::test]
async fn a_body_that_is_not_json_is_named_as_such() {
    let server = Server::demo().await;
    let request = server
        .request(reqwest::Method::PUT, &server.of_project(PAYMENTS, "jira"))
        .bearer_auth(server.simulator.token())
        .header("content-type", "application/json")
        .body("{\"url\": ");
    let answer = server.send(request).await;
    assert_eq!(answer.status, 400, "unreadable");
    let text = answer.json()["error"].as_str().unwrap_or_default().to_owned();
    assert!(text.contains("message body does not match declared format"), "{text}");
}

#[tokio::test]
async fn blank_required_values_fail_the_model_inside_a_400_message() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "jira");
    for blank in [json!(""), json!(null)] {
        let answer = server.put(&path, jira(&json!({ "password": blank }))).await;
        assert_eq!(answer.status, 400, "presence is checked");
        let text = answer.json()["message"].as_str().unwrap_or_default().to_owned();
        let expected = "Failed to update integration. {:password=>[\"can't be blank\"]}";
        assert_eq!(text, expected, "as Ruby prints it");
    }
    let address = server.put(&path, jira(&json!({ "url": "ftp://jira.example" }))).await;
    assert!(address.text.contains("Only allowed schemes are http, https"), "{}", address.text);
    let stored = server.row(Level::Project, PAYMENTS, "jira");
    assert_eq!(stored.fields["password"], "payments-jira-password", "nothing was saved");
}

#[tokio::test]
async fn jira_needs_a_user_name_for_basic_authentication_only() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "jira");
    let basic = server.put(&path, jira(&json!({ "username": "" }))).await;
    assert_eq!(basic.status, 400, "basic authentication has a user");
    let token = server.put(&path, jira(&json!({ "username": "", "jira_auth_type": 1 }))).await;
    assert_eq!(token.status, 200, "a personal access token needs none: {}", token.text);
}

#[tokio::test]
async fn one_active_issue_tracker_and_one_wiki_per_project() {
    let server = Server::demo().await;
    let youtrack = json!({
        "project_url": "https://yt.example",
        "issues_url": "https://yt.example/:id",
        "use_inherited_settings": false,
    });
    let path = server.of_project(PAYMENTS, "youtrack");
    let refused = server.put(&path, youtrack.clone()).await;
    assert_eq!(refused.status, 400, "Jira is on");
    assert!(refused.text.contains("Another issue tracker is already in use"), "{}", refused.text);
    let jira = server.delete(&server.of_project(PAYMENTS, "jira")).await;
    assert_eq!(jira.status, 204, "Jira goes");
    assert_eq!(server.put(&path, youtrack.clone()).await.status, 200, "and YouTrack comes");
    let wiki =
        json!({ "confluence_url": "https://c.example/wiki", "use_inherited_settings": false });
    let refused = server.put(&server.of_project(PAYMENTS, "confluence"), wiki).await;
    assert!(
        refused.text.contains("Another third-party wiki is already in use"),
        "{}",
        refused.text
    );
    let group = server.put(&server.of_group("acme/platform/web", "youtrack"), youtrack).await;
    assert_eq!(group.status, 200, "the rule is for projects");
}

#[tokio::test]
async fn changing_an_address_clears_secrets_that_are_not_sent_again() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "jenkins");
    let same = json!({
        "jenkins_url": "https://jenkins.acme.example",
        "project_name": "other",
        "use_inherited_settings": false,
    });
    assert_eq!(server.put(&path, same).await.status, 200, "the address stays");
    let kept = server.row(Level::Project, PAYMENTS, "jenkins").fields["password"].clone();
    assert_eq!(kept, "payments-jenkins-password", "and so does the password");
    let moved = json!({
        "jenkins_url": "https://jenkins.elsewhere.example",
        "project_name": "other",
        "use_inherited_settings": false,
    });
    assert_eq!(server.put(&path, moved).await.status, 200, "the address changes");
    let gone = server.row(Level::Project, PAYMENTS, "jenkins").fields["password"].clone();
    assert_eq!(gone, Json::Null, "and the password is gone");
}

#[tokio::test]
async fn data_beside_the_row_does_not_move_updated_at() {
    let server = Server::demo().await;
    let time = |server: &Server, slug: &str| server.row(Level::Project, PAYMENTS, slug).updated_at;
    let before = time(&server, "jira");
    let path = server.of_project(PAYMENTS, "jira");
    let fields =
        json!({ "url": "https://jira2.example", "password": "x", "use_inherited_settings": false });
    assert_eq!(server.put(&path, fields.clone()).await.status, 200, "fields changed");
    assert_eq!(time(&server, "jira"), before, "Jira's live in another table");
    let mut events = fields;
    events["commit_events"] = false.into();
    assert_eq!(server.put(&path, events).await.status, 200, "an event changed");
    assert!(time(&server, "jira") > before, "events are the row's own");
    let before = time(&server, "slack");
    let slack = json!({ "webhook": "https://h.example/y", "use_inherited_settings": false });
    assert_eq!(server.put(&server.of_project(PAYMENTS, "slack"), slack).await.status, 200);
    assert!(time(&server, "slack") > before, "Slack's are in the row");
}

#[tokio::test]
async fn every_kind_takes_a_put_of_its_required_parameters() {
    let server = Server::demo().await;
    let project = server.project("acme-labs/lab-notes");
    // The lab's own tracker makes room for the others.
    assert_eq!(
        server.delete(&server.of_project("acme-labs/lab-notes", "youtrack")).await.status,
        204
    );
    let offered = [
        "apple-app-store",
        "asana",
        "assembla",
        "bamboo",
        "bugzilla",
        "buildkite",
        "campfire",
        "clickup",
        "confluence",
        "custom-issue-tracker",
        "datadog",
        "diffblue-cover",
        "discord",
        "drone-ci",
        "emails-on-push",
        "ewm",
        "external-wiki",
        "git-guardian",
        "github",
        "google-play",
        "hangouts-chat",
        "harbor",
        "irker",
        "jenkins",
        "jira",
        "linear",
        "matrix",
        "mattermost",
        "mattermost-slash-commands",
        "microsoft-teams",
        "packagist",
        "phorge",
        "pipelines-email",
        "pivotaltracker",
        "pumble",
        "pushover",
        "redmine",
        "slack",
        "slack-slash-commands",
        "squash-tm",
        "teamcity",
        "telegram",
        "unify-circuit",
        "webex-teams",
        "youtrack",
    ];
    for slug in offered {
        let path = format!("/projects/{project}/integrations/{slug}");
        let complaint = server.put(&path, json!({})).await.json();
        let missing = complaint["error"].as_str().unwrap_or_else(|| panic!("{slug}: {complaint}"));
        let mut body = json!({ "use_inherited_settings": false, "username": "me" });
        for name in missing.split(", ").filter_map(|text| text.strip_suffix(" is missing")) {
            body[name] = match name {
                "datadog_ci_visibility" => true.into(),
                name if name.ends_with("url") || name == "webhook" => "https://x.example".into(),
                _ => "x".into(),
            };
        }
        let saved = server.put(&path, body).await;
        assert_eq!(saved.status, 200, "{slug}: {}", saved.text);
        assert_eq!(saved.json()["slug"], slug, "its own slug");
        // Trackers and wikis must make room for the next one.
        assert_eq!(server.delete(&path).await.status, 204, "{slug} goes again");
    }
}

#[tokio::test]
async fn a_mask_sent_over_rest_is_a_value_like_any_other() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "slack");
    let body = json!({ "webhook": "https://h.example", "username": "************" });
    assert_eq!(server.put(&path, body).await.status, 200, "taken");
    let row = server.row(Level::Project, PAYMENTS, "slack");
    assert_eq!(row.fields["username"], "************", "stored as it came");
    let answer = server.put(&path, json!({ "webhook": "************" })).await;
    assert_eq!(answer.status, 400, "nor is it an address: {}", answer.text);
}

#[tokio::test]
async fn servers_before_17_do_not_say_what_failed() {
    let gitlab_version = "16.11.0-ee".to_owned();
    let server = Server::start(Config { gitlab_version, ..Config::default() }).await;
    let refused = server.put(&server.of_project(PAYMENTS, "slack"), json!({ "webhook": "" })).await;
    let told = json!({ "message": "400 Bad Request" });
    assert_eq!((refused.status.as_u16(), refused.json()), (400, told), "no more than that");
}

#[tokio::test]
async fn rows_have_one_more_event_in_the_enterprise_edition() {
    let keys = async |version: &str| {
        let gitlab_version = version.to_owned();
        let server = Server::start(Config { gitlab_version, ..Config::default() }).await;
        let row = server.get(&server.of_project(PAYMENTS, "slack")).await.json();
        row.as_object().expect("a row").keys().cloned().collect::<Vec<_>>()
    };
    let mut community = keys("18.10.2").await;
    community.push("vulnerability_events".to_owned());
    community.sort();
    assert_eq!(keys("18.10.2-ee").await, community, "vulnerability_events alone");
    for name in ["group_mention_events", "archive_trace_events"] {
        assert!(!community.contains(&name.to_owned()), "{name} is never told");
    }
}
