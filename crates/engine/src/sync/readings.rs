//! Single readings: one row with its settings.

use std::collections::HashMap;

use futures::StreamExt as _;
use heirloom_core::ids::{ScopeKey, Slug};
use heirloom_gitlab::Problem;
use heirloom_store::cache::integrations::ValuesRead;

use super::flags::reading;
use super::{Job, fatal};
use crate::Result;

/// Requests under way at once. The client's own ceiling holds them back further when it must.
pub(super) const IN_FLIGHT: usize = 24;

/// Readings written in one transaction at most.
const BATCH: usize = 128;

impl Job {
    /// Reads these rows by name and keeps what comes. A row that cannot be read keeps what was
    /// known of it, and its scope is in the report.
    pub(super) async fn read_rows(
        &self,
        targets: Vec<(ScopeKey, Slug)>,
        paths: &HashMap<ScopeKey, String>,
    ) -> Result<()> {
        let client = self.client.clone();
        let answers = futures::stream::iter(targets)
            .take_until(self.cancel.clone().cancelled_owned())
            .map(|(scope, slug)| {
                let client = client.clone();
                async move {
                    let answer = client.integration(scope, &slug).await;
                    (scope, slug, answer)
                }
            })
            .buffer_unordered(IN_FLIGHT)
            .ready_chunks(BATCH);
        let mut answers = std::pin::pin!(answers);
        while let Some(batch) = answers.next().await {
            let (at, done) = (self.engine.now(), batch.len());
            let mut readings: Vec<ValuesRead> = Vec::with_capacity(done);
            let mut ended = None;
            for (scope, slug, answer) in batch {
                match answer.map(|detail| reading(scope, &slug, detail, at)) {
                    Ok(found) => readings.push(found),
                    Err(error) => match fatal(error) {
                        Err(error) => ended = Some(error),
                        Ok(error) if is_no_offer(&error.problem) => {}
                        Ok(error) => {
                            let path = paths.get(&scope).map_or("", String::as_str);
                            self.fail(scope, &format!("{path} {slug}"), &error);
                        }
                    },
                }
            }
            let (id, cause) = (self.id(), self.cause());
            self.engine.db(move |store| store.take_values(id, cause, readings)).await?;
            if let Some(error) = ended {
                return Err(error);
            }
            self.advance(done);
        }
        Ok(())
    }
}

/// A kind this server or level does not offer: nothing to read, and nothing wrong.
fn is_no_offer(problem: &Problem) -> bool {
    matches!(problem, Problem::Refused { status: 400, .. } | Problem::Forbidden { .. })
}
