//! Projects that are alike: as many active integrations each, an exact share of them custom.

use rand::seq::index;
use serde_json::{Value as Json, json};

use super::Plan;
use super::settings::{datadog, emails_on_push, external_wiki, harbor, jira, slack, webhook};
use crate::config::Even;
use crate::world::scope::Level;
use crate::world::{Scope, World};

/// Slug, who hands it down (the instance, or each top-level group), and settings by a name.
type Handed = (&'static str, Level, fn(&str) -> Json);

/// In the order in which projects get them.
const HANDED: [Handed; Even::MOST_ACTIVE] = [
    ("jira", Level::Instance, jira),
    ("slack", Level::Group, slack),
    ("external-wiki", Level::Instance, external_wiki),
    ("harbor", Level::Group, harbor),
    ("emails-on-push", Level::Group, emails_on_push),
    ("pipelines-email", Level::Instance, emails_on_push),
    ("datadog", Level::Group, datadog),
    ("mattermost", Level::Instance, webhook),
    ("microsoft-teams", Level::Group, webhook),
    ("discord", Level::Group, webhook),
    ("asana", Level::Instance, |name| json!({ "api_key": "asana", "restrict_to_branch": name })),
    ("hangouts-chat", Level::Group, webhook),
];

/// The defaults that every project inherits.
pub(super) fn defaults(plan: &mut Plan, world: &mut World, groups: &[u64], active: u8) {
    let top_level: Vec<(u64, String)> = groups
        .iter()
        .filter_map(|id| world.groups.get(id))
        .filter(|group| group.parent.is_none())
        .map(|group| (group.id, group.path.to_string()))
        .collect();
    for (slug, level, settings) in &HANDED[..usize::from(active).min(HANDED.len())] {
        if *level == Level::Instance {
            plan.set(world, Scope::Instance, slug, settings("company"));
            continue;
        }
        for (id, path) in &top_level {
            plan.set(world, Scope::Group(*id), slug, settings(path));
        }
    }
}

/// Gives as many project rows, drawn from all of them, settings of their own.
pub(super) fn customs(plan: &mut Plan, world: &mut World, even: Even) {
    let projects: Vec<u64> = world.projects.keys().copied().collect();
    let active = usize::from(even.active).min(HANDED.len());
    let rows = projects.len() * active;
    let custom = rows * usize::from(even.custom_percent.min(100)) / 100;
    let mut drawn = index::sample(&mut plan.rng, rows, custom).into_vec();
    drawn.sort_unstable();
    for position in drawn {
        let id = projects[position / active];
        let (slug, _, settings) = HANDED[position % active];
        plan.set(world, Scope::Project(id), slug, settings(&format!("p{id}")));
    }
}
