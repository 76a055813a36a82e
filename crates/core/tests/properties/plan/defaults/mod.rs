//! Changes of defaults in random estates of all server generations: what becomes of every scope,
//! those of the plan, those of its blast radius and all others, is what the plan says; and the way
//! back leads back.

mod history;
mod knowledge;
mod look;
mod plans;
mod run;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use heirloom_core::catalog::Integration;
use heirloom_core::ids::Level;
use heirloom_core::plan::Change;
use heirloom_core::settings::Settings;
use proptest::prelude::*;

use self::history::{Deed, history, known_to, play};
use self::knowledge::{has_that_of, knowledge};
use self::look::{Look, UNREADABLE, is_astray};
use self::plans::{Plan, Planner, Wish};
use self::run::{Ran, run};
use super::comparable;
use super::estate::{Estate, GROUPS, PARENTS, scope};
use crate::strategies::{cases, draft, stored, typed, writable};

/// Cases, shared out between all kinds.
const CASES: u32 = 2_000;

/// Estates of each, with a plan for each of them: 10,000, and every other has something to do.
const ESTATES: usize = 5;

/// Numbers at random, from one.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.next().is_multiple_of(n)
    }

    fn below(&mut self, n: usize) -> usize {
        self.next() as usize % n
    }
}

/// A server: its version, and whether it hands down what the API saves (contract, section 8).
#[derive(Clone, Copy, Debug)]
pub struct Server {
    version: (u32, u32),
    newer: bool,
    /// It did not until now.
    upgraded: bool,
}

/// An estate, and what is asked for there.
#[derive(Clone, Debug)]
struct Case {
    estate: Estate,
    server: Server,
    wish: Wish,
    dice: Dice,
}

fn server() -> impl Strategy<Value = Server> {
    let server = |version, newer, upgraded| Just(Server { version, newer, upgraded });
    prop_oneof![
        1 => server((17, 3), false, false),
        3 => server((17, 9), false, false),
        4 => server((18, 10), true, false),
        4 => server((19, 3), true, false),
        3 => server((19, 3), true, true),
    ]
}

/// One of these settings, or a draft that says something of some of them.
fn change(
    settings: Vec<Settings>,
    draft: Settings,
    typed: Vec<String>,
) -> impl Strategy<Value = Change> {
    let settings = proptest::sample::select(settings);
    let set = move |draft: Settings| Change::SetCustom { draft, typed: typed.clone() };
    prop_oneof![
        5 => settings.clone().prop_map(set.clone()),
        2 => Just(set(draft)),
        2 => settings.prop_map(|settings| Change::Copy { settings, typed: Vec::new() }),
        3 => Just(Change::UseDefault),
        2 => Just(Change::Disable),
        1 => Just(Change::Enable),
    ]
}

/// A group or two, now and then a project beside them, or the instance.
fn scopes() -> impl Strategy<Value = BTreeSet<usize>> {
    let groups = proptest::collection::btree_set(GROUPS, 1..3);
    let beside = proptest::option::weighted(0.2, 5..PARENTS.len());
    prop_oneof![
        1 => Just(BTreeSet::from([0])),
        30 => (groups, beside).prop_map(|(groups, beside)| groups.into_iter().chain(beside).collect()),
    ]
}

/// Some estates of a kind, with the same few settings in different places.
fn estates() -> impl Strategy<Value = Vec<Case>> {
    let at_groups = |it: &&'static Integration| it.levels.group && it.supports_inherit;
    // What saving does not switch on.
    let odd = move |it: &&'static Integration| at_groups(it) && !it.creatable;
    let kinds = prop_oneof![
        20 => writable().prop_filter("never at groups", at_groups),
        1 => writable().prop_filter("switched on by saving", odd),
    ];
    let settings = kinds.prop_flat_map(|kind| {
        let settings = proptest::collection::vec(stored(kind), 3);
        (Just(kind), settings, draft(kind), typed(kind))
    });
    settings.prop_flat_map(|(kind, settings, draft, typed)| {
        let below = proptest::bool::weighted(0.3);
        let wish = (change(settings.clone(), draft, typed), scopes(), below).prop_map(
            |(change, scopes, below)| {
                let below = below && change == Change::UseDefault;
                Wish { change, scopes, below }
            },
        );
        let case = (history(), wish, server(), any::<u64>()).prop_map(
            move |(deeds, wish, server, dice)| {
                let estate = estate(kind, server, settings.clone(), &deeds);
                Case { estate, server, wish, dice: Dice(dice) }
            },
        );
        proptest::collection::vec(case, ESTATES)
    })
}

