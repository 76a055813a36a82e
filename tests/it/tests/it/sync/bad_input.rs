use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use heirloom_engine::core::row::State;
use heirloom_it::{Lab, changed, differences};
use heirloom_simulator::{Config, Fault, Level, ProjectSpec, WorldSpec};
use serde_json::{Value as Json, json};

fn row(slug: &str, id: i64) -> Json {
    json!({ "id": id, "slug": slug, "title": "x", "active": true, "inherited": false })
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_is_asked_for_again_and_then_reported_for_its_scope() {
    let json = "application/json";
    let twice = json!([row("slack", 1), row("slack", 2)]).to_string();
    let huge_id = format!(r#"[{{"id":1{},"slug":"slack","active":true}}]"#, "0".repeat(40));
    let negative = json!([row("slack", -4)]).to_string();
    let no_slug = json!([row("Not A Slug!", 1)]).to_string();
    let cases = [
        ("half a JSON", r#"[{"id":1,"slug""#.to_owned(), json, 3, "not valid JSON"),
        ("noise", "\u{0}\u{1}\u{2}}}{{".to_owned(), json, 3, "not valid JSON"),
        ("another shape", r#"{"a":[1,2]}"#.to_owned(), json, 3, "cannot be understood"),
        ("a page", "<!doctype html><h1>Sign in</h1>".to_owned(), "text/html", 2, "a web page"),
        ("a page called JSON", "<html></html>".to_owned(), json, 2, "a web page"),
        ("the same kind twice", twice, json, 3, "[1].slug"),
        ("an id beyond all", huge_id, json, 3, "[0]"),
        ("an id below all", negative, json, 3, "[0]"),
        ("a kind with no name", no_slug, json, 3, "[0]"),
        ("ten megabytes", format!("[{}]", " ".repeat(10 << 20)), json, 2, "larger than"),
    ];
    let lab = Lab::connected().await;
    let world = lab.simulator.world();
    let projects = world.projects();
    let path = |id: u64| world.path(Level::Project, id).expect("a project");
    let list = |id: u64| format!("/projects/{id}/integrations");
    for ((_, body, content_type, ..), id) in cases.iter().zip(&projects) {
        let fault = Fault::on(list(*id)).answer(200, body.clone());
        lab.simulator.fail(fault.header("content-type", *content_type));
    }
    let summary = lab.sync().await;
    assert!(!summary.complete, "the run says that it is not whole");
    assert_eq!(summary.failed.len(), cases.len(), "each its own: {:?}", summary.failed);
    let asked = lab.simulator.requests();
    for ((what, _, _, tries, said), id) in cases.iter().zip(&projects) {
        let failed = summary.failed.iter().find(|failed| failed.path == path(*id));
        let why = &failed.unwrap_or_else(|| panic!("{what}: the scope is named")).why;
        assert!(why.contains(said), "{what}: it says why: {why}");
        let count = asked.iter().filter(|request| request.path.ends_with(&list(*id))).count();
        assert_eq!(count, *tries, "{what}: so many tries");
        let state = lab.item(&path(*id), "jira").await.known.state();
        assert_eq!(state, State::Unknown, "{what}: nothing is guessed");
    }
    let others = lab.export().await["rows"].as_array().map_or(0, Vec::len);
    assert!(others > 300, "the rest is there: {others} rows");
    lab.simulator.heal();
    assert!(lab.sync().await.complete, "and the next sync mends it");
}

fn group(id: u64, path: &str, parent: Option<u64>) -> Json {
    json!({ "id": id, "name": path, "path": path, "full_path": path, "parent_id": parent,
            "visibility": "private" })
}

#[tokio::test]
async fn groups_that_stand_below_themselves_are_named_and_the_rest_is_read() {
    let lab = Lab::connected_at(Config {
        world: WorldSpec::Sized { groups: 4, projects: 12 },
        ..Config::default()
    })
    .await;
    let world = lab.simulator.world();
    let ids = world.groups();
    // The third and the fourth each say that the other is above; the rest is as it was.
    let path = |id: u64| world.path(Level::Group, id).expect("a group");
    let mut list: Vec<Json> = ids[..2].iter().map(|id| group(*id, &path(*id), None)).collect();
    list.push(group(ids[2], &path(ids[2]), Some(ids[3])));
    list.push(group(ids[3], &path(ids[3]), Some(ids[2])));
    let fault = Fault::on("/groups?").answer(200, Json::from(list).to_string());
    lab.simulator
        .fail(fault.header("content-type", "application/json").header("x-total-pages", "1"));
    let summary = lab.sync().await;
    let said: Vec<&str> = summary.failed.iter().map(|failed| failed.path.as_str()).collect();
    assert_eq!(said.len(), 2, "both are named: {:?}", summary.failed);
    assert!(summary.failed[0].why.contains("below itself"), "and why: {:?}", summary.failed);
    assert_eq!(summary.projects, 12, "every project is there all the same");
    lab.simulator.heal();
    assert!(lab.sync().await.complete, "once GitLab makes sense again, so does the copy");
    let wrong = differences(&lab.export().await, &world, &Default::default());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_project_that_makes_no_sense_hides_no_other_and_nobody_is_called_gone() {
    let lab = Lab::synced().await;
    let before = lab.sync().await;
    let bad = json!([{ "id": 9_223_372_036_854_775_809_u64, "name": "x" }]).to_string();
    let fault = Fault::on("/projects?").answer(200, bad);
    lab.simulator.fail(fault.header("content-type", "application/json"));
    let summary = lab.sync().await;
    assert!(!summary.complete, "the list is not whole, and the run says so");
    assert!(summary.failed[0].path.contains("the list of projects"), "{:?}", summary.failed);
    assert_eq!(summary.projects, before.projects, "what was not listed is not gone");
    assert_eq!(summary.rows, before.rows, "and keeps its rows");
}

/// Lists one project so that it makes no sense: what must be text is none; with `hidden`, nor
/// does it have an id.
async fn with_one_bad_project(lab: &mut Lab, bad: u64, hidden: bool) -> Arc<AtomicBool> {
    let on = Arc::new(AtomicBool::new(true));
    let flag = Arc::clone(&on);
    let behind = lab.simulator.url();
    let url = changed(&behind, move |path, said| {
        if !path.contains("/projects?") || !flag.load(Ordering::Relaxed) {
            return;
        }
        for project in said.body.as_array_mut().into_iter().flatten() {
            if project["id"] == bad {
                project["name"] = Json::Null;
                if hidden {
                    project["id"] = json!("none");
                }
            }
        }
    });
    let (url, token) = (url.await, lab.simulator.token().to_owned());
    lab.connect_through(&url, &token).await;
    on
}

#[tokio::test]
async fn one_bad_project_hides_no_stretch_of_others_from_a_first_sync() {
    for (nth, hidden) in [(250, false), (399, true), (599, true)] {
        let world = WorldSpec::Sized { groups: 8, projects: 600 };
        let mut lab = Lab::empty_at(Config { world, ..Config::default() }).await;
        let bad = lab.simulator.world().projects()[nth];
        with_one_bad_project(&mut lab, bad, hidden).await;
        // Projects are what is looked at: nothing else is asked.
        lab.simulator.fail(
            Fault::on("/integrations").answer(200, "[]").header("content-type", "application/json"),
        );
        let summary = lab.sync().await;
        assert_eq!(summary.projects, 599, "all but project {nth}, its id hidden: {hidden}");
        assert!(!summary.complete, "and it says that one is missing");
    }
}

#[tokio::test]
async fn what_a_list_left_out_has_not_appeared_when_it_is_listed() {
    let world = WorldSpec::Sized { groups: 4, projects: 40 };
    let mut lab = Lab::empty_at(Config { world, ..Config::default() }).await;
    let bad = lab.simulator.world().projects()[7];
    let on = with_one_bad_project(&mut lab, bad, false).await;
    assert_eq!(lab.sync().await.projects, 39, "one is missing at first");
    on.store(false, Ordering::Relaxed);
    let whole = lab.sync().await;
    assert!(whole.complete && whole.projects == 40, "then it is listed: {:?}", whole.failed);
    assert_eq!(lab.drift().await, [], "it was there all along");
    let group = lab.simulator.world().groups()[0];
    let spec = ProjectSpec { group, path: "brand-new".into(), name: None };
    lab.simulator.world().create_project(&spec).expect("made");
    lab.sync().await;
    let said = lab.drift().await;
    assert_eq!(said.len(), 1, "what appears after a whole list is new: {said:?}");
}

/// The same for rows that are read by name: what was known of them stays.
#[tokio::test]
async fn a_reading_that_makes_no_sense_is_asked_for_again_and_then_reported_for_its_row() {
    let json = "application/json";
    let another = json!({ "id": 1, "slug": "slack", "title": "x", "active": true,
        "inherited": false, "properties": { "url": "https://of.another" } });
    let no_fields = json!({ "id": 1, "slug": "jira", "title": "x", "active": true,
        "inherited": false, "properties": [1] });
    let cases = [
        ("half a JSON", r#"{"id":1,"slug""#.to_owned(), json),
        ("a list", "[]".to_owned(), json),
        ("a page", "<!doctype html><h1>Sign in</h1>".to_owned(), "text/html"),
        ("properties that are none", no_fields.to_string(), json),
        ("another kind's row", another.to_string(), json),
        ("ten megabytes", format!("{{{}}}", " ".repeat(10 << 20)), json),
    ];
    let lab = Lab::connected().await;
    let world = lab.simulator.world();
    let is_custom = |id: &u64| {
        let row = world.row(Level::Project, *id, "jira");
        row.is_some_and(|row| row.active && row.source.is_none())
    };
    let projects: Vec<u64> = world.projects().into_iter().filter(is_custom).collect();
    assert!(projects.len() >= cases.len(), "enough of them: {}", projects.len());
    let row = |id: u64| format!("/projects/{id}/integrations/jira");
    for ((_, body, content_type), id) in cases.iter().zip(&projects) {
        let fault = Fault::on(row(*id)).answer(200, body.clone());
        lab.simulator.fail(fault.header("content-type", *content_type));
    }
    let summary = lab.sync().await;
    assert!(!summary.complete, "the run says that it is not whole");
    assert_eq!(summary.failed.len(), cases.len(), "each its own: {:?}", summary.failed);
    let asked = lab.simulator.requests();
    for ((what, ..), id) in cases.iter().zip(&projects) {
        let path = world.path(Level::Project, *id).expect("a project");
        let name = format!("{path} jira");
        assert!(summary.failed.iter().any(|failed| failed.path == name), "{what}: it is named");
        let tries = asked.iter().filter(|request| request.path.ends_with(&row(*id))).count();
        assert!((2..=3).contains(&tries), "{what}: it was tried again: {tries}");
        let item = lab.item(&path, "jira").await;
        assert_eq!(item.known.state(), State::Custom, "{what}: what the list said stays");
        let kept = item.kept.expect("a row");
        assert_eq!(kept.fields, None, "{what}: and no value is made up");
        let slack = lab.item(&path, "slack").await.kept.and_then(|it| it.fields);
        let slack = format!("{slack:?}");
        assert!(!slack.contains("of.another"), "{what}: nor given to another kind: {slack}");
    }
    lab.simulator.heal();
    assert!(lab.sync().await.complete, "and the next sync mends it");
    for id in &projects {
        let path = world.path(Level::Project, *id).expect("a project");
        let kept = lab.item(&path, "jira").await.kept.expect("a row");
        assert!(kept.fields.is_some(), "{path} is read now");
    }
}

/// Lists of groups and projects that make no sense: nothing that was known is lost.
#[tokio::test]
async fn lists_that_make_no_sense_are_asked_for_again_and_lose_nothing() {
    for of in ["/groups?", "/projects?"] {
        for (what, body, content_type) in [
            ("noise", "\u{0}}}{{".to_owned(), "application/json"),
            ("a page", "<!doctype html><h1>Sign in</h1>".to_owned(), "text/html"),
            ("ten megabytes", format!("[{}]", " ".repeat(10 << 20)), "application/json"),
        ] {
            let world = WorldSpec::Sized { groups: 4, projects: 12 };
            let lab = Lab::connected_at(Config { world, ..Config::default() }).await;
            lab.sync().await;
            let before = lab.export().await["rows"].as_array().map_or(0, Vec::len);
            let mark = lab.mark();
            lab.simulator
                .fail(Fault::on(of).answer(200, body).header("content-type", content_type));
            let outcome = lab.engine.sync(lab.id(), None, false).await;
            let tries = lab.simulator.requests_after(mark).into_iter();
            let tries = tries.filter(|request| request.path.contains(of)).count();
            // What makes no sense as a whole is asked for once more, for those items that do.
            assert!((2..=6).contains(&tries), "{of} {what}: it was tried again: {tries}");
            match outcome {
                Ok(summary) => assert!(!summary.complete, "{of} {what}: it is not whole"),
                Err(error) => assert!(!error.to_string().is_empty(), "{of} {what}: it says why"),
            }
            let after = lab.export().await["rows"].as_array().map_or(0, Vec::len);
            assert_eq!(after, before, "{of} {what}: no row is lost");
            assert_eq!(lab.drift().await, [], "{of} {what}: and nothing is said to have changed");
            lab.simulator.heal();
            assert!(lab.sync().await.complete, "{of} {what}: and the next sync is whole");
        }
    }
}

/// Each group and project on a list twice: each is there once, or the run says what it lacks.
#[tokio::test]
async fn what_a_list_holds_twice_is_there_once() {
    let mut lab = Lab::empty_at(Config::default()).await;
    let (behind, token) = (lab.simulator.url(), lab.simulator.token().to_owned());
    let url = changed(&behind, |path, said| {
        if path.contains("/groups?") || path.contains("/projects?") {
            let items = said.body.as_array_mut().map(std::mem::take).unwrap_or_default();
            said.body = items.into_iter().flat_map(|item| [item.clone(), item]).collect();
        }
    });
    lab.connect_through(&url.await, &token).await;
    let summary = lab.sync().await;
    let world = lab.simulator.world();
    let paths: Vec<_> = lab.export().await["rows"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| (row["level"].clone(), row["id"].clone(), row["slug"].clone()))
        .map(|key| format!("{key:?}"))
        .collect();
    let once: std::collections::BTreeSet<_> = paths.iter().collect();
    assert_eq!(once.len(), paths.len(), "no row is there twice");
    let all = world.projects().len() as u32;
    assert!(summary.projects <= all, "nor any project: {} of {all}", summary.projects);
    let said = summary.failed.iter().any(|failed| failed.path == "the list of projects");
    assert!(summary.projects == all || said, "and what is missing is said: {:?}", summary.failed);
}
