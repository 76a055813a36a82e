//! What the forms of the settings pages show and take (contract, section 12).

use heirloom_simulator::{Config, Features, Level, Limits, Writes};
use reqwest::Method;
use serde_json::{Value as Json, json};

use crate::browser::{Browser, data, data_json, field};
use crate::harness::{Answer, Server};

const INSTANCE: &str = "/admin/application_settings/integrations";
const ORGANIZATION: &str = "/o/default/admin/settings/integrations";
const GROUP: &str = "/groups/acme/-/settings/integrations";
const PROJECT: &str = "/acme/platform/checkout/payments-api/-/settings/integrations";
const PAYMENTS: &str = "acme/platform/checkout/payments-api";
const OWN: &str = "js-vue-integration-settings";

async fn of_release(gitlab_version: &str) -> Server {
    let gitlab_version = gitlab_version.to_owned();
    Server::start(Config { gitlab_version, ..Config::default() }).await
}

fn listed(page: &Answer, name: &str) -> Option<Json> {
    let fields = data_json(page, OWN, "fields");
    fields.as_array()?.iter().find(|field| field["name"] == name).cloned()
}

#[tokio::test]
async fn a_script_saves_without_propagating() {
    let server = Server::demo().await;
    let mut owner = Browser::of(&server, "d.whitfield").await;
    owner.get(&format!("{GROUP}/emails_on_push/edit")).await;
    let before = server.row(Level::Project, PAYMENTS, "emails-on-push");
    let path = format!("{GROUP}/emails_on_push.json");
    let form = [("service[recipients]", "quiet@acme.example")];
    let saved = owner.send(Method::PUT, &path, &form).await;
    assert_eq!(saved.json(), json!({ "active": true, "errors": {} }), "what became of it");
    server.simulator.propagated().await;
    let row = server.row(Level::Group, "acme", "emails-on-push");
    assert_eq!(row.fields["recipients"], "quiet@acme.example", "saved");
    let after = server.row(Level::Project, PAYMENTS, "emails-on-push");
    assert_eq!(after, before, "and nobody below hears of it");
    let refused = owner.send(Method::PUT, &path, &[("service[recipients]", "")]).await;
    assert_eq!(refused.status, 422, "not saved");
    assert_eq!(refused.json()["errors"]["recipients"], json!(["can't be blank"]), "and why");
}

#[tokio::test]
async fn organizations_have_pages_of_their_own_after_19_3() {
    let features = Features { saas: true, ..Features::default() };
    let gitlab_version = "19.4.0-ee".to_owned();
    let server = Server::start(Config { gitlab_version, features, ..Config::default() }).await;
    let mut admin = Browser::of(&server, "root").await;
    assert_eq!(admin.get(INSTANCE).await.status, 404, "GitLab.com hides the instance's");
    let page = admin.get(ORGANIZATION).await;
    let list = data_json(&page, "js-integrations-list", "integrations");
    let names: Vec<_> =
        list.as_array().expect("a list").iter().map(|entry| entry["name"].clone()).collect();
    assert!(names.contains(&json!("jira")), "what is handed down");
    assert!(!names.contains(&json!("beyond_identity")), "but nothing of the instance's own");
    let page = admin.get(&format!("{ORGANIZATION}/external_wiki/edit")).await;
    let path = data(&page, OWN, "form-path").expect("where to");
    assert_eq!(path, format!("{ORGANIZATION}/external_wiki"), "its own address");
    let form = [("service[external_wiki_url]", "https://wiki.organization.example")];
    assert_eq!(admin.send(Method::PUT, &path, &form).await.status, 302, "saved");
    server.simulator.propagated().await;
    let row = server.row(Level::Group, "acme", "external-wiki");
    assert_eq!(row.fields["external_wiki_url"], "https://wiki.organization.example", "handed down");
    let mut owner = Browser::of(&server, "d.whitfield").await;
    assert_eq!(owner.get(ORGANIZATION).await.status, 404, "for the organization's owners");
    let older = of_release("19.3.0-ee").await;
    let mut admin = Browser::of(&older, "root").await;
    assert_eq!(admin.get(ORGANIZATION).await.status, 404, "not there before");
    let page = admin.get(INSTANCE).await;
    assert!(page.text.contains("beyond_identity"), "the instance's own stand on its page");
}

