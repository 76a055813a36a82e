//! The control against a model of a server that others use too: a queue before so many workers,
//! in simulated time. Nothing here depends on how busy this computer is.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use super::control::{Control, Outcome, Ticket};

/// What another client waits between an answer and its next request.
const PAUSE: Duration = Duration::from_millis(10);

/// A server: who comes when all workers are busy waits in line.
#[derive(Clone, Copy)]
struct Server {
    workers: usize,
    /// What a request takes at least.
    least: Duration,
    /// And how much longer at most, by chance.
    more: Duration,
    /// Once in so long everything stands still for a while, as computers do.
    hiccup: Option<(Duration, Duration)>,
    /// Every other stretch of so long, it takes so many times as long, whatever anybody asks.
    wave: Option<(Duration, f64)>,
}

/// What came of it.
#[derive(Debug)]
struct Felt {
    /// The time that 95 in a hundred of the other client's answers took at most.
    p95: Duration,
    /// Our answers, each worker's time taken for whole.
    busy: f64,
    /// The limits we had, by answers.
    limits: Vec<usize>,
}

enum Whose {
    Ours(Ticket),
    Other,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Answer(usize),
    OtherAsks,
}

struct Run {
    server: Server,
    control: Option<Control>,
    dice: StdRng,
    now: Duration,
    free: usize,
    line: VecDeque<usize>,
    asked: Vec<(Duration, Option<Whose>)>,
    coming: BinaryHeap<Reverse<(Duration, usize, Event)>>,
    events: usize,
    felt: Vec<Duration>,
    limits: Vec<usize>,
}

impl Server {
    /// Another client asks it for twenty seconds, beside a sync under this control if there is one.
    fn asked(self, control: Option<Control>, seed: u64) -> Felt {
        let mut run = Run {
            server: self,
            control,
            dice: StdRng::seed_from_u64(seed),
            now: Duration::ZERO,
            free: self.workers,
            line: VecDeque::new(),
            asked: Vec::new(),
            coming: BinaryHeap::new(),
            events: 0,
            felt: Vec::new(),
            limits: Vec::new(),
        };
        run.plan(Duration::ZERO, Event::OtherAsks);
        while run.now < TWENTY_SECONDS {
            run.send();
            let Some(Reverse((at, _, event))) = run.coming.pop() else { break };
            run.now = at;
            run.happens(event);
        }
        run.felt.sort_unstable();
        let p95 = run.felt[run.felt.len() * 95 / 100];
        let each = self.least + self.more / 2;
        let worked = each.as_secs_f64() * run.limits.len() as f64;
        let busy = worked / (TWENTY_SECONDS.as_secs_f64() * self.workers as f64);
        Felt { p95, busy, limits: run.limits }
    }
}

impl Run {
    fn plan(&mut self, at: Duration, event: Event) {
        self.events += 1;
        self.coming.push(Reverse((at, self.events, event)));
    }

    /// As many of ours as may be.
    fn send(&mut self) {
        while let Some(control) = &mut self.control
            && control.under_way() < control.limit()
        {
            let ticket = control.sent("list", self.now);
            self.ask(Whose::Ours(ticket));
        }
    }

    fn ask(&mut self, whose: Whose) {
        self.asked.push((self.now, Some(whose)));
        self.line.push_back(self.asked.len() - 1);
        self.work();
    }

    fn work(&mut self) {
        while self.free > 0
            && let Some(number) = self.line.pop_front()
        {
            self.free -= 1;
            let by_chance = self.dice.random_range(0.0..=1.0);
            let slower = match self.server.wave {
                Some((long, times)) if self.now.as_nanos() / long.as_nanos() % 2 == 1 => times,
                _ => 1.0,
            };
            let takes = self.server.least + self.server.more.mul_f64(by_chance);
            let mut done = self.now + takes.mul_f64(slower);
            if let Some((every, long)) = self.server.hiccup {
                let turn = done.as_nanos() / every.as_nanos();
                if turn != self.now.as_nanos() / every.as_nanos() {
                    done += long;
                }
            }
            self.plan(done, Event::Answer(number));
        }
    }

