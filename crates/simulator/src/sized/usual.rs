//! What an estate usually has: defaults of the instance and of groups, here and there a project
//! with settings of its own.

use rand::Rng;
use serde_json::json;

use super::Plan;
use super::settings::{datadog, emails_on_push, harbor, jira, slack};
use crate::world::{Scope, World};

pub(super) fn defaults(plan: &mut Plan, world: &mut World, groups: &[u64]) {
    let instance = [
        ("git-guardian", json!({ "token": "gg" })),
        ("jira", jira("CORP")),
        ("slack", slack("general")),
        ("pipelines-email", json!({ "recipients": "ci@sized.example" })),
        ("external-wiki", json!({ "external_wiki_url": "https://wiki.sized.example" })),
        ("mattermost", json!({ "webhook": "https://mattermost.sized.example/hooks/x" })),
    ];
    for (slug, fields) in instance {
        plan.set(world, Scope::Instance, slug, fields);
    }
    for id in groups {
        let scope = Scope::Group(*id);
        let Some(group) = world.groups.get(id) else { continue };
        let (top_level, path) = (group.parent.is_none(), group.path.to_string());
        if top_level {
            plan.set(world, scope, "datadog", datadog(&path));
            plan.set(world, scope, "harbor", harbor(&path));
            plan.set(world, scope, "emails-on-push", emails_on_push(&path));
        } else if plan.rng.random_ratio(1, 12) {
            plan.set(world, scope, "jira", jira(&path));
        } else if plan.rng.random_ratio(1, 12) {
            plan.set(world, scope, "slack", slack(&path));
        }
    }
}

pub(super) fn customs(plan: &mut Plan, world: &mut World) {
    let projects: Vec<u64> = world.projects.keys().copied().collect();
    for id in projects {
        let scope = Scope::Project(id);
        match plan.rng.random_range(0..20) {
            0 => plan.set(world, scope, "jira", jira(&format!("P{id}"))),
            1 => plan.set(world, scope, "slack", slack(&format!("p{id}"))),
            2 => plan.set(
                world,
                scope,
                "jenkins",
                json!({ "jenkins_url": "https://ci.sized.example", "project_name": id.to_string() }),
            ),
            _ => {}
        }
    }
}
