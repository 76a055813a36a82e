//! Applies that are cut short or hindered, and what their journals say held against the server.

mod faults;
mod full_disk;
mod kills;

use std::collections::BTreeMap;
use std::time::Duration;

use heirloom_engine::change::{Bulk, Filter, Plan, Selection, Wish};
use heirloom_engine::core::catalog;
use heirloom_engine::core::ids::{self, ScopeKey, Slug};
use heirloom_engine::core::row::State;
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use heirloom_engine::{JournalStep, RunId};
use heirloom_simulator::{Config, Even, Form, Level, WorldSpec};
use serde_json::Value as Json;

use crate::Lab;

pub use faults::{HinderedApply, apply_under_faults};
pub use full_disk::{FullDisk, apply_on_full_disks};
pub use kills::{Applies, kill_applies};

/// A secret for every field that wants one: an address, which all of them take.
const SECRET: &str = "https://secret.example/again";

/// What the steps of a run do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Overrides go back to their default: one PUT each.
    UseDefault,
    /// Switched off: a PUT and a DELETE where inherited, else a DELETE.
    Disable,
    /// An event of each is set: one PUT each, with its secrets.
    SetCustom,
    /// Groups with settings of their own go back to their default: two PUTs each, the first with
    /// the default's secrets.
    GroupsUseDefault,
}

impl Change {
    /// One of each.
    pub const ALL: [Self; 4] =
        [Self::UseDefault, Self::Disable, Self::SetCustom, Self::GroupsUseDefault];
}

/// A synced server with a plan of one step for each of its projects, or groups.
struct Estate {
    lab: Lab,
    change: Change,
    slug: Slug,
    plan: Plan,
}

impl Estate {
    async fn planned(change: Change, steps: u32, seed: u64, latency: Duration) -> Self {
        let custom_percent = match change {
            Change::UseDefault => 100,
            Change::Disable | Change::SetCustom => 50,
            Change::GroupsUseDefault => 0,
        };
        // One of them inherits: what the instance hands down is seen in nothing else.
        let groups = if change == Change::GroupsUseDefault { steps + 1 } else { 4 };
        let even = Even { groups, projects: steps, active: 1, custom_percent };
        let config = Config { world: WorldSpec::Even(even), latency, seed, ..Config::default() };
        let lab = Lab::connected_at(config).await;
        let world = lab.simulator.world();
        let first = *world.projects().first().expect("a project");
        let slug = world.slugs(Level::Project, first).first().expect("a row").parse();
        let slug: Slug = slug.expect("a slug");
        if change == Change::GroupsUseDefault {
            for id in world.groups().into_iter().skip(1) {
                let url = format!("https://jira-{id}.example");
                let texts = [("url", url.as_str()), ("username", "own"), ("password", "own")];
                let fields = texts.map(|(name, text)| (name.to_owned(), Json::from(text))).into();
                let form = Form { inherit: Some(false), fields, ..Form::default() };
                world.save(Level::Group, id, slug.as_str(), &form).expect("saved");
            }
            lab.simulator.propagated().await;
        }
        assert!(lab.sync().await.complete, "everything can be read");
        let filter = Filter {
            states: vec![State::Custom, State::Inherited],
            level: Some(match change {
                Change::GroupsUseDefault => ids::Level::Group,
                Change::UseDefault | Change::Disable | Change::SetCustom => ids::Level::Project,
            }),
            ..Filter::default()
        };
        let selection = Selection { scopes: vec![ScopeKey::INSTANCE], below: true, filter };
        let wish = match change {
            Change::UseDefault | Change::GroupsUseDefault => Wish::UseDefault,
            Change::Disable => Wish::Disable,
            Change::SetCustom => {
                let (event, on) = flipped(&lab, &slug);
                let settings = Settings { events: [(event, on)].into(), ..Settings::default() };
                Wish::SetCustom { settings, typed: Vec::new() }
            }
        };
        let bulk = Bulk { slug: slug.clone(), wish, selection };
        let plan = lab.engine.plan_many(lab.id(), bulk).await.expect("a plan");
        assert_eq!(plan.total, steps, "one step each: {:?}", plan.skipped.first());
        Self { lab, change, slug, plan }
    }

    /// Whether a step's change is there, and the row as it is: linked, on.
    fn is_done(&self, step: &JournalStep) -> Option<(bool, bool, bool)> {
        let id = step.step.scope.id.0;
        let level = match step.step.scope.level {
            ids::Level::Group => Level::Group,
            ids::Level::Project | ids::Level::Instance => Level::Project,
        };
        let row = self.lab.simulator.world().row(level, id, self.slug.as_str())?;
        let linked = row.inherit_from.is_some();
        let done = match self.change {
            Change::UseDefault => linked && row.source.is_some(),
            Change::GroupsUseDefault => {
                let planned = step.step.after.settings().fields;
                let url = planned.get("url").map(Value::to_json);
                linked && row.active && row.fields.get("url") == url.as_ref()
            }
            Change::Disable => !linked && !row.active,
            Change::SetCustom => {
                let planned = step.step.after.settings().events;
                let has = |(name, on): (&String, &bool)| row.events.get(name) == Some(on);
                !linked && row.active && planned.iter().all(has)
            }
        };
        Some((done, linked, row.active))
    }

    async fn steps(&self, run: RunId) -> Vec<JournalStep> {
        let mut journal = self.lab.engine.journal(self.lab.id()).await.expect("a journal");
        journal.retain(|step| step.run == run);
        journal
    }

    /// Writes the server answered, by project, or group, and method.
    fn writes(&self, mark: u64) -> BTreeMap<u64, BTreeMap<String, u32>> {
        let mut writes: BTreeMap<u64, BTreeMap<String, u32>> = BTreeMap::new();
        for request in self.lab.writes_since(mark) {
            let parts = ["/projects/", "/groups/"].map(|part| request.path.split_once(part));
            let (_, rest) = parts.into_iter().flatten().next().expect("a row");
            let id = rest.split('/').next().and_then(|id| id.parse().ok()).expect("its number");
            *writes.entry(id).or_default().entry(request.method).or_default() += 1;
        }
        writes
    }
}

/// An event of the kind that all rows have alike, the other way round.
fn flipped(lab: &Lab, slug: &Slug) -> (String, bool) {
    let kind = catalog::find(slug).expect("known");
    let world = lab.simulator.world();
    let row = |id| world.row(Level::Project, id, slug.as_str()).expect("a row").events;
    let all: Vec<_> = world.projects().into_iter().map(row).collect();
    kind.events
        .iter()
        .filter(|event| event.rest)
        .find_map(|event| {
            let on = *all.first()?.get(event.name)?;
            let alike = all.iter().all(|events| events.get(event.name) == Some(&on));
            alike.then(|| (event.name.to_owned(), !on))
        })
        .expect("an event")
}