#[tokio::test]
async fn a_group_form_links_to_whatever_id_it_names() {
    let server = Server::demo().await;
    let mut owner = Browser::of(&server, "d.whitfield").await;
    owner.get(&format!("{GROUP}/emails_on_push/edit")).await;
    let other = server.row(Level::Instance, "", "jira").id.to_string();
    let form = [
        ("service[inherit_from_id]", other.as_str()),
        ("service[recipients]", "beside@acme.example"),
    ];
    let path = format!("{GROUP}/emails_on_push");
    assert_eq!(owner.send(Method::PUT, &path, &form).await.status, 302, "taken");
    let row = server.row(Level::Group, "acme", "emails-on-push");
    assert_eq!(row.inherit_from.map(|id| id.to_string()), Some(other), "another kind's default");
    assert_eq!(row.fields["recipients"], "beside@acme.example", "and the values beside the link");
    let form = [("service[recipients]", "still@acme.example")];
    owner.send(Method::PUT, &path, &form).await;
    let row = server.row(Level::Group, "acme", "emails-on-push");
    assert!(row.inherit_from.is_some(), "without the choice the link stays");
    assert_eq!(row.fields["recipients"], "still@acme.example", "and the values change under it");
    let nowhere = [("service[inherit_from_id]", "999999"), ("service[recipients]", "x@y.z")];
    assert_eq!(owner.send(Method::PUT, &path, &nowhere).await.status, 500, "no row has that id");
}

#[tokio::test]
async fn blanks_and_placeholders_are_taken_as_values_except_for_passwords() {
    let server = Server::demo().await;
    let mut owner = Browser::of(&server, "d.whitfield").await;
    let store = server.of_project(PAYMENTS, "google-play");
    let key = json!({
        "package_name": "com.acme", "service_account_key": "{}",
        "service_account_key_file_name": "key.json",
    });
    server.put(&store, key).await;
    owner.get(&format!("{PROJECT}/google_play/edit")).await;
    let blank = [
        ("service[service_account_key]", ""),
        ("service[active]", "false"),
        ("service[inherit_from_id]", ""),
    ];
    owner.send(Method::PUT, &format!("{PROJECT}/google_play"), &blank).await;
    let row = server.row(Level::Project, PAYMENTS, "google-play");
    assert_eq!(row.fields["service_account_key"], "", "a key that is no password is erased");
    let before = server.row(Level::Project, PAYMENTS, "jira");
    let url = before.fields["url"].as_str().expect("an address").to_owned();
    let form = |password: &'static str| {
        [
            ("service[url]".to_owned(), url.clone()),
            ("service[password]".to_owned(), password.to_owned()),
            ("service[inherit_from_id]".to_owned(), String::new()),
        ]
    };
    let save = async |owner: &mut Browser<'_>, form: [(String, String); 3]| {
        let form: Vec<_> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(owner.send(Method::PUT, &format!("{PROJECT}/jira"), &form).await.status, 302);
        server.row(Level::Project, PAYMENTS, "jira").fields["password"].clone()
    };
    assert_eq!(save(&mut owner, form("")).await, before.fields["password"], "blank: kept");
    assert_eq!(save(&mut owner, form("true")).await, "true", "the placeholder is a password");
    let blank = [("service[webhook]", ""), ("service[inherit_from_id]", "")];
    let refused = owner.send(Method::PUT, &format!("{PROJECT}/slack"), &blank).await;
    assert_eq!(refused.status, 200, "a webhook is no password: blank is refused");
    assert!(refused.text.contains("Webhook can&#39;t be blank"), "by name: {}", refused.text);
}

#[tokio::test]
async fn a_form_that_changes_an_address_clears_the_secret_it_leaves_blank() {
    let server = Server::demo().await;
    let mut owner = Browser::of(&server, "d.whitfield").await;
    owner.get(&format!("{PROJECT}/jira/edit")).await;
    let form = [
        ("service[url]", "https://other.example"),
        ("service[password]", ""),
        ("service[active]", "false"),
        ("service[inherit_from_id]", ""),
    ];
    owner.send(Method::PUT, &format!("{PROJECT}/jira"), &form).await;
    let row = server.row(Level::Project, PAYMENTS, "jira");
    assert_eq!(row.fields["password"], Json::Null, "cleared");
}

#[tokio::test]
async fn mentions_of_a_group_are_set_by_its_form_alone() {
    let server = Server::demo().await;
    let mut owner = Browser::of(&server, "d.whitfield").await;
    server.put(&server.of_group("acme", "slack"), json!({ "webhook": "https://h.example" })).await;
    let named = |page: &Answer| {
        let events = data_json(page, OWN, "trigger-events");
        let events = events.as_array().expect("events").clone();
        events.into_iter().find(|event| event["name"] == "group_mention_events")
    };
    let page = owner.get(&format!("{GROUP}/slack/edit")).await;
    assert_eq!(named(&page).expect("listed")["value"], false, "off at first");
    let form = [
        ("service[group_mention_events]", "true"),
        ("service[group_mention_channel]", "#mentions"),
    ];
    assert_eq!(owner.send(Method::PUT, &format!("{GROUP}/slack"), &form).await.status, 302);
    let page = owner.get(&format!("{GROUP}/slack/edit")).await;
    let event = named(&page).expect("listed");
    assert_eq!((&event["value"], &event["field"]["value"]), (&json!(true), &json!("#mentions")));
    let page = owner.get(&format!("{PROJECT}/slack/edit")).await;
    assert_eq!(named(&page), None, "projects have none");
}

