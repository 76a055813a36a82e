//! Small worlds of one kind: what `decide` foretells for a scope is what GitLab makes of the
//! step's writes, and the change back brings the row back.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use heirloom_core::catalog::Integration;
use heirloom_core::ids::{Level, ScopeKey};
use heirloom_core::plan::{
    Besides, Change, Ground, Refusal, Skip, Snapshot, Step, Write, back, changes, decide,
};
use heirloom_core::row::{Known, Link, Row as KnownRow};
use heirloom_core::settings::Settings;
use proptest::prelude::*;

use super::gitlab::{Place, Row, delete, put_at, with_secrets};
use super::{before, comparable, slug};
use crate::strategies::{draft, stored, typed, writable};

/// Scopes of a world: groups and projects below one default.
const SCOPES: std::ops::Range<usize> = 2..6;

/// A version that knows almost every setting of the catalog.
const SERVER: (u32, u32) = (19, 3);

#[derive(Clone, Debug)]
struct World {
    kind: &'static Integration,
    default: Option<Snapshot>,
    scopes: Vec<(ScopeKey, Snapshot)>,
    /// Projects where another of its family is on: a default may have been handed down beside it.
    rivals: BTreeSet<ScopeKey>,
    change: Change,
}

fn scope(kind: &'static Integration, at: usize, group: bool) -> ScopeKey {
    let id = 10 + at as u64;
    if (group && kind.levels.group) || !kind.levels.project {
        ScopeKey::group(id)
    } else {
        ScopeKey::project(id)
    }
}

/// A row of this version: no setting that came later or is gone.
fn known_to_server(kind: &'static Integration, level: Level, row: Snapshot) -> Snapshot {
    let Snapshot::Stored { inherited, active, mut settings } = row else { return row };
    settings.fields.retain(|name, _| kind.field(name).is_some_and(|it| it.offered(level, SERVER)));
    settings.events.retain(|name, _| kind.event(name).is_some_and(|it| it.offered(level, SERVER)));
    Snapshot::Stored { inherited, active, settings }
}

fn change(kind: &'static Integration) -> BoxedStrategy<Change> {
    prop_oneof![
        2 => Just(Change::UseDefault),
        3 => (draft(kind), typed(kind)).prop_map(|(draft, typed)| Change::SetCustom { draft, typed }),
        2 => (stored(kind), typed(kind)).prop_map(|(settings, typed)| Change::Copy { settings, typed }),
        2 => Just(Change::Disable),
        2 => Just(Change::Enable),
    ]
    .boxed()
}

fn world() -> impl Strategy<Value = World> {
    writable().prop_flat_map(|kind| {
        let default = (any::<bool>(), stored(kind)).prop_map(move |(active, settings)| {
            let row = Snapshot::Stored { inherited: false, active, settings };
            known_to_server(kind, Level::Project, row)
        });
        let rows = proptest::collection::vec((any::<bool>(), before(kind)), SCOPES);
        let rivals = proptest::collection::vec(proptest::bool::weighted(0.2), SCOPES.end);
        (proptest::option::weighted(0.8, default), rows, rivals, change(kind)).prop_map(
            move |(default, rows, rivals, change)| {
                let scopes = rows.into_iter().enumerate().map(|(at, (group, row))| {
                    // What is linked has what its default has: GitLab copies it.
                    let row = match (&default, row) {
                        (
                            Some(Snapshot::Stored { active, settings, .. }),
                            Snapshot::Stored { inherited: true, .. },
                        ) => Snapshot::Stored {
                            inherited: true,
                            active: *active,
                            settings: settings.clone(),
                        },
                        (_, Snapshot::Stored { inherited: true, active, settings })
                            if !kind.supports_inherit || default.is_none() =>
                        {
                            Snapshot::Stored { inherited: false, active, settings }
                        }
                        (_, other) => other,
                    };
                    let scope = scope(kind, at, group);
                    (scope, known_to_server(kind, scope.level, row))
                });
                let scopes: Vec<_> = scopes.collect();
                let rivals = scopes.iter().zip(rivals).filter(|((scope, _), rival)| {
                    *rival && kind.exclusive.is_some() && scope.level == Level::Project
                });
                let rivals = rivals.map(|((scope, _), _)| *scope).collect();
                World { kind, scopes, rivals, default: default.clone(), change }
            },
        )
    })
}

