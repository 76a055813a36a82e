//! Three very different forms, filled by keyboard alone, and a draft that outlives a crash.

use std::collections::BTreeMap;

use heirloom_e2e::{Seek, Window};
use heirloom_simulator::{Config, Level, RowView, Simulator};
use serde_json::{Value, json};

use crate::keyboard::{DOWN, ENTER, Keyboard, UP};
use crate::leaks;
use crate::stage::Stage;

/// A project with Jira and Slack of its own; Emails on push come from its group.
const PROJECT: &str = "acme/platform/checkout/payments-api";

/// A server, and the app connected to it.
struct Connected {
    server: Simulator,
    stage: Stage,
}

impl Connected {
    async fn open() -> (Self, Window) {
        let server = Simulator::start(Config::default()).await.expect("a GitLab");
        let stage = Stage::set().await;
        let window = stage.connect(&server).await;
        (Self { server, stage }, window)
    }

    fn row(&self, slug: &str) -> RowView {
        let world = self.server.world();
        let project = world.project(PROJECT).expect("the project");
        world.row(Level::Project, project, slug).expect("a row")
    }

    async fn end(self, window: Window) {
        self.stage.quit(window).await;
        self.server.stop().await;
    }
}

/// What is stored has to be what was stored before, but for what was typed.
#[track_caller]
fn holds_what_was_typed(
    before: &BTreeMap<String, Value>,
    after: &BTreeMap<String, Value>,
    typed: &Value,
) {
    let mut expected = before.clone();
    expected.extend(typed.as_object().cloned().unwrap_or_default());
    let wrong: Vec<_> = expected
        .iter()
        .map(|(name, value)| (name, value, after.get(name)))
        .filter(|(_, value, stored)| !same(value, stored.unwrap_or(&Value::Null)))
        .collect();
    assert!(wrong.is_empty(), "(setting, expected, stored): {wrong:?}");
}

