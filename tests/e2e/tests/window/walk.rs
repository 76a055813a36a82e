//! The whole way through the app, once, as a person would go it.

use std::path::Path;
use std::time::Duration;

use heirloom_e2e::{Desktop, Keychain, Launch, Seek, Window, until};
use heirloom_simulator::{Config, Level, RowView, Simulator};

use crate::{ipc, leaks};

/// A project with a Jira of its own in place of its group's default.
const PROJECT: &str = "acme/platform/checkout/payments-api";
const DEFAULT_URL: &str = "https://jira.acme.example";
const OWN_URL: &str = "https://jira-old.acme.example";
const OWN_REGEX: &str = "PAY-[0-9]+";
const PASSWORD: &str = "canary-Xk81-jira-password";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connect_compare_change_go_back_and_look_at_it_offline() {
    let server = Simulator::start(Config::default()).await.expect("a GitLab");
    let desktop = Desktop::start((1440, 900), Keychain::Unlocked).await.expect("a desktop");
    let data = desktop.folder().join("heirloom");
    let launch = Launch::heirloom(&["--data-dir", &data.to_string_lossy()]).expect("the app");

    let window = Window::open(&desktop, &launch).await.expect("a window");
    ipc::overhear(&window).await.expect("a page that can be listened to");
    connect(&window, &server).await;
    the_token_is_in_the_keychain(&desktop, &server).await;
    inherited_and_custom_stand_side_by_side(&window).await;
    save_custom_settings(&window, &server).await;
    go_back_to_the_default(&window, &server).await;
    let said = ipc::overheard(&window).await.expect("what was overheard");
    window.quit(&desktop, &launch).await.expect("an app that closes");

    let token = server.token().to_owned();
    server.pause().await;
    let window = Window::open(&desktop, &launch).await.expect("a window without a server");
    everything_is_still_there(&window).await;
    window.quit(&desktop, &launch).await.expect("an app that closes");

    assert!(said.contains(OWN_URL), "the listening worked: the page was told about Jira's URL");
    assert!(!said.contains(&token), "the page is never told the token");
    assert!(!said.contains(PASSWORD), "the page is never told a secret field, not even back");
    no_secret_lies_around(&desktop, &data, &[&token, PASSWORD]);
    server.stop().await;
}

async fn connect(window: &Window, server: &Simulator) {
    window.fill(&Seek::id("connect-url"), &server.url()).await.expect("a field for the URL");
    window.fill(&Seek::id("connect-token"), server.token()).await.expect("a field for the token");
    window.click(&Seek::id("connect-submit")).await.expect("a button to connect");
    window.ready().await.expect("the scopes");
    window.synced().await.expect("a sync");
}

async fn the_token_is_in_the_keychain(desktop: &Desktop, server: &Simulator) {
    let kept = desktop.keychain_search(("service", "dev.heirloom.app")).await;
    let kept = kept.expect("an open keychain");
    assert!(kept.contains(server.token()), "another program finds the token there: {kept}");
}

async fn inherited_and_custom_stand_side_by_side(window: &Window) {
    window.open_scope(PROJECT).await.expect("the project");
    window.open_integration("jira").await.expect("its Jira");
    let url = Seek::id("compare-row-url");
    window.shows(&Seek::id("compare-chip"), "Custom").await.expect("the state of Jira");
    window.shows(&url, DEFAULT_URL).await.expect("the default's URL");
    window.shows(&url, OWN_URL).await.expect("the project's own URL");
    let differs = Seek::css("[data-testid=compare-row-url][data-verdict=differs]");
    window.find(&differs).await.expect("the difference is marked");

    window.open_integration("datadog").await.expect("its Datadog");
    window.shows(&Seek::id("compare-chip"), "Inherited").await.expect("the state of Datadog");
}

async fn save_custom_settings(window: &Window, server: &Simulator) {
    window.open_integration("jira").await.expect("Jira");
    window.click(&Seek::id("edit-custom")).await.expect("a way to edit");
    let regex = Seek::id("edit-field-jira_issue_regex");
    window.fill(&regex, OWN_REGEX).await.expect("a field for the regex");
    window.fill(&Seek::id("edit-field-password"), PASSWORD).await.expect("a field for the secret");
    window.click(&Seek::id("review-plan")).await.expect("a way to the plan");
    window.shows(&Seek::id("plan-dialog"), "payments-api").await.expect("what will happen");
    assert_ne!(text(&jira(server), "jira_issue_regex"), OWN_REGEX, "nothing is sent before that");
    window.click(&Seek::id("confirm-apply")).await.expect("a way to go ahead");

    on_the_server(server, "the saved settings", |row| {
        text(row, "jira_issue_regex") == OWN_REGEX && text(row, "password") == PASSWORD
    })
    .await;
    let row = jira(server);
    assert_eq!(text(&row, "url"), OWN_URL, "what was not changed is as it was");
    assert_eq!(row.inherit_from, None, "the settings are still the project's own");
    window.gone(&Seek::id("plan-dialog")).await.expect("the end of it");
    let shown = Seek::id("compare-row-jira_issue_regex");
    window.shows(&shown, OWN_REGEX).await.expect("what was read back");
}

async fn go_back_to_the_default(window: &Window, server: &Simulator) {
    window.click(&Seek::id("use-default")).await.expect("one click");
    let dialog = Seek::id("plan-dialog");
    window.shows(&dialog, "acme/platform").await.expect("where the settings will come from");
    let losing = Seek::id("effect-loses_secrets");
    window.find(&losing).await.expect("that the stored password will be lost");
    window.click(&Seek::id("confirm-apply")).await.expect("and a confirmation");

    on_the_server(server, "the default settings", |row| {
        row.inherit_from.is_some() && text(row, "url") == DEFAULT_URL
    })
    .await;
    window.gone(&dialog).await.expect("the end of it");
    window.shows(&Seek::id("compare-chip"), "Inherited").await.expect("what was read back");
}

async fn everything_is_still_there(window: &Window) {
    window.ready().await.expect("the scopes");
    window.shows(&Seek::id("banner-offline"), "data read").await.expect("how old the data is");
    window.open_scope(PROJECT).await.expect("the project");
    window.open_integration("slack").await.expect("its Slack");
    window.shows(&Seek::id("compare-row-channel"), "#payments").await.expect("its own channel");
    window.shows(&Seek::id("compare-row-channel"), "#platform").await.expect("the default's");
    for write in ["edit-custom", "use-default"] {
        window.gone(&Seek::id(write)).await.expect("no writing without a server");
    }
    window.open_integration("jira").await.expect("its Jira");
    window.shows(&Seek::id("compare-chip"), "Inherited").await.expect("what was done before");
}

fn no_secret_lies_around(desktop: &Desktop, data: &Path, secrets: &[&str]) {
    assert!(
        leaks::files(data).iter().any(|file| file.ends_with("cache.sqlite")),
        "the data folder is where the app was told to keep it"
    );
    let found = leaks::files_with(desktop.folder(), secrets);
    assert!(found.is_empty(), "a token or secret is in a file: {found:?}");
}

fn jira(server: &Simulator) -> RowView {
    let world = server.world();
    let project = world.project(PROJECT).expect("the project");
    world.row(Level::Project, project, "jira").expect("its Jira")
}

fn text(row: &RowView, field: &str) -> String {
    row.fields.get(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}

async fn on_the_server(server: &Simulator, what: &str, is_so: impl Fn(&RowView) -> bool) {
    until(what, Duration::from_secs(30), async || Ok(is_so(&jira(server)).then_some(())))
        .await
        .expect("it arrives at the server");
}