impl World {
    fn ground(&self, scope: ScopeKey, row: &Snapshot) -> Ground {
        let known = match row {
            Snapshot::Nothing => Known::NotSet,
            Snapshot::Stored { active, .. } => {
                Known::Row(KnownRow { link: Link::Custom, active: *active })
            }
        };
        Ground {
            scope,
            known,
            before: row.clone(),
            default: self.default.clone().map(|row| (ScopeKey::INSTANCE, row)),
            archived: false,
            rival: self.rivals.contains(&scope).then_some("another of its family"),
            unread: false,
            server: SERVER,
        }
    }

    /// The row after a step's writes; an answer of GitLab's that is no.
    fn after(&self, step: &Step, row: Option<Row>) -> Result<Option<Row>, String> {
        let default = self.default.as_ref().and_then(|row| Row::behind(self.kind, row, "theirs"));
        step.writes.iter().try_fold(row, |row, write| {
            Ok(Some(match write {
                Write::Put { body } => {
                    let secrets = if write.takes_secrets() { &step.secrets[..] } else { &[] };
                    let body = with_secrets(body, secrets, "typed");
                    let place = match step.scope.level {
                        Level::Group => Place::Group,
                        _ if self.rivals.contains(&step.scope) => Place::BesideRival,
                        _ => Place::Project,
                    };
                    put_at(place, self.kind, row.as_ref(), &body, default.as_ref())?
                }
                Write::Delete => delete(&row.ok_or("404")?),
            }))
        })
    }
}

static STEPS: AtomicU32 = AtomicU32::new(0);
static BACK: AtomicU32 = AtomicU32::new(0);

/// Of those taken back, rows that were there before, and so compared whole.
static WHOLE: AtomicU32 = AtomicU32::new(0);

/// Steps without a way back, by the reason.
static NO_WAY: Mutex<BTreeMap<String, u32>> = Mutex::new(BTreeMap::new());

/// Counts a step without a way back. What is named in a reason is cut off: only its kind counts.
fn no_way(why: &impl std::fmt::Debug) {
    let why = format!("{why:?}").replace("Refused(", "");
    let kind: String = why.chars().take_while(|it| it.is_alphanumeric()).collect();
    *NO_WAY.lock().unwrap_or_else(PoisonError::into_inner).entry(kind).or_default() += 1;
}

fn foretold(world: &World) -> Result<(), TestCaseError> {
    let it = world.kind;
    for (scope, row) in &world.scopes {
        let Ok(step) = decide(it, &slug(it), &world.change, &world.ground(*scope, row)) else {
            continue;
        };
        STEPS.fetch_add(1, Ordering::Relaxed);
        let stored = Row::behind(it, row, "own");
        let after = world.after(&step, stored).map_err(|said| {
            TestCaseError::fail(format!("{} {:?}: {said}", it.slug, step.action))
        })?;
        let read = after.as_ref().map_or(Snapshot::Nothing, |row| row.read(it));
        let told = step.as_far_as_planned(&read);
        prop_assert!(
            told.same(it, &step.after) && changes(it, &step.after, &told).is_empty(),
            "{} at {scope}, {:?}: {:?} and not {:?}",
            it.slug,
            step.action,
            read,
            step.after
        );
        taken_back(world, &step, after, &read)?;
    }
    Ok(())
}

