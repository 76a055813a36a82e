//! Requests under way: lists of scopes, and single readings as they become known.

use std::collections::VecDeque;

use futures::StreamExt as _;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use heirloom_core::ids::ScopeKey;
use heirloom_gitlab::Client;
use heirloom_gitlab::dto::{IntegrationDetail, IntegrationRow};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::estate::Target;

/// What came back.
pub(super) enum Answer {
    List(ScopeKey, heirloom_gitlab::Result<Vec<IntegrationRow>>),
    Row(Target, heirloom_gitlab::Result<Option<IntegrationDetail>>),
}

impl Answer {
    /// It was never asked for.
    fn is_cancelled(&self) -> bool {
        let error = match self {
            Self::List(_, answer) => answer.as_ref().err(),
            Self::Row(_, answer) => answer.as_ref().err(),
        };
        error.is_some_and(heirloom_gitlab::Error::is_cancelled)
    }
}

/// A running pool.
pub(super) struct Pool {
    /// Rows to read, as they become known; the pool ends when this is dropped and all is answered.
    pub(super) rows: Option<mpsc::UnboundedSender<Target>>,
    pub(super) answers: mpsc::Receiver<Answer>,
    task: tokio::task::JoinHandle<()>,
}

/// Answers that may wait to be written before nothing more is asked.
const WAITING: usize = 1024;

impl Pool {
    /// Starts asking, in a task of its own: writing answers down must not hold up the next
    /// requests. After `cancel` nothing new is asked, and what is under way is still answered;
    /// what waits to be sent, with a client that knows of `cancel`, is left out.
    pub(super) fn start(
        client: Client,
        cancel: CancellationToken,
        lists: VecDeque<ScopeKey>,
        rows: VecDeque<Target>,
    ) -> Self {
        let (sender, answers) = mpsc::channel(WAITING);
        let (more, coming) = mpsc::unbounded_channel();
        let task = tokio::spawn(run(client, cancel, lists, rows, coming, sender));
        Self { rows: Some(more), answers, task }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn run(
    client: Client,
    cancel: CancellationToken,
    mut lists: VecDeque<ScopeKey>,
    mut rows: VecDeque<Target>,
    mut coming: mpsc::UnboundedReceiver<Target>,
    answers: mpsc::Sender<Answer>,
) {
    // A few more than may be sent at once: the next is ready as soon as a place is free.
    let width = client.ceiling() + client.ceiling() / 3 + 1;
    let mut under_way: FuturesUnordered<BoxFuture<'static, Answer>> = FuturesUnordered::new();
    let mut more_to_come = true;
    loop {
        while under_way.len() < width && !cancel.is_cancelled() {
            // Rows first: a scope is whole the sooner, and few of them wait for long.
            if let Some(target) = rows.pop_front() {
                let client = client.clone();
                under_way.push(Box::pin(async move {
                    let answer = client.integration(target.0, &target.1).await;
                    Answer::Row(target, answer)
                }));
            } else if let Some(scope) = lists.pop_front() {
                let client = client.clone();
                under_way.push(Box::pin(async move {
                    Answer::List(scope, client.integrations(scope).await)
                }));
            } else {
                break;
            }
        }
        tokio::select! {
            biased;
            target = coming.recv(), if more_to_come => match target {
                Some(target) => rows.push_back(target),
                None => more_to_come = false,
            },
            Some(answer) = under_way.next(), if !under_way.is_empty() => {
                if !answer.is_cancelled() && answers.send(answer).await.is_err() {
                    // Whoever wanted the answers went away.
                    return;
                }
            }
            () = cancel.cancelled(), if under_way.is_empty() => return,
            else => return,
        }
        if under_way.is_empty() && !more_to_come && rows.is_empty() && lists.is_empty() {
            return;
        }
    }
}
