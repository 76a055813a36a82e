//! The settings pages (contract, section 12).

use heirloom_simulator::{Config, Level};
use reqwest::Method;
use serde_json::json;

use crate::browser::{Browser, data, data_json, field};
use crate::harness::Server;

const INSTANCE: &str = "/admin/application_settings/integrations";
const PROJECT: &str = "/acme/platform/checkout/payments-api/-/settings/integrations";
const PAYMENTS: &str = "acme/platform/checkout/payments-api";
const OWN: &str = "js-vue-integration-settings";
const DEFAULT: &str = "js-vue-default-integration-settings";

#[tokio::test]
async fn signing_in_needs_the_password_and_leads_back_to_the_stored_page() {
    let server = Server::demo().await;
    let mut browser = Browser::new(&server);
    let asked = browser.get(INSTANCE).await;
    assert_eq!(
        (asked.status.as_u16(), asked.header("location")),
        (302, Some("/users/sign_in")),
        "who?"
    );
    let wrong = browser.sign_in("root", "wrong").await;
    assert_eq!(wrong.status, 200, "the form again");
    assert!(wrong.text.contains("Invalid login or password."), "and why");
    let right = browser.sign_in("root", server.simulator.password()).await;
    assert_eq!((right.status.as_u16(), right.header("location")), (302, Some(INSTANCE)), "back");
    assert_eq!(browser.get(INSTANCE).await.status, 200, "signed in");
}

#[tokio::test]
async fn a_form_without_the_token_is_rejected_with_422_and_nothing_is_written() {
    let server = Server::demo().await;
    let mut browser = Browser::of(&server, "root").await;
    let before = server.row(Level::Project, PAYMENTS, "slack");
    browser.csrf = "forged".to_owned();
    let form = [("service[channel]", "#forged"), ("service[inherit_from_id]", "")];
    let answer = browser.send(Method::PUT, &format!("{PROJECT}/slack"), &form).await;
    assert_eq!(answer.status, 422, "rejected");
    assert!(answer.text.contains("The change you requested was rejected"), "GitLab's words");
    assert_eq!(server.row(Level::Project, PAYMENTS, "slack"), before, "as it was");
}

#[tokio::test]
async fn an_expired_session_is_302_on_get_and_422_on_put() {
    let server = Server::demo().await;
    let mut browser = Browser::of(&server, "d.whitfield").await;
    assert_eq!(browser.get(PROJECT).await.status, 200, "signed in");
    server.simulator.end_sessions();
    let form = [("service[active]", "false")];
    let put = browser.send(Method::PUT, &format!("{PROJECT}/slack"), &form).await;
    assert_eq!(put.status, 422, "looks like a forged form");
    assert_eq!(browser.get(PROJECT).await.status, 302, "to sign in");
}

#[tokio::test]
async fn a_script_that_is_not_signed_in_is_401() {
    let server = Server::demo().await;
    let mut nobody = Browser::new(&server);
    let script = nobody.get(&format!("{INSTANCE}/jira/overrides.json")).await;
    assert_eq!(script.status, 401, "there is no form to show it");
    assert_eq!(nobody.get(&format!("{INSTANCE}/jira/overrides")).await.status, 302, "a person");
}

#[tokio::test]
async fn without_rights_and_for_unknown_slugs_it_is_404() {
    let server = Server::demo().await;
    let mut owner = Browser::of(&server, "d.whitfield").await;
    assert_eq!(owner.get(INSTANCE).await.status, 404, "no administrator");
    let vendors = "/groups/vendors/-/settings/integrations";
    assert_eq!(owner.get(vendors).await.status, 404, "only a maintainer of the group");
    let legacy = "/groups/acme/legacy-2019/-/settings/integrations";
    assert_eq!(owner.get(legacy).await.status, 404, "an archived group");
    assert_eq!(owner.get(&format!("{PROJECT}/nowhere/edit")).await.status, 404, "unknown");
    let dashed = format!("{PROJECT}/emails-on-push/edit");
    assert_eq!(owner.get(&dashed).await.status, 404, "names are underscored here");
    let mut nobody = Browser::new(&server);
    let public = "/groups/acme-oss/-/settings/integrations";
    assert_eq!(nobody.get(public).await.status, 404, "a public group hides them");
    assert_eq!(nobody.get(vendors).await.status, 302, "a private one asks who it is");
    let mut maintainer = Browser::of(&server, "m.okafor").await;
    assert_eq!(maintainer.get(PROJECT).await.status, 200, "maintainers reach projects");
    let acme = "/groups/acme/-/settings/integrations";
    assert_eq!(maintainer.get(acme).await.status, 404, "but not groups");
}