    fn happens(&mut self, event: Event) {
        match event {
            Event::OtherAsks => self.ask(Whose::Other),
            Event::Answer(number) => {
                self.free += 1;
                let (sent, whose) = &mut self.asked[number];
                let took = self.now - *sent;
                match whose.take() {
                    Some(Whose::Ours(ticket)) => {
                        let control = self.control.as_mut().expect("ours has one");
                        control.back(ticket, Outcome::Answered, took, self.now);
                        self.limits.push(control.limit());
                    }
                    Some(Whose::Other) => {
                        self.felt.push(took);
                        self.plan(self.now + PAUSE, Event::OtherAsks);
                    }
                    None => panic!("answered twice"),
                }
                self.work();
            }
        }
    }
}

const TWENTY_SECONDS: Duration = Duration::from_secs(20);

fn server(workers: usize, more: u64) -> Server {
    let (least, more) = (Duration::from_millis(25), Duration::from_millis(more));
    Server { workers, least, more, hiccup: None, wave: None }
}

/// The other client's p95 beside us, as a multiple of its p95 alone; and what came of our part.
fn beside(server: Server, control: Control, seed: u64) -> (f64, Felt) {
    let alone = server.asked(None, seed);
    let during = server.asked(Some(control), seed);
    (during.p95.div_duration_f64(alone.p95), during)
}

/// The promise is 1.5, on a real machine. Ceilings just above the workers (24 over 23) are not
/// noticed, and not tried here: one request more than workers slows answers by a twentieth.
#[test]
fn another_client_of_a_small_server_hardly_feels_us() {
    for workers in [8, 12, 16, 20] {
        for more in [0, 3, 10, 25, 100] {
            for seed in 1..=2 {
                let (ratio, felt) = beside(server(workers, more), Control::new(24, true), seed);
                let what = format!("{workers} workers, up to {more} ms more, seed {seed}");
                assert!(ratio <= 1.25, "{what}: {ratio:.2} times as long");
                assert!(felt.busy >= 0.6, "{what}: it is put to use: {:.2}", felt.busy);
            }
        }
    }
}

#[test]
fn the_server_of_the_promise_is_put_to_use_and_has_room_for_others() {
    let (ratio, felt) = beside(server(16, 3), Control::new(24, true), 7);
    assert!(ratio <= 1.1, "the other client: {ratio:.2} times as long");
    assert!((0.8..0.95).contains(&felt.busy), "all but one worker in eight: {:.2}", felt.busy);
    let over = felt.limits.iter().filter(|limit| **limit > 16).count();
    assert!(over * 20 < felt.limits.len(), "over its workers for moments: {over} answers");
}

#[test]
fn whoever_keeps_to_a_limit_over_its_workers_is_felt() {
    let (ratio, _) = beside(server(16, 3), Control::new(24, false), 7);
    assert!(ratio > 1.5, "the model shows the crowd: {ratio:.2}");
}

#[test]
fn a_server_with_room_is_used_to_the_ceiling_though_it_has_hiccups() {
    let hiccups = [None, Some((250, 20)), Some((1_000, 50)), Some((100, 10))];
    for hiccup in hiccups {
        let hiccup =
            hiccup.map(|(every, long)| (Duration::from_millis(every), Duration::from_millis(long)));
        let roomy = Server { hiccup, ..server(1_000, 3) };
        let (_, felt) = beside(roomy, Control::new(24, true), 7);
        let ideal = TWENTY_SECONDS.as_secs_f64() / 0.0265 * 24.0;
        let share = felt.limits.len() as f64 / ideal;
        let awake = hiccup.map_or(1.0, |(every, long)| every.div_duration_f64(every + long));
        assert!(share > 0.93 * awake, "{hiccup:?}: {share:.2} of what could be");
    }
}

#[test]
fn a_server_that_slows_down_by_itself_is_not_given_up() {
    // Where it changes faster than can be measured, no fewer than four are left under way.
    for (millis, times, least) in
        [(200, 2.0, 0.4), (200, 3.0, 0.15), (1_000, 2.0, 0.9), (1_000, 3.0, 0.9)]
    {
        let wave = Some((Duration::from_millis(millis), times));
        let (_, felt) = beside(Server { wave, ..server(1_000, 3) }, Control::new(24, true), 7);
        let ideal = TWENTY_SECONDS.as_secs_f64() / 0.0265 * 24.0 * (1.0 + 1.0 / times) / 2.0;
        let share = felt.limits.len() as f64 / ideal;
        assert!(share > least, "{times} times every {millis} ms: {share:.2} of what could be");
    }
}