/// A row is brought back but for its secrets, for what a condition hides (it has no effect, and
/// GitLab's form does not send it either), and for switches and numbers that were never set.
fn taken_back(
    world: &World,
    step: &Step,
    after: Option<Row>,
    read: &Snapshot,
) -> Result<(), TestCaseError> {
    let it = world.kind;
    let change = match back(it, &step.before, read, world.default.as_ref()) {
        Ok(change) => change,
        Err(why) => {
            no_way(&why);
            return Ok(());
        }
    };
    let undo = match decide(it, &slug(it), &change, &world.ground(step.scope, read)) {
        Ok(undo) => undo,
        Err(why) => {
            no_way(&why);
            return Ok(());
        }
    };
    let found = world
        .after(&undo, after)
        .map_err(|said| TestCaseError::fail(format!("{} back: {said}", it.slug)))?;
    BACK.fetch_add(1, Ordering::Relaxed);
    let found = found.map_or(Snapshot::Nothing, |row| row.read(it));
    prop_assert_eq!(found.active(), step.before.active(), "{}: on as before", it.slug);
    if step.before == Snapshot::Nothing {
        return Ok(());
    }
    WHOLE.fetch_add(1, Ordering::Relaxed);
    prop_assert_eq!(found.inherited(), step.before.inherited(), "{}: linked as before", it.slug);
    let shown =
        |row: &Snapshot| comparable(it, step.scope.level, SERVER, row, [&step.before, &found]);
    let (was, now) = (shown(&step.before), shown(&found));
    prop_assert!(
        was.same(it, &now),
        "{} at {}, {:?} and back: {:?}",
        it.slug,
        step.scope,
        step.action,
        changes(it, &was, &now)
    );
    Ok(())
}

/// Ten thousand worlds, and the count of what was planned in them.
#[test]
fn what_is_foretold_is_what_gitlab_makes_of_it_and_the_way_back_leads_back() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        max_shrink_iters: 0,
        ..crate::strategies::cases(10_000)
    });
    let found = runner.run(&world(), |world| foretold(&world));
    let (steps, back) = (STEPS.load(Ordering::Relaxed), BACK.load(Ordering::Relaxed));
    let whole = WHOLE.load(Ordering::Relaxed);
    let no_way = NO_WAY.lock().unwrap_or_else(PoisonError::into_inner).clone();
    println!(
        "10000 worlds: {steps} steps as foretold, {back} of them taken back, {whole} to a row that \
         was there; without a way back: {no_way:?}"
    );
    if let Err(proptest::test_runner::TestError::Fail(why, _)) = &found {
        panic!("{why}");
    }
    assert!(found.is_ok(), "ran to its end");
    assert!(steps > 10_000, "enough of them: {steps}");
    assert_eq!(back + no_way.values().sum::<u32>(), steps, "each is taken back, or says why not");
    assert!(
        back * 2 > steps && whole * 5 > steps * 2,
        "most of them: {back} and {whole} of {steps}"
    );
    for (why, count) in no_way {
        // Many rows here are off and have settings, which the API cannot make.
        let most = if why == "OffWithSettings" { 30 } else { 10 };
        assert!(count * 100 < steps * most, "{why}: {count} of {steps}, and not {most} %");
    }
}

