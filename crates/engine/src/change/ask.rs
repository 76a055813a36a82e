//! Asking about the scopes of which nobody knows whether a plan switches them on: not among the
//! active rows, they may have no row (and are given one), one of their own that is off (and keep
//! it), or one that inherits and is off (and comes back).

use std::collections::BTreeSet;

use futures::StreamExt as _;
use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::row::{Known, Link, Row, Source};
use heirloom_store::Store;
use heirloom_store::app::history::Cause;
use heirloom_store::app::journal::{RunId, RunState, Touch};

use super::plans::Plan;
use super::{blast, plans};
use crate::{Engine, Error, Result};

/// Side by side; the client decides how many requests really are.
const SIDE_BY_SIDE: usize = 16;

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
    /// `told` hears how far it is: how many were read, of how many. What was read stays known if
    /// this is dropped half way.
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
            while let Some(answer) = answers.next().await {
                match answer {
                    Ok(_) => {}
                    // That one scope is still not known.
                    Err(Error::Gitlab(error)) if !error.is_offline() && !error.is_about_token() => {
                    }
                    Err(error) => return Err(error),
                }
                read += 1;
                told(read, total);
            }
            drop(answers);
            for scope in asked.iter().copied().chain(linked) {
                self.relink(id, scope, &slug, Cause::Reading).await?;
            }
        }
        self.blocking(move |engine| blast::draw(engine.store(), id, &slug, run)).await?;
        self.show_plan(run).await
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