#[tokio::test]
async fn fields_have_titles_choices_help_and_sections() {
    let server = Server::demo().await;
    let mut owner = Browser::of(&server, "d.whitfield").await;
    let slack = owner.get(&format!("{PROJECT}/slack/edit")).await;
    let branches = listed(&slack, "branches_to_be_notified").expect("listed");
    assert_eq!(branches["type"], "select", "one of some");
    assert_eq!(branches["choices"][1], json!(["Default branch", "default"]), "label and value");
    let broken = listed(&slack, "notify_only_broken_pipelines").expect("listed");
    assert_eq!(broken["type"], "checkbox", "yes or no");
    assert_eq!(broken["checkbox_label"], "Notify only broken pipelines", "what is ticked");
    let sections = data_json(&slack, OWN, "sections");
    let types: Vec<_> =
        sections.as_array().expect("a list").iter().map(|section| &section["type"]).collect();
    assert_eq!(types, ["connection", "trigger", "configuration"], "in parts");
    assert_eq!(
        (&branches["section"], broken["required"].clone()),
        (&json!("configuration"), json!(false))
    );
    assert_eq!(listed(&slack, "push_channel"), None, "channels stand beside their events");
    assert_eq!(listed(&slack, "notify_only_default_branch"), None, "what only the API knows");
    let jira = owner.get(&format!("{PROJECT}/jira/edit")).await;
    let password = listed(&jira, "password").expect("listed");
    let help = password["help"].as_str().expect("help");
    assert!(help.starts_with("Leave blank to use your current"), "how to keep it: {help}");
    assert_eq!(listed(&jira, "project_keys"), None, "in attributes of its own");
    assert!(data(&jira, OWN, "project-keys").as_deref() == Some("[]"), "there");
    let wiki = owner.get(&format!("{PROJECT}/external_wiki/edit")).await;
    assert_eq!(data_json(&wiki, OWN, "sections"), json!([]), "or one flat form");
    let url = listed(&wiki, "external_wiki_url").expect("listed");
    assert_eq!((&url["section"], &url["title"]), (&Json::Null, &json!("External wiki URL")));
    assert_eq!(url["required"], true, "as the API has it");
}

#[tokio::test]
async fn a_new_record_reads_as_switched_on_and_has_nothing_to_reset() {
    let server = Server::demo().await;
    let mut owner = Browser::of(&server, "d.whitfield").await;
    let page = owner.get(&format!("{GROUP}/asana/edit")).await;
    assert_eq!(data(&page, OWN, "id"), None, "no row");
    assert_eq!(data(&page, OWN, "activated").as_deref(), Some("true"), "on, once saved");
    assert_eq!(data(&page, OWN, "reset-path").as_deref(), Some(""), "nothing to reset");
    assert_eq!(field(&page, "api_key"), Json::Null, "empty");
    let reset = owner.send(Method::POST, &format!("{GROUP}/asana/reset"), &[]).await;
    assert_eq!((reset.status.as_u16(), reset.json()), (200, json!({})), "as good as done");
}

#[tokio::test]
async fn a_form_needs_a_setting_and_integration_wins_over_service() {
    let server = Server::demo().await;
    let mut owner = Browser::of(&server, "d.whitfield").await;
    owner.get(&format!("{PROJECT}/slack/edit")).await;
    let path = format!("{PROJECT}/slack");
    let bare = owner.send(Method::PUT, &path, &[("redirect_to", "/")]).await;
    assert_eq!(bare.status, 500, "not one setting");
    let form = [
        ("service[channel]", "#service"),
        ("integration[channel]", "#integration"),
        ("service[nonsense]", "dropped"),
        ("service[inherit_from_id]", ""),
    ];
    assert_eq!(owner.send(Method::PUT, &path, &form).await.status, 302, "saved");
    let row = server.row(Level::Project, PAYMENTS, "slack");
    assert_eq!(row.fields["channel"], "#integration", "the newer name counts");
}

#[tokio::test]
async fn a_saved_project_form_leads_to_a_page_of_this_server_alone() {
    let server = Server::demo().await;
    let mut owner = Browser::of(&server, "d.whitfield").await;
    owner.get(&format!("{PROJECT}/slack/edit")).await;
    let own = format!("{PROJECT}/slack/edit");
    for (wish, to) in [
        (PROJECT, PROJECT),
        ("https://evil.example/", own.as_str()),
        ("//evil.example/", own.as_str()),
    ] {
        let form = [("service[channel]", "#x"), ("redirect_to", wish)];
        let saved = owner.send(Method::PUT, &format!("{PROJECT}/slack"), &form).await;
        assert_eq!(saved.header("location"), Some(to), "asked for {wish}");
    }
}

