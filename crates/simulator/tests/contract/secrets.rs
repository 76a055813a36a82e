//! Sections 2 and 9: which fields are never returned, and which changes clear them.

use std::collections::BTreeSet;

use heirloom_simulator::{Form, Level};
use serde_json::{Value as Json, json};

use crate::harness::Server;

/// Slug, secret fields, fields whose change clears them: the contract's own list.
const SECRETS: &[(&str, &[&str], &[&str])] = &[
    ("asana", &["api_key"], &[]),
    ("assembla", &["token"], &["subdomain"]),
    ("bamboo", &["password"], &["bamboo_url"]),
    ("buildkite", &["token"], &["project_url"]),
    ("campfire", &["token"], &["subdomain"]),
    ("datadog", &["api_key"], &["api_url", "datadog_site"]),
    ("diffblue-cover", &["diffblue_access_token_secret", "diffblue_license_key"], &[]),
    ("discord", &["webhook"], &[]),
    ("drone-ci", &["token"], &["drone_url"]),
    ("git-guardian", &["token"], &["api_url"]),
    ("github", &["token"], &["repository_url"]),
    ("hangouts-chat", &["webhook"], &[]),
    ("harbor", &["password"], &["url"]),
    ("jenkins", &["password"], &["jenkins_url"]),
    ("jira", &["password"], &["api_url", "url"]),
    ("matrix", &["token"], &["hostname"]),
    ("mattermost", &["webhook"], &[]),
    ("mattermost-slash-commands", &["token"], &[]),
    ("microsoft-teams", &["webhook"], &[]),
    ("packagist", &["token"], &["server"]),
    ("pivotaltracker", &["token"], &[]),
    ("pumble", &["webhook"], &[]),
    ("pushover", &["api_key", "user_key"], &[]),
    ("slack", &["webhook"], &[]),
    ("slack-slash-commands", &["token"], &[]),
    ("squash-tm", &["token"], &["url"]),
    ("teamcity", &["password"], &["teamcity_url"]),
    ("telegram", &["token"], &["hostname"]),
    ("unify-circuit", &["webhook"], &[]),
    ("webex-teams", &["webhook"], &[]),
    ("apple-app-store", &[], &[]),
    ("bugzilla", &[], &[]),
    ("clickup", &[], &[]),
    ("confluence", &[], &[]),
    ("custom-issue-tracker", &[], &[]),
    ("emails-on-push", &[], &[]),
    ("ewm", &[], &[]),
    ("external-wiki", &[], &[]),
    ("google-play", &[], &[]),
    ("irker", &[], &[]),
    ("linear", &[], &[]),
    ("phorge", &[], &[]),
    ("pipelines-email", &[], &[]),
    ("redmine", &[], &[]),
    ("youtrack", &[], &[]),
];

/// A project that nobody hands anything that would be in the way.
const LAB: &str = "acme-labs/lab-notes";

/// Stores something in every field, so that everything GitLab returns can be seen.
fn fill(server: &Server, slug: &str) -> BTreeSet<String> {
    let world = server.simulator.world();
    let id = server.project(LAB);
    let form = Form { inherit: Some(false), active: Some(false), ..Form::default() };
    world.save(Level::Project, id, slug, &form).expect("a new row");
    let names: BTreeSet<String> =
        server.row(Level::Project, LAB, slug).fields.into_keys().collect();
    let fields = names.iter().map(|name| (name.clone(), json!("filled"))).collect();
    world.save(Level::Project, id, slug, &Form { fields, ..form }).expect("saved");
    names
}

#[tokio::test]
async fn exactly_the_secret_fields_are_hidden() {
    let server = Server::demo().await;
    for (slug, secrets, _) in SECRETS {
        let all = fill(&server, slug);
        let row = server.get(&server.of_project(LAB, slug)).await.json();
        let shown: BTreeSet<String> =
            row["properties"].as_object().expect("properties").keys().cloned().collect();
        let hidden: Vec<&str> = all
            .difference(&shown)
            .map(String::as_str)
            .filter(|name| !(*slug == "discord" && name.ends_with("_channel")))
            // The API does not know these at all.
            .filter(|name| !name.ends_with("mention_channel"))
            .collect();
        assert_eq!(&hidden, secrets, "never returned by {slug}");
    }
}

#[tokio::test]
async fn exactly_the_exposing_fields_clear_the_secrets() {
    let server = Server::demo().await;
    let world = server.simulator.world();
    let id = server.project(LAB);
    for (slug, secrets, exposing) in SECRETS.iter().filter(|(_, secrets, _)| !secrets.is_empty()) {
        let all = fill(&server, slug);
        let mut clearing = Vec::new();
        for name in all.iter().filter(|name| !secrets.contains(&name.as_str())) {
            fill(&server, slug);
            let fields = [(name.clone(), json!("changed"))].into();
            let form = Form { inherit: Some(false), fields, ..Form::default() };
            world.save(Level::Project, id, slug, &form).expect("saved");
            let row = server.row(Level::Project, LAB, slug);
            if secrets.iter().all(|secret| row.fields[*secret] == Json::Null) {
                clearing.push(name.as_str());
            }
        }
        clearing.sort_unstable();
        assert_eq!(&clearing, exposing, "clearing the secrets of {slug}");
    }
}
