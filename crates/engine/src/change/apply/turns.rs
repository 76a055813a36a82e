//! The order of a run's steps: turn after turn, and within one as many at once as may be.

use std::collections::VecDeque;
use std::pin::pin;

use futures::{Stream, StreamExt as _, TryStreamExt as _};
use heirloom_store::app::journal::{JournalStep, Turn};

use super::Job;
use super::progress::Stop;
use super::scribe::Scribe;
use crate::{Error, Result};

/// Steps taken out of the journal at once: somewhat more than are under way, since those before
/// them go on meanwhile. Each is some ten kilobytes, read by whichever thread is free, and what one
/// thread gives back, the allocator does not give to the others.
const STEPS: u32 = 64;

/// Groups taken out at once: they wait for one another, the more often the fewer are looked at.
const GROUPS: u32 = 200;

/// Steps under way at once at most: twice as many as a client lets requests out, since those that
/// wait for the disk ask nothing.
const SIDE_BY_SIDE: usize = 48;

impl Job {
    /// Takes the open steps turn after turn, as many at once as may be, and has all of it on disk
    /// in the end.
    pub(super) async fn steps(&self) -> Result<()> {
        let (scribe, writing) = Scribe::start(self.engine.clone(), self.connection.id, self.run);
        let mut done = Ok(());
        // What was sent and could not be read back, or may still come, is looked at once more.
        for turn in Turn::ALL.into_iter().chain(Turn::ALL) {
            if done.is_ok() && !self.live.apply.stopping() {
                done = self.turn(turn, &scribe).await;
            }
        }
        if done.is_ok() && self.live.apply.cancelled() {
            done = self.give_up_lost(&scribe).await;
        }
        drop(scribe);
        // A scribe that panicked has already told those who waited for it.
        drop(writing.await);
        done
    }

    async fn turn(&self, turn: Turn, scribe: &Scribe) -> Result<()> {
        if !turn.is_of_groups() {
            return self.at_once(self.open_steps(turn).try_flatten(), scribe).await;
        }
        let mut windows = pin!(self.open_steps(turn));
        while !self.live.apply.stopping()
            && let Some(window) = windows.try_next().await?
        {
            let mut window: VecDeque<JournalStep> = window.try_collect().await?;
            while !window.is_empty() && !self.live.apply.stopping() {
                let together = apart(&mut window).into_iter().map(Ok);
                self.at_once(futures::stream::iter(together), scribe).await?;
            }
        }
        Ok(())
    }

    /// Steps that do not depend on one another.
    async fn at_once(
        &self,
        steps: impl Stream<Item = Result<JournalStep>>,
        scribe: &Scribe,
    ) -> Result<()> {
        let run = self.run;
        let undone = self.engine.db(move |store| store.undone_groups(run)).await?;
        let mut wrong = None;
        let mut ends = pin!(
            steps
                .take_while(|_| std::future::ready(!self.live.apply.stopping()))
                .map(async |step| self.step(step?, &undone, scribe).await)
                .buffer_unordered(SIDE_BY_SIDE)
        );
        while let Some(end) = ends.next().await {
            match end {
                Ok(Some(outcome)) => {
                    self.live.apply.ended(outcome);
                    self.engine.changed();
                }
                Ok(None) => {}
                Err(error) => {
                    wrong.get_or_insert(error);
                    self.live.apply.stop(Stop::Pause);
                }
            }
        }
        wrong.map_or(Ok(()), Err)
    }

    /// The open steps of a turn in order, so many in memory at a time; while the next are taken
    /// out of the journal, those before them go on.
    fn open_steps(
        &self,
        turn: Turn,
    ) -> impl Stream<Item = Result<impl Stream<Item = Result<JournalStep>>>> {
        futures::stream::try_unfold(None, move |past| async move {
            let run = self.run;
            let window = if turn.is_of_groups() { GROUPS } else { STEPS };
            let steps =
                self.engine.db(move |store| store.open_steps(run, turn, past, window)).await?;
            let last = steps.last().map(|step| step.number);
            Ok::<_, Error>(last.map(|last| (futures::stream::iter(steps).map(Ok), Some(last))))
        })
    }
}

/// Takes groups off the front as long as none of them lies below another.
fn apart(steps: &mut VecDeque<JournalStep>) -> VecDeque<JournalStep> {
    let is_below = |path: &str, other: &str| {
        path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let mut taken: VecDeque<JournalStep> = VecDeque::new();
    while let Some(next) = steps.pop_front() {
        let nested =
            |it: &JournalStep| is_below(&next.path, &it.path) || is_below(&it.path, &next.path);
        if taken.iter().any(nested) {
            steps.push_front(next);
            break;
        }
        taken.push_back(next);
    }
    taken
}