#[tokio::test]
async fn a_closed_server_sends_a_form_back_and_saves_nothing() {
    let before = |server: &Server| server.row(Level::Project, PAYMENTS, "slack");
    for writes in [Writes::Maintenance, Writes::ReadOnly] {
        let limits = Limits { writes, ..Limits::default() };
        let server = Server::start(Config { limits, ..Config::default() }).await;
        let mut owner = Browser::of(&server, "d.whitfield").await;
        owner.get(&format!("{PROJECT}/slack/edit")).await;
        let (row, path) = (before(&server), format!("{PROJECT}/slack"));
        let sent = owner.send(Method::PUT, &path, &[("service[channel]", "#x")]).await;
        assert_eq!(sent.status, 301, "{writes:?}: not the 302 of a saved form");
        assert_eq!(before(&server), row, "{writes:?}: nothing was saved");
        let script = owner.send(Method::PUT, &format!("{path}.json"), &[]).await;
        assert!([403, 503].contains(&script.status.as_u16()), "{writes:?}: a script is told");
    }
}

#[tokio::test]
async fn a_moved_group_redirects_its_page_and_takes_no_form() {
    let server = Server::demo().await;
    let mut owner = Browser::of(&server, "d.whitfield").await;
    owner.get(&format!("{GROUP}/slack/edit")).await;
    let id = server.group("acme");
    server.simulator.world().rename(Level::Group, id, "acme-retail").expect("it exists");
    let moved = owner.get(&format!("{GROUP}/slack/edit")).await;
    let to = "/groups/acme-retail/-/settings/integrations/slack/edit";
    assert_eq!((moved.status.as_u16(), moved.header("location")), (301, Some(to)), "there now");
    let put = owner.send(Method::PUT, &format!("{GROUP}/slack"), &[("service[active]", "0")]).await;
    assert_eq!(put.status, 404, "not found");
}

#[tokio::test]
async fn overrides_of_newer_servers_hold_what_inherits_from_groups_too() {
    let count = async |version: &str| {
        let server = of_release(version).await;
        let mut admin = Browser::of(&server, "root").await;
        let page = admin.get(&format!("{INSTANCE}/jira/overrides.json?per_page=100")).await;
        let total: usize = page.header("x-total").expect("counted").parse().expect("a number");
        let world = server.simulator.world();
        let rows: Vec<_> = world
            .projects()
            .into_iter()
            .filter_map(|id| world.row(Level::Project, id, "jira"))
            .filter(|row| row.active)
            .collect();
        let custom = rows.iter().filter(|row| row.inherit_from.is_none()).count();
        let elsewhere =
            rows.iter().filter(|row| row.source.is_none_or(|(level, _)| level != Level::Instance));
        (total, custom, elsewhere.count())
    };
    let (older, custom, elsewhere) = count("18.10.2-ee").await;
    assert!(custom < elsewhere, "some inherit from a group: {custom} and {elsewhere}");
    assert_eq!(older, custom, "custom rows alone");
    let (newer, _, elsewhere) = count("19.3.0-ee").await;
    assert_eq!(newer, elsewhere, "everything that does not follow the instance");
}

#[tokio::test]
async fn testing_a_webhook_that_was_never_saved_creates_its_row() {
    let server = Server::demo().await;
    let mut owner = Browser::of(&server, "d.whitfield").await;
    owner.get(&format!("{PROJECT}/buildkite/edit")).await;
    let id = server.project(PAYMENTS);
    let stored = |slug| server.simulator.world().row(Level::Project, id, slug).is_some();
    let form =
        [("service[project_url]", "https://buildkite.example/acme"), ("service[token]", "t")];
    let tested = owner.send(Method::PUT, &format!("{PROJECT}/buildkite/test"), &form).await;
    assert_eq!(tested.json(), json!({}), "it works");
    assert!(stored("buildkite"), "and is there now");
    let form = [("service[api_key]", "k")];
    owner.send(Method::PUT, &format!("{PROJECT}/asana/test"), &form).await;
    assert!(!stored("asana"), "others stay unsaved");
}

#[tokio::test]
async fn older_servers_find_nothing_wrong_with_what_they_cannot_test() {
    let server = of_release("16.11.0-ee").await;
    let mut admin = Browser::of(&server, "root").await;
    admin.get(INSTANCE).await;
    let tested = admin.send(Method::PUT, &format!("{INSTANCE}/jira/test"), &[]).await;
    assert_eq!((tested.status.as_u16(), tested.text.as_str()), (200, "{}"), "untested");
}
