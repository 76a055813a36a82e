//! One change of many scopes: planned from the local copy, applied side by side, stopped, gone on
//! with, taken back.

mod as_before;
mod asking;
mod clock;
mod copying;
mod defaults_over_http;
mod drafts;
mod faults;
mod files;
mod following_on;
mod giving_secrets;
mod going_on;
mod groups;
mod handed_down;
mod hindered;
mod leaving;
mod looking;
mod moved;
mod narrowing;
mod off;
mod over_http;
mod pausing;
mod prediction;
mod reach;
mod remembering;
mod rivals;
mod stopping;
mod streaming;
mod takes;
mod together;
mod undoing;
mod unread;

use std::collections::BTreeMap;

use heirloom_engine::Result;
use heirloom_engine::change::{Bulk, Confirm, Filter, Plan, Run, Secrets, Selection, Wish};
use heirloom_engine::core::ids::{Level, ScopeKey, Slug};
use heirloom_engine::core::row::State;
use heirloom_it::Lab;
use heirloom_simulator::{Config, Even, Form, RowView, WorldSpec};
use secrecy::SecretString;

/// A server whose one group is called `top`, with a project, of which nothing is read yet; and the
/// group's number.
async fn under_top(config: Config) -> (Lab, u64) {
    let even = Even { groups: 1, projects: 1, active: 1, custom_percent: 0 };
    let lab = Lab::connected_at(Config { world: WorldSpec::Even(even), ..config }).await;
    let world = lab.simulator.world();
    let top = *world.groups().first().expect("a group");
    world.rename(heirloom_simulator::Level::Group, top, "top").expect("renamed");
    (lab, top)
}

/// An external wiki of a scope's own.
fn own_wiki(url: &str) -> Form {
    let fields = [("external_wiki_url".to_owned(), url.into())].into();
    Form { inherit: Some(false), fields, ..Form::default() }
}

/// A server with so many projects, three integrations on in each, half of them custom.
pub(crate) async fn estate(projects: u32) -> Lab {
    let even = Even { groups: projects / 10 + 2, projects, active: 3, custom_percent: 50 };
    let config = Config { world: WorldSpec::Even(even), ..Config::default() };
    let lab = Lab::connected_at(config).await;
    assert!(lab.sync().await.complete, "everything can be read");
    lab
}

/// The kind most projects have custom settings of, with its number.
pub(crate) fn most_overridden(lab: &Lab) -> (Slug, usize) {
    let world = lab.simulator.world();
    let level = heirloom_simulator::Level::Project;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for id in world.projects() {
        for slug in world.slugs(level, id) {
            let own = world.row(level, id, slug).is_some_and(|row| row.inherit_from.is_none());
            *counts.entry(slug).or_default() += usize::from(own);
        }
    }
    let (slug, n) = counts.into_iter().max_by_key(|(_, n)| *n).expect("something custom");
    (slug.parse().expect("a slug"), n)
}

fn everything_below(roots: Vec<ScopeKey>) -> Selection {
    Selection { scopes: roots, below: true, filter: Filter::default() }
}

/// Overridden projects of a kind, back to default.
pub(crate) async fn push_defaults(lab: &Lab, slug: &Slug) -> Result<Plan> {
    let selection = Selection {
        filter: Filter {
            states: vec![State::Custom],
            level: Some(Level::Project),
            ..Filter::default()
        },
        ..everything_below(vec![ScopeKey::INSTANCE])
    };
    let bulk = Bulk { slug: slug.clone(), wish: Wish::UseDefault, selection };
    lab.engine.plan_many(lab.id(), bulk).await
}

/// The number to be typed, where one is.
pub(crate) fn typed(plan: &Plan) -> Option<u32> {
    match plan.confirm {
        Confirm::TypeCount(count) => Some(count),
        Confirm::Dialog => None,
    }
}

async fn apply(lab: &Lab, plan: &Plan, secrets: Secrets) -> Run {
    lab.engine.apply(plan.id, secrets, typed(plan)).await.expect("a run")
}

/// A value for every secret a plan asks for.
fn all_secrets(plan: &Plan, text: &str) -> Secrets {
    let values = plan.secrets.iter();
    values.map(|name| (name.clone(), SecretString::from(text))).collect()
}

/// Every stored row of a kind on the server, by project.
fn rows(lab: &Lab, slug: &Slug) -> Vec<(u64, Option<RowView>)> {
    let world = lab.simulator.world();
    let level = heirloom_simulator::Level::Project;
    world.projects().into_iter().map(|id| (id, world.row(level, id, slug.as_str()))).collect()
}