#[tokio::test]
async fn admin_mode_has_to_be_entered_with_the_password() {
    let server = Server::start(Config { admin_mode: true, ..Config::default() }).await;
    let mut browser = Browser::of(&server, "root").await;
    let asked = browser.get(INSTANCE).await;
    assert_eq!(asked.header("location"), Some("/admin/session/new"), "not yet");
    browser.get("/admin/session/new").await;
    let wrong = browser.send(Method::POST, "/admin/session", &[("user[password]", "no")]).await;
    assert_eq!(wrong.status, 200, "the form again");
    let password = server.simulator.password();
    let form = [("user[password]", password)];
    assert_eq!(browser.send(Method::POST, "/admin/session", &form).await.status, 302, "entered");
    assert_eq!(browser.get(INSTANCE).await.status, 200, "now");
}

#[tokio::test]
async fn the_list_shows_every_integration_stored_or_not() {
    let server = Server::demo().await;
    let mut browser = Browser::of(&server, "root").await;
    let page = browser.get(INSTANCE).await;
    let list = data_json(&page, "js-integrations-list", "integrations");
    let of = |name: &str| {
        let list = list.as_array().expect("a list");
        list.iter()
            .find(|entry| entry["name"] == name)
            .unwrap_or_else(|| panic!("no {name}"))
            .clone()
    };
    let slugs = server.simulator.world().slugs(Level::Instance, 0);
    let stored = of(&slugs[0].replace('-', "_"));
    assert!(stored["id"].is_u64() && stored["configured"] == true, "stored: {stored}");
    let never = of("asana");
    assert_eq!((&never["id"], &never["configured"]), (&json!(null), &json!(false)), "not stored");
    assert_eq!(never["edit_path"], format!("{INSTANCE}/asana/edit"), "where its form is");
    assert_eq!(data(&page, "js-integrations-list", "is-admin").as_deref(), Some("true"), "who");
}

#[tokio::test]
async fn the_form_never_shows_a_secret_and_masks_a_webhook() {
    let server = Server::demo().await;
    let mut browser = Browser::of(&server, "d.whitfield").await;
    let slack = browser.get(&format!("{PROJECT}/slack/edit")).await;
    assert_eq!(field(&slack, "webhook"), "************", "masked");
    let jira = browser.get(&format!("{PROJECT}/jira/edit")).await;
    assert_eq!(field(&jira, "password"), "true", "stored, and no more is said");
    let secret = server.row(Level::Project, PAYMENTS, "jira").fields["password"].clone();
    assert!(!jira.text.contains(secret.as_str().expect("text")), "nowhere on the page");
}

#[tokio::test]
async fn what_inherits_names_the_default_on_the_same_page() {
    let server = Server::demo().await;
    let mut browser = Browser::of(&server, "d.whitfield").await;
    let page = browser.get(&format!("{PROJECT}/emails_on_push/edit")).await;
    let source = data(&page, OWN, "inherit-from-id").expect("it inherits");
    assert_eq!(data(&page, DEFAULT, "id").as_deref(), Some(source.as_str()), "from this one");
    let custom = browser.get(&format!("{PROJECT}/jira/edit")).await;
    assert_eq!(data(&custom, OWN, "inherit-from-id"), None, "custom settings name none");
    assert_eq!(data(&custom, OWN, "integration-level").as_deref(), Some("project"), "its level");
}

#[tokio::test]
async fn saving_keeps_a_blank_secret_and_what_was_not_sent() {
    let server = Server::demo().await;
    let mut browser = Browser::of(&server, "d.whitfield").await;
    let page = browser.get(&format!("{PROJECT}/slack/edit")).await;
    let before = server.row(Level::Project, PAYMENTS, "slack");
    let path = data(&page, OWN, "form-path").expect("where to");
    let form = [
        ("_method", "put"),
        ("service[webhook]", "************"),
        ("service[channel]", "#by-form"),
        ("service[push_events]", "false"),
        ("service[active]", "false"),
        ("service[inherit_from_id]", ""),
    ];
    let saved = browser.send(Method::POST, &path, &form).await;
    assert_eq!(saved.status, 302, "saved");
    let after = server.row(Level::Project, PAYMENTS, "slack");
    assert_eq!(after.fields["webhook"], before.fields["webhook"], "the mask is no value");
    assert_eq!(after.fields["channel"], "#by-form", "what was sent");
    assert_eq!((after.active, after.events["push_events"]), (false, false), "off, yet kept");
    assert_eq!(after.fields["username"], before.fields["username"], "what was not sent");
    let told = browser.get(saved.header("location").expect("where")).await;
    assert!(told.text.contains("saved, but not active."), "told on the next page");
}

