//! One list of active rows per scope.

use futures::StreamExt as _;
use heirloom_core::ids::{Level, ScopeKey};
use heirloom_core::row::NotRead;
use heirloom_gitlab::{Problem, Version};
use heirloom_store::cache::integrations::ListRead;
use heirloom_store::cache::scopes::{Failure, Scope};
use tokio::sync::mpsc;

use super::flags::{failure, flags};
use super::progress::Phase;
use super::scopes::{archived_groups, closed_by_archive};
use super::{Job, fatal};
use crate::Result;

/// Answers written in one transaction at most.
const BATCH: usize = 256;

type Answer =
    (ScopeKey, String, heirloom_gitlab::Result<Vec<heirloom_gitlab::dto::IntegrationRow>>);

impl Job {
    /// Asks every scope for its active rows; what fails is noted, the rest goes on.
    pub(super) async fn take_lists(&self, scopes: &[Scope]) -> Result<()> {
        self.note_unreadable(scopes).await?;
        let archived = archived_groups(scopes);
        let group_api = self.has_group_api().await?;
        if !group_api {
            self.note_no_group_api(scopes).await?;
        }
        let asked: Vec<(ScopeKey, String)> = scopes
            .iter()
            .filter(|scope| match scope.listed.key.level {
                Level::Instance => false,
                Level::Group => {
                    group_api && !scope.listed.placeholder && !closed_by_archive(scope, &archived)
                }
                Level::Project => true,
            })
            .map(|scope| (scope.listed.key, scope.listed.path.clone()))
            .collect();
        self.enter(Phase::Integrations, asked.len());
        let (client, cancel) = (self.client.clone(), self.cancel.clone());
        let in_flight = super::readings::IN_FLIGHT;
        let (sender, mut answers) = mpsc::channel::<Answer>(BATCH * 4);
        let asking = tokio::spawn(async move {
            futures::stream::iter(asked)
                .take_until(cancel.cancelled_owned())
                .map(|(key, path)| {
                    let client = client.clone();
                    async move { (key, path, client.integrations(key).await) }
                })
                .buffer_unordered(in_flight)
                .for_each(|answer| async {
                    // The writer only goes away when the sync ends early.
                    drop(sender.send(answer).await);
                })
                .await;
        });
        let mut batch = Vec::with_capacity(BATCH);
        let taken = loop {
            if answers.recv_many(&mut batch, BATCH).await == 0 {
                break Ok(());
            }
            if let Err(error) = self.take_answers(std::mem::take(&mut batch)).await {
                break Err(error);
            }
        };
        asking.abort();
        taken
    }

    async fn take_answers(&self, answers: Vec<Answer>) -> Result<()> {
        let (id, at, done) = (self.id(), self.engine.now(), answers.len());
        let cause = self.cause();
        let (mut lists, mut failures, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        let mut ended = None;
        for (scope, path, answer) in answers {
            match answer {
                Ok(rows) => {
                    let rows = rows.into_iter().map(flags).collect();
                    lists.push(ListRead { scope, at, rows });
                }
                Err(error) => match fatal(error) {
                    Err(error) => ended = Some(error),
                    Ok(error) => {
                        if matches!(error.problem, Problem::NotFound { .. }) {
                            gone.push(scope);
                        } else if failure(&error, at).kind == NotRead::Failed {
                            self.fail(scope, &path, &error);
                        }
                        failures.push((scope, failure(&error, at)));
                    }
                },
            }
        }
        self.engine
            .db(move |store| {
                store.take_lists(id, cause, lists)?;
                store.note_failures(id, failures)?;
                gone.into_iter().try_for_each(|scope| store.mark_gone(id, cause, scope, at))
            })
            .await?;
        if let Some(error) = ended {
            if let crate::Error::Gitlab(gitlab) = &error {
                self.engine.saw(id, Some(gitlab));
            }
            return Err(error);
        }
        self.advance(done);
        Ok(())
    }

    pub(super) async fn has_group_api(&self) -> Result<bool> {
        let version = self.engine.connection(self.id()).await?.details.version;
        Ok(version.parse::<Version>().is_ok_and(|version| version.has_group_api()))
    }

    async fn note_no_group_api(&self, scopes: &[Scope]) -> Result<()> {
        let at = self.engine.now();
        let failures = scopes
            .iter()
            .filter(|scope| scope.listed.key.level == Level::Group)
            .map(|scope| {
                let why = "This GitLab has no API for group integrations: it came with 17.9";
                (scope.listed.key, Failure { kind: NotRead::Version, why: why.into(), at })
            })
            .collect();
        let id = self.id();
        self.engine.db(move |store| store.note_failures(id, failures)).await
    }
}
