//! The views of the whole estate, in the real window: numbers, matrix, one kind, what changed.

use heirloom_e2e::Seek;
use heirloom_simulator::{Config, Level, RowEdit, Simulator};

use crate::keyboard::{DOWN, ENTER, Keyboard};
use crate::stage::Stage;

const PROJECT: &str = "acme/platform/checkout/payments-api";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_matrix_kinds_and_changes_are_a_key_away() {
    let server = Simulator::start(Config::default()).await.expect("a GitLab");
    let stage = Stage::set().await;
    let window = stage.connect(&server).await;
    let keys = Keyboard(&window);

    keys.ctrl('1').await;
    let custom = Seek::id("figure-custom");
    window.find(&custom).await.expect("how many are custom");
    window.shows(&Seek::id("overview-jira"), "70").await.expect("each kind’s numbers");

    keys.ctrl('3').await;
    let grid = Seek::css("[data-testid=matrix-grid]");
    let grid = window.find(&grid).await.expect("the matrix");
    let rows = grid.attr("aria-rowcount").await.expect("an answer").unwrap_or_default();
    assert!(rows.parse::<u32>().is_ok_and(|rows| rows > 90), "every scope is a row: {rows}");
    window.find(&Seek::id("matrix-column-jira")).await.expect("a column for each kind");
    keys.tab_to("matrix-grid").await;
    keys.press(DOWN).await;
    keys.press(ENTER).await;
    window.find(&Seek::css("[data-pane=compare]")).await.expect("Enter opens the comparison");

    keys.ctrl('4').await;
    window.click(&Seek::id("kind-jira")).await.expect("one kind");
    window.find(&Seek::id("value-group")).await.expect("custom settings by value");
    window.find(&Seek::id("default-acme/platform")).await.expect("who sets a default");

    let world = server.world();
    let project = world.project(PROJECT).expect("the project");
    let row = world.row(Level::Project, project, "slack").expect("its Slack");
    let on = row.events.get("push_events").copied().unwrap_or_default();
    let edit = RowEdit { events: [("push_events".to_owned(), !on)].into(), ..RowEdit::default() };
    world.overwrite(Level::Project, project, "slack", &edit).expect("written");
    keys.ctrl('r').await;
    window.synced().await.expect("a second sync");
    keys.ctrl('6').await;
    window.shows(&Seek::id("drift-list"), "Not known").await.expect("and that nobody knows who");
    let page = window.run("return document.querySelector('[data-testid=drift-list]').textContent");
    let page = page.await.expect("the list").to_string();
    assert!(page.contains("payments-api") && page.contains("Slack"), "where and what: {page}");

    keys.ctrl('1').await;
    // Two syncs make a line, and what draws it lives with a frozen `Object.prototype`.
    window.find(&Seek::css("svg.recharts-surface path")).await.expect("the trend is drawn");

    stage.quit(window).await;
    server.stop().await;
}
