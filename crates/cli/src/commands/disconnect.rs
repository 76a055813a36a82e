//! `disconnect`.

use serde_json::json;

use crate::args::Common;
use crate::desk;
use crate::exit::{Exit, Result};
use crate::output;

pub async fn run(common: &Common, name: &str, dry_run: bool) -> Result {
    let engine = desk::engine(common)?;
    let connection = desk::pick(&engine, Some(name)).await?;
    if !dry_run {
        engine.remove_connection(connection.id).await?;
    }
    if common.json {
        output::json(&json!({ "id": connection.id.0, "name": connection.details.name }))?;
    } else if dry_run {
        let counts = engine.connection_view(connection.id).await?.counts;
        output::line(format!(
            "“{}” would be removed, with its token, its history and all that was read of {} groups \
             and {} projects. GitLab would not be touched",
            connection.details.name, counts.groups, counts.projects
        ))?;
    } else {
        output::line(format!(
            "“{}” is removed, with its token and all local data. GitLab was not touched",
            connection.details.name
        ))?;
    }
    Ok(Exit::Done)
}
