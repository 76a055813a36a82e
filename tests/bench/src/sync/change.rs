//! What happened on the server between two syncs.

use std::collections::BTreeSet;

use heirloom_simulator::Level;
use serde_json::{Value as Json, json};

use super::rows::Place;
use super::truth::Truth;
use crate::failure::{Failure, Result};
use crate::server::Server;

/// Gives one in a hundred of the projects' rows new settings of their own, as people do on the
/// settings page: custom rows change, inheriting ones become custom.
pub async fn one_in_a_hundred(server: &Server, truth: &Truth) -> Result<BTreeSet<Place>> {
    let of_projects = truth.active().map(|(place, _)| place).filter(|it| it.0 == Level::Project);
    // A prime keeps the stride from hitting the same kinds again and again.
    let changed: BTreeSet<Place> = of_projects.skip(50).step_by(101).collect();
    for (_, project, slug) in &changed {
        let fields = fields(slug, *project)?;
        server.save(*project, slug, &json!({ "inherit": false, "fields": fields })).await?;
    }
    Ok(changed)
}

fn fields(slug: &str, project: u64) -> Result<Json> {
    let name = format!("changed-{project}");
    Ok(match slug {
        "jira" => json!({ "project_keys": [format!("C{project}")] }),
        "slack" => json!({ "channel": format!("#{name}") }),
        "external-wiki" => json!({ "external_wiki_url": format!("https://{name}.example") }),
        "harbor" => json!({ "project_name": name }),
        "emails-on-push" | "pipelines-email" => {
            json!({ "recipients": format!("{name}@company.example") })
        }
        "datadog" => json!({ "datadog_env": name }),
        "asana" => json!({ "restrict_to_branch": name }),
        "mattermost" | "microsoft-teams" | "discord" | "hangouts-chat" => {
            json!({ "branches_to_be_notified": "protected" })
        }
        _ => {
            let why = format!("no change is known for {slug}");
            return Err(Failure::Shape { of: "the world".to_owned(), why });
        }
    })
}