fn estate(
    kind: &'static Integration,
    server: Server,
    settings: Vec<Settings>,
    deeds: &[Deed],
) -> Estate {
    let settings: Vec<_> =
        settings.into_iter().map(|it| known_to(kind, server.version, it)).collect();
    let mut estate = Estate::new(kind, server.newer && !server.upgraded);
    play(&mut estate, deeds, &settings, server.version);
    estate.newer = server.newer;
    estate
}

/// How many there were of everything.
#[derive(Debug, Default)]
pub struct Seen(RefCell<BTreeMap<String, u32>>);

impl Seen {
    fn add(&self, what: impl Into<String>, n: usize) {
        *self.0.borrow_mut().entry(what.into()).or_default() += n as u32;
    }

    fn of(&self, what: &str) -> u32 {
        self.0.borrow().get(what).copied().unwrap_or_default()
    }
}

fn as_foretold(case: &Case, seen: &Seen) -> Result<(), TestCaseError> {
    let (wish, dice) = (&case.wish, &mut case.dice.clone());
    let kind = case.estate.kind.slug;
    let refused = |said| TestCaseError::fail(format!("{kind}: refused: {said}"));
    let known = knowledge(&case.estate, case.server.version, &wish.asked(), dice);
    let planner = Planner { estate: &case.estate, known: &known, server: case.server.version };
    let plan = planner.plan(wish);
    if wish.scopes.contains(&0) && !wish.below {
        prop_assert!(plan.steps.is_empty(), "{kind}: no token changes the instance");
        seen.add("instance defaults refused", plan.skipped.len());
    }
    if case.server.version < (17, 9) {
        let groups = plan.steps.iter().any(|it| it.scope.level == Level::Group);
        prop_assert!(!groups, "{kind}: before 17.9 no token changes a group");
    }
    if plan.steps.is_empty() {
        seen.add("nothing to do", 1);
        return Ok(());
    }
    seen.add("plans", 1);
    let ran = run(&case.estate, &plan.steps, |_| "typed".to_owned(), dice).map_err(refused)?;
    Look {
        server: case.server,
        wish,
        before: &case.estate,
        known: &known,
        plan: &plan,
        ran: &ran,
        seen,
    }
    .holds()?;
    taken_back(case, &plan, &ran, seen, dice)
}

