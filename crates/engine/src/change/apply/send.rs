//! A step's writes, on their way to GitLab.

use std::collections::BTreeMap;

use heirloom_core::plan::{Step, Write};
use heirloom_gitlab::{Client, Problem};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value as Json;

use super::Job;

/// A step's secrets, by field.
pub(super) type Typed = BTreeMap<String, SecretString>;

/// How far a step's requests got.
pub(super) enum Sent {
    All,
    /// A request got no answer, or one failed after another had done its part.
    Perhaps(heirloom_gitlab::Error),
    /// Surely nothing was changed.
    Nothing(heirloom_gitlab::Error),
}

/// How often a DELETE is sent: it may be repeated without harm, and stopping before it would leave
/// a row half done.
const DELETES: u32 = 3;

async fn delete(client: &Client, step: &Step) -> heirloom_gitlab::Result<()> {
    let mut in_doubt = None;
    for _ in 0..DELETES {
        match client.delete_integration(step.scope, &step.slug).await {
            Err(error) if error.outcome_unknown() => in_doubt = Some(error),
            // One that surely did nothing does not tell what came of those before it.
            Err(error) => return Err(in_doubt.unwrap_or(error)),
            Ok(()) => return Ok(()),
        }
    }
    in_doubt.map_or(Ok(()), Err)
}

impl Job {
    /// Sends a step's writes from one of them on; those before it were done earlier.
    pub(super) async fn send(&self, step: &Step, next: usize, secrets: &Typed) -> Sent {
        let mut done = next > 0;
        for (at, write) in step.writes.iter().enumerate().skip(next) {
            // What is begun is ended, also once the run is to stop.
            let client = if at == next { &self.client } else { &self.ending };
            let sent = match write {
                Write::Put { body } => {
                    let mut body = body.clone();
                    for (name, value) in secrets.iter().filter(|_| write.takes_secrets()) {
                        body.insert(name.clone(), Json::from(value.expose_secret()));
                    }
                    client.put_integration(step.scope, &step.slug, &body).await.map(drop)
                }
                Write::Delete => delete(client, step).await,
            };
            match sent {
                Ok(()) => done = true,
                Err(error) if done || error.outcome_unknown() => return Sent::Perhaps(error),
                Err(error) => return Sent::Nothing(error),
            }
        }
        Sent::All
    }
}

/// Whether every write would be answered so for now, whatever it is about.
pub(super) fn hinders_writes(error: &heirloom_gitlab::Error) -> bool {
    error.is_about_token()
        || matches!(
            error.problem,
            Problem::InsufficientScope { .. }
                | Problem::Maintenance { .. }
                | Problem::RateLimited { .. }
        )
}
