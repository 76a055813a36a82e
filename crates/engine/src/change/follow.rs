//! Following a changed default into what inherits it: GitLab hands it down a moment later, or, on
//! some versions, not at all (contract, section 8). Nothing is called done that was not read.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::StreamExt as _;
use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::plan::{Action, Snapshot};
use heirloom_store::Store;
use heirloom_store::app::history::Cause;
use heirloom_store::app::journal::{Outcome, RunId, Touch, Touched};
use tokio::time::{Instant, sleep};

use heirloom_store::cache::integrations::Kept;

use super::known_kind;
use crate::engine::lock;
use crate::{Engine, Result};

/// Inheritors that are read at most: a fair part of the largest estate.
const MOST: u32 = 1_000;

/// Side by side; the client decides how many requests really are.
const SIDE_BY_SIDE: usize = 16;

/// Whom a run's defaults are handed down to, with the first of them: who inherits, then who has
/// nothing yet and is given a row.
fn handed_down(store: &Store, run: RunId) -> heirloom_store::Result<(u32, Vec<Touched>)> {
    let (inherit, mut first) = store.touched(run, Touch::Change, 0, MOST)?;
    let room = MOST.saturating_sub(inherit);
    let (given, made) = store.touched(run, Touch::SwitchOn, 0, room)?;
    first.extend(made);
    Ok((inherit.saturating_add(given), first))
}

/// How far a changed default has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// Scopes that inherit it, and those that are given a row for the first time.
    pub inherit: u32,
    /// Of those, how many were read.
    pub read: u32,
    /// Of those, how many have the new settings.
    pub matching: u32,
}

/// Following a run's changed defaults, as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Following {
    /// The run.
    pub run: RunId,
    /// How far it came.
    pub followed: Followed,
    /// Nothing is read again any more: all of it matches, or time was up.
    pub over: bool,
}

impl Engine {
    /// Reads what inherits from the defaults a run changed, again and again, until all of it has
    /// the new settings or time is up.
    ///
    /// # Errors
    /// When the token is missing or the databases cannot be used. Scopes that cannot be read are
    /// counted as not matching.
    pub async fn follow(&self, run: RunId, patience: Duration) -> Result<Followed> {
        let note = self.db(move |store| store.run(run)).await?;
        let (inherit, touched) = self.db(move |store| handed_down(store, run)).await?;
        let defaults = self.changed_defaults(run).await?;
        let mut followed = Followed { inherit, ..Followed::default() };
        let Some(slug) = note.slug.filter(|_| !defaults.is_empty() && inherit > 0) else {
            return Ok(followed);
        };
        let integration = known_kind(&slug)?;
        let connection = self.connection(note.connection).await?;
        let client = self.client(&connection).await?;
        let id = connection.id;
        let mut open = Vec::new();
        for it in touched {
            let scope = it.scope;
            let lineage = self.db(move |store| store.lineage(id, scope)).await?;
            let nearest = lineage.iter().rev().find_map(|it| defaults.get(&it.listed.key));
            if let Some(wanted) = nearest {
                open.push((scope, wanted.clone()));
            }
        }
        followed.read = u32::try_from(open.len()).unwrap_or(u32::MAX);
        let live = self.live(id);
        let tell = |followed: Followed, over: bool| {
            *lock(&live.following) = Some(Following { run, followed, over });
            self.changed();
        };
        tell(followed, false);
        let until = Instant::now() + patience;
        let mut pause = Duration::from_millis(250);
        loop {
            let reading = std::mem::take(&mut open);
            let mut answers = futures::stream::iter(reading)
                .map(|(scope, wanted)| {
                    let (client, slug) = (&client, &slug);
                    async move {
                        let arrived = match self.read_again(id, scope, slug, client).await {
                            Ok(_) => self.has(id, scope, slug, &wanted, integration).await,
                            Err(_) => Ok(false),
                        };
                        (scope, wanted, arrived)
                    }
                })
                .buffer_unordered(SIDE_BY_SIDE);
            while let Some((scope, wanted, arrived)) = answers.next().await {
                if arrived? {
                    followed.matching += 1;
                } else {
                    open.push((scope, wanted));
                }
            }
            drop(answers);
            tell(followed, false);
            if open.is_empty() || Instant::now() + pause >= until {
                break;
            }
            sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(5));
        }
        self.link_the_rest(run, id, &slug).await?;
        tell(followed, true);
        Ok(followed)
    }

    /// Those beyond what is read come from elsewhere now, too: that needs no request.
    async fn link_the_rest(&self, run: RunId, id: ConnectionId, slug: &Slug) -> Result<()> {
        let mut past = MOST;
        loop {
            let window =
                self.db(move |store| store.touched(run, Touch::Change, past, MOST)).await?.1;
            if window.is_empty() {
                return Ok(());
            }
            past = past.saturating_add(MOST);
            let rows = window.into_iter().map(|it| (it.scope, slug.clone())).collect();
            self.relink_all(id, rows, Cause::Reading).await?;
        }
    }

    /// Groups whose settings a run changed, with what they have now.
    async fn changed_defaults(&self, run: RunId) -> Result<BTreeMap<ScopeKey, Snapshot>> {
        self.blocking(move |engine| {
            let mut found = BTreeMap::new();
            let mut after = 0;
            loop {
                let window = engine.store().steps(run, after, 500)?;
                let Some(last) = window.last() else { return Ok(found) };
                after = last.number;
                for done in window {
                    // Nothing is handed down by a DELETE (contract, section 2).
                    let changes = done.step.action != Action::Disable;
                    let applied = done.outcome == Some(Outcome::Applied);
                    if changes && applied && done.step.scope.level.holds_others() {
                        let now = done.found.unwrap_or(done.step.after);
                        found.insert(done.step.scope, now);
                    }
                }
            }
        })
        .await
    }

    async fn has(
        &self,
        id: ConnectionId,
        scope: ScopeKey,
        slug: &Slug,
        wanted: &Snapshot,
        integration: &'static heirloom_core::catalog::Integration,
    ) -> Result<bool> {
        self.relink(id, scope, slug, Cause::Reading).await?;
        let slug = slug.clone();
        let kept = self.db(move |store| store.integration(id, scope, &slug)).await?;
        let Some(own) = kept.as_ref().and_then(Kept::settings) else { return Ok(false) };
        let on = kept.is_some_and(|kept| kept.active);
        Ok(on == wanted.active()
            && heirloom_core::settings::agree(Some(integration), &wanted.settings(), &own))
    }
}
