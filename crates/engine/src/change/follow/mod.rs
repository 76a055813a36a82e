//! Following a changed default into what inherits it: GitLab hands it down a moment later, or, on
//! some versions, not at all (contract, section 8). Nothing is called done that was not read.

mod arrived;

use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt as _, TryStreamExt as _};
use heirloom_core::catalog::Integration;
use heirloom_core::ids::{ConnectionId, Slug};
use heirloom_gitlab::Client;
use heirloom_store::app::history::Cause;
use heirloom_store::app::journal::{RunId, RunNote, Touch};
use tokio::time::{Instant, sleep};

use self::arrived::{Arrived, Heir, Seen};
use super::known_kind;
use crate::engine::{Live, lock};
use crate::{Engine, Result};

/// How long a changed default is followed where somebody waits for nothing else: after that, what
/// does not have it is said to differ.
pub const FOLLOWED_FOR: Duration = Duration::from_mins(2);

/// Inheritors that are read at most: a fair part of the largest estate.
const MOST: u32 = 1_000;

/// Side by side; the client decides how many requests really are.
const SIDE_BY_SIDE: usize = 16;

/// What may be handed a default is looked at once: not before GitLab had this long for it.
const A_MOMENT: Duration = Duration::from_secs(2);

/// How far a changed default has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// Scopes that inherit it, and those that are given a row for the first time.
    pub inherit: u32,
    /// Of those, how many are read.
    pub read: u32,
    /// Of those, how many have the new settings.
    pub matching: u32,
    /// Scopes of which the plan could not tell: nothing was promised of them, and they are looked
    /// at once.
    pub maybe: Looked,
}

/// Scopes that were looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// How many there are.
    pub count: u32,
    /// Of those, how many were read since the default was changed.
    pub read: u32,
    /// Of those, how many have the new settings.
    pub matching: u32,
}

/// Following a run's changed defaults, as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Following {
    /// How far it came.
    pub followed: Followed,
    /// Nothing is read again any more: all of it matches, or time was up.
    pub over: bool,
}

impl Engine {
    /// Reads what inherits from the defaults a run changed, again and again, until all of it has
    /// the new settings or time is up; then looks once at what may have been handed them. Who was
    /// seen to have them is not read again, also where another program saw it. A default that was
    /// changed again since is not followed.
    ///
    /// # Errors
    /// When the token is missing or the databases cannot be used. Scopes that cannot be read are
    /// counted as not matching.
    pub async fn follow(&self, run: RunId, patience: Duration) -> Result<Followed> {
        let note = self.db(move |store| store.run(run)).await?;
        let arrived = self.arrived(note.clone(), patience).await?;
        self.pursue(note, arrived, patience).await
    }

    /// Goes on following a run's defaults where that was cut short, as by the end of the program
    /// that did it. Nothing is read where it was followed to its end, or is followed here already.
    ///
    /// # Errors
    /// As [`Engine::follow`].
    pub async fn follow_on(&self, run: RunId) -> Result<()> {
        let note = self.db(move |store| store.run(run)).await?;
        let live = self.live(note.connection);
        let arrived = self.arrived(note.clone(), FOLLOWED_FOR).await?;
        if !arrived.cut_short || lock(&live.following).contains_key(&run) {
            return Ok(());
        }
        let now = self.now();
        let past = arrived.since.map(|since| now.duration_since(since).unsigned_abs());
        let left = FOLLOWED_FOR.saturating_sub(past.unwrap_or_default());
        self.pursue(note, arrived, left).await?;
        Ok(())
    }

    /// How far a run's changed defaults came, as far as is known here; none: nobody is handed any.
    ///
    /// # Errors
    /// When the databases cannot be read.
    pub async fn following(&self, run: RunId) -> Result<Option<Following>> {
        self.blocking(move |engine| {
            let note = engine.store().run(run)?;
            engine.following_of(&note)
        })
        .await
    }

    pub(super) fn following_of(&self, note: &RunNote) -> Result<Option<Following>> {
        if let Some(following) = lock(&self.live(note.connection).following).get(&note.id) {
            return Ok(Some(*following));
        }
        let Arrived { followed, cut_short, .. } = Arrived::of(self.store(), note, FOLLOWED_FOR)?;
        let somebody = followed.inherit > 0 || followed.maybe.count > 0;
        Ok(somebody.then_some(Following { followed, over: !cut_short }))
    }

