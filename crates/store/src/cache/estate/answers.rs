//! Answers that are kept until the next batch is written.

use std::sync::{Arc, Mutex, PoisonError};

use heirloom_core::ids::ConnectionId;

use super::order::RowOrder;
use super::select::{List, Question};

struct Kept {
    connection: ConnectionId,
    batch: i64,
    question: Question,
    answer: Arc<List>,
}

/// The mark of the order of an interval.
struct Order {
    connection: ConnectionId,
    batch: i64,
    interval: (i64, i64),
    order: RowOrder,
}

/// Answers that are still true. A few: one for each list a window shows.
#[derive(Default)]
pub(crate) struct Answers {
    lists: Mutex<Vec<Kept>>,
    orders: Mutex<Vec<Order>>,
}

const ANSWERS: usize = 8;

impl Answers {
    pub(super) fn find(
        &self,
        connection: ConnectionId,
        batch: i64,
        question: &Question,
    ) -> Option<Arc<List>> {
        let mut kept = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|it| it.connection != connection || it.batch == batch);
        kept.iter()
            .find(|it| it.connection == connection && it.question == *question)
            .map(|it| Arc::clone(&it.answer))
    }

    pub(super) fn keep(
        &self,
        connection: ConnectionId,
        batch: i64,
        question: Question,
        answer: &Arc<List>,
    ) {
        let mut kept = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= ANSWERS {
            kept.remove(0);
        }
        kept.push(Kept { connection, batch, question, answer: Arc::clone(answer) });
    }

    pub(super) fn order(
        &self,
        connection: ConnectionId,
        batch: i64,
        interval: (i64, i64),
    ) -> Option<RowOrder> {
        let mut kept = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|it| it.connection != connection || it.batch == batch);
        kept.iter()
            .find(|it| it.connection == connection && it.interval == interval)
            .map(|it| it.order)
    }

    pub(super) fn keep_order(
        &self,
        connection: ConnectionId,
        batch: i64,
        interval: (i64, i64),
        order: RowOrder,
    ) {
        let mut kept = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= ANSWERS {
            kept.remove(0);
        }
        kept.push(Order { connection, batch, interval, order });
    }
}
