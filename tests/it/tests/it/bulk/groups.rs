//! Groups back to default settings (contract, section 8, DANGER), on both server generations.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::time::Duration;

use heirloom_engine::change::{Bulk, Filter, Plan, Secrets, Wish};
use heirloom_engine::core::ids::{ScopeKey, Slug};
use heirloom_engine::core::plan::Besides;
use heirloom_engine::core::row::State;
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use heirloom_engine::{Outcome, Touch};
use heirloom_it::{Lab, differences};
use heirloom_simulator::{Config, Even, Form, GroupSpec, Level, ProjectSpec, RowEdit, WorldSpec};
use serde_json::Value as Json;

use super::{all_secrets, apply, everything_below};

const PATIENCE: Duration = Duration::from_secs(20);

/// What the instance's Jira password is here.
const PASSWORD: &str = "the company's";

fn jira() -> Slug {
    "jira".parse().expect("a slug")
}

fn form(url: &str, password: &str) -> Form {
    let texts = [("url", url), ("username", "bot"), ("password", password)];
    let fields = texts.map(|(name, text)| (name.to_owned(), Json::from(text))).into();
    Form { inherit: Some(false), fields, ..Form::default() }
}

/// `top` inherits from the instance; `top/a`, `top/a/b` and `top/c` have settings of their own,
/// and each group has a project with its own and two that inherit.
pub(super) async fn nested(newer: bool) -> Lab {
    let even = Even { groups: 1, projects: 1, active: 1, custom_percent: 0 };
    let config =
        Config { world: WorldSpec::Even(even), group_put_propagates: newer, ..Config::default() };
    let lab = Lab::connected_at(config).await;
    let world = lab.simulator.world();
    let save = |level, id, url: &str, password: &str| {
        world.save(level, id, "jira", &form(url, password)).expect("saved");
    };
    save(Level::Instance, 0, "https://jira.company.example", PASSWORD);
    lab.simulator.propagated().await;
    let top = *world.groups().first().expect("a group");
    world.rename(Level::Group, top, "top").expect("renamed");
    for path in ["top", "top/a", "top/a/b", "top/c"] {
        let (above, name) = path.rsplit_once('/').unwrap_or_default();
        let parent = world.group(above);
        let spec = GroupSpec { parent, path: name.to_owned(), name: None };
        let group = parent.map_or(top, |_| world.create_group(&spec).expect("a group"));
        if parent.is_some() {
            save(Level::Group, group, &format!("https://jira.{name}.example"), "the group's");
            lab.simulator.propagated().await;
        }
        for project in ["own", "first", "second"] {
            let spec = ProjectSpec { group, path: project.to_owned(), name: None };
            let id = world.create_project(&spec).expect("a project");
            if project == "own" {
                save(Level::Project, id, "https://jira.own.example", "the project's");
            }
        }
    }
    lab.simulator.propagated().await;
    assert!(lab.sync().await.complete, "everything can be read");
    lab
}

pub(super) async fn plan(lab: &Lab, path: &str, filter: Filter) -> heirloom_engine::Result<Plan> {
    let selection =
        heirloom_engine::change::Selection { filter, ..everything_below(vec![lab.key(path)]) };
    lab.engine.plan_many(lab.id(), Bulk { slug: jira(), wish: Wish::UseDefault, selection }).await
}

/// Where a row is not the instance's, secrets included.
fn not_the_companys(lab: &Lab, below: &str) -> Vec<String> {
    let world = lab.simulator.world();
    let default = world.row(Level::Instance, 0, "jira").expect("the default");
    let groups = world.groups().into_iter().map(|id| (Level::Group, id));
    let projects = world.projects().into_iter().map(|id| (Level::Project, id));
    groups
        .chain(projects)
        .filter_map(|(level, id)| {
            let path = world.path(level, id).filter(|path| path.starts_with(below))?;
            let row = world.row(level, id, "jira")?;
            let same = row.fields == default.fields
                && (row.active, &row.events) == (default.active, &default.events)
                && row.source == Some((Level::Instance, 0));
            (!same).then(|| format!("{path}: {row:?}"))
        })
        .collect()
}

async fn copy_is_true(lab: &Lab) {
    let wrong = differences(&lab.export().await, &lab.simulator.world(), &BTreeSet::new());
    assert!(wrong.is_empty(), "the local copy: {wrong:#?}");
}