    async fn arrived(&self, note: RunNote, patience: Duration) -> Result<Arrived> {
        self.blocking(move |engine| Arrived::of(engine.store(), &note, patience)).await
    }

    async fn pursue(
        &self,
        note: RunNote,
        mut arrived: Arrived,
        patience: Duration,
    ) -> Result<Followed> {
        let Some(slug) = note.slug.clone() else { return Ok(arrived.followed) };
        if arrived.open.is_empty() && arrived.unlooked.is_empty() {
            return Ok(arrived.followed);
        }
        let run = note.id;
        let mut teller = Teller {
            engine: self,
            live: self.live(note.connection),
            run,
            followed: arrived.followed,
        };
        teller.tell(false);
        let connection = self.connection(note.connection).await?;
        let client = self.client(&connection).await?;
        let id = connection.id;
        let look = Look { engine: self, id, integration: known_kind(&slug)?, slug, client };
        if !arrived.behind.is_empty() {
            for group in arrived.behind {
                // One that cannot be read is taken to be as the run left it.
                let _unread = self.read_again(id, group, &look.slug, &look.client).await;
            }
            arrived = self.arrived(note, patience).await?;
            teller.followed = arrived.followed;
        }
        let until = Instant::now() + patience;
        let mut pause = Duration::from_millis(250);
        let mut open = arrived.open;
        while !open.is_empty() {
            let last = Instant::now() >= until;
            for (heir, seen) in look.at(std::mem::take(&mut open)).await? {
                if seen == Seen::Has {
                    teller.followed.matching += 1;
                } else {
                    open.push(heir);
                }
            }
            teller.tell(false);
            if last || open.is_empty() {
                break;
            }
            // The last look is when time is up.
            sleep(pause.min(until.saturating_duration_since(Instant::now()))).await;
            pause = (pause * 2).min(Duration::from_secs(5));
        }
        if !arrived.unlooked.is_empty() {
            let past = arrived.since.map(|since| self.now().duration_since(since).unsigned_abs());
            sleep(A_MOMENT.min(patience).saturating_sub(past.unwrap_or_default())).await;
            for (_, seen) in look.at(arrived.unlooked).await? {
                teller.followed.maybe.add(seen);
            }
        }
        self.link_the_rest(run, id, &look.slug).await?;
        Ok(teller.followed)
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
}

/// Tells the window how far it is; dropped, for whatever reason, it is over.
struct Teller<'a> {
    engine: &'a Engine,
    live: Arc<Live>,
    run: RunId,
    followed: Followed,
}

impl Teller<'_> {
    fn tell(&self, over: bool) {
        let following = Following { followed: self.followed, over };
        lock(&self.live.following).insert(self.run, following);
        self.engine.changed();
    }
}

impl Drop for Teller<'_> {
    fn drop(&mut self) {
        self.tell(true);
    }
}

/// Reading heirs of a changed default.
struct Look<'a> {
    engine: &'a Engine,
    id: ConnectionId,
    slug: Slug,
    integration: &'static Integration,
    client: Client,
}

impl Look<'_> {
    /// Each of them, once.
    async fn at(&self, heirs: Vec<Heir>) -> Result<Vec<(Heir, Seen)>> {
        let reading = futures::stream::iter(heirs).map(|heir| async move {
            let seen = self.one(&heir).await?;
            Ok((heir, seen))
        });
        reading.buffer_unordered(SIDE_BY_SIDE).try_collect().await
    }

    async fn one(&self, heir: &Heir) -> Result<Seen> {
        let (engine, id, scope) = (self.engine, self.id, heir.scope);
        if engine.read_again(id, scope, &self.slug, &self.client).await.is_err() {
            return Ok(Seen::Unread);
        }
        engine.relink(id, scope, &self.slug, Cause::Reading).await?;
        let slug = self.slug.clone();
        let kept = engine.db(move |store| store.integration(id, scope, &slug)).await?;
        Ok(heir.from.seen_in(kept.as_ref(), self.integration))
    }
}
