//! `instances`, and how a connection is shown.

use heirloom_engine::{Access, Connection, Safety};
use serde::Serialize;

use crate::args::Common;
use crate::desk;
use crate::exit::{Exit, Result};
use crate::output;

/// A connection for other programs. Nothing of its token but when it ends.
#[derive(Serialize)]
pub struct Shape<'a> {
    id: u32,
    name: &'a str,
    url: &'a str,
    version: &'a str,
    username: &'a str,
    access: &'static str,
    token_expires_on: Option<&'a str>,
    safety: &'static str,
}

impl<'a> Shape<'a> {
    pub fn of(connection: &'a Connection) -> Self {
        let details = &connection.details;
        Self {
            id: connection.id.0,
            name: &details.name,
            url: &details.base_url,
            version: &details.version,
            username: &details.username,
            access: match details.access {
                Access::Full => "full",
                Access::ReviewOnly => "review_only",
            },
            token_expires_on: details.token_expires_on.as_deref(),
            safety: match details.safety {
                Safety::ReadOnly => "read_only",
                Safety::ConfirmEach => "confirm_each",
                Safety::ConfirmLarge => "confirm_large",
            },
        }
    }
}

/// What a token may do, for a person.
pub fn may(access: Access) -> &'static str {
    match access {
        Access::Full => "may change settings",
        Access::ReviewOnly => "review only",
    }
}

pub async fn run(common: &Common) -> Result {
    let connections = desk::engine(common)?.connections().await?;
    if common.json {
        output::json(&connections.iter().map(Shape::of).collect::<Vec<_>>())?;
        return Ok(Exit::Done);
    }
    if connections.is_empty() {
        output::line("No connections yet: make one with heirloomctl connect")?;
    }
    let rows: Vec<Vec<String>> = connections
        .iter()
        .map(|connection| {
            let details = &connection.details;
            let until = match &details.token_expires_on {
                Some(day) => format!("token ends {day}"),
                None => "token never ends".into(),
            };
            vec![
                connection.id.to_string(),
                details.name.clone(),
                details.base_url.clone(),
                format!("GitLab {}", details.version),
                format!("@{}", details.username),
                match details.safety {
                    Safety::ReadOnly => "read-only".into(),
                    _ => may(details.access).into(),
                },
                until,
            ]
        })
        .collect();
    for line in output::columns(&rows) {
        output::line(line)?;
    }
    Ok(Exit::Done)
}
