//! `disconnect`.

use serde_json::json;

use crate::args::Common;
use crate::desk;
use crate::exit::{Exit, Result};
use crate::output;

pub async fn run(common: &Common, name: &str) -> Result {
    let engine = desk::engine(common)?;
    let connection = desk::pick(&engine, Some(name)).await?;
    engine.remove_connection(connection.id).await?;
    if common.json {
        output::json(&json!({ "id": connection.id.0, "name": connection.details.name }))?;
    } else {
        output::line(format!(
            "“{}” is removed, with its token and all local data. GitLab was not touched",
            connection.details.name
        ))?;
    }
    Ok(Exit::Done)
}
