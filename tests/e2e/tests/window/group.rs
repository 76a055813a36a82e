//! A group's default changed in the real window: its plan is a page with everybody it touches. Then
//! a draft is sent from where it waits. What counts is what the server has.

use std::time::Duration;

use heirloom_e2e::{Seek, Window, until};
use heirloom_simulator::{Config, Level, RowView, Simulator};

use crate::keyboard::Keyboard;
use crate::stage::Stage;

const GROUP: &str = "acme/platform";
const PROJECT: &str = "acme/platform/checkout/payments-api";
const REGEX: &str = "PLAT-[0-9]+";
const OWN_REGEX: &str = "PAY-[0-9]+";
const PASSWORD: &str = "canary-Gr07-jira-password";
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_groups_plan_is_a_page_and_a_draft_is_sent_from_the_tray() {
    let server = Simulator::start(Config::default()).await.expect("a GitLab");
    let stage = Stage::set().await;
    let window = stage.connect(&server).await;

    form(&window, GROUP).await;
    window.fill(&Seek::id("edit-field-jira_issue_regex"), REGEX).await.expect("a field");
    window.fill(&Seek::id("edit-field-password"), PASSWORD).await.expect("a field");
    window.click(&Seek::id("review-plan")).await.expect("a way to the plan");
    window.shows(&Seek::id("blast-change"), "to change").await.expect("who inherits it");
    window.click(&Seek::css("[data-testid=blast-change] summary")).await.expect("the list");
    let listed = Seek::css("[data-testid=blast-change] [role=listbox] [role=option]");
    window.find(&listed).await.expect("who they are");
    let secret = window.find(&Seek::id("plan-secret-password")).await.expect("the secret");
    let typed = secret.prop("value").await.expect("an answer");
    assert_eq!(typed.as_deref(), Some(PASSWORD), "typed once, in the form");
    assert_ne!(regex(&server, Level::Group, GROUP), REGEX, "nothing is sent before that");
    apply(&window).await;
    assert_eq!(regex(&server, Level::Group, GROUP), REGEX, "the default on the server");
    let row = row(&server, Level::Group, GROUP);
    assert_eq!(row.fields["password"], PASSWORD, "with the secret that was typed");

    Keyboard(&window).ctrl('2').await;
    form(&window, PROJECT).await;
    window.fill(&Seek::id("edit-field-jira_issue_regex"), OWN_REGEX).await.expect("a field");
    window.find(&Seek::id("draft-kept")).await.expect("that the draft is kept");
    // Back to the run that was looked at last, and from there to the list.
    Keyboard(&window).ctrl('5').await;
    window.find(&Seek::id("run-page")).await.expect("the run");
    Keyboard(&window).ctrl('5').await;
    window.shows(&Seek::id("tray-drafts"), "payments-api").await.expect("the draft");
    window.click(&Seek::id("drafts-review")).await.expect("a way to its plan");
    window.shows(&Seek::id("step-diff"), OWN_REGEX).await.expect("what it changes");
    // A draft has no secrets: GitLab wants this one with every save, so the plan asks for it.
    window.fill(&Seek::id("plan-secret-password"), PASSWORD).await.expect("the secret");
    apply(&window).await;
    assert_eq!(regex(&server, Level::Project, PROJECT), OWN_REGEX, "what the draft said");
    Keyboard(&window).ctrl('5').await;
    window.gone(&Seek::id("tray-drafts")).await.expect("no draft that waits");
    stage.quit(window).await;
    server.stop().await;
}

async fn form(window: &Window, path: &str) {
    window.open_scope(path).await.expect("the scope");
    window.open_integration("jira").await.expect("its Jira");
    window.click(&Seek::id("edit-custom")).await.expect("a way to edit");
}

/// Types the number that the plan asks for, if it does, and applies it to its end.
async fn apply(window: &Window) {
    window.find(&Seek::id("plan-apply")).await.expect("a confirmation");
    if let Some(count) = window.all(&Seek::id("plan-count")).await.expect("an answer").pop() {
        let asked = count.attr("placeholder").await.expect("an answer").expect("a number");
        window.fill(&Seek::id("plan-count"), &asked).await.expect("the number");
    }
    window.click(&Seek::id("plan-apply")).await.expect("a confirmation");
    let ended = Seek::css("[data-testid=run-page][data-state=ended]");
    until("the end of the run", PATIENCE, async || {
        Ok((!window.all(&ended).await?.is_empty()).then_some(()))
    })
    .await
    .expect("its end");
    window.shows(&Seek::id("run-counts"), "1 applied").await.expect("what came of it");
}

fn row(server: &Simulator, level: Level, path: &str) -> RowView {
    let world = server.world();
    let id = if level == Level::Group { world.group(path) } else { world.project(path) };
    world.row(level, id.expect("the scope"), "jira").expect("its Jira")
}

fn regex(server: &Simulator, level: Level, path: &str) -> String {
    let row = row(server, level, path);
    let found = row.fields.get("jira_issue_regex").and_then(|value| value.as_str());
    found.unwrap_or_default().to_owned()
}
