//! What another client of a busy server feels of our sync.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Options;
use super::ours::Ours;
use crate::failure::{Failure, Result};
use crate::server::Server;

/// How long the other client is alone.
const ALONE: Duration = Duration::from_secs(10);

/// What it waits between an answer and its next request.
const PAUSE: Duration = Duration::from_millis(10);

/// What another client felt.
#[derive(Debug, Clone, Copy)]
pub struct Felt {
    /// The time that 95 in a hundred of its answers took at most, alone.
    pub alone: Duration,
    /// The same during our sync.
    pub during: Duration,
    /// Its requests, alone and during.
    pub samples: (usize, usize),
    /// Seconds our sync took.
    pub seconds: f64,
}

impl Felt {
    /// How much longer its answers took during our sync.
    pub fn ratio(&self) -> f64 {
        self.during.as_secs_f64() / self.alone.as_secs_f64()
    }
}

/// Answers of one client that asks again and again until it is ended.
struct Other {
    times: Arc<Mutex<Vec<Duration>>>,
    asking: tokio::task::JoinHandle<Result>,
}

impl Other {
    fn start(server: &Arc<Server>) -> Self {
        let times = Arc::new(Mutex::new(Vec::new()));
        let (server, taken) = (Arc::clone(server), Arc::clone(&times));
        let asking = tokio::spawn(async move {
            loop {
                let asked = Instant::now();
                server.api("user").await?.bytes().await?;
                taken.lock().unwrap_or_else(PoisonError::into_inner).push(asked.elapsed());
                tokio::time::sleep(PAUSE).await;
            }
        });
        Self { times, asking }
    }

    async fn end(self) -> Result<Vec<Duration>> {
        self.asking.abort();
        // Ended by us is what it should be; anything else is why it stopped by itself.
        if let Ok(Err(failure)) = self.asking.await {
            return Err(failure);
        }
        Ok(std::mem::take(&mut self.times.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Asks a server with few workers alone, and then while we sync from it.
pub async fn measure(options: &Options) -> Result<Felt> {
    let server = Arc::new(Server::start(&options.world(Some(options.workers))).await?);
    let other = Other::start(&server);
    tokio::time::sleep(ALONE).await;
    let alone = other.end().await?;
    let ours = Ours::connected(&server).await?;
    let other = Other::start(&server);
    let seconds = ours.sync_beside_others().await?;
    let during = other.end().await?;
    if let Some(server) = Arc::into_inner(server) {
        server.stop().await?;
    }
    let samples = (alone.len(), during.len());
    Ok(Felt { alone: p95(alone)?, during: p95(during)?, samples, seconds })
}

fn p95(mut times: Vec<Duration>) -> Result<Duration> {
    times.sort_unstable();
    let none = || Failure::Shape {
        of: "the other client".to_owned(),
        why: "it never had an answer".to_owned(),
    };
    times.get((times.len() * 95).div_ceil(100).saturating_sub(1)).copied().ok_or_else(none)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ninety_five_in_a_hundred_are_no_slower() {
        let times = (1..=100).rev().map(Duration::from_millis).collect();
        assert_eq!(p95(times).expect("a time"), Duration::from_millis(95), "in any order");
        assert_eq!(
            p95(vec![Duration::from_millis(3)]).expect("a time"),
            Duration::from_millis(3),
            "of one, that one"
        );
        assert!(p95(Vec::new()).is_err(), "nothing measured is no figure");
    }
}
