//! 100,000 projects in the real window: from top to bottom by keys and by scrolling, the right rows
//! everywhere, without the page growing.

use std::time::{Duration, Instant};

use heirloom_e2e::{Seek, Window, until};
use serde_json::Value as Json;

use crate::keyboard::{CTRL, Keyboard};
use crate::many::{self, GROUPS, PROJECTS};
use crate::stage::Stage;

const HOME: char = '\u{E011}';
const END: char = '\u{E010}';
const PAGE_DOWN: char = '\u{E00F}';

/// Elements the page may have, whatever the size of the estate.
const ELEMENTS: u64 = 6_000;

const PATIENCE: Duration = Duration::from_secs(60);

/// Watches the time between frames, and the number of elements, while it scrolls something from
/// top to bottom by `steps` turns of a wheel, one a frame.
const SCROLL: &str = "
    const [selector, steps] = arguments_;
    const box = document.querySelector(selector);
    const report = (window.scrolled = { done: false, worst: 0, elements: 0, frames: 0 });
    box.scrollTop = 0;
    let before = null;
    const step = (now) => {
        if (before !== null) report.worst = Math.max(report.worst, now - before);
        before = now;
        report.frames += 1;
        if (report.frames % 10 === 0)
            report.elements = Math.max(report.elements, document.getElementsByTagName('*').length);
        const most = box.scrollHeight - box.clientHeight;
        const by = most / steps;
        if (report.frames > steps + 1) {
            box.scrollTop = most;
            report.done = true;
            return;
        }
        // What a wheel does: an event first, then the box moves.
        const turned = new WheelEvent('wheel', { deltaY: by, bubbles: true, cancelable: true });
        if (box.dispatchEvent(turned)) box.scrollTop += by;
        requestAnimationFrame(step);
    };
    requestAnimationFrame(step);";

/// The same without scrolling: what the machine itself costs.
const REST: &str = "
    const report = (window.scrolled = { done: false, worst: 0, elements: 0, frames: 0 });
    let before = null;
    const step = (now) => {
        if (before !== null) report.worst = Math.max(report.worst, now - before);
        before = now;
        report.frames += 1;
        report.done = report.frames > 60;
        if (!report.done) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);";

struct Report {
    worst: f64,
    elements: u64,
    frames: u64,
}

async fn report(window: &Window) -> Report {
    let found = until("the end of scrolling", PATIENCE, async || {
        let found = window.run("return window.scrolled").await?;
        Ok((found["done"] == true).then_some(found))
    })
    .await
    .expect("a page that goes on");
    let number = |name: &str| found[name].as_f64().unwrap_or_default();
    Report {
        worst: number("worst"),
        elements: found["elements"].as_u64().unwrap_or_default(),
        frames: found["frames"].as_u64().unwrap_or_default(),
    }
}

/// Scrolls from top to bottom; prints how long the longest frame was, beside that of a page at rest:
/// that of a busy machine is no fault of the page.
async fn scroll(window: &Window, selector: &str, steps: u32) {
    window.run(REST).await.expect("a page");
    let rest = report(window).await;
    let script = SCROLL.replace("arguments_", &format!("['{selector}', {steps}]"));
    window.run(&script).await.expect("a page that scrolls");
    let scrolled = report(window).await;
    println!(
        "{selector}: {} frames, longest {:.0} ms (at rest {:.0} ms), {} elements",
        scrolled.frames, scrolled.worst, rest.worst, scrolled.elements
    );
    assert!(
        scrolled.elements < ELEMENTS,
        "the page holds what is in sight, not the estate: {} elements",
        scrolled.elements
    );
}

/// What is active in a tree or grid: its name for tests, and its place.
const ACTIVE: &str = "
    const of = document.activeElement.getAttribute('aria-activedescendant');
    const at = of && document.getElementById(of);
    const row = at?.closest('[data-testid]');
    return row ? [row.dataset.testid, row.getAttribute('aria-posinset'), row.getAttribute('aria-rowindex')] : [];";

async fn active(window: &Window) -> Json {
    window.run(ACTIVE).await.expect("a page")
}

