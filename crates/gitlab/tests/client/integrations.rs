use heirloom_core::ids::ScopeKey;
use heirloom_gitlab::Problem;
use serde_json::{Map, Value as Json, json};
use wiremock::matchers::{body_json, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{PROJECT, client, received, row, slug};

async fn answering(at: &str, answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(path(at)).respond_with(answer).mount(&server).await;
    server
}

fn ok(body: impl serde::Serialize) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn detail(slug: &str, properties: &Json) -> Json {
    let mut detail = row(1, slug);
    detail["properties"] = properties.clone();
    detail
}

#[tokio::test]
async fn a_list_gives_flags_events_and_times() {
    let server = answering("/api/v4/groups/5/integrations", ok([row(1, "slack")])).await;
    let rows = client(&server).integrations(ScopeKey::group(5)).await.expect("a list");
    let row = &rows[0];
    assert_eq!((row.id, row.slug.as_str(), row.active), (1, "slack", true), "as sent");
    assert_eq!(row.inherited, Some(true), "as sent");
    let events: Vec<_> = row.events.iter().map(|(key, on)| (key.as_str(), *on)).collect();
    assert_eq!(
        events,
        [("comment_on_event_enabled", true), ("issues_events", false), ("push_events", true)],
        "every event that is set, and nothing else"
    );
    assert_eq!(
        row.updated_at.map(|time| time.to_string()).as_deref(),
        Some("2024-05-02T09:00:00Z"),
        "times are read with their zone"
    );
}

#[tokio::test]
async fn servers_below_17_3_do_not_say_whether_a_row_inherits() {
    let mut old = row(1, "slack");
    old.as_object_mut().expect("an object").remove("inherited");
    let server = answering("/api/v4/projects/7/integrations", ok([old])).await;
    let rows = client(&server).integrations(PROJECT).await.expect("a list");
    assert_eq!(rows[0].inherited, None, "not said is not false");
}

#[tokio::test]
async fn rows_that_cannot_be_are_named() {
    let broken = |key: &str, value: Json| {
        let mut broken = row(2, "jira");
        broken[key] = value;
        json!([row(1, "slack"), broken])
    };
    let mut without = row(2, "jira");
    without.as_object_mut().expect("an object").remove("active");
    for (body, field) in [
        (broken("id", json!(-3)), "[1].id"),
        (broken("push_events", json!("hunter2")), "[1].push_events"),
        (broken("slug", json!("hunter2 !")), "[1].slug"),
        (broken("slug", json!("slack")), "[1].slug"),
        (broken("updated_at", json!("hunter2")), "[1].updated_at"),
        (json!([row(1, "slack"), without]), "missing field `active`"),
        (json!([row(1, "slack"), 5]), "[1]"),
        (json!({ "message": "hunter2" }), "expected a sequence"),
    ] {
        let server = answering("/api/v4/projects/7/integrations", ok(&body)).await;
        let error = client(&server).integrations(PROJECT).await.expect_err("a broken row");
        let text = error.to_string();
        assert!(matches!(error.problem, Problem::Decode { .. }), "{text}");
        assert!(text.contains(field), "{field} should be named: {text}");
        assert!(text.contains("/projects/7/integrations"), "so should the endpoint: {text}");
        assert!(!text.contains("hunter2"), "values are never repeated: {text}");
    }
}

#[tokio::test]
async fn a_row_comes_with_its_values_which_are_never_printed() {
    let properties = json!({ "channel": "#ops", "app_store_private_key": "canary-key" });
    let body = detail("apple-app-store", &properties);
    let server = answering("/api/v4/projects/7/integrations/apple-app-store", ok(body)).await;
    let found = client(&server).integration(PROJECT, &slug("apple_app_store")).await;
    let found = found.expect("an answer").expect("a row");
    assert_eq!(Json::Object(found.properties.clone()), properties, "as GitLab sent them");
    assert!(!format!("{found:?}").contains("canary"), "GitLab sends some private keys in clear");
}

#[tokio::test]
async fn only_integration_not_found_means_that_there_is_no_row() {
    let at = "/api/v4/projects/7/integrations/slack";
    let missing =
        |words: &str| ResponseTemplate::new(404).set_body_json(json!({ "message": words }));
    let server = answering(at, missing("404 Integration Not Found")).await;
    let none = client(&server).integration(PROJECT, &slug("slack")).await.expect("an answer");
    assert_eq!(none, None, "asked, and there is no row");
    let server = answering(at, missing("404 Project Not Found")).await;
    let error = client(&server).integration(PROJECT, &slug("slack")).await.expect_err("no scope");
    assert_eq!(error.problem, Problem::NotFound { what: "Project".to_owned() }, "not “no row”");
    let server = answering(at, ResponseTemplate::new(404).set_body_string("<html>")).await;
    let error = client(&server).integration(PROJECT, &slug("slack")).await.expect_err("a page");
    assert!(matches!(error.problem, Problem::NotGitlab { .. }), "not “no row” either: {error}");
}

#[tokio::test]
async fn a_row_of_another_kind_than_asked_for_is_refused() {
    let at = "/api/v4/projects/7/integrations/slack";
    let server = answering(at, ok(detail("jira", &json!({})))).await;
    let error = client(&server).integration(PROJECT, &slug("slack")).await.expect_err("not slack");
    assert!(error.to_string().contains("slug"), "{error}");
}

#[tokio::test]
async fn a_row_without_values_is_not_taken_for_one_with_none() {
    let at = "/api/v4/projects/7/integrations/slack";
    let server = answering(at, ok(row(1, "slack"))).await;
    let error = client(&server).integration(PROJECT, &slug("slack")).await.expect_err("no values");
    assert!(error.to_string().contains("properties"), "{error}");
}

#[tokio::test]
async fn saving_sends_exactly_the_settings_once() {
    let server = MockServer::start().await;
    let settings =
        json!({ "webhook": "https://hooks.test/canary", "use_inherited_settings": false });
    Mock::given(method("PUT"))
        .and(path("/api/v4/groups/5/integrations/slack"))
        .and(body_json(&settings))
        .respond_with(ok(detail("slack", &json!({ "channel": "" }))))
        .expect(1)
        .mount(&server)
        .await;
    let Json::Object(settings) = settings else { panic!("settings are an object") };
    let client = client(&server);
    let saved = client.put_integration(ScopeKey::group(5), &slug("slack"), &settings).await;
    assert!(saved.expect("saved").row.active, "GitLab answers with the row");
    assert!(client.request_counts().retries == 0, "sent once");
    let request = &received(&server).await[0];
    assert!(!request.url.as_str().contains("canary"), "settings travel in the body, not the URL");
}

#[tokio::test]
async fn a_refusal_that_repeats_what_was_sent_does_not_show_it() {
    let words = "Failed to update integration. #<Error attribute=webhook, value=\"canary-hook\">";
    for status in [400, 403, 422, 500] {
        let at = "/api/v4/projects/7/integrations/slack";
        let answer = ResponseTemplate::new(status).set_body_json(json!({ "message": words }));
        let server = answering(at, answer).await;
        let Json::Object(settings) = json!({ "webhook": "canary-hook", "flag": true }) else {
            panic!("settings are an object")
        };
        let refused = client(&server).put_integration(PROJECT, &slug("slack"), &settings).await;
        let error = refused.expect_err("refused");
        for printed in [error.to_string(), format!("{error:?}")] {
            assert!(!printed.contains("canary"), "{status}: a secret shows in: {printed}");
            assert!(
                printed.contains("attribute=webhook"),
                "{status}: the field is lost: {printed}"
            );
        }
    }
}

#[tokio::test]
async fn neither_lines_of_a_key_nor_a_cut_off_value_show_in_a_refusal() {
    let key = "-----BEGIN KEY-----\nfirst-line-of-key\nlast-line-of-key\n";
    let inspected = format!("invalid {:?} {} {}", key, "x".repeat(410), "canary-token-canary");
    let settings = json!({ "key": key, "token": "canary-token-canary" });
    let at = "/api/v4/projects/7/integrations/slack";
    let answer = ResponseTemplate::new(400).set_body_json(json!({ "message": inspected }));
    let server = answering(at, answer).await;
    let refused = client(&server)
        .put_integration(PROJECT, &slug("slack"), settings.as_object().expect("an object"))
        .await;
    let text = refused.expect_err("refused").to_string();
    assert!(text.contains("xxx"), "the rest of GitLab's words stays: {text}");
    for part in ["first-line", "last-line", "canary"] {
        assert!(!text.contains(part), "“{part}” of a secret shows in: {text}");
    }
}

#[tokio::test]
async fn disabling_takes_an_empty_answer() {
    let at = "/api/v4/projects/7/integrations/slack";
    for answer in [ResponseTemplate::new(204), ResponseTemplate::new(200)] {
        let server = answering(at, answer).await;
        client(&server).delete_integration(PROJECT, &slug("slack")).await.expect("switched off");
    }
}

#[tokio::test]
async fn the_instance_has_no_api_and_nothing_is_sent() {
    let server = MockServer::start().await;
    let client = client(&server);
    let instance = ScopeKey::INSTANCE;
    let slack = slug("slack");
    let problems = [
        client.integrations(instance).await.expect_err("no API").problem,
        client.integration(instance, &slack).await.expect_err("no API").problem,
        client.put_integration(instance, &slack, &Map::new()).await.expect_err("no API").problem,
        client.delete_integration(instance, &slack).await.expect_err("no API").problem,
    ];
    assert!(problems.iter().all(|problem| *problem == Problem::NoInstanceApi), "{problems:?}");
    assert!(received(&server).await.is_empty(), "nothing was sent");
}
