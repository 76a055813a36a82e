use std::io::Cursor;

use heirloom_engine::Error;
use heirloom_engine::change::{Bulk, Secrets, Selection, Wish};
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use heirloom_it::Lab;
use heirloom_simulator::{Level, ProjectSpec, RowEdit};
use serde_json::Value as Json;

use super::groups::nested;
use super::{apply, estate, most_overridden, push_defaults};

async fn file(lab: &Lab, run: heirloom_engine::RunId) -> String {
    let bytes = lab.engine.write_plan(run, Vec::new()).await.expect("a file");
    String::from_utf8(bytes).expect("UTF-8")
}

#[tokio::test]
async fn a_plan_file_is_read_by_people_and_applied_to_its_own_instance() {
    let lab = estate(40).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let text = file(&lab, plan.id).await;
    let json: Json = serde_json::from_str(&text).expect("JSON");
    for key in ["version", "instance", "planned_at", "steps", "skipped", "blast"] {
        assert!(json.get(key).is_some(), "{key} is there");
    }
    let step = &json["steps"][0];
    for key in ["id", "level", "path", "slug", "action", "before", "after", "secrets"] {
        assert!(step.get(key).is_some(), "{key} is there");
    }
    assert!(!text.contains("writes"), "what is sent follows from it");
    lab.engine.discard_plan(plan.id).await.expect("discarded");

    let connection = lab.engine.connection(lab.id()).await.expect("the connection");
    let other = text.replace(&connection.details.base_url, "https://other.example");
    let refused =
        lab.engine.read_plan(&connection, Cursor::new(other)).await.expect_err("not its instance");
    assert!(refused.to_string().contains("https://other.example"), "{refused}");
    for garbage in ["", "{}", "[1]", "{\"version\": 99}"] {
        assert!(lab.engine.read_plan(&connection, garbage.as_bytes()).await.is_err(), "{garbage}");
    }
    // Somebody writes into the file what the plan would not do.
    let mut changed = json.clone();
    changed["steps"][0]["after"]["inherited"] = false.into();
    let refused = lab.engine.read_plan(&connection, Cursor::new(changed.to_string())).await;
    assert!(matches!(refused, Err(Error::PlanOutdated(_))), "{refused:?}");

    let taken = lab.engine.read_plan(&connection, Cursor::new(text.clone())).await.expect("a plan");
    assert_eq!(taken.total, plan.total, "all of it");
    let run = apply(&lab, &taken, Secrets::default()).await;
    assert_eq!(run.counts.applied, plan.total, "{:?}", run.counts);
    let again = lab.engine.read_plan(&connection, Cursor::new(text)).await;
    assert!(matches!(again, Err(Error::PlanOutdated(_))), "overtaken: {again:?}");
}

#[tokio::test]
async fn a_plan_that_the_local_copy_has_overtaken_is_refused() {
    let lab = estate(40).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let text = file(&lab, plan.id).await;
    let id = plan.steps[0].step.scope.id.0;
    let world = lab.simulator.world();
    let edit = RowEdit { active: Some(false), ..RowEdit::default() };
    world.overwrite(Level::Project, id, slug.as_str(), &edit).expect("written");
    lab.sync().await;
    let connection = lab.engine.connection(lab.id()).await.expect("the connection");
    let refused = lab
        .engine
        .read_plan(&connection, Cursor::new(text))
        .await
        .map(|_| ())
        .expect_err("overtaken");
    let path = &plan.steps[0].scope.listed.path;
    assert!(refused.to_string().contains(path.as_str()), "it says where: {refused}");
}

#[tokio::test]
async fn a_plan_file_writes_where_its_reader_thinks_and_once() {
    let lab = estate(40).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let json: Json = serde_json::from_str(&file(&lab, plan.id).await).expect("JSON");
    let connection = lab.engine.connection(lab.id()).await.expect("the connection");

    let mut elsewhere = json.clone();
    elsewhere["steps"][0]["path"] = "harmless/sandbox".into();
    let refused = lab.engine.read_plan(&connection, Cursor::new(elsewhere.to_string())).await;
    assert!(
        matches!(refused, Err(Error::PlanOutdated(_))),
        "reviewed was another path than the number means: {refused:?}"
    );
    let mut twice = json.clone();
    let first = twice["steps"][0].clone();
    twice["steps"].as_array_mut().expect("steps").push(first);
    let refused =
        lab.engine.read_plan(&connection, Cursor::new(twice.to_string())).await.map(|_| ());
    assert!(refused.expect_err("refused").to_string().contains("twice"), "nothing is sent twice");
    let mut ahead = json;
    ahead["planned_at"] = "2093-01-01T00:00:00Z".into();
    let refused = lab.engine.read_plan(&connection, Cursor::new(ahead.to_string())).await;
    assert!(refused.is_err(), "no plan of the future is ever too old: {refused:?}");
    assert_eq!(lab.engine.runs(lab.id(), 0, 9).await.expect("runs").len(), 0, "nothing was begun");
}