/// GitLab keeps some values as text that others send as numbers or booleans, and some settings
/// that were never set as blank.
fn same(left: &Value, right: &Value) -> bool {
    let plain = |value: &Value| match value {
        Value::Null => String::new(),
        Value::Array(items) if items.is_empty() => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    plain(left) == plain(right)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jira_is_filled_by_keyboard_and_its_fields_follow_what_is_chosen() {
    const SECRET: &str = "canary-Jf42-jira-password";
    let (app, window) = Connected::open().await;
    let keys = Keyboard(&window);
    let before = app.row("jira");
    keys.open_form(PROJECT, "jira", "Jira").await;

    let username = Seek::id("edit-field-username");
    window.find(&username).await.expect("basic authentication has a username");
    keys.tab_to("edit-field-jira_auth_type").await;
    keys.press(DOWN).await;
    window.gone(&username).await.expect("a personal access token has none");
    keys.press(UP).await;
    window.find(&username).await.expect("the username is back with basic authentication");

    keys.back_to("edit-field-url").await;
    keys.write("https://jira-new.acme.example").await;
    let at_password = Seek::css("#setting-password-message");
    window.shows(&at_password, "GitLab drops the stored one").await.expect("what the URL drops");
    let again = Seek::css("[data-testid=edit-field-password][placeholder='Must be entered again']");
    window.find(&again).await.expect("that the password is wanted again");

    keys.fill("edit-field-username", "svc-keyboard").await;
    keys.fill("edit-field-password", SECRET).await;
    keys.fill("edit-field-jira_issue_regex", "PAY-[0-9").await;
    let at_regex = Seek::css("#setting-jira_issue_regex-message");
    window.shows(&at_regex, "Not a regular expression").await.expect("the rule, at the field");
    let problems = Seek::id("edit-problems");
    window.shows(&problems, "1 setting needs you").await.expect("the count, in the footer");
    window.shows(&problems, "Jira issue regex").await.expect("the name, in the footer");
    keys.tab_to_text("Jira issue regex").await;
    assert!(keys.is_at("edit-problems").await.expect("a focus"), "the footer's link has it");
    keys.press(ENTER).await;
    keys.arrives_at("edit-field-jira_issue_regex").await;
    keys.write("PAY-[0-9]+").await;
    window.gone(&problems).await.expect("nothing is wrong any more");

    let project_keys = Seek::id("edit-field-project_keys");
    window.gone(&project_keys).await.expect("no project keys unless issues are shown");
    keys.tick("edit-field-issues_enabled", true).await;
    window.find(&project_keys).await.expect("project keys for the issues");
    keys.tab_to("edit-field-project_keys").await;
    window.press("PAY").await.expect("typing");
    keys.press(ENTER).await;
    window.press("CHK,").await.expect("typing");
    let tags = Seek::css("#setting-project_keys bdi");
    assert_eq!(window.all(&tags).await.expect("tags").len(), 2, "Enter and a comma end a key");
    keys.tick("edit-field-merge_requests_events", true).await;
    keys.save().await;

    let after = app.row("jira");
    holds_what_was_typed(
        &before.fields,
        &after.fields,
        &json!({
            "url": "https://jira-new.acme.example",
            "username": "svc-keyboard",
            "password": SECRET,
            "jira_auth_type": 0,
            "jira_issue_regex": "PAY-[0-9]+",
            "issues_enabled": true,
            "project_keys": ["PAY", "CHK"],
        }),
    );
    assert_eq!(after.events.get("merge_requests_events"), Some(&true), "the event is on");
    app.end(window).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slack_is_filled_by_keyboard_with_its_events_and_channels() {
    const WEBHOOK: &str = "https://hooks.slack.example/services/T0KEYS/B0KEYS/canary-Sk17";
    let (app, window) = Connected::open().await;
    let keys = Keyboard(&window);
    let before = app.row("slack");
    keys.open_form(PROJECT, "slack", "Slack").await;

    keys.fill("edit-field-webhook", WEBHOOK).await;
    keys.fill("edit-field-username", "Heirloom").await;
    keys.tick("edit-field-push_events", false).await;
    keys.tick("edit-field-issues_events", true).await;
    keys.fill("edit-field-issue_channel", "#payments-issues").await;
    keys.tick("edit-field-note_events", true).await;
    keys.fill("edit-field-note_channel", "#talk,#payments").await;
    keys.tick("edit-field-tag_push_events", false).await;
    keys.tick("edit-field-pipeline_events", true).await;
    keys.fill("edit-field-pipeline_channel", "#payments-builds").await;
    keys.tick("edit-field-alert_events", true).await;
    keys.fill("edit-field-alert_channel", "#oncall").await;
    keys.fill("edit-field-channel", "#payments-all").await;
    keys.tab_to("edit-field-branches_to_be_notified").await;
    keys.press(ENTER).await;
    choose_option(&window, keys, "Protected branches").await;
    keys.arrives_at("edit-field-branches_to_be_notified").await;
    keys.save().await;

    let after = app.row("slack");
    holds_what_was_typed(
        &before.fields,
        &after.fields,
        &json!({
            "webhook": WEBHOOK,
            "username": "Heirloom",
            "channel": "#payments-all",
            "issue_channel": "#payments-issues",
            "note_channel": "#talk,#payments",
            "pipeline_channel": "#payments-builds",
            "alert_channel": "#oncall",
            "branches_to_be_notified": "protected",
        }),
    );
    let events = json!({
        "push_events": false, "issues_events": true, "note_events": true,
        "tag_push_events": false, "pipeline_events": true, "alert_events": true,
    });
    let mut expected = before.events.clone();
    for (name, on) in events.as_object().expect("events") {
        expected.insert(name.clone(), on == &Value::Bool(true));
    }
    assert_eq!(after.events, expected, "the events that were turned over, and no others");
    app.end(window).await;
}

/// Goes up an open list, which begins at its last choice here, until the one sought is lit, and takes it.
async fn choose_option(window: &Window, keys: Keyboard<'_>, text: &str) {
    let choices = Seek::css("[role=listbox] [role=option]");
    window.find(&choices).await.expect("Enter opens the choices");
    let lit = "return document.activeElement.textContent";
    let mut way = Vec::new();
    for _ in 0..8 {
        let now = window.run(lit).await.expect("a list of choices");
        if now == text {
            keys.press(ENTER).await;
            return;
        }
        way.push(now);
        keys.press(UP).await;
    }
    panic!("arrows don't lead to {text}: {way:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn emails_on_push_is_filled_by_keyboard_and_a_wrong_address_is_told() {
    let (app, window) = Connected::open().await;
    let keys = Keyboard(&window);
    assert!(app.row("emails-on-push").inherit_from.is_some(), "so far from the group");
    keys.open_form(PROJECT, "emails-on-push", "Emails on push").await;

    keys.fill("edit-field-recipients", "ada@acme.example nobody").await;
    let message = Seek::css("#setting-recipients-message");
    window.shows(&message, "“nobody” is none").await.expect("the rule and the address");
    window.shows(&Seek::id("edit-problems"), "Recipients").await.expect("its name below");
    keys.ctrl(ENTER).await;
    keys.arrives_at("edit-field-recipients").await;
    window.gone(&Seek::id("plan-dialog")).await.expect("no plan for what GitLab would refuse");
    keys.write("ada@acme.example grace@acme.example").await;
    window.gone(&message).await.expect("both are addresses");
    keys.tick("edit-field-tag_push_events", false).await;
    keys.tick("edit-field-send_from_committer_email", true).await;
    keys.tick("edit-field-disable_diffs", false).await;
    keys.save().await;

    let after = app.row("emails-on-push");
    assert_eq!(after.inherit_from, None, "the settings are the project's own now");
    holds_what_was_typed(
        &BTreeMap::new(),
        &after.fields,
        &json!({
            "recipients": "ada@acme.example grace@acme.example",
            "send_from_committer_email": true,
            "disable_diffs": false,
            "branches_to_be_notified": "protected",
        }),
    );
    assert_eq!(after.events.get("tag_push_events"), Some(&false), "tags send no mail any more");
    assert_eq!(after.events.get("push_events"), Some(&true), "pushes do, as by default");
    app.end(window).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_integration_is_switched_off_by_keyboard_after_it_was_said_what_that_does() {
    let (app, window) = Connected::open().await;
    let keys = Keyboard(&window);
    keys.open_form(PROJECT, "jira", "Jira").await;
    keys.tick("edit-enabled", false).await;
    let note = Seek::css("#enable-note");
    window.shows(&note, "disabling blanks these settings").await.expect("what off means here");
    keys.ctrl(ENTER).await;
    keys.arrives_at("confirm-cancel").await;
    let effect = Seek::id("effect-blanks");
    window.shows(&effect, "Blanks all its settings").await.expect("and again in the plan");
    keys.tab_to("confirm-apply").await;
    keys.press(ENTER).await;
    window.shows(&Seek::id("toast"), "Switched off").await.expect("word that it is done");
    let after = app.row("jira");
    assert!(!after.active, "off on the server");
    assert_eq!(after.fields["password"], Value::Null, "with nothing left of its secret");
    app.end(window).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_survives_a_crash_and_its_secret_does_not() {
    const SECRET: &str = "canary-Dr93-jira-password";
    const REGEX: &str = "DRAFT-[0-9]+";
    let (app, window) = Connected::open().await;
    let keys = Keyboard(&window);
    keys.open_form(PROJECT, "jira", "Jira").await;
    keys.fill("edit-field-password", SECRET).await;
    keys.fill("edit-field-jira_issue_regex", REGEX).await;
    window.find(&Seek::id("draft-kept")).await.expect("that the draft is kept");
    window.kill(&app.stage.desktop, &app.stage.launch).await.expect("an app that is gone");

    let kept = leaks::files_with(&app.stage.data, &[REGEX]);
    assert!(!kept.is_empty(), "the draft is in a file, so looking there means something");
    let leaked = leaks::files_with(app.stage.desktop.folder(), &[SECRET]);
    assert!(leaked.is_empty(), "a secret that was typed is in no file: {leaked:?}");

    let window = app.stage.open().await;
    window.ready().await.expect("the scopes");
    let keys = Keyboard(&window);
    keys.open_form(PROJECT, "jira", "Jira").await;
    let value = async |name: &str| {
        let field = window.find(&Seek::id(format!("edit-field-{name}"))).await.expect("a field");
        field.prop("value").await.expect("an answer").unwrap_or_default()
    };
    assert_eq!(value("jira_issue_regex").await, REGEX, "what was typed is there again");
    assert_eq!(value("password").await, "", "the secret is not");
    assert_ne!(app.row("jira").fields["jira_issue_regex"], REGEX, "nothing was sent");
    app.end(window).await;
}
