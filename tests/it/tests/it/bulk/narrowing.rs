//! A whole subtree, narrowed by what is known of its scopes: who does not answer to all of it gets
//! no step.

use std::collections::BTreeSet;

use heirloom_engine::change::{Bulk, Filter, Selection, Wish};
use heirloom_engine::core::ids::Level as At;
use heirloom_engine::core::row::State;
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use heirloom_it::Lab;
use heirloom_simulator::{Config, GroupSpec, Level, ProjectSpec};

use super::{everything_below, own_wiki, under_top};

const SLUG: &str = "external-wiki";

/// `top/wiki` with a default, and four projects: three with their own, of which one is public, and
/// one that inherits.
async fn world() -> Lab {
    let (lab, top) = under_top(Config::default()).await;
    let world = lab.simulator.world();
    let spec = GroupSpec { parent: Some(top), path: "wiki".to_owned(), name: None };
    let group = world.create_group(&spec).expect("a group");
    world.save(Level::Group, group, SLUG, &own_wiki("https://default.example")).expect("saved");
    lab.simulator.propagated().await;
    for (name, own) in [
        ("alpha", Some("https://old.example/a")),
        ("beta", Some("https://old.example/b")),
        ("gamma", Some("https://new.example")),
        ("delta", None),
    ] {
        let spec = ProjectSpec { group, path: name.to_owned(), name: None };
        let project = world.create_project(&spec).expect("a project");
        if let Some(url) = own {
            world.save(Level::Project, project, SLUG, &own_wiki(url)).expect("saved");
        }
        if name == "alpha" {
            world.publish(Level::Project, project).expect("public");
        }
    }
    assert!(lab.sync().await.complete, "everything can be read");
    lab
}

/// Projects that get a step.
async fn meant(lab: &Lab, filter: Filter) -> BTreeSet<String> {
    let filter = Filter { level: Some(At::Project), ..filter };
    let fields = [("external_wiki_url".to_owned(), Value::Text("https://all.example".into()))];
    let settings = Settings { fields: fields.into(), ..Settings::default() };
    let wish = Wish::SetCustom { settings, typed: Vec::new() };
    let selection = Selection { filter, ..everything_below(vec![lab.key("top/wiki")]) };
    let bulk = Bulk { slug: SLUG.parse().expect("a slug"), wish, selection };
    let plan = lab.engine.plan_many(lab.id(), bulk).await.expect("a plan");
    assert_eq!(plan.skipped_total, 0, "who is not meant is not even left out");
    let path = |path: &String| path.rsplit('/').next().unwrap_or_default().to_owned();
    plan.steps.iter().map(|it| path(&it.scope.listed.path)).collect()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[tokio::test]
async fn only_who_answers_to_all_of_it_gets_a_step() {
    let lab = world().await;
    for (what, filter, expected) in [
        ("no filter", Filter::default(), &["alpha", "beta", "delta", "gamma"][..]),
        (
            "a value, in any case",
            Filter { value: some("OLD.example"), ..Filter::default() },
            &["alpha", "beta"],
        ),
        ("a visibility", Filter { visibility: some("public"), ..Filter::default() }, &["alpha"]),
        ("a name", Filter { text: some("TA"), ..Filter::default() }, &["beta", "delta"]),
        (
            "a state",
            Filter { states: vec![State::Custom], ..Filter::default() },
            &["alpha", "beta", "gamma"],
        ),
        (
            "all of it together",
            Filter {
                value: some("old"),
                visibility: some("private"),
                text: some("ta"),
                states: vec![State::Custom],
                ..Filter::default()
            },
            &["beta"],
        ),
    ] {
        let expected: BTreeSet<String> = expected.iter().map(|it| (*it).to_owned()).collect();
        assert_eq!(meant(&lab, filter).await, expected, "{what}");
    }
}
