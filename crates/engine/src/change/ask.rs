//! Asking about the scopes of which nobody knows whether a plan switches them on: not among the
//! active rows, they may have no row (and are given one), one of their own that is off (and keep
//! it), or one that inherits and is off (and comes back).

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::StreamExt as _;
use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::row::{Known, Link, Row, Source};
use heirloom_store::Store;
use heirloom_store::app::history::Cause;
use heirloom_store::app::journal::{RunId, RunState, Touch};
use tokio_util::sync::CancellationToken;

use super::plans::Plan;
use super::{blast, plans};
use crate::engine::{Live, lock};
use crate::{Engine, Error, Result};

/// Side by side; the client decides how many requests really are.
const SIDE_BY_SIDE: usize = 16;

/// How far those are looked up whom a plan may switch on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asking {
    /// The plan.
    pub run: RunId,
    /// How many were read.
    pub read: u32,
    /// Of how many, as far as is known.
    pub total: u32,
}

/// Somebody is asking.
pub(crate) struct UnderAsk {
    status: Asking,
    cancel: CancellationToken,
}

impl Live {
    /// How far a plan's scopes are looked up, while they are.
    pub(super) fn asking_about(&self, run: RunId) -> Option<Asking> {
        lock(&self.asking).as_ref().map(|it| it.status).filter(|it| it.run == run)
    }
}

/// Nobody asks any more once this is dropped.
struct Begun(Arc<Live>);

impl Begun {
    fn new(live: Arc<Live>, run: RunId, cancel: &CancellationToken) -> Result<Self> {
        let mut asking = lock(&live.asking);
        if asking.is_some() {
            return Err(Error::NotPossible(
                "Scopes are being looked up already: wait for it".into(),
            ));
        }
        let status = Asking { run, read: 0, total: 0 };
        *asking = Some(UnderAsk { status, cancel: cancel.clone() });
        drop(asking);
        Ok(Self(live))
    }

    fn told(&self, read: u32, total: u32) {
        if let Some(under) = lock(&self.0.asking).as_mut() {
            (under.status.read, under.status.total) = (read, total);
        }
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        *lock(&self.0.asking) = None;
    }
}

/// What there is to ask.
#[derive(Default)]
struct Questions {
    /// Rows nobody asked for by name.
    rows: BTreeSet<ScopeKey>,
    /// Rows whose source hangs on one of them.
    linked: Vec<ScopeKey>,
}

impl Engine {
    /// Reads what a plan's *maybe* rests on, and works out again who it touches. It costs one
    /// request for each of them at most: [`Blast::maybe`](super::Blast::maybe) says how many.
    /// `told` hears how far it is: how many were read, of how many; a run's view says so, too. What
    /// was read stays known if this is dropped half way, or ended by [`Engine::cancel_ask`].
    ///
    /// # Errors
    /// When the plan was begun or is gone, the token is missing, the server is gone, or the
    /// databases cannot be used. Scopes that cannot be read stay *maybe*.
    pub async fn ask_maybe(&self, run: RunId, told: impl Fn(u32, u32) + Send) -> Result<Plan> {
        let note = self.db(move |store| store.run(run)).await?;
        let slug = note.slug.filter(|_| note.state == RunState::Planned).ok_or_else(plans::gone)?;
        let id = note.connection;
        let connection = self.connection(id).await?;
        let client = self.client(&connection).await?;
        let cancel = CancellationToken::new();
        let begun = Begun::new(self.live(id), run, &cancel)?;
        let mut asked = BTreeSet::new();
        let mut read = 0;
        loop {
            let of = slug.clone();
            let questions = self.blocking(move |engine| questions(engine.store(), id, run, &of));
            let Questions { rows, linked } = questions.await?;
            let new: Vec<ScopeKey> = rows.difference(&asked).copied().collect();
            if new.is_empty() {
                break;
            }
            asked.extend(new.iter().copied());
            let total = u32::try_from(asked.len()).unwrap_or(u32::MAX);
            let mut answers = futures::stream::iter(new)
                .map(|scope| self.read_again(id, scope, &slug, &client))
                .buffer_unordered(SIDE_BY_SIDE);
            begun.told(read, total);
            self.changed();
            while let Some(Some(answer)) = cancel.run_until_cancelled(answers.next()).await {
                match answer {
                    Ok(_) => {}
                    // That one scope is still not known.
                    Err(Error::Gitlab(error)) if !error.is_offline() && !error.is_about_token() => {
                    }
                    Err(error) => return Err(error),
                }
                read += 1;
                told(read, total);
                begun.told(read, total);
                self.changed();
            }
            drop(answers);
            for scope in asked.iter().copied().chain(linked) {
                self.relink(id, scope, &slug, Cause::Reading).await?;
            }
            if cancel.is_cancelled() {
                break;
            }
        }
        drop(begun);
        self.blocking(move |engine| blast::draw_again(engine.store(), id, &slug, run)).await?;
        self.changed();
        self.show_plan(run).await
    }

    /// Ends looking up those whom a plan may switch on; what was read stays known.
    pub fn cancel_ask(&self, id: ConnectionId) {
        if let Some(under) = lock(&self.live(id).asking).as_ref() {
            under.cancel.cancel();
        }
    }
}

fn questions(store: &Store, id: ConnectionId, run: RunId, slug: &Slug) -> Result<Questions> {
    let (_, touched) = store.touched(run, Touch::Maybe, 0, u32::MAX)?;
    let mut found = Questions::default();
    for it in touched {
        match store.integration(id, it.scope, slug)?.map(|kept| kept.known) {
            None | Some(Known::Off) => {
                found.rows.insert(it.scope);
            }
            Some(Known::Row(Row {
                link: Link::Inherited { source: Source::NotAsked(group), .. },
                ..
            })) => {
                found.rows.insert(group);
                found.linked.push(it.scope);
            }
            Some(_) => {}
        }
    }
    Ok(found)
}
