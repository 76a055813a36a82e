//! Groups back to default settings, in small estates of both server generations: what is foretold
//! is what GitLab ends with, and in between nothing is handed down that nobody wanted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};

use heirloom_core::ids::Level;
use heirloom_core::plan::{Change, Ground, Snapshot, Step, decide};
use heirloom_core::row::{Known, Link, Row as KnownRow};
use heirloom_core::settings::Settings;
use proptest::prelude::*;
use proptest::sample::Index;

use super::estate::{Estate, GROUPS, PARENTS, is_below, scope};
use super::gitlab::{Row, blank};
use super::slug;
use crate::strategies::{stored, writable};

/// What a scope has at first.
#[derive(Clone, Copy, Debug)]
enum Has {
    Nothing,
    Own,
    Default,
    /// Linked, with values of its own: a group is linked without being given the default's, and
    /// older servers hand nothing down.
    Stale,
}

/// An estate, the scopes that are to use default settings, and dice for when jobs run.
fn estate() -> impl Strategy<Value = (Estate, Vec<bool>, Vec<u8>)> {
    let kinds = writable().prop_filter("never at groups", |it| {
        it.levels.group && it.levels.project && it.supports_inherit
    });
    let has = prop_oneof![
        2 => Just(Has::Nothing), 4 => Just(Has::Own), 3 => Just(Has::Default), 1 => Just(Has::Stale)
    ];
    kinds.prop_flat_map(move |kind| {
        let settings = proptest::collection::vec(stored(kind), 3);
        let row = (any::<Index>(), proptest::bool::weighted(0.9), has.clone());
        let rows = proptest::collection::vec(row, PARENTS.len());
        let wanted = proptest::collection::vec(proptest::bool::weighted(0.8), PARENTS.len());
        let dice = proptest::collection::vec(any::<u8>(), 32);
        let all = (settings, rows, wanted, dice, any::<bool>());
        all.prop_map(move |(settings, rows, wanted, dice, newer)| {
            let mut start = Start(Estate::new(kind, newer));
            for (at, (own, active, has)) in rows.into_iter().enumerate() {
                start.has(at, own.get(&settings).clone(), active, has);
            }
            (start.0, wanted, dice)
        })
    })
}

/// An estate while it is set up.
struct Start(Estate);

impl Start {
    fn has(&mut self, at: usize, mut settings: Settings, active: bool, has: Has) {
        // GitLab tells all of them, of every row.
        for event in self.0.kind.events.iter().filter(|event| event.rest) {
            settings.events.entry(event.name.to_owned()).or_insert(false);
        }
        let default = self.0.default_of(at).filter(|_| at != 0);
        let own = || {
            let row = Snapshot::Stored { inherited: false, active, settings };
            Row::behind(self.0.kind, &row, &format!("of {at}"))
        };
        let (row, link) = match (has, default) {
            (Has::Nothing, _) | (Has::Default | Has::Stale, None) => (None, None),
            (Has::Own, _) => (own(), None),
            (Has::Default, Some(from)) => (self.0.rows[from].clone(), Some(from)),
            (Has::Stale, Some(from)) => (own(), Some(from)),
        };
        self.0.rows[at] = row.map(|row| Row { inherits: link.is_some(), ..row });
        self.0.links[at] = link;
    }
}

/// The steps for some of the scopes, from above: what a group has in the end is what is below
/// it has as its default.
fn plan(estate: &Estate, wanted: &[bool]) -> Vec<Step> {
    let (mut to_be, mut steps) = (estate.clone(), Vec::new());
    for at in (1..PARENTS.len()).filter(|at| wanted[*at]) {
        let before = estate.read(at);
        let known = match &before {
            Snapshot::Nothing => Known::NotSet,
            Snapshot::Stored { active, .. } => {
                Known::Row(KnownRow { link: Link::Custom, active: *active })
            }
        };
        let default = to_be.default_of(at).map(|it| (scope(it), to_be.read(it)));
        let ground = Ground {
            scope: scope(at),
            known,
            before,
            default,
            archived: false,
            rival: None,
            unread: false,
            server: (19, 3),
        };
        if let Ok(step) = decide(estate.kind, &slug(estate.kind), &Change::UseDefault, &ground) {
            to_be.rows[at] = Row::behind(estate.kind, &step.after, "");
            steps.push(step);
        }
    }
    steps
}
/// What a scope holds: link aside, secrets included, however nothing is written.
fn content(row: Option<&Row>) -> Option<Row> {
    let mut row = Row { inherits: false, ..row?.clone() };
    row.fields.retain(|_, value| blank(value).is_some());
    Some(row)
}

