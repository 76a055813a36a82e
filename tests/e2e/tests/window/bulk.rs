//! One change of 200 projects in the real window: planned, paused, gone on with after a restart,
//! cancelled half way, planned again for those that were not sent, taken back. What counts is what
//! the server has.

use std::collections::BTreeMap;
use std::time::Duration;

use heirloom_e2e::{Seek, Window, until};
use heirloom_simulator::{Config, Even, Fault, Level, RowView, Simulator, WorldSpec};
use serde_json::Value;

use crate::keyboard::{CTRL, ENTER, Keyboard};
use crate::stage::Stage;

/// A kind without secrets, whose default the group sets: all of it can be taken back.
const KIND: &str = "emails-on-push";
const PROJECTS: u32 = 200;

/// How long a run of that size may take on a busy machine.
const RUN: Duration = Duration::from_secs(240);

/// Each answer waits so long, so that a person can press a key meanwhile.
const SLOW: Duration = Duration::from_millis(150);

/// It is cancelled when so many are done: what is under way by then makes it half of them.
const HALF: u32 = PROJECTS / 2 - 20;

/// A row of the server as a person sees it: whether it is on, whose settings it has, and which.
type Seen = (bool, Option<(Level, u64)>, BTreeMap<String, Value>, BTreeMap<String, bool>);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_projects_go_back_to_default_and_are_taken_back() {
    let even = Even { groups: 1, projects: PROJECTS, active: 5, custom_percent: 100 };
    let config = Config { world: WorldSpec::Even(even), ..Config::default() };
    let server = Simulator::start(config).await.expect("a GitLab");
    let (before, all_before) = (rows(&server), everything(&server));
    assert_eq!(linked(&before), 0, "every project has custom settings");
    let stage = Stage::set().await;
    let window = stage.connect(&server).await;

    server.fail(Fault::on(format!("/integrations/{KIND}")).delay(SLOW));
    plan(&window, &server).await;
    let paused = pause(&window).await;
    assert_eq!(linked(&rows(&server)), paused, "what is said to be done is what the server has");
    stage.quit(window).await;

    let window = stage.open().await;
    let done = go_on_and_cancel(&window, paused).await;
    let now = rows(&server);
    assert_eq!(linked(&now), done, "what was not sent is not there");
    assert!((HALF..PROJECTS).contains(&done), "it was cancelled on the way: {done}");
    let untouched = now.iter().filter(|(_, row)| row.inherit_from.is_none());
    for (id, row) in untouched {
        assert_eq!(row.fields, before[id].fields, "project {id} is as it was");
    }

    server.heal();
    plan_the_rest(&window, PROJECTS - done).await;
    assert_eq!(linked(&rows(&server)), PROJECTS, "now every project uses the default");

    take_back(&window, PROJECTS - done).await;
    assert_eq!(linked(&rows(&server)), done, "what the first run did is not taken back with it");
    open_first_run(&window).await;
    take_back(&window, done).await;
    let all_after = everything(&server);
    assert!(all_after.keys().eq(all_before.keys()), "no row came or went");
    for (at, row) in all_after {
        assert_eq!(row, all_before[&at], "{at:?}: as it was before both");
    }
    stage.quit(window).await;
    server.stop().await;
}

/// From the tree: the group, the integration, everything below.
async fn plan(window: &Window, server: &Simulator) {
    let world = server.world();
    let group = world.path(Level::Group, world.groups()[0]).expect("the group");
    window.open_scope(&group).await.expect("the group");
    window.open_integration(KIND).await.expect("the integration");
    window.click(&Seek::id("compare-more")).await.expect("more acts");
    window.click(&Seek::id("change-below")).await.expect("a change of those below");
    window.click(&Seek::id("below-make")).await.expect("a way to the plan");
    let title = Seek::id("plan-meta");
    window.shows(&title, &format!("{PROJECTS} steps")).await.expect("how many steps it has");
    window.find(&Seek::id("step-diff")).await.expect("what the first of them changes");
    assert_eq!(linked(&rows(server)), 0, "nothing is sent before that");
    confirm(window, PROJECTS).await;
}

