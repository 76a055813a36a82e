//! What a changed default does below it, besides changing who inherits: who is given a row, who is
//! not, and how old all of that may be.

use std::time::Duration;

use heirloom_engine::change::{Bulk, Confirm, Filter, Plan, Request, Secrets, Selection, Wish};
use heirloom_engine::core::ids::ScopeKey;
use heirloom_engine::core::row::State;
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use heirloom_engine::{Error, Touch};
use heirloom_it::Lab;
use heirloom_simulator::{Config, Fault, Form, GroupSpec, Level, ProjectSpec};
use jiff::SignedDuration;

use super::{apply, everything_below, typed, under_top};

pub(super) const SLUG: &str = "external-wiki";

/// `top/ops` without a default, with so many projects, an archived one and an archived group with
/// one. Nothing is read yet.
pub(super) async fn unread(projects: u32) -> Lab {
    let (lab, top) = under_top(Config::default()).await;
    let world = lab.simulator.world();
    let group = |parent, path: &str| {
        let spec = GroupSpec { parent: Some(parent), path: path.to_owned(), name: None };
        world.create_group(&spec).expect("a group")
    };
    let project = |group, path: String| {
        world.create_project(&ProjectSpec { group, path, name: None }).expect("a project")
    };
    let ops = group(top, "ops");
    for number in 1..=projects {
        project(ops, format!("p{number}"));
    }
    let archived = project(ops, "archived".to_owned());
    world.archive(Level::Project, archived, true).expect("archived");
    let old = group(ops, "old");
    project(old, "inside".to_owned());
    world.archive(Level::Group, old, true).expect("archived");
    lab
}

/// The same, and each was asked: nothing is stored.
pub(super) async fn nothing_stored(projects: u32) -> Lab {
    let lab = unread(projects).await;
    assert!(lab.sync().await.complete, "everything can be read");
    ask(&lab).await;
    lab
}

/// Asks every scope by name.
async fn ask(lab: &Lab) {
    let slug = SLUG.parse().expect("a slug");
    let asked = lab.engine.deep_scan(lab.id(), ScopeKey::INSTANCE, &slug).await.expect("a look");
    assert!(asked.failed.is_empty(), "{:?}", asked.failed);
}

pub(super) async fn first_default(lab: &Lab) -> Plan {
    let fields = [("external_wiki_url".to_owned(), Value::Text("https://wiki.example".into()))];
    let settings = Settings { fields: fields.into(), ..Settings::default() };
    let wish = Wish::SetCustom { settings, typed: Vec::new() };
    let selection = Selection { scopes: vec![lab.key("top/ops")], ..Selection::default() };
    let bulk = Bulk { slug: SLUG.parse().expect("a slug"), wish, selection };
    lab.engine.plan_many(lab.id(), bulk).await.expect("a plan")
}

/// A first default changes nobody's settings and makes rows: those are read, too.
#[tokio::test]
async fn who_is_switched_on_by_a_first_default_is_followed_until_it_is() {
    let lab = nothing_stored(6).await;
    let plan = first_default(&lab).await;
    let counts = (plan.blast.change.count, plan.blast.switch_on.count);
    assert_eq!(counts, (0, 6), "nobody inherits yet: {:?}", plan.blast);
    let run = apply(&lab, &plan, Secrets::default()).await;
    assert_eq!(run.counts.applied, 1, "{:?}", run.outcomes);
    let followed = lab.engine.follow(run.id, Duration::from_secs(20)).await.expect("a look");
    let all = (followed.inherit, followed.read, followed.matching);
    assert_eq!(all, (6, 6, 6), "each was read until it had it");
    for number in 1..=6 {
        let item = lab.item(&format!("top/ops/p{number}"), SLUG).await;
        assert_eq!(item.known.state(), State::Inherited, "p{number}, without a sync");
    }
}

#[tokio::test]
async fn where_nothing_is_handed_down_a_first_default_is_seen_to_have_reached_nobody() {
    let (lab, top) = under_top(Config { group_put_propagates: false, ..Config::default() }).await;
    let world = lab.simulator.world();
    let spec = GroupSpec { parent: Some(top), path: "ops".to_owned(), name: None };
    let group = world.create_group(&spec).expect("a group");
    let spec = ProjectSpec { group, path: "p1".to_owned(), name: None };
    world.create_project(&spec).expect("a project");
    assert!(lab.sync().await.complete, "everything can be read");
    ask(&lab).await;
    let plan = first_default(&lab).await;
    let run = apply(&lab, &plan, Secrets::default()).await;
    let followed = lab.engine.follow(run.id, Duration::ZERO).await.expect("a look");
    let all = (followed.inherit, followed.read, followed.matching);
    assert_eq!(all, (1, 1, 0), "nothing is claimed of it");
    assert_eq!(lab.item("top/ops/p1", SLUG).await.known.state(), State::NotSet, "it was read");
}

