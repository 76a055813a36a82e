//! One thread for a keychain's blocking calls, so that none of them can hold up anything else.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

use super::ring::Ring;
use crate::{Error, Result};

type Job = Box<dyn FnOnce(&dyn Ring) + Send>;

/// The thread, started with the first call.
///
/// A plain thread and not the runtime's: a runtime waits for its own blocking calls when it ends,
/// and a store that brings another runtime panics within an async task.
pub(super) struct Worker {
    state: Mutex<State>,
    current: Arc<Mutex<Option<Arc<Ticket>>>>,
}

enum State {
    NotStarted(Box<dyn Ring>),
    Running(Sender<Job>),
    Broken,
}

impl Worker {
    /// A worker that will call this keychain.
    pub(super) fn over(ring: impl Ring) -> Self {
        Self { state: Mutex::new(State::NotStarted(Box::new(ring))), current: Arc::default() }
    }

    /// Runs an operation on the thread and waits for it as long as `limit`.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        limit: Duration,
        operation: impl FnOnce(&dyn Ring, &Ticket) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (ticket, mut answer) = self.queue(operation)?;
        // Giving up also happens when the caller itself is dropped.
        let held = Held(ticket);
        match timeout(limit, &mut answer).await {
            Ok(answer) => answer.unwrap_or_else(|_| Err(broken())),
            Err(_) if held.0.give_up(TIMED_OUT) => Err(Error::Locked),
            // It finished in the last moment: its answer is on the way.
            Err(_) => answer.await.unwrap_or_else(|_| Err(broken())),
        }
    }

    fn queue<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&dyn Ring, &Ticket) -> Result<T> + Send + 'static,
    ) -> Result<(Arc<Ticket>, oneshot::Receiver<Result<T>>)> {
        if lock(&self.current).as_ref().is_some_and(|ticket| ticket.is(TIMED_OUT)) {
            return Err(Error::Locked);
        }
        let ticket = Arc::new(Ticket(AtomicU8::new(QUEUED)));
        let (tell, answer) = oneshot::channel();
        let (current, own) = (Arc::clone(&self.current), Arc::clone(&ticket));
        let job: Job = Box::new(move |ring| {
            if !own.change(QUEUED, RUNNING) {
                return;
            }
            *lock(&current) = Some(Arc::clone(&own));
            let result = catch_unwind(AssertUnwindSafe(|| operation(ring, &own)))
                .unwrap_or_else(|_| Err(Error::Failed("its driver stopped working".to_owned())));
            *lock(&current) = None;
            if own.finish() {
                // Fails when the caller has just gone: nothing is left to tell then.
                let _ = tell.send(result);
            }
        });
        self.sender()?.send(job).map_err(|_| broken())?;
        Ok((ticket, answer))
    }

    fn sender(&self) -> Result<Sender<Job>> {
        let mut state = lock(&self.state);
        if let State::Running(sender) = &*state {
            return Ok(sender.clone());
        }
        let State::NotStarted(ring) = std::mem::replace(&mut *state, State::Broken) else {
            return Err(broken());
        };
        let (sender, jobs) = channel();
        std::thread::Builder::new()
            .name("keychain".to_owned())
            .spawn(move || work(&*ring, &jobs))
            .map_err(|why| Error::Failed(why.to_string()))?;
        *state = State::Running(sender.clone());
        Ok(sender)
    }
}

fn work(ring: &dyn Ring, jobs: &Receiver<Job>) {
    while let Ok(job) = jobs.recv() {
        job(ring);
    }
}

fn broken() -> Error {
    Error::Failed("its thread has ended".to_owned())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

const QUEUED: u8 = 0;
const RUNNING: u8 = 1;
const FINISHED: u8 = 2;
const TIMED_OUT: u8 = 3;
const DROPPED: u8 = 4;

/// Where one call stands, agreed between its caller and the thread.
pub(super) struct Ticket(AtomicU8);

impl Ticket {
    /// Whether the caller has stopped waiting.
    pub(super) fn is_given_up(&self) -> bool {
        self.is(TIMED_OUT) || self.is(DROPPED)
    }

    /// Says that the work is done, unless the caller has stopped waiting before.
    pub(super) fn finish(&self) -> bool {
        self.change(RUNNING, FINISHED) || self.is(FINISHED)
    }

    /// Stops waiting, unless the work is done already.
    fn give_up(&self, how: u8) -> bool {
        self.change(QUEUED, how) || self.change(RUNNING, how)
    }

    fn is(&self, state: u8) -> bool {
        self.0.load(Ordering::SeqCst) == state
    }

    fn change(&self, from: u8, to: u8) -> bool {
        self.0.compare_exchange(from, to, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }
}

/// A caller's hold on its ticket.
struct Held(Arc<Ticket>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.give_up(DROPPED);
    }
}
