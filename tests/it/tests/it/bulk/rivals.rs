//! One issue tracker and one wiki at a time in a project (contract, section 2): checked on every
//! PUT that finds or leaves the row on, also where a default was handed down beside another one
//! (section 8: bulk writes skip validations).

use heirloom_engine::change::{Bulk, Plan, Request, Secrets, Selection, Wish};
use heirloom_engine::core::ids::Slug;
use heirloom_engine::core::plan::Action;
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use heirloom_engine::{Error, Result};
use heirloom_it::Lab;
use heirloom_simulator::{Config, Form, Level, ProjectSpec};
use serde_json::Value as Json;

use super::{apply, under_top};

const PROJECT: &str = "top/both";

fn form(texts: &[(&str, &str)]) -> Form {
    let texts = texts.iter().map(|(name, text)| ((*name).to_owned(), Json::from(*text)));
    Form { inherit: Some(false), fields: texts.collect(), ..Form::default() }
}

fn redmine(host: &str) -> Form {
    let url = format!("https://{host}/:id");
    form(&[("project_url", &url), ("issues_url", &url), ("new_issue_url", &url)])
}

/// A project with a Redmine of its own, to which its group then handed its Jira.
async fn both_on() -> Lab {
    let (lab, top) = under_top(Config::default()).await;
    let world = lab.simulator.world();
    let spec = ProjectSpec { group: top, path: "both".to_owned(), name: None };
    let project = world.create_project(&spec).expect("a project");
    // The group's own comes first, so that the project has left it.
    world.save(Level::Group, top, "redmine", &redmine("group.example")).expect("saved");
    lab.simulator.propagated().await;
    world.save(Level::Project, project, "redmine", &redmine("own.example")).expect("saved");
    let jira =
        form(&[("url", "https://jira.example"), ("username", "bot"), ("password", "secret")]);
    world.save(Level::Group, top, "jira", &jira).expect("saved");
    lab.simulator.propagated().await;
    assert!(lab.sync().await.complete, "everything can be read");
    for (slug, own) in [("redmine", true), ("jira", false)] {
        let row = lab.row(PROJECT, slug).expect("a row");
        assert_eq!((row.active, row.inherit_from.is_none()), (true, own), "{slug}: both are on");
    }
    lab
}

async fn plan(lab: &Lab, slug: &str, wish: Wish) -> Result<Plan> {
    let selection = Selection { scopes: vec![lab.key(PROJECT)], ..Selection::default() };
    let slug = slug.parse().expect("a slug");
    lab.engine.plan_many(lab.id(), Bulk { slug, wish, selection }).await
}

fn set(name: &str, text: &str) -> Settings {
    let fields = [(name.to_owned(), Value::Text(text.into()))].into();
    Settings { fields, ..Settings::default() }
}

fn refused(plan: Result<Plan>, other: &str) {
    let Err(Error::NotPossible(why)) = plan else { panic!("GitLab would refuse it: {plan:?}") };
    assert!(why.contains(&format!("{other} is on there")), "it says which: {why}");
}

#[tokio::test]
async fn what_gitlab_refuses_beside_a_handed_down_tracker_is_refused_beforehand() {
    let lab = both_on().await;
    let mark = lab.mark();
    let settings = set("project_url", "https://new.example/:id");
    let custom = Wish::SetCustom { settings: settings.clone(), typed: Vec::new() };
    refused(plan(&lab, "redmine", custom).await, "Jira issues");
    refused(plan(&lab, "redmine", Wish::UseDefault).await, "Jira issues");
    // Its link would be cut by a PUT first, for which it is on.
    refused(plan(&lab, "jira", Wish::Disable).await, "Redmine");
    assert_eq!(lab.writes_since(mark), [], "nothing was sent");

    // The same by the form of one scope.
    let (scope, slug) = (lab.key(PROJECT), |text: &str| text.parse::<Slug>().expect("a slug"));
    let requests = [
        (Request::UseDefault { scope, slug: slug("redmine") }, "Jira issues"),
        (Request::Disable { scope, slug: slug("jira") }, "Redmine"),
    ];
    for (request, other) in requests {
        refused(lab.engine.plan(lab.id(), request).await, other);
    }
}

/// A DELETE is no PUT: nothing is checked of what is off after it.
#[tokio::test]
async fn of_two_that_are_on_one_with_its_own_settings_can_be_switched_off_and_then_the_other() {
    let lab = both_on().await;
    for (slug, writes) in [("redmine", 1), ("jira", 2)] {
        let planned = plan(&lab, slug, Wish::Disable).await.expect("a way out");
        assert_eq!(planned.steps[0].step.action, Action::Disable);
        assert_eq!(planned.steps[0].step.writes.len(), writes, "{slug}");
        let run = apply(&lab, &planned, Secrets::default()).await;
        assert_eq!(run.counts.applied, 1, "{slug}: {:?}", run.outcomes);
        assert!(!lab.row(PROJECT, slug).expect("a row").active, "{slug} is off");
    }
}
