//! A plan's review in the real window: steps left out and kept so over a restart, secrets that are
//! missing, remembered and forgotten. What counts is what the server has.

use std::time::Duration;

use heirloom_e2e::{Seek, Window, until};
use heirloom_simulator::{Config, Even, Level, Simulator, WorldSpec};

use crate::keyboard::{DOWN, Keyboard};
use crate::stage::Stage;

/// A kind with a secret, whose default the group sets.
const KIND: &str = "slack";
const PROJECTS: u32 = 6;
const WEBHOOK: &str = "https://hooks.slack.example/services/TYPED";
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn steps_are_left_out_and_secrets_are_asked_for_remembered_and_forgotten() {
    let even = Even { groups: 1, projects: PROJECTS, active: 2, custom_percent: 100 };
    let config = Config { world: WorldSpec::Even(even), ..Config::default() };
    let server = Simulator::start(config).await.expect("a GitLab");
    let stage = Stage::set().await;
    let window = stage.connect(&server).await;

    plan(&window, &server, PROJECTS).await;
    leave_one_out(&window).await;
    stage.quit(window).await;
    let window = stage.open().await;
    window.ready().await.expect("the scopes");
    Keyboard(&window).ctrl('5').await;
    window.click(&Seek::id("tray-review")).await.expect("the plan");
    window
        .shows(&Seek::id("plan-meta"), "1 step left out by you")
        .await
        .expect("what was left out");
    apply(&window, &format!("Apply {} steps", PROJECTS - 1)).await;
    assert_eq!(custom(&server), 1, "all but the one that was left out");
    window.shows(&Seek::id("run-left-out"), "Left out in the review").await.expect("it says so");

    take_two_back_with_a_secret(&window).await;
    assert_eq!(custom(&server), 3, "two more have settings of their own");
    assert_eq!(typed(&server), 2, "with what was typed");
    window.shows(&Seek::id("remembered"), "of 2 scopes").await.expect("what is remembered");

    // The two that are remembered, and the one that never was in a plan.
    plan(&window, &server, 3).await;
    apply(&window, "Apply 3 steps").await;
    assert_eq!(custom(&server), 0, "all of them inherit");
    window.click(&Seek::id("run-undo")).await.expect("a way back");
    window.shows(&Seek::id("plan-lacking"), "1 step lacks a secret").await.expect("it is counted");
    apply(&window, "Apply 2 of 3 steps").await;
    let counts = Seek::id("run-counts");
    window.shows(&counts, "2 applied").await.expect("those that the keychain remembers");
    window.shows(&counts, "1 failed").await.expect("the one that lacks it");
    assert_eq!(typed(&server), 2, "from the keychain");

    Keyboard(&window).ctrl('5').await;
    window.click(&Seek::id("run-2")).await.expect("the run that remembered them");
    window.click(&Seek::id("forget-secrets")).await.expect("a way to forget them");
    until("nothing that is remembered", PATIENCE, async || {
        Ok(window.all(&Seek::id("remembered")).await?.is_empty().then_some(()))
    })
    .await
    .expect("they are forgotten");
    stage.quit(window).await;
    server.stop().await;
}

/// From the tree: everything below the group back to default.
async fn plan(window: &Window, server: &Simulator, steps: u32) {
    let world = server.world();
    let group = world.path(Level::Group, world.groups()[0]).expect("the group");
    Keyboard(window).ctrl('2').await;
    window.open_scope(&group).await.expect("the group");
    window.open_integration(KIND).await.expect("the integration");
    window.click(&Seek::id("compare-more")).await.expect("more acts");
    window.click(&Seek::id("change-below")).await.expect("a change of those below");
    window.click(&Seek::id("below-make")).await.expect("a way to the plan");
    let title = Seek::id("plan-meta");
    window.shows(&title, &format!("{steps} steps")).await.expect("how many steps it has");
}

/// Space leaves the first step out, once more takes it in, and a third time out.
async fn leave_one_out(window: &Window) {
    let keys = Keyboard(window);
    let apply = Seek::id("plan-apply");
    keys.tab_to("plan-steps").await;
    for left in [1, 0, 1] {
        keys.press(' ').await;
        let said = format!("Apply {} steps", PROJECTS - left);
        window.shows(&apply, &said).await.expect("a count that follows");
    }
}

/// Takes the run back in two scopes, with a secret that the keychain is to remember.
async fn take_two_back_with_a_secret(window: &Window) {
    window.click(&Seek::id("run-undo")).await.expect("a way back");
    let lacking = Seek::id("plan-lacking");
    window.shows(&lacking, "Every step lacks a secret").await.expect("it says what is missing");
    window.click(&Seek::id("include-all")).await.expect("a tick for all");
    window.shows(&Seek::id("plan-apply"), "Apply 0 steps").await.expect("none is left");
    let keys = Keyboard(window);
    keys.tab_to("plan-steps").await;
    keys.press(' ').await;
    window.shows(&lacking, "Every step lacks a secret").await.expect("one that lacks it");
    keys.press(DOWN).await;
    keys.press(' ').await;
    window.shows(&Seek::id("plan-meta"), "2 steps").await.expect("two are in");
    window.fill(&Seek::id("plan-secret-webhook"), WEBHOOK).await.expect("the secret");
    window.click(&Seek::id("remember-secrets")).await.expect("a tick");
    apply(window, "Apply 2 steps").await;
}

async fn apply(window: &Window, says: &str) {
    let apply = Seek::id("plan-apply");
    window.shows(&apply, says).await.expect("what the button does");
    window.click(&apply).await.expect("a confirmation");
    let ended = Seek::css("[data-testid=run-page][data-state=ended]");
    until("the end of the run", PATIENCE, async || {
        Ok((!window.all(&ended).await?.is_empty()).then_some(()))
    })
    .await
    .expect("its end");
}

/// Projects with settings of their own.
fn custom(server: &Simulator) -> usize {
    let world = server.world();
    let row = |id: &u64| world.row(Level::Project, *id, KIND);
    let own = |id: &u64| row(id).is_some_and(|row| row.inherit_from.is_none());
    world.projects().iter().filter(|id| own(id)).count()
}

/// Projects that have the secret that was typed.
fn typed(server: &Simulator) -> usize {
    let world = server.world();
    let row = |id: &u64| world.row(Level::Project, *id, KIND);
    let has = |id: &u64| row(id).is_some_and(|row| row.fields["webhook"] == WEBHOOK);
    world.projects().iter().filter(|id| has(id)).count()
}
