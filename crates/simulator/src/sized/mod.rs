//! Worlds of any size, the same for the same seed.

mod even;
mod settings;
mod usual;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::Value as Json;

use crate::clock::{DAY, Millis};
use crate::config::Even;
use crate::kinds;
use crate::tokens::Accounts;
use crate::world::{Form, Job, Namespace, NewScope, Scope, Visibility, World, access, save};

const WORDS: &[&str] = &[
    "amber", "basalt", "cedar", "delta", "ember", "fjord", "granite", "harbour", "indigo",
    "juniper", "kelp", "lantern", "meadow", "north", "orchard", "pebble", "quartz", "river",
    "saffron", "tundra", "umber", "violet", "willow", "yarrow", "zephyr",
];
const ROLES: &[&str] =
    &["api", "worker", "gateway", "console", "pipeline", "library", "agent", "site", "jobs"];

/// How deep groups nest at most.
const DEPTH: usize = 6;

/// Fills the world with what an estate usually has.
pub(crate) fn build(
    world: &mut World,
    accounts: Accounts,
    now: Millis,
    seed: u64,
    groups: u32,
    projects: u32,
) {
    let mut plan = Plan { rng: StdRng::seed_from_u64(seed), now };
    let ids = plan.groups(world, accounts, groups);
    plan.projects(world, accounts, &ids, projects);
    usual::defaults(&mut plan, world, &ids);
    usual::customs(&mut plan, world);
    world.shrink();
}

/// Fills the world so that its projects are alike: [`crate::config::Even`].
pub(crate) fn build_even(
    world: &mut World,
    accounts: Accounts,
    now: Millis,
    seed: u64,
    even: Even,
) {
    let mut plan = Plan { rng: StdRng::seed_from_u64(seed), now };
    let ids = plan.groups(world, accounts, even.groups);
    plan.projects(world, accounts, &ids, even.projects);
    even::defaults(&mut plan, world, &ids, even.active);
    even::customs(&mut plan, world, even);
    world.shrink();
}

struct Plan {
    rng: StdRng,
    now: Millis,
}

impl Plan {
    fn word(&mut self) -> &'static str {
        WORDS.choose(&mut self.rng).copied().unwrap_or("amber")
    }

    fn groups(&mut self, world: &mut World, accounts: Accounts, count: u32) -> Vec<u64> {
        let top_level = (count / 40).max(1);
        let mut ids: Vec<u64> = Vec::new();
        for number in 0..count {
            let parent = (number >= top_level).then(|| {
                // A parent that is too deep gives way to its own top-level group.
                let parent = ids[self.rng.random_range(0..ids.len())];
                let depth = world.ancestry(parent).count();
                let top = world.ancestry(parent).last().map(|group| group.id);
                if depth < DEPTH { Some(parent) } else { top }
            });
            let path = format!("{}-{number}", self.word());
            let created_at = self.now - self.rng.random_range(400..2_000) * DAY;
            let new = new_scope(&path, created_at);
            let id = world.add_group(parent.flatten(), &new);
            if number < top_level {
                world.people.join(accounts.owner, Scope::Group(id), access::OWNER);
                world.people.join(accounts.maintainer, Scope::Group(id), access::MAINTAINER);
                world.people.join(accounts.developer, Scope::Group(id), access::DEVELOPER);
            }
            ids.push(id);
        }
        ids
    }

    fn projects(&mut self, world: &mut World, accounts: Accounts, groups: &[u64], count: u32) {
        for number in 0..count {
            let role = ROLES.choose(&mut self.rng).copied().unwrap_or("api");
            let path = format!("{}-{role}-{number}", self.word());
            let created_at = self.now - self.rng.random_range(10..1_500) * DAY;
            let new = new_scope(&path, created_at);
            let namespace = match groups.choose(&mut self.rng) {
                Some(group) => Namespace::Group(*group),
                None => Namespace::User(accounts.owner),
            };
            world.add_project(namespace, &new);
        }
    }

    fn set(&mut self, world: &mut World, scope: Scope, slug: &str, fields: Json) {
        let Some((kind, _)) = kinds::by_slug(slug) else { return };
        let fields = match fields {
            Json::Object(fields) => fields.into_iter().collect(),
            _ => Default::default(),
        };
        let at = self.now - self.rng.random_range(10..390) * DAY;
        let form = Form { inherit: Some(false), active: Some(true), fields, ..Form::default() };
        if let Err(error) = save(world, scope, kind, &form, at) {
            tracing::error!(%error, "a generated setting was refused");
        }
        world.propagate_all(Job { source: scope, kind }, at + 1_000);
    }
}

fn new_scope(path: &str, created_at: Millis) -> NewScope<'_> {
    NewScope { name: path, path, description: "", visibility: Visibility::Private, created_at }
}
