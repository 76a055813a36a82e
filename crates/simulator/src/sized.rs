//! Worlds of any size, the same for the same seed.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value as Json, json};

use crate::clock::{DAY, Millis};
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

/// Fills the world.
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
    plan.defaults(world, &ids);
    plan.customs(world);
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

    fn defaults(&mut self, world: &mut World, groups: &[u64]) {
        let instance = [
            ("git-guardian", json!({ "token": "gg" })),
            ("jira", jira("CORP")),
            ("slack", slack("general")),
            ("pipelines-email", json!({ "recipients": "ci@sized.example" })),
            ("external-wiki", json!({ "external_wiki_url": "https://wiki.sized.example" })),
            ("mattermost", json!({ "webhook": "https://mattermost.sized.example/hooks/x" })),
        ];
        for (slug, fields) in instance {
            self.set(world, Scope::Instance, slug, fields);
        }
        for id in groups {
            let scope = Scope::Group(*id);
            let Some(group) = world.groups.get(id) else { continue };
            let (top_level, path) = (group.parent.is_none(), group.path.to_string());
            if top_level {
                self.set(world, scope, "datadog", json!({ "api_key": "dd", "datadog_env": path }));
                self.set(world, scope, "harbor", harbor(&path));
                let emails = json!({ "recipients": format!("{path}@sized.example") });
                self.set(world, scope, "emails-on-push", emails);
            } else if self.rng.random_ratio(1, 12) {
                self.set(world, scope, "jira", jira(&path));
            } else if self.rng.random_ratio(1, 12) {
                self.set(world, scope, "slack", slack(&path));
            }
        }
    }

    fn customs(&mut self, world: &mut World) {
        let projects: Vec<u64> = world.projects.keys().copied().collect();
        for id in projects {
            let scope = Scope::Project(id);
            match self.rng.random_range(0..20) {
                0 => self.set(world, scope, "jira", jira(&format!("P{id}"))),
                1 => self.set(world, scope, "slack", slack(&format!("p{id}"))),
                2 => self.set(
                    world,
                    scope,
                    "jenkins",
                    json!({ "jenkins_url": "https://ci.sized.example", "project_name": id.to_string() }),
                ),
                _ => {}
            }
        }
    }
}

fn new_scope(path: &str, created_at: Millis) -> NewScope<'_> {
    NewScope { name: path, path, description: "", visibility: Visibility::Private, created_at }
}

fn jira(key: &str) -> Json {
    json!({
        "url": "https://jira.sized.example",
        "username": "gitlab",
        "password": "jira-password",
        "project_keys": [key],
    })
}

fn slack(channel: &str) -> Json {
    json!({ "webhook": "https://hooks.sized.example/x", "channel": format!("#{channel}") })
}

fn harbor(project: &str) -> Json {
    json!({
        "url": "https://harbor.sized.example",
        "project_name": project,
        "username": "robot",
        "password": "harbor-password",
    })
}