#[tokio::test]
async fn a_refused_form_is_shown_again_with_its_errors() {
    let server = Server::demo().await;
    let mut browser = Browser::of(&server, "d.whitfield").await;
    browser.get(&format!("{PROJECT}/external_wiki/edit")).await;
    let form = [("service[external_wiki_url]", "no address"), ("service[inherit_from_id]", "")];
    let before = server.row(Level::Project, PAYMENTS, "external-wiki");
    let refused = browser.send(Method::PUT, &format!("{PROJECT}/external_wiki"), &form).await;
    assert_eq!(refused.status, 200, "no redirect, not saved");
    assert!(refused.text.contains("id=\"error_explanation\"><ul><li>"), "the errors");
    assert_eq!(field(&refused, "external_wiki_url"), "no address", "with the refused value");
    assert_eq!(server.row(Level::Project, PAYMENTS, "external-wiki"), before, "as it was");
}

#[tokio::test]
async fn a_project_form_without_the_choice_turns_an_inheriting_row_custom() {
    let server = Server::demo().await;
    let mut browser = Browser::of(&server, "d.whitfield").await;
    browser.get(&format!("{PROJECT}/emails_on_push/edit")).await;
    let form = [("service[recipients]", "own@acme.example")];
    let path = format!("{PROJECT}/emails_on_push");
    assert_eq!(browser.send(Method::PUT, &path, &form).await.status, 302, "saved");
    let row = server.row(Level::Project, PAYMENTS, "emails-on-push");
    assert_eq!(
        (row.inherit_from, &row.fields["recipients"]),
        (None, &json!("own@acme.example")),
        "own"
    );
    let page = browser.get(&format!("{path}/edit")).await;
    let default = data(&page, DEFAULT, "id").expect("a default above");
    let back = [("service[inherit_from_id]", default.as_str()), ("service[recipients]", "x@y.z")];
    browser.send(Method::PUT, &path, &back).await;
    let row = server.row(Level::Project, PAYMENTS, "emails-on-push");
    assert_eq!(row.inherit_from.map(|id| id.to_string()), Some(default), "back at the default");
    assert_ne!(row.fields["recipients"], "x@y.z", "whose values were copied");
}

#[tokio::test]
async fn an_instance_default_is_saved_and_propagated_and_reset_cascades() {
    let server = Server::demo().await;
    let mut browser = Browser::of(&server, "root").await;
    let page = browser.get(&format!("{INSTANCE}/asana/edit")).await;
    assert_eq!(data(&page, OWN, "id"), None, "not stored yet");
    assert_eq!(data(&page, OWN, "reset-path").as_deref(), Some(""), "nothing to reset");
    let form = [("service[api_key]", "canary"), ("service[active]", "true")];
    assert_eq!(
        browser.send(Method::PUT, &format!("{INSTANCE}/asana"), &form).await.status,
        302,
        "saved"
    );
    server.simulator.propagated().await;
    let row = server.row(Level::Project, PAYMENTS, "asana");
    assert!(row.active && row.inherit_from.is_some(), "created below");
    let page = browser.get(&format!("{INSTANCE}/asana/edit")).await;
    let reset = data(&page, OWN, "reset-path").expect("a path");
    let answer = browser.send(Method::POST, &reset, &[]).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, "{}"), "reset");
    let id = server.project(PAYMENTS);
    assert!(server.simulator.world().row(Level::Project, id, "asana").is_none(), "gone below too");
}

#[tokio::test]
async fn a_test_tells_validation_from_connection_and_has_a_limit() {
    let server = Server::demo().await;
    let mut browser = Browser::of(&server, "d.whitfield").await;
    let page = browser.get(&format!("{PROJECT}/bamboo/edit")).await;
    let path = data(&page, OWN, "test-path").expect("a path");
    let blank = browser.send(Method::PUT, &path, &[("service[bamboo_url]", "")]).await.json();
    assert_eq!(blank["message"], "Validations failed.", "not even tried");
    assert_eq!(blank["test_failed"], false, "so the test did not fail");
    let form = [
        ("service[bamboo_url]", "https://ci.invalid"),
        ("service[build_key]", "KEY"),
        ("service[username]", "u"),
        ("service[password]", "p"),
    ];
    let unreachable = browser.send(Method::PUT, &path, &form).await.json();
    assert_eq!(unreachable["test_failed"], true, "tried: {unreachable}");
    let form =
        [("service[bamboo_url]", "https://ci.acme.example")].into_iter().chain(form[1..].to_vec());
    let form: Vec<_> = form.collect();
    assert_eq!(browser.send(Method::PUT, &path, &form).await.text, "{}", "well");
    for _ in 0..2 {
        browser.send(Method::PUT, &path, &form).await;
    }
    let limited = browser.send(Method::PUT, &path, &form).await.json();
    let told = "This endpoint has been requested too many times. Try again later.";
    assert_eq!(limited["message"], told, "five a minute");
    let mut root = Browser::of(&server, "root").await;
    root.get(INSTANCE).await;
    let nothing = root.send(Method::PUT, &format!("{INSTANCE}/jira/test"), &[]).await;
    assert_eq!((nothing.status.as_u16(), nothing.text.as_str()), (404, "{}"), "untestable there");
}