proptest! {
    #![proptest_config(crate::strategies::cases(1500))]

    #[test]
    fn enabling_keeps_what_is_stored((world, linked) in (world(), any::<bool>())) {
        let it = world.kind;
        for (scope, row) in &world.scopes {
            let Snapshot::Stored { settings, .. } = row else { continue };
            let off = Snapshot::Stored {
                inherited: linked && it.supports_inherit,
                active: false,
                settings: settings.clone(),
            };
            let ground = world.ground(*scope, &off);
            let Ok(step) = decide(it, &slug(it), &Change::Enable, &ground) else { continue };
            prop_assert_eq!(step.before.inherited(), step.after.inherited(), "{}: no link is cut or made", it.slug);
            let after = world.after(&step, Row::behind(it, &off, "own"));
            let after = after.map_err(TestCaseError::fail)?.expect("a row").read(it);
            prop_assert_eq!(after.active(), step.after.active(), "{}: as foretold", it.slug);
            if it.creatable || off.inherited() {
                prop_assert!(after.active(), "{}: it is on", it.slug);
            }
            if !off.inherited() {
                prop_assert!(
                    changes(it, &off, &after).is_empty(),
                    "{}: nothing but the switch moves: {:?}", it.slug, changes(it, &off, &after)
                );
            }
            let twice = decide(it, &slug(it), &Change::Enable, &world.ground(*scope, &after));
            prop_assert!(twice.is_err_and(|why| why.is_so_already()) || !after.active(), "{}: once is enough", it.slug);
        }
    }

    #[test]
    fn a_row_that_is_off_and_was_not_asked_is_neither_taken_for_nothing_nor_written_over(
        world in world(),
    ) {
        let it = world.kind;
        for (scope, row) in &world.scopes {
            let off = Snapshot::Stored {
                inherited: row.inherited(),
                active: false,
                settings: row.settings(),
            };
            let listed = world.ground(*scope, &Snapshot::Nothing);
            let ground = Ground { known: Known::Off, ..listed };
            match decide(it, &slug(it), &world.change, &ground) {
                Ok(step) => {
                    prop_assert!(step.besides.contains(&Besides::NotAsked), "{}: said", it.slug);
                    let as_wanted = off.same(it, &step.after);
                    prop_assert!(
                        as_wanted || step.next_write(it, &off).is_none(),
                        "{}: a conflict, and nothing is sent", it.slug
                    );
                }
                Err(why) => {
                    let guessed = matches!(
                        why,
                        Skip::Refused(Refusal::NothingStored(_) | Refusal::NotCreatable(_))
                    );
                    prop_assert!(!guessed, "{}: nobody asked: {why}", it.slug);
                    prop_assert!(
                        !why.is_so_already() || world.change == Change::Disable,
                        "{}: as wanted, without a look: {why}", it.slug
                    );
                }
            }
        }
    }

    #[test]
    fn before_17_3_the_inherit_flag_is_never_sent(
        world in world(), major in 15_u32..18, minor in 0_u32..12,
    ) {
        let it = world.kind;
        let server = (major, minor);
        for (scope, row) in &world.scopes {
            let ground = Ground { server, ..world.ground(*scope, row) };
            let Ok(step) = decide(it, &slug(it), &world.change, &ground) else { continue };
            let sent = step.writes.iter().any(|write| match write {
                Write::Put { body } => body.contains_key("use_inherited_settings"),
                Write::Delete => false,
            });
            let puts = step.body().is_some() && it.supports_inherit;
            prop_assert_eq!(sent, puts && server >= (17, 3), "{} on {:?}", it.slug, server);
            prop_assert!(step.source.is_none() || server >= (17, 3), "{}: no way back", it.slug);
        }
        let nothing = Ground { server, ..world.ground(ScopeKey::project(5), &Snapshot::Nothing) };
        let back = decide(it, &slug(it), &Change::UseDefault, &nothing);
        prop_assert!(back.is_err() || server >= (17, 3), "{}: refused, and why", it.slug);
    }

    #[test]
    fn what_is_linked_is_on_only_with_its_default((world, on) in (world(), any::<bool>())) {
        let it = world.kind;
        prop_assume!(it.supports_inherit && it.levels.contains(Level::Project));
        let off = Snapshot::Stored { inherited: true, active: false, settings: Settings::default() };
        let mut ground = world.ground(ScopeKey::project(5), &off);
        if let Some((_, Snapshot::Stored { active, .. })) = &mut ground.default {
            *active = on;
        }
        let made = decide(it, &slug(it), &Change::Enable, &ground);
        let offered = heirloom_core::catalog::offers(it.since, it.removed, SERVER);
        let possible = offered && ground.default.is_some() && on;
        prop_assert_eq!(made.is_ok(), possible, "{}: {:?}", it.slug, made);
    }
}
