//! How gently a server is asked, for other programs.

use heirloom_engine::connect::limits::Limits;
use serde::Serialize;

/// What is kept to with a server.
#[derive(Serialize)]
pub struct Shape {
    in_flight: usize,
    published: Vec<Published>,
    told_per_minute: Option<u64>,
}

#[derive(Serialize)]
struct Published {
    requests: u32,
    seconds: u32,
    /// None: for all requests together.
    kind: Option<&'static str>,
}

impl Shape {
    /// The same for other programs.
    pub fn of(limits: &Limits) -> Self {
        let published = limits.published.iter().map(|limit| Published {
            requests: limit.requests,
            seconds: limit.seconds,
            kind: limit.kind,
        });
        Self {
            in_flight: limits.in_flight,
            published: published.collect(),
            told_per_minute: limits.told_per_minute,
        }
    }
}