async fn is_active(window: &Window, name: &str) {
    let mut shown = Json::Null;
    let found = until("", PATIENCE, async || {
        shown = active(window).await;
        Ok((shown[0] == name).then_some(()))
    })
    .await;
    assert!(found.is_ok(), "{name} has the focus, not {shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_projects_scroll_from_top_to_bottom() {
    let stage = Stage::set().await;
    std::fs::create_dir(&stage.data).expect("a data folder");
    let began = Instant::now();
    let now = "2026-11-20T09:00:00Z".parse().expect("a time");
    many::write(&stage.data, now).expect("the estate");
    println!("{PROJECTS} projects written in {:.1} s", began.elapsed().as_secs_f32());

    let window = stage.open().await;
    let keys = Keyboard(&window);

    // The tree: every group open, as `*` opens them.
    let first = Seek::css("[data-testid='tree-row-team-01']");
    window.click(&first).await.expect("the first group");
    let focus = "document.querySelector('[role=tree]').focus()";
    window.run(focus).await.expect("a tree");
    keys.press('*').await;
    window.find(&Seek::css("[data-testid='tree-row-team-01/svc-000001']")).await.expect("open");
    let rows = 1 + GROUPS + PROJECTS;
    let tall = "return Math.round(document.querySelector('[role=tree]').scrollHeight / 26)";
    until("a tree of every project", PATIENCE, async || {
        Ok((window.run(tall).await?.as_u64() >= Some(rows)).then_some(()))
    })
    .await
    .expect("every group open");
    keys.press(END).await;
    is_active(&window, &format!("tree-row-{}", many::path(PROJECTS))).await;
    keys.press(HOME).await;
    until("the top", PATIENCE, async || Ok((active(&window).await[1] == "1").then_some(())))
        .await
        .expect("Home leads back");
    for _ in 0..12 {
        keys.press(PAGE_DOWN).await;
    }
    let (shown, place) = until("the rows twelve pages down", PATIENCE, async || {
        let shown = active(&window).await;
        let place = shown[1].as_str().and_then(|at| at.parse::<u64>().ok());
        Ok(place.map(|place| (shown, place)))
    })
    .await
    .expect("rows that come");
    assert!(place > 100, "twelve pages down: {shown}");
    let expected = format!("tree-row-{}", many::path(place));
    assert_eq!(shown[0], expected.as_str(), "and it is the row of that place");
    scroll(&window, "[role=tree]", 240).await;
    let last = Seek::css(format!("[data-testid='tree-row-{}']", many::path(PROJECTS)));
    window.find(&last).await.expect("what is at the bottom is shown");

    // The matrix: the same rows, with their states.
    keys.ctrl('3').await;
    let grid = window.find(&Seek::css("[role=grid]")).await.expect("the matrix");
    let counted = grid.attr("aria-rowcount").await.expect("an answer").unwrap_or_default();
    assert!(counted.parse::<u64>().is_ok_and(|n| n > rows - 2), "every scope is a row: {counted}");
    keys.tab_to("matrix-grid").await;
    window.press_with(CTRL, END).await.expect("keys");
    let bottom = format!("matrix-row-{}", many::path(PROJECTS));
    is_active(&window, &bottom).await;
    let state = format!("return document.querySelector(\"[data-testid='{bottom}']\").outerHTML");
    let state = window.run(&state).await.expect("the row").to_string();
    assert!(state.contains("Custom"), "with its own state, one in ten is custom: {state}");
    window.press_with(CTRL, HOME).await.expect("keys");
    for _ in 0..12 {
        keys.press(PAGE_DOWN).await;
    }
    until("the rows twelve pages down", PATIENCE, async || {
        let shown = active(&window).await;
        let row = shown[0].as_str().unwrap_or_default();
        Ok((row.starts_with("matrix-row-team-01/svc-000") && !row.ends_with("000001"))
            .then_some(()))
    })
    .await
    .expect("rows that come");
    scroll(&window, "[data-testid=matrix-grid]", 240).await;
    window.find(&Seek::css(format!("[data-testid='{bottom}']"))).await.expect("at the bottom");

    // And a name among all of them, as it is typed.
    keys.ctrl('k').await;
    keys.arrives_at("palette-input").await;
    keys.write("svc-077777").await;
    let found = format!("palette-scope-{}", many::path(77_777));
    window.find(&Seek::css(format!("[data-testid='{found}']"))).await.expect("found");
    stage.quit(window).await;
}