/// The way back is as foretold, too, and leads back where nothing stands against it.
fn taken_back(
    case: &Case,
    plan: &Plan,
    ran: &Ran,
    seen: &Seen,
    dice: &mut Dice,
) -> Result<(), TestCaseError> {
    let (kind, wish) = (case.estate.kind, &case.wish);
    let named = Wish { scopes: plan.own(), below: false, ..wish.clone() };
    let known = knowledge(&ran.after, case.server.version, &named.asked(), dice);
    let planner = Planner { estate: &ran.after, known: &known, server: case.server.version };
    let undo = planner.undo(&ran.done);
    let remembered = |at: usize| {
        let row = case.estate.rows[at].as_ref();
        row.and_then(|row| row.secrets.values().next().cloned()).unwrap_or_default()
    };
    let back = run(&ran.after, &undo.steps, remembered, dice)
        .map_err(|said| TestCaseError::fail(format!("{} back: {said}", kind.slug)))?;
    Look {
        server: case.server,
        wish,
        before: &ran.after,
        known: &known,
        plan: &undo,
        ran: &back,
        seen,
    }
    .holds()?;
    if let Some(why) = stands_against(case, plan, ran, &undo, &back) {
        seen.add(format!("taken back in part: {why}"), 1);
        return Ok(());
    }
    let secrets_kept = |estate: &Estate| {
        (0..PARENTS.len()).all(|at| {
            let secrets = |of: &Estate| of.rows[at].as_ref().map(|row| row.secrets.clone());
            secrets(estate) == secrets(&case.estate)
        })
    };
    for at in 1..PARENTS.len() {
        let (had, has) = (case.estate.read(at), back.after.read(at));
        let level = scope(at).level;
        let was = comparable(kind, level, case.server.version, &had, [&had, &has]);
        let is = comparable(kind, level, case.server.version, &has, [&had, &has]);
        prop_assert!(
            was.same(kind, &is) && case.estate.links[at] == back.after.links[at],
            "{} {} taken back: it was {was:?} and is {is:?}, {:?} {:?}",
            kind.slug,
            scope(at),
            wish,
            case.estate
        );
    }
    seen.add("taken back whole", 1);
    if secrets_kept(&ran.after) {
        prop_assert!(
            secrets_kept(&back.after),
            "{}: no secret was lost, nor is one now",
            kind.slug
        );
        seen.add("taken back with every secret", 1);
    }
    Ok(())
}

/// Why not all is as before: it is said, or follows from what the plan said.
fn stands_against(
    case: &Case,
    plan: &Plan,
    ran: &Ran,
    undo: &Plan,
    back: &Ran,
) -> Option<&'static str> {
    let (first, last) = (&case.estate, &back.after);
    let stale = |at: &usize| {
        first.rows[*at].as_ref().is_some_and(|row| row.inherits)
            && first.default_of(*at).is_none_or(|from| !has_that_of(first, *at, from))
    };
    let touched = |at: &usize| {
        plan.own().contains(at) || [plan, undo].iter().any(|it| it.touched.contains_key(at))
    };
    let mut all = 1..PARENTS.len();
    if !undo.skipped.is_empty() {
        Some("some of it cannot be taken back")
    } else if !ran.left.is_empty() || !back.left.is_empty() {
        Some("steps were left alone")
    } else if plan.steps.iter().any(|it| !it.before.active()) {
        Some("what was off or not there is blank")
    } else if all.clone().any(|at| first.rows[at].is_none() && last.rows[at].is_some()) {
        Some("rows that GitLab made stay")
    } else if all.clone().any(|at| is_astray(first, at)) {
        Some("a link that led elsewhere leads to the default")
    } else if all.any(|at| touched(&at) && stale(&at)) {
        Some("what differed from its default has it now")
    } else {
        None
    }
}

#[test]
fn changes_of_defaults_are_foretold_for_every_scope_and_taken_back() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        max_shrink_iters: 0,
        ..cases(CASES)
    });
    let seen = Seen::default();
    let found = runner
        .run(&estates(), |estates| estates.iter().try_for_each(|case| as_foretold(case, &seen)));
    println!("{} estates: {:#?}", CASES as usize * ESTATES, seen.0.borrow());
    if let Err(proptest::test_runner::TestError::Fail(why, _)) = &found {
        panic!("{why}");
    }
    assert!(found.is_ok(), "ran to its end");
    let rare = seen.of(UNREADABLE);
    assert!(rare * 100 < seen.of("out of reach"), "hardly ever: {rare}");
    let astray = seen.of("astray, Change") + seen.of("astray, out of reach");
    assert!(astray * 500 < seen.of("scopes compared"), "hardly ever: {astray}");
    for what in [
        "Change",
        "Keep",
        "SwitchOn",
        "Maybe, and did",
        "Maybe, and did not",
        "Unseen",
        "out of reach",
        "Change, nothing handed down",
        "SwitchOn, nothing handed down",
        "instance defaults refused",
        "taken back whole",
        "taken back with every secret",
    ] {
        assert!(seen.of(what) > 100, "{what}: enough of them: {}", seen.of(what));
    }
}