#[tokio::test]
async fn a_subtree_with_its_groups_goes_back_to_default_on_both_server_generations() {
    for newer in [true, false] {
        let lab = nested(newer).await;
        let mark = lab.mark();
        let plan = plan(&lab, "top", Filter::default()).await.expect("a plan");
        let paths: Vec<_> = plan.steps.iter().map(|it| it.scope.listed.path.as_str()).collect();
        for group in ["top/a", "top/a/b", "top/c"] {
            assert!(paths.contains(&group), "{group} is in it: {paths:?}");
        }
        assert_eq!(plan.secrets, ["password"], "of the default, asked once");
        assert!(
            plan.steps.iter().all(|it| it
                .source
                .as_ref()
                .is_some_and(|source| source.listed.key == ScopeKey::INSTANCE)),
            "in the end everything comes from there"
        );
        assert_eq!(lab.writes_since(mark), [], "nothing was sent");
        let run = apply(&lab, &plan, all_secrets(&plan, PASSWORD)).await;
        let bad: Vec<_> = run
            .outcomes
            .iter()
            .filter(|it| {
                !matches!(it.outcome, Some(Outcome::Applied | Outcome::Already))
                    || !it.unexpected.is_empty()
            })
            .collect();
        assert!(bad.is_empty(), "newer {newer}: {bad:#?}");
        lab.simulator.propagated().await;
        let followed = lab.engine.follow(run.id, PATIENCE).await.expect("a look");
        assert_eq!(followed.matching, followed.inherit, "newer {newer}");
        let wrong = not_the_companys(&lab, "top/");
        assert!(wrong.is_empty(), "newer {newer}: {wrong:#?}");
        copy_is_true(&lab).await;

        let undo = lab.engine.plan_undo(run.id, None).await.expect("a plan");
        let back = apply(&lab, &undo, all_secrets(&undo, "back")).await;
        let bad: Vec<_> = back
            .outcomes
            .iter()
            .filter(|it| !matches!(it.outcome, Some(Outcome::Applied | Outcome::Already)))
            .collect();
        assert!(bad.is_empty(), "newer {newer}: {bad:#?}");
        lab.simulator.propagated().await;
        for (path, url) in [
            ("top/a", "https://jira.a.example"),
            ("top/a/first", "https://jira.a.example"),
            ("top/a/own", "https://jira.own.example"),
            ("top/a/b", "https://jira.b.example"),
            ("top/a/b/second", "https://jira.b.example"),
            ("top/c/first", "https://jira.c.example"),
        ] {
            let row = lab.row(path, "jira").expect("a row");
            assert_eq!(row.fields["url"], url, "newer {newer}: {path} is as it was");
        }
    }
}

#[tokio::test]
async fn one_group_goes_back_and_what_inherits_from_it_is_followed() {
    let lab = nested(true).await;
    let request =
        heirloom_engine::change::Request::UseDefault { scope: lab.key("top/a"), slug: jira() };
    let plan = lab.engine.plan(lab.id(), request).await.expect("a plan");
    let besides = &plan.steps[0].step.besides;
    assert!(besides.contains(&Besides::SavesDefaultFirst { inferred: true }), "{besides:?}");
    assert_eq!(plan.blast.change.count, 2, "the two that inherit from it");
    let keep: Vec<_> = plan.blast.keep.first.iter().map(|it| it.listed.path.as_str()).collect();
    assert!(keep.contains(&"top/a/b") && keep.contains(&"top/a/own"), "{keep:?}");
    let mark = lab.mark();
    let run = apply(&lab, &plan, all_secrets(&plan, PASSWORD)).await;
    assert_eq!(run.counts.applied, 1, "{:?}", run.outcomes);
    let writes = lab.writes_since(mark);
    assert_eq!(writes.len(), 2, "saved, then linked: {writes:?}");
    let followed = lab.engine.follow(run.id, PATIENCE).await.expect("a look");
    assert_eq!((followed.inherit, followed.matching), (2, 2), "they have it");
    for path in ["top/a", "top/a/first", "top/a/second"] {
        let wrong = not_the_companys(&lab, path);
        assert!(wrong.iter().all(|it| !it.starts_with(&format!("{path}:"))), "{wrong:#?}");
    }
    assert_eq!(lab.row("top/a/b", "jira").expect("a row").fields["url"], "https://jira.b.example");
}

/// Groups and what is below them, gone back to their default: the plan that takes that back.
async fn gone_back() -> (Lab, Plan) {
    let lab = nested(true).await;
    let plan = plan(&lab, "top", Filter::default()).await.expect("a plan");
    let run = apply(&lab, &plan, all_secrets(&plan, PASSWORD)).await;
    assert_eq!(run.counts.applied + run.counts.already, plan.total, "{:?}", run.outcomes);
    lab.simulator.propagated().await;
    lab.engine.follow(run.id, PATIENCE).await.expect("a look");
    let undo = lab.engine.plan_undo(run.id, None).await.expect("a plan");
    (lab, undo)
}

