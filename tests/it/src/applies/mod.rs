//! Applies that are cut short or hindered, and what their journals say held against the server.

mod faults;
mod full_disk;
mod kills;
mod second_admin;

use std::collections::BTreeMap;
use std::time::Duration;

use heirloom_engine::change::{Bulk, Filter, Plan, Selection, Wish};
use heirloom_engine::core::catalog;
use heirloom_engine::core::ids::{self, ScopeKey, Slug};
use heirloom_engine::core::row::State;
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use heirloom_engine::{JournalStep, RunId};
use heirloom_simulator::{Config, Even, Form, Level, Request, RowView, WorldSpec};
use serde_json::Value as Json;

use crate::Lab;

pub use faults::{HinderedApply, apply_under_faults};
pub use full_disk::{FullDisk, apply_on_full_disks};
pub use kills::{Applies, kill_applies};

/// A secret for every field that wants one: an address, which all of them take.
const SECRET: &str = "https://secret.example/again";

/// The address of a wiki that nobody has yet.
const WIKI: &str = "https://wiki.example/set";

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
    /// Groups and the projects below them, all with settings of their own, go back to the
    /// instance's: turn after turn.
    AllUseDefault,
    /// A field of each is set, of a kind without events or secrets: one PUT each.
    SetField,
}

impl Change {
    /// One of each.
    pub const ALL: [Self; 6] = [
        Self::UseDefault,
        Self::Disable,
        Self::SetCustom,
        Self::GroupsUseDefault,
        Self::AllUseDefault,
        Self::SetField,
    ];

    /// The server for so many steps.
    fn world(self, steps: u32) -> Even {
        let (groups, projects) = match self {
            // One of them inherits: what the instance hands down is seen in nothing else.
            Self::GroupsUseDefault => (steps + 1, steps),
            Self::AllUseDefault => (steps / 5 + 1, steps - steps / 5),
            Self::UseDefault | Self::Disable | Self::SetCustom | Self::SetField => (4, steps),
        };
        let custom_percent = match self {
            Self::UseDefault | Self::AllUseDefault => 100,
            Self::Disable | Self::SetCustom | Self::SetField => 50,
            Self::GroupsUseDefault => 0,
        };
        Even {
            groups,
            projects,
            active: if self == Self::SetField { 3 } else { 1 },
            custom_percent,
        }
    }

    /// The kind it is about; each of its projects has a row of it.
    const fn slug(self) -> &'static str {
        match self {
            Self::SetField => "external-wiki",
            _ => "jira",
        }
    }

    const fn is_of_groups(self) -> bool {
        matches!(self, Self::GroupsUseDefault | Self::AllUseDefault)
    }

    /// What is wanted of each.
    fn wish(self, lab: &Lab, slug: &Slug) -> Wish {
        let settings = match self {
            Self::UseDefault | Self::GroupsUseDefault | Self::AllUseDefault => {
                return Wish::UseDefault;
            }
            Self::Disable => return Wish::Disable,
            Self::SetCustom => {
                Settings { events: [flipped(lab, slug)].into(), ..Default::default() }
            }
            Self::SetField => {
                let field = ("external_wiki_url".to_owned(), Value::Text(WIKI.into()));
                Settings { fields: [field].into(), ..Default::default() }
            }
        };
        Wish::SetCustom { settings, typed: Vec::new() }
    }
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
        let world = WorldSpec::Even(change.world(steps));
        let lab = Lab::connected_at(Config { world, latency, seed, ..Config::default() }).await;
        let world = lab.simulator.world();
        let slug: Slug = change.slug().parse().expect("a slug");
        if change.is_of_groups() {
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
            level: match change {
                Change::AllUseDefault => None,
                Change::GroupsUseDefault => Some(ids::Level::Group),
                _ => Some(ids::Level::Project),
            },
            ..Filter::default()
        };
        let selection = Selection { scopes: vec![ScopeKey::INSTANCE], below: true, filter };
        let bulk = Bulk { slug: slug.clone(), wish: change.wish(&lab, &slug), selection };
        let plan = lab.engine.plan_many(lab.id(), bulk).await.expect("a plan");
        assert_eq!(plan.total, steps, "one step each: {:?}", plan.skipped.first());
        Self { lab, change, slug, plan }
    }

    /// Where the plan has steps.
    async fn places(&self) -> Vec<ScopeKey> {
        let mut places = Vec::new();
        while places.len() < self.plan.total as usize {
            let past = u32::try_from(places.len()).unwrap_or(u32::MAX);
            let steps = self.lab.engine.plan_steps(self.plan.id, past, 500).await.expect("steps");
            assert!(!steps.is_empty(), "{past} of {}", self.plan.total);
            places.extend(steps.into_iter().map(|it| it.step.scope));
        }
        places
    }

    fn row(&self, scope: ScopeKey) -> Option<RowView> {
        self.lab.simulator.world().row(level(scope), scope.id.0, self.slug.as_str())
    }

    /// Whether a step's change is there, and the row as it is: linked, on.
    fn is_done(&self, step: &JournalStep) -> Option<(bool, bool, bool)> {
        let row = self.row(step.step.scope)?;
        let linked = row.inherit_from.is_some();
        let done = match self.change {
            Change::UseDefault => linked && row.source.is_some(),
            Change::GroupsUseDefault | Change::AllUseDefault => {
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
            Change::SetField => {
                !linked && row.active && row.fields.get("external_wiki_url") == Some(&WIKI.into())
            }
        };
        Some((done, linked, row.active))
    }

    async fn steps(&self, run: RunId) -> Vec<JournalStep> {
        let mut journal = self.lab.engine.journal(self.lab.id()).await.expect("a journal");
        journal.retain(|step| step.run == run);
        journal
    }

    /// Writes the server answered, by scope, in order.
    fn writes(&self, mark: u64) -> BTreeMap<ScopeKey, Vec<Request>> {
        let mut writes: BTreeMap<ScopeKey, Vec<Request>> = BTreeMap::new();
        let first = self.lab.simulator.requests().first().map_or(0, |it| it.number);
        assert!(first <= mark + 1, "the server remembers all of it");
        for request in self.lab.writes_since(mark) {
            let of = |part: &str| {
                let (_, rest) = request.path.split_once(part)?;
                rest.split('/').next()?.parse::<u64>().ok()
            };
            let scope = of("/projects/").map(ScopeKey::project);
            let scope = scope.or_else(|| of("/groups/").map(ScopeKey::group)).expect("a row");
            writes.entry(scope).or_default().push(request);
        }
        writes
    }
}

const fn level(scope: ScopeKey) -> Level {
    match scope.level {
        ids::Level::Group => Level::Group,
        ids::Level::Project | ids::Level::Instance => Level::Project,
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