/// Types the number where it is asked for, and applies.
async fn confirm(window: &Window, steps: u32) {
    let apply = Seek::id("plan-apply");
    window.shows(&apply, &format!("Apply {steps} step")).await.expect("what the button does");
    if steps > 25 {
        window.fill(&Seek::id("plan-count"), &steps.to_string()).await.expect("the number");
        window.press_with(CTRL, ENTER).await.expect("Ctrl Enter");
    } else {
        window.click(&apply).await.expect("a confirmation");
    }
    window.find(&Seek::id("run-page")).await.expect("the run");
}

/// Pauses with a key once some steps are done; how many are in the end.
async fn pause(window: &Window) -> u32 {
    reaches(window, 10).await;
    window.press("p").await.expect("a key");
    is(window, "paused").await;
    done(window).await
}

/// After a restart: what was paused is found and goes on, and is cancelled half way.
async fn go_on_and_cancel(window: &Window, paused: u32) -> u32 {
    window.ready().await.expect("the scopes");
    let keys = Keyboard(window);
    keys.ctrl('5').await;
    window.shows(&Seek::id("changes-count"), "1").await.expect("that something waits");
    window.click(&Seek::id("tray-resume")).await.expect("a way to go on");
    window.find(&Seek::id("run-page")).await.expect("the run");
    reaches(window, HALF.max(paused + 1)).await;
    window.click(&Seek::id("run-cancel")).await.expect("a way to end it");
    is(window, "ended").await;
    done(window).await
}

/// What a run that was cancelled did not send, as a plan of its own, to its end.
async fn plan_the_rest(window: &Window, rest: u32) {
    let again = Seek::id("run-again");
    window.shows(&again, &format!("Plan the {rest} not sent")).await.expect("an offer of the rest");
    window.click(&again).await.expect("a plan of it");
    window.shows(&Seek::id("plan-meta"), &format!("{rest} steps")).await.expect("its steps");
    confirm(window, rest).await;
    ends_with(window, rest).await;
}

/// From the list of all runs.
async fn open_first_run(window: &Window) {
    window.click(&Seek::id("changes-crumb")).await.expect("a way to all changes");
    window.click(&Seek::id("run-1")).await.expect("the first run");
}

async fn take_back(window: &Window, steps: u32) {
    window.click(&Seek::id("run-undo")).await.expect("a way back");
    window.shows(&Seek::id("plan-meta"), &format!("{steps} steps")).await.expect("its steps");
    confirm(window, steps).await;
    ends_with(window, steps).await;
}

/// Waits for the end of a run of which all was applied.
async fn ends_with(window: &Window, steps: u32) {
    is(window, "ended").await;
    let counts = Seek::id("run-counts");
    window.shows(&counts, &format!("{steps} applied")).await.expect("that all of it was applied");
}

/// Steps that the window says are done.
async fn done(window: &Window) -> u32 {
    let shown = window.text(&Seek::id("run-done")).await.expect("a number");
    shown.trim().replace(',', "").parse().expect("a number")
}

async fn reaches(window: &Window, steps: u32) {
    let what = format!("{steps} steps done");
    until(&what, RUN, async || Ok((done(window).await >= steps).then_some(())))
        .await
        .expect("progress");
}

async fn is(window: &Window, state: &str) {
    let page = Seek::css(format!("[data-testid=run-page][data-state={state}]"));
    until(&format!("a run that is {state}"), RUN, async || {
        Ok((!window.all(&page).await?.is_empty()).then_some(()))
    })
    .await
    .expect("its end");
}

/// The kind's rows on the server, by project.
fn rows(server: &Simulator) -> BTreeMap<u64, RowView> {
    let world = server.world();
    let row = |id| world.row(Level::Project, id, KIND).map(|row| (id, row));
    world.projects().into_iter().filter_map(row).collect()
}

/// Every row of the server, also of kinds that nothing here is about.
fn everything(server: &Simulator) -> BTreeMap<(Level, u64, &'static str), Seen> {
    let world = server.world();
    let groups = world.groups().into_iter().map(|id| (Level::Group, id));
    let projects = world.projects().into_iter().map(|id| (Level::Project, id));
    let mut all = BTreeMap::new();
    for (level, id) in std::iter::once((Level::Instance, 0)).chain(groups).chain(projects) {
        for slug in world.slugs(level, id) {
            let Some(row) = world.row(level, id, slug) else { continue };
            all.insert((level, id, slug), (row.active, row.source, row.fields, row.events));
        }
    }
    all
}

fn linked(rows: &BTreeMap<u64, RowView>) -> u32 {
    rows.values().filter(|row| row.inherit_from.is_some()).count() as u32
}