async fn is_as_before(lab: &Lab, plan: &Plan) {
    let back = apply(lab, plan, all_secrets(plan, "back")).await;
    assert_eq!(back.counts.applied + back.counts.already, plan.total, "{:#?}", back.outcomes);
    lab.simulator.propagated().await;
    for (path, url) in [
        ("top/a", "https://jira.a.example"),
        ("top/a/first", "https://jira.a.example"),
        ("top/a/own", "https://jira.own.example"),
        ("top/a/b/second", "https://jira.b.example"),
    ] {
        let row = lab.row(path, "jira").expect("a row");
        assert_eq!(row.fields["url"], url, "{path} is as it was");
    }
}

#[tokio::test]
async fn taking_groups_back_works_from_a_file_too() {
    let (lab, undo) = gone_back().await;
    let file = lab.engine.write_plan(undo.id, Vec::new()).await.expect("a file");
    let connection = lab.engine.connection(lab.id()).await.expect("the connection");
    let taken = lab.engine.read_plan(&connection, Cursor::new(file)).await.expect("the same plan");
    assert_eq!(taken.total, undo.total, "all of it");
    is_as_before(&lab, &taken).await;
}

/// The groups’ steps lacked their secret, and what hangs on them was not sent.
#[tokio::test]
async fn repeating_what_takes_groups_back_loses_nobody_below_them() {
    let (lab, undo) = gone_back().await;
    let failed = apply(&lab, &undo, Secrets::default()).await;
    assert!(failed.counts.failed > 0, "{:?}", failed.counts);
    let left = failed.counts.steps - failed.counts.applied - failed.counts.already;
    let again = lab.engine.plan_again(failed.id, None).await.expect("a plan");
    assert_eq!(again.total, left, "all that was not done: {:?}, {}", again.skipped, again.same);
    is_as_before(&lab, &again).await;
}

/// Contract, section 8: older servers hand nothing down. They are seen to differ, and a plan for
/// those that do repairs them.
#[tokio::test]
async fn where_nothing_is_handed_down_the_count_says_so_and_a_second_plan_repairs_it() {
    let lab = nested(false).await;
    let request =
        heirloom_engine::change::Request::UseDefault { scope: lab.key("top/a"), slug: jira() };
    let first = lab.engine.plan(lab.id(), request).await.expect("a plan");
    let run = apply(&lab, &first, all_secrets(&first, PASSWORD)).await;
    assert_eq!(run.counts.applied, 1, "the group's row is: {:?}", run.outcomes);
    let followed = lab.engine.follow(run.id, Duration::from_millis(300)).await.expect("a look");
    assert_eq!((followed.inherit, followed.read, followed.matching), (2, 2, 0), "they have not");
    let filter = Filter { states: vec![State::InheritedDiffers], ..Filter::default() };
    let repair = plan(&lab, "top/a", filter).await.expect("a plan");
    assert_eq!(
        (repair.total, repair.secrets.len()),
        (2, 0),
        "their default brings its own secrets"
    );
    let run = apply(&lab, &repair, Secrets::default()).await;
    assert_eq!(run.counts.applied, 2, "{:?}", run.outcomes);
    let wrong = not_the_companys(&lab, "top/a/");
    assert!(wrong.iter().all(|it| it.contains("/b") || it.contains("/own")), "{wrong:#?}");
}

#[tokio::test]
async fn what_hangs_on_a_group_that_was_not_changed_is_not_sent() {
    let lab = nested(true).await;
    let plan = plan(&lab, "top", Filter::default()).await.expect("a plan");
    let mark = lab.mark();
    let run = apply(&lab, &plan, Secrets::default()).await;
    let why = |path: &str| {
        let step = run.outcomes.iter().find(|it| it.scope.listed.path == path).expect("a step");
        (step.outcome, step.why.clone().unwrap_or_default())
    };
    let (ended, said) = why("top/a");
    assert_eq!(ended, Some(Outcome::Failed), "its default's secret was not entered");
    assert!(said.contains("was not entered"), "{said}");
    let (ended, said) = why("top/a/own");
    assert_eq!(ended, Some(Outcome::Failed), "its default would be the group's");
    assert!(said.contains("top/a above it was not changed"), "{said}");
    assert_eq!(why("top/own").0, Some(Outcome::Applied), "no group above this one is changed");
    assert_eq!(lab.writes_since(mark).len(), 1, "nothing else was sent");
}