/// Contract, section 8: archived projects, and those with archived groups above, get no new row.
#[tokio::test]
async fn a_project_in_an_archived_group_is_given_no_row_and_the_plan_knows() {
    let lab = nothing_stored(2).await;
    let plan = first_default(&lab).await;
    let touched = |how| lab.engine.plan_touched(plan.id, how, 0, 100);
    let (_, on) = touched(Touch::SwitchOn).await.expect("a list");
    let paths: Vec<&str> = on.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(paths, ["top/ops/p1", "top/ops/p2"], "nobody that is archived, itself or above");
    let run = apply(&lab, &plan, Secrets::default()).await;
    assert_eq!(run.counts.applied, 1, "{:?}", run.outcomes);
    lab.simulator.propagated().await;
    for path in ["top/ops/archived", "top/ops/old/inside"] {
        assert_eq!(lab.row(path, SLUG), None, "{path} was given none, as foretold");
    }
    assert!(lab.row("top/ops/p1", SLUG).is_some(), "the others were");
}

#[tokio::test]
async fn a_project_in_an_archived_group_is_left_alone_by_a_change_of_a_whole_subtree() {
    let lab = nothing_stored(1).await;
    let world = lab.simulator.world();
    let fields = [("external_wiki_url".to_owned(), "https://own.example".into())].into();
    let form = Form { inherit: Some(false), fields, ..Form::default() };
    for path in ["top/ops/p1", "top/ops/archived", "top/ops/old/inside"] {
        world.save(Level::Project, lab.key(path).id.0, SLUG, &form).expect("saved");
    }
    assert!(lab.sync().await.complete, "everything can be read");
    let plan = |archived| {
        let filter = Filter { archived, ..Filter::default() };
        let selection = Selection { filter, ..everything_below(vec![lab.key("top/ops")]) };
        let slug = SLUG.parse().expect("a slug");
        lab.engine.plan_many(lab.id(), Bulk { slug, wish: Wish::Disable, selection })
    };
    let without = plan(false).await.expect("a plan");
    let paths = |plan: &Plan| -> Vec<String> {
        plan.steps.iter().map(|it| it.scope.listed.path.clone()).collect()
    };
    assert_eq!(paths(&without), ["top/ops/p1"], "archived ones are left alone");
    let why = |path: &str| without.skipped.iter().find(|it| it.path == path).map(|it| &it.why);
    for path in ["top/ops/archived", "top/ops/old/inside"] {
        assert!(why(path).is_some_and(|why| why.contains("archived")), "{path} is listed, and why");
    }
    let with = plan(true).await.expect("a plan");
    assert_eq!(with.total, 3, "whoever wants them, too: {:?}", with.skipped);
}

/// Who else is touched was worked out from the local copy, however fresh the group's own row is.
#[tokio::test]
async fn the_plan_of_one_default_is_as_old_as_what_it_says_of_those_below() {
    let lab = nothing_stored(3).await;
    lab.clock.shift(SignedDuration::from_hours(25));
    let request = || Request::SetCustom {
        scope: lab.key("top/ops"),
        slug: SLUG.parse().expect("a slug"),
        settings: Some(Settings {
            fields: [("external_wiki_url".to_owned(), Value::Text("https://w.example".into()))]
                .into(),
            ..Settings::default()
        }),
        typed: Vec::new(),
    };
    let plan = lab.engine.plan(lab.id(), request()).await.expect("a plan, to be looked at");
    let age = plan.made_at.duration_since(plan.read_from);
    assert!(age > SignedDuration::from_hours(24), "those below were read a day ago: {age}");
    let mark = lab.mark();
    let refused = lab.engine.apply(plan.id, Secrets::default(), typed(&plan)).await.map(drop);
    assert!(matches!(refused, Err(Error::DataOutdated { .. })), "{refused:?}");
    assert_eq!(lab.writes_since(mark), [], "nothing was sent");
    lab.sync().await;
    ask(&lab).await;
    let plan = lab.engine.plan(lab.id(), request()).await.expect("a plan");
    let run = lab.engine.apply(plan.id, Secrets::default(), typed(&plan)).await.expect("a run");
    assert_eq!(run.counts.applied, 1, "{:?}", run.outcomes);
}

/// The same of a plan for many scopes: a default among them may rest on others' older rows.
#[tokio::test]
async fn a_plan_over_defaults_is_as_old_as_the_oldest_row_below_them() {
    let lab = nothing_stored(3).await;
    lab.clock.shift(SignedDuration::from_hours(25));
    let group = lab.engine.sync(lab.id(), Some(lab.key("top/ops/p1")), false).await;
    assert!(group.is_ok_and(|it| it.complete), "one of them is read again");
    let plan = first_default(&lab).await;
    let age = plan.made_at.duration_since(plan.read_from);
    assert!(age > SignedDuration::from_hours(24), "the others were not: {age}");
}

/// They may inherit: who cannot be seen is no smaller matter than who can.
#[tokio::test]
async fn a_default_that_reaches_many_unseen_scopes_wants_their_number_typed() {
    let lab = unread(30).await;
    for number in 1..=30 {
        let id = lab.key(&format!("top/ops/p{number}")).id.0;
        let list = format!("/projects/{id}/integrations");
        lab.simulator.fail(Fault::on(list).answer(403, r#"{"message":"403 Forbidden"}"#));
    }
    lab.sync().await;
    let plan = first_default(&lab).await;
    assert!(plan.blast.unseen.count >= 30, "their lists cannot be read: {:?}", plan.blast);
    let Confirm::TypeCount(count) = plan.confirm else { panic!("many: {:?}", plan.confirm) };
    let seen = plan.blast.change.count + plan.blast.switch_on.count + plan.blast.maybe.count;
    assert_eq!(count, 1 + seen + plan.blast.unseen.count, "all who may change");
}