#[tokio::test]
async fn overrides_come_in_pages_with_offset_headers() {
    let server = Server::demo().await;
    let mut browser = Browser::of(&server, "root").await;
    let page = browser.get(&format!("{INSTANCE}/jira/overrides.json?per_page=2")).await;
    let list = page.json();
    assert_eq!(list.as_array().map(Vec::len), Some(2), "as many as asked for: {list}");
    assert!(list[0]["full_path"].as_str().is_some_and(|path| path.starts_with('/')), "a URL path");
    let total: usize = page.header("x-total").expect("a total").parse().expect("a number");
    let everything = browser.get(&format!("{INSTANCE}/jira/overrides.json?per_page=100")).await;
    assert_eq!(everything.json().as_array().map(Vec::len), Some(total), "all of them");
    let mut owner = Browser::of(&server, "d.whitfield").await;
    let refused = owner.get(&format!("{INSTANCE}/jira/overrides.json")).await;
    assert_eq!(refused.status, 404, "administrators alone");
}

#[tokio::test]
async fn a_moved_project_redirects_its_page_and_takes_no_form() {
    let server = Server::demo().await;
    let id = server.project(PAYMENTS);
    let mut browser = Browser::of(&server, "d.whitfield").await;
    browser.get(&format!("{PROJECT}/slack/edit")).await;
    server.simulator.world().rename(Level::Project, id, "payments").expect("it exists");
    let moved = browser.get(&format!("{PROJECT}/slack/edit")).await;
    let to = "/acme/platform/checkout/payments/-/settings/integrations/slack/edit";
    assert_eq!((moved.status.as_u16(), moved.header("location")), (301, Some(to)), "there now");
    let form = [("service[active]", "false")];
    let put = browser.send(Method::PUT, &format!("{PROJECT}/slack"), &form).await;
    assert_eq!(put.status, 404, "not found");
}

#[tokio::test]
async fn the_pages_stand_below_a_relative_url_root() {
    let relative_url_root = "/gitlab".to_owned();
    let server = Server::start(Config { relative_url_root, ..Config::default() }).await;
    let mut browser = Browser::of(&server, "root").await;
    let page = browser.get(&format!("{INSTANCE}/jira/edit")).await;
    let path = data(&page, OWN, "form-path");
    assert_eq!(
        path.as_deref(),
        Some("/gitlab/admin/application_settings/integrations/jira"),
        "root"
    );
}

#[tokio::test]
async fn the_session_cookie_opens_the_api_and_writes_need_its_token() {
    let server = Server::demo().await;
    let mut browser = Browser::of(&server, "d.whitfield").await;
    browser.get(PROJECT).await;
    assert_eq!(browser.get("/api/v4/user").await.json()["username"], "d.whitfield", "who it is");
    let own = browser.get("/api/v4/personal_access_tokens/self").await;
    assert_eq!(own.status, 400, "there is no token to describe");
    let path = format!("/api/v4{}", server.of_project(PAYMENTS, "asana"));
    let plain = browser.api(Method::PUT, &path, "api_key=k", None).await;
    assert_eq!(plain.status, 401, "a cookie alone may be somebody else's doing");
    let csrf = browser.csrf.clone();
    let genuine = browser.api(Method::PUT, &path, "api_key=k", Some(&csrf)).await;
    assert_eq!(genuine.status, 200, "with the session's token");
    let form = format!("api_key=k&authenticity_token={csrf}");
    assert_eq!(browser.api(Method::PUT, &path, &form, None).await.status, 200, "in the form, too");
    let forged = "api_key=k&authenticity_token=forged";
    assert_eq!(browser.api(Method::PUT, &path, forged, None).await.status, 401, "not any token");
}