struct Ran {
    after: Estate,
    /// What was given a row meanwhile by a group above, and what hangs on it: nothing was sent.
    left: BTreeSet<usize>,
    /// What was written.
    sent: BTreeSet<usize>,
    /// The first scope that held what it neither had nor is to have.
    worse: Option<(usize, Option<Row>)>,
}

/// Writes the steps, while GitLab's jobs run when they like and in any order.
fn run(estate: &Estate, steps: &[Step], dice: &[u8]) -> Result<Ran, String> {
    let mut now = estate.clone();
    // What everything is to be in the end: only groups with a step stop being defaults.
    let mut end = estate.clone();
    for step in steps {
        end.rows[step.scope.id.0 as usize].get_or_insert_default().inherits = true;
    }
    let own: BTreeMap<usize, &Step> = steps.iter().map(|it| (it.scope.id.0 as usize, it)).collect();
    let mut worse = None;
    let mut look = |now: &Estate| {
        for at in (1..PARENTS.len()).filter(|at| !own.contains_key(at) || !GROUPS.contains(at)) {
            let has = content(now.rows[at].as_ref());
            let to_be = |it: usize| {
                let from = end.default_of(it);
                from.and_then(|it| content(estate.rows[it].as_ref()))
            };
            // Whoever has nothing is given a row by any group above, also past a nearer default.
            let given = estate.rows[at].is_none()
                && own.keys().any(|it| is_below(at, *it) && has == to_be(*it));
            let had = content(estate.rows[at].as_ref());
            if has != had && has != to_be(at) && !given && worse.is_none() {
                worse = Some((at, has));
            }
        }
    };
    let mut dice = dice.iter().cycle().map(|it| usize::from(*it));
    let (mut left, mut sent) = (BTreeSet::new(), BTreeSet::new());
    for step in steps {
        let at = step.scope.id.0 as usize;
        let found = step.as_far_as_planned(&now.read(at));
        if found.same(estate.kind, &step.after) {
            continue;
        }
        let source = step.source.map_or(0, |it| it.id.0 as usize);
        let hangs = |on: &usize| is_below(at, *on) && (*on == source || is_below(*on, source));
        if step.next_write(estate.kind, &now.read(at)) != Some(0) || left.iter().any(hangs) {
            left.insert(at);
            continue;
        }
        sent.insert(at);
        let secret = format!("of {source}");
        for write in &step.writes {
            now.write(step, write, &secret)?;
            look(&now);
            while !now.jobs.is_empty() && dice.next().unwrap_or_default() % 3 == 0 {
                let job = dice.next().unwrap_or_default() % now.jobs.len();
                now.hand_down(job);
                look(&now);
            }
        }
    }
    while !now.jobs.is_empty() {
        let job = dice.next().unwrap_or_default() % now.jobs.len();
        now.hand_down(job);
        look(&now);
    }
    Ok(Ran { after: now, left, sent, worse })
}

/// Where the end is not what the steps foretold.
fn wrong(ran: &Ran, steps: &[Step]) -> Option<String> {
    let mut done = steps.iter().filter(|it| !ran.left.contains(&(it.scope.id.0 as usize)));
    done.find_map(|step| {
        let read = ran.after.read(step.scope.id.0 as usize);
        let right = step.as_far_as_planned(&read).same(ran.after.kind, &step.after);
        (!right).then(|| format!("{}: {read:?} and not {:?}", step.scope, step.after))
    })
}

/// The steps as the contract's DANGER has it: linked and nothing else.
fn only_linked(steps: &[Step]) -> Vec<Step> {
    let last = |step: &Step| step.writes.last().cloned().into_iter().collect();
    steps.iter().map(|step| Step { writes: last(step), ..step.clone() }).collect()
}