#[tokio::test]
async fn a_plan_that_is_gone_leaves_the_earlier_file_as_it_was() {
    let lab = estate(40).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("plan.json");
    lab.engine.write_plan_to(plan.id, path.clone()).await.expect("written");
    let text = std::fs::read_to_string(&path).expect("it is there");
    assert_eq!(text, file(&lab, plan.id).await, "what the plan says");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&path).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "for its owner alone");
    }
    lab.engine.discard_plan(plan.id).await.expect("discarded");
    lab.engine.write_plan_to(plan.id, path.clone()).await.expect_err("it is gone");
    assert_eq!(std::fs::read_to_string(&path).expect("there"), text, "not harmed");
    let left = std::fs::read_dir(&folder).expect("a folder").count();
    assert_eq!(left, 1, "and nothing is left beside it");
}

#[tokio::test]
async fn a_plan_that_touches_others_than_its_file_says_is_refused() {
    let lab = nested(true).await;
    let group = lab.key("top/a");
    let settings = Settings {
        fields: [("url".to_owned(), Value::Text("https://jira.new.example".into()))].into(),
        ..Settings::default()
    };
    let wish = Wish::SetCustom { settings, typed: vec!["password".into()] };
    let selection = Selection { scopes: vec![group], ..Selection::default() };
    let bulk = Bulk { slug: "jira".parse().expect("a slug"), wish, selection };
    let plan = lab.engine.plan_many(lab.id(), bulk).await.expect("a plan");
    assert_eq!(plan.blast.change.count, 2, "who inherits: {:?}", plan.blast);
    let text = file(&lab, plan.id).await;
    let connection = lab.engine.connection(lab.id()).await.expect("the connection");
    let take = async |text: &str| {
        let taken = lab.engine.read_plan(&connection, Cursor::new(text.to_owned())).await;
        taken.map(|plan| plan.blast.change.count)
    };
    assert_eq!(take(&text).await.expect("nothing moved"), 2, "who inherits");
    // What a person sorted or wrote anew says the same.
    let json: Json = serde_json::from_str(&text).expect("JSON");
    assert_eq!(take(&json.to_string()).await.expect("the same, on one line"), 2);
    let first = lab.engine.find_scope(lab.id(), "top/a/first", None).await.expect("a project");
    let shown = text.replace("\"top/a/first\"", "\"top/a/third\"");
    assert_ne!(shown, text, "{} is named", first.listed.path);
    let refused = take(&shown).await.expect_err("another one is named");
    assert!(refused.to_string().contains("others change"), "{refused}");

    let spec = ProjectSpec { group: group.id.0, path: "third".to_owned(), name: None };
    lab.simulator.world().create_project(&spec).expect("a project");
    lab.simulator.propagated().await;
    lab.sync().await;
    let refused = take(&text).await.expect_err("one more inherits by now");
    assert!(matches!(refused, Error::PlanOutdated(_)), "{refused:?}");
    assert!(refused.to_string().contains("3 change, not 2"), "how many: {refused}");
    let none = lab.engine.runs(lab.id(), 0, 9).await.expect("runs");
    assert_eq!(none.len(), 0, "nothing was begun");
}

#[tokio::test]
async fn a_plan_for_what_gitlab_no_longer_has_is_refused() {
    let lab = estate(40).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let text = file(&lab, plan.id).await;
    let project = plan.steps[0].step.scope.id.0;
    lab.simulator.world().delete(Level::Project, project).expect("deleted");
    lab.sync().await;
    let connection = lab.engine.connection(lab.id()).await.expect("the connection");
    let refused = lab.engine.read_plan(&connection, Cursor::new(text)).await.map(drop);
    let refused = refused.expect_err("it is gone");
    assert!(refused.to_string().contains("no longer has it"), "{refused}");
}
