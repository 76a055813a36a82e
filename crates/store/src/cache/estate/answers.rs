//! Answers that are kept until the next batch is written.

use std::sync::{Arc, Mutex, PoisonError};

use heirloom_core::ids::ConnectionId;

use super::order::RowOrder;
use super::select::{List, Question};

/// Answers that are still true.
#[derive(Default)]
pub(crate) struct Answers {
    pub(super) lists: Kept<Question, Arc<List>>,
    /// The mark of the order of an interval.
    pub(super) orders: Kept<(i64, i64), RowOrder>,
}

/// A few: one for each list a window shows.
const MOST: usize = 8;

/// Answers of one sort, oldest first.
pub(super) struct Kept<Q, A>(Mutex<Vec<Answer<Q, A>>>);

struct Answer<Q, A> {
    connection: ConnectionId,
    batch: i64,
    question: Q,
    answer: A,
}

impl<Q, A> Default for Kept<Q, A> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<Q: PartialEq, A: Clone> Kept<Q, A> {
    /// The answer to a question, if it was kept since this batch; those of earlier ones go.
    pub(super) fn find(&self, connection: ConnectionId, batch: i64, question: &Q) -> Option<A> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|it| it.connection != connection || it.batch == batch);
        kept.iter()
            .find(|it| it.connection == connection && it.question == *question)
            .map(|it| it.answer.clone())
    }

    /// Keeps an answer, in place of the oldest where there are too many.
    pub(super) fn keep(&self, connection: ConnectionId, batch: i64, question: Q, answer: A) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.remove(0);
        }
        kept.push(Answer { connection, batch, question, answer });
    }
}