#[tokio::test]
async fn a_group_is_not_linked_to_a_default_that_is_off() {
    let lab = nested(true).await;
    let off = Form { active: Some(false), ..form("https://jira.company.example", PASSWORD) };
    lab.simulator.world().save(Level::Instance, 0, "jira", &off).expect("saved");
    lab.simulator.propagated().await;
    lab.sync().await;
    let request =
        heirloom_engine::change::Request::UseDefault { scope: lab.key("top/a"), slug: jira() };
    let mark = lab.mark();
    let refused = lab.engine.plan(lab.id(), request).await.map(drop).expect_err("it is off");
    assert!(!refused.to_string().is_empty(), "{refused}");
    assert_eq!(lab.writes_since(mark), [], "nothing was sent");
}

/// Who inherits from a group that is switched off keeps what it has, unless the plan is about it.
#[tokio::test]
async fn switching_groups_off_says_how_many_keep_what_they_have() {
    let lab = nested(true).await;
    let filter =
        Filter { level: Some(heirloom_engine::core::ids::Level::Group), ..Filter::default() };
    let selection =
        heirloom_engine::change::Selection { filter, ..everything_below(vec![lab.key("top")]) };
    let bulk = Bulk { slug: jira(), wish: Wish::Disable, selection };
    let only_groups = lab.engine.plan_many(lab.id(), bulk.clone()).await.expect("a plan");
    let leaves = |plan: &Plan| -> Vec<_> {
        let besides = plan.steps.iter().flat_map(|it| it.step.besides.clone());
        besides.filter(|it| matches!(it, Besides::LeavesInheritors { .. })).collect()
    };
    let two = Besides::LeavesInheritors { inherit: 2 };
    assert_eq!(leaves(&only_groups), [two.clone(), two.clone(), two], "each group its own two");
    let (touched, _) =
        lab.engine.plan_touched(only_groups.id, Touch::Change, 0, 9).await.expect("a list");
    assert_eq!(touched, 0, "nothing is handed down");
    let all = Bulk { selection: everything_below(vec![lab.key("top")]), ..bulk };
    let all = lab.engine.plan_many(lab.id(), all).await.expect("a plan");
    assert_eq!(leaves(&all), [], "all of them are switched off, too");
}

/// Off says nothing of what stands behind it: no row is given one, a custom row that is off keeps
/// it, one that inherits comes back (design, *Plan and apply*).
#[tokio::test]
async fn maybe_is_asked_and_becomes_what_it_is() {
    let lab = nested(true).await;
    let world = lab.simulator.world();
    let off = |path: &str, linked| {
        let edit = RowEdit { active: Some(false), linked: Some(linked), ..RowEdit::default() };
        let id = lab.key(path).id.0;
        world.overwrite(Level::Project, id, "jira", &edit).expect("written");
    };
    off("top/a/own", false);
    off("top/a/first", true);
    lab.simulator.propagated().await;
    lab.sync().await;
    let settings = Settings {
        fields: [("url".to_owned(), Value::Text("https://jira.new.example".into()))].into(),
        ..Settings::default()
    };
    let bulk = Bulk {
        slug: jira(),
        wish: Wish::SetCustom { settings, typed: vec!["password".into()] },
        selection: heirloom_engine::change::Selection {
            scopes: vec![lab.key("top/a")],
            ..Default::default()
        },
    };
    let plan = lab.engine.plan_many(lab.id(), bulk).await.expect("a plan");
    let maybe = plan.blast.maybe.count;
    assert!(maybe > 0, "some are off, and nobody asked: {:?}", plan.blast);
    let mark = lab.mark();
    let told = std::sync::Mutex::new(Vec::new());
    let hear = |read, of| told.lock().expect("a list").push((read, of));
    let asked = lab.engine.ask_maybe(plan.id, hear).await.expect("a plan");
    assert_eq!(asked.id, plan.id, "the same plan");
    let requests = lab.simulator.requests_after(mark);
    assert!(requests.iter().all(|it| it.method == "GET"), "nothing but looking");
    assert_eq!(requests.len() as u32, maybe, "a request each, as was said");
    assert_eq!(told.into_inner().expect("a list").last(), Some(&(maybe, maybe)), "to the end");
    assert_eq!(asked.blast.maybe.count, 0, "nothing is in doubt: {:?}", asked.blast);
    let before = plan.blast.change.count + plan.blast.keep.count + plan.blast.switch_on.count;
    let after = asked.blast.change.count + asked.blast.keep.count + asked.blast.switch_on.count;
    assert_eq!(after, before + maybe, "each is one of the others now");
    let mark = lab.mark();
    let again = lab.engine.ask_maybe(plan.id, |_, _| ()).await.expect("a plan");
    assert_eq!(lab.mark(), mark, "what is known is not asked");
    assert_eq!(again.blast.maybe.count, 0);
}
