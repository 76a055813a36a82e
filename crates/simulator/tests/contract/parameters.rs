//! Section 9: what PUT takes, against the facts of GitLab 19.3's own API description: each line
//! of the fixture is a slug and its parameters, `!` = required.

use std::collections::BTreeSet;

use heirloom_simulator::{Config, Features};
use serde_json::{Map, Value as Json, json};

use crate::harness::Server;

const FACTS: &str = include_str!("fixtures/parameters-19.3.txt");
const PAYMENTS: &str = "acme/platform/checkout/payments-api";

struct Fact {
    slug: &'static str,
    /// Name, type, required.
    parameters: Vec<(&'static str, &'static str, bool)>,
}

fn facts() -> Vec<Fact> {
    let facts: Vec<Fact> = FACTS
        .lines()
        .map(|line| {
            let mut words = line.split(' ');
            let slug = words.next().expect("a slug");
            let parameters = words.map(|word| {
                let (name, kind) = word.split_once(':').expect("a type");
                match name.strip_suffix('!') {
                    Some(name) => (name, kind, true),
                    None => (name, kind, false),
                }
            });
            Fact { slug, parameters: parameters.collect() }
        })
        .collect();
    assert_eq!(facts.len(), 49, "all kinds but the two of development servers");
    facts
}

async fn newest() -> Server {
    let features =
        Features { slack_app: true, jira_connect: true, saas: true, ..Default::default() };
    let gitlab_version = "19.3.0-ee".to_owned();
    Server::start(Config { gitlab_version, features, ..Config::default() }).await
}

/// The names before a text in Grape's complaint.
fn named<'a>(complaint: &'a str, text: &str) -> BTreeSet<&'a str> {
    complaint.split(", ").filter_map(|part| part.strip_suffix(text)).collect()
}

#[tokio::test]
async fn the_required_parameters_are_those_of_the_api_description() {
    let server = newest().await;
    for fact in facts() {
        let answer = server.put(&server.of_project(PAYMENTS, fact.slug), json!({})).await;
        let required: BTreeSet<_> = fact
            .parameters
            .iter()
            .filter(|(.., required)| *required)
            .map(|(name, ..)| *name)
            .collect();
        let body: Json = answer.json();
        let complaint = body["error"].as_str().unwrap_or_default().to_owned();
        assert_eq!(named(&complaint, " is missing"), required, "required by {}", fact.slug);
    }
}

#[tokio::test]
async fn the_declared_parameters_are_those_of_the_api_description() {
    let server = newest().await;
    let mut count = 0;
    for fact in facts() {
        // No parameter is an object, so each that is declared complains about one.
        let mut body: Map<String, Json> =
            fact.parameters.iter().map(|(name, ..)| ((*name).to_owned(), json!({}))).collect();
        body.insert("not_a_parameter".to_owned(), json!({}));
        let path = server.of_project(PAYMENTS, fact.slug);
        let answer = server.put(&path, Json::Object(body)).await.json();
        let complaint = answer["error"].as_str().unwrap_or_default().to_owned();
        let declared: BTreeSet<_> = fact.parameters.iter().map(|(name, ..)| *name).collect();
        assert_eq!(named(&complaint, " is invalid"), declared, "declared by {}", fact.slug);
        count += declared.len();
    }
    assert_eq!(count, 482, "of all kinds together");
}

#[tokio::test]
async fn the_types_are_those_of_the_api_description() {
    let server = newest().await;
    for fact in facts() {
        // A word is no boolean, number or list; a list is no text.
        let sent = |kind: &str| if kind == "string" { json!(["a"]) } else { json!("a word") };
        let body: Map<String, Json> = fact
            .parameters
            .iter()
            .map(|(name, kind, _)| ((*name).to_owned(), sent(kind)))
            .collect();
        let path = server.of_project(PAYMENTS, fact.slug);
        let answer = server.put(&path, Json::Object(body)).await.json();
        let complaint = answer["error"].as_str().unwrap_or_default().to_owned();
        let all: BTreeSet<_> = fact.parameters.iter().map(|(name, ..)| *name).collect();
        assert_eq!(named(&complaint, " is invalid"), all, "types of {}", fact.slug);
    }
}
