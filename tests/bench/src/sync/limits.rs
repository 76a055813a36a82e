//! What a sync has promised.

use super::ours::CEILING;
use super::{Measured, Options, Run};
use crate::limit::Limit;

/// Requests, over the least there could be.
const REQUESTS: f64 = 1.02;

/// Time, over what the requests take at that latency and concurrency.
const TIME: f64 = 1.25;

/// Memory, in bytes.
const MEMORY: f64 = 300e6;

/// Another client's p95 during our sync, over its p95 alone.
const POLITENESS: f64 = 1.5;

/// How many times faster than the fastest peer: as many in flight, and adaptive.
const FASTER: (f64, f64) = (3.0, 8.0);

/// All of them, with what was measured.
pub fn of(options: &Options, measured: &Measured) -> Vec<Limit> {
    let Measured { fixed, adaptive, again, first, second, .. } = measured;
    let peak = [fixed, adaptive, again].iter().filter_map(|run| run.peak).max();
    let faster = |run: &Run| measured.fastest().map(|peer| peer.seconds / run.seconds);
    let in_flight = options.in_flight;
    vec![
        Limit::at_most(
            format!("requests ÷ terms, first sync, {in_flight} in flight"),
            Some(fixed.requests as f64 / first.total() as f64),
            REQUESTS,
        ),
        Limit::at_most(
            "requests ÷ terms, first sync, adaptive",
            Some(adaptive.requests as f64 / first.total() as f64),
            REQUESTS,
        ),
        Limit::at_most(
            "requests ÷ terms, second sync",
            Some(again.requests as f64 / second.total() as f64),
            REQUESTS,
        ),
        Limit::at_most(
            format!("time ÷ (requests × latency ÷ {in_flight})"),
            Some(over_the_least(options, fixed, in_flight)),
            TIME,
        ),
        Limit::at_most(
            format!("time ÷ (requests × latency ÷ {CEILING}), adaptive"),
            Some(over_the_least(options, adaptive, CEILING)),
            TIME,
        ),
        Limit::at_least(
            format!("times faster than the fastest peer, {in_flight} in flight"),
            faster(fixed),
            FASTER.0,
        ),
        Limit::at_least("times faster than the fastest peer, adaptive", faster(adaptive), FASTER.1),
        Limit::at_most("peak memory in MB", peak.map(|peak| peak as f64 / 1e6), MEMORY / 1e6),
        Limit::at_most(
            format!("another client's p95, during ÷ alone, {} workers", options.workers),
            Some(measured.polite.ratio()),
            POLITENESS,
        ),
    ]
}

fn over_the_least(options: &Options, run: &Run, in_flight: usize) -> f64 {
    let latency = f64::from(options.latency_ms) / 1e3;
    run.seconds / (run.requests as f64 * latency / in_flight as f64)
}
