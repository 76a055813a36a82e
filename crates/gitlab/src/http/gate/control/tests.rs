use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use super::{Control, Outcome, Ticket};

/// A server with so many workers, which takes `each` for every request.
struct Server {
    workers: usize,
    each: Duration,
}

/// Keeps a control as busy as it allows, and gives the limit after each answer with its time.
fn run(
    server: &Server,
    control: &mut Control,
    from: Duration,
    answers: usize,
) -> Vec<(Duration, usize)> {
    let mut free = vec![from; server.workers];
    let mut under_way: BinaryHeap<Reverse<(Duration, Duration, usize)>> = BinaryHeap::new();
    let mut tickets: Vec<Option<Ticket>> = Vec::new();
    let (mut now, mut seen) = (from, Vec::new());
    for _ in 0..answers {
        while under_way.len() < control.limit() {
            let worker = free.iter_mut().min().expect("a worker");
            let done = (*worker).max(now) + server.each;
            *worker = done;
            tickets.push(Some(control.sent("list", now)));
            under_way.push(Reverse((done, now, tickets.len() - 1)));
        }
        let Reverse((done, sent, ticket)) = under_way.pop().expect("something under way");
        now = done;
        let ticket = tickets[ticket].take().expect("answered once");
        control.back(ticket, Outcome::Answered, now - sent, now);
        seen.push((now, control.limit()));
    }
    tickets.into_iter().flatten().for_each(|_| control.dropped());
    seen
}

#[test]
fn an_unloaded_server_is_used_to_the_ceiling_within_a_fraction_of_a_second() {
    let server = Server { workers: 1_000, each: Duration::from_millis(25) };
    let seen = run(&server, &mut Control::new(24, true), Duration::ZERO, 400);
    let top = seen.iter().find(|(_, limit)| *limit == 24).expect("it gets there").0;
    assert!(top < Duration::from_millis(400), "it takes {top:?}");
    assert!(seen[300..].iter().all(|(_, limit)| *limit == 24), "and stays there");
}

#[test]
fn a_small_server_is_kept_below_its_knee() {
    let server = Server { workers: 16, each: Duration::from_millis(25) };
    let seen = run(&server, &mut Control::new(24, true), Duration::ZERO, 4_000);
    let late: Vec<usize> = seen[500..].iter().map(|(_, limit)| *limit).collect();
    let clear = late.iter().filter(|limit| (13..=16).contains(*limit)).count();
    assert!(clear * 10 > late.len() * 9, "where nobody waits: {clear} of {}", late.len());
    assert!(late.iter().all(|limit| *limit <= 20), "and never far from there");
}

#[test]
fn one_worker_is_not_crowded_by_four() {
    let server = Server { workers: 1, each: Duration::from_millis(25) };
    let seen = run(&server, &mut Control::new(24, true), Duration::ZERO, 400);
    assert!(seen.iter().all(|(_, limit)| *limit <= 8), "it never gets far: {seen:?}");
}

#[test]
fn calm_is_measured_again_in_the_course_of_time() {
    let mut control = Control::new(24, true);
    let fast = Server { workers: 1_000, each: Duration::from_millis(25) };
    let seen = run(&fast, &mut control, Duration::ZERO, 400);
    let slow = Server { workers: 1_000, each: Duration::from_millis(100) };
    let seen = run(&slow, &mut control, seen[399].0 + Duration::from_secs(31), 600);
    assert_eq!(seen[599].1, 24, "slower all over is not crowded, once that is known");
}

#[test]
fn requests_that_hang_do_not_keep_a_measurement_from_ending() {
    let mut control = Control::new(24, true);
    let server = Server { workers: 1_000, each: Duration::from_millis(25) };
    let seen = run(&server, &mut control, Duration::ZERO, 400);
    let later = seen[399].0 + Duration::from_secs(31);
    for _ in 0..5 {
        control.sent("list", later);
    }
    assert_eq!(control.limit(), 4, "calm is measured again");
    control.passed(later + Duration::from_millis(500));
    assert_eq!(control.limit(), 4, "for a moment");
    control.passed(later + Duration::from_secs(2));
    assert_eq!(control.limit(), 24, "but not for as long as five requests hang");
}

#[test]
fn a_429_halves_the_limit_once_however_many_were_under_way() {
    let mut control = Control::new(24, false);
    control.adaptive = true;
    let now = Duration::ZERO;
    let tickets: Vec<Ticket> = (0..24).map(|_| control.sent("list", now)).collect();
    // They were sent at once: one measurement may have begun, none is over.
    control.measuring = None;
    let generation = control.generation;
    for mut ticket in tickets {
        ticket.generation = generation;
        control.back(ticket, Outcome::TurnedAway, Duration::from_millis(5), now);
    }
    assert_eq!(control.limit(), 12, "one throttle, one step");
}

#[test]
fn a_fixed_limit_stays_whatever_happens() {
    let mut control = Control::new(8, false);
    let server = Server { workers: 1, each: Duration::from_millis(25) };
    let seen = run(&server, &mut control, Duration::ZERO, 100);
    assert!(seen.iter().all(|(_, limit)| *limit == 8), "eight, as asked for");
    let ticket = control.sent("list", Duration::ZERO);
    control.back(ticket, Outcome::TurnedAway, Duration::ZERO, Duration::ZERO);
    assert_eq!(control.limit(), 8, "a 429 pauses it; it does not shrink");
}