static GROUP_STEPS: AtomicU32 = AtomicU32::new(0);
static PROJECT_STEPS: AtomicU32 = AtomicU32::new(0);
static HANDED_DOWN: AtomicU32 = AtomicU32::new(0);
static DANGERS: AtomicU32 = AtomicU32::new(0);
static WRONG_UPWARDS: AtomicU32 = AtomicU32::new(0);

fn nothing_is_worse(
    (estate, wanted, dice): (Estate, Vec<bool>, Vec<u8>),
) -> Result<(), TestCaseError> {
    let kind = estate.kind.slug;
    let steps = plan(&estate, &wanted);
    let groups = steps.iter().filter(|it| it.scope.level == Level::Group).count() as u32;
    GROUP_STEPS.fetch_add(groups, Ordering::Relaxed);
    PROJECT_STEPS.fetch_add(steps.len() as u32 - groups, Ordering::Relaxed);
    let ran = run(&estate, &steps, &dice)
        .map_err(|said| TestCaseError::fail(format!("{kind}: refused: {said}")))?;
    if let Some((at, has)) = &ran.worse {
        return Err(TestCaseError::fail(format!("{kind}: {} was handed {has:?}", scope(*at))));
    }
    if let Some(wrong) = wrong(&ran, &steps) {
        return Err(TestCaseError::fail(format!("{kind}: {wrong}")));
    }
    for at in &ran.left {
        let hangs = ran.left.iter().any(|group| is_below(*at, *group));
        prop_assert!(estate.rows[*at].is_none() || hangs, "{kind}: {} is left alone", scope(*at));
    }
    for step in steps.iter().filter(|it| it.scope.level == Level::Group) {
        let at = step.scope.id.0 as usize;
        if !ran.sent.contains(&at) {
            continue;
        }
        let theirs = content(estate.rows[step.source.unwrap().id.0 as usize].as_ref());
        prop_assert_eq!(
            ran.after.rows[at].as_ref().map(|row| &row.secrets),
            theirs.as_ref().map(|row| &row.secrets),
            "{}: nothing of its own is left to hand down",
            kind
        );
        for below in (5..PARENTS.len()).filter(|it| estate.newer && is_below(*it, at)) {
            // A nearer default keeps what is below it.
            let reached = ran.after.default_of(below) == Some(step.source.unwrap().id.0 as usize);
            if reached && ran.after.rows[below].as_ref().is_some_and(|row| row.inherits) {
                let has = content(ran.after.rows[below].as_ref());
                prop_assert_eq!(&has, &theirs, "{}: {} follows", kind, scope(below));
                HANDED_DOWN.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
    // The same, done the obvious way: were nothing ever wrong there, this test would prove nothing.
    let naive = run(&estate, &only_linked(&steps), &dice);
    DANGERS.fetch_add(u32::from(naive.is_ok_and(|it| it.worse.is_some())), Ordering::Relaxed);
    let upwards: Vec<Step> = steps.iter().rev().cloned().collect();
    let upwards_is_wrong =
        run(&estate, &upwards, &dice).is_ok_and(|ran| wrong(&ran, &steps).is_some());
    WRONG_UPWARDS.fetch_add(u32::from(upwards_is_wrong), Ordering::Relaxed);
    Ok(())
}

#[test]
fn groups_go_back_to_default_and_nothing_else_is_handed_down_on_the_way() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        max_shrink_iters: 0,
        ..crate::strategies::cases(10_000)
    });
    let found = runner.run(&estate(), nothing_is_worse);
    let count = |it: &AtomicU32| it.load(Ordering::Relaxed);
    println!(
        "10000 estates: {} groups and {} projects back to default as foretold, {} inheritors handed \
         the default; linked only, {} estates come out worse; from below, {} come out wrong",
        count(&GROUP_STEPS),
        count(&PROJECT_STEPS),
        count(&HANDED_DOWN),
        count(&DANGERS),
        count(&WRONG_UPWARDS)
    );
    if let Err(proptest::test_runner::TestError::Fail(why, _)) = &found {
        panic!("{why}");
    }
    assert!(found.is_ok(), "ran to its end");
    assert!(count(&GROUP_STEPS) > 3_000 && count(&HANDED_DOWN) > 1_000, "enough of them");
    assert!(count(&DANGERS) > 100 && count(&WRONG_UPWARDS) > 100, "and it matters how");
}
