//! Every question the window asks, many times with changing parameters.

use std::time::{Duration, Instant};

use heirloom_core::ids::{ConnectionId, Level, ScopeKey};
use heirloom_core::row::State;
use heirloom_store::Store;
use heirloom_store::app::history::HistoryFilter;
use heirloom_store::cache::estate::filter::ScopeFilter;
use heirloom_store::cache::estate::members::MemberFilter;

use super::world::{World, slug_of, time};
use crate::failure::Result;

/// What is promised of a question.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    /// A window of tree, list or matrix: p99 at most 10 ms.
    Window,
    /// Search as one types: p99 at most 20 ms.
    Typing,
    /// Counts that are maintained: p99 at most 5 ms.
    Maintained,
    /// Counts of an arbitrary filter: at most 150 ms, each of them.
    AdHoc,
    /// No figure is promised.
    None,
}

/// How long one question took, each time.
pub struct Asked {
    pub name: &'static str,
    pub promise: Promise,
    pub times: Vec<Duration>,
}

impl Asked {
    /// The time that so many in a hundred stay within.
    pub fn percentile(&self, percent: usize) -> f64 {
        let last = self.times.len().saturating_sub(1);
        let index = (self.times.len() * percent).div_ceil(100).saturating_sub(1).min(last);
        self.times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1e3)
    }

    /// The longest.
    pub fn most(&self) -> f64 {
        self.times.last().map_or(0.0, |time| time.as_secs_f64() * 1e3)
    }
}

/// Rows of one window.
const SHOWN: u32 = 60;

/// The same parameters in each run, spread over the estate.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        // The multiplier and increment are Knuth's.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end.max(1)
    }

    fn small(&mut self, end: u64) -> u32 {
        u32::try_from(self.below(end)).unwrap_or_default()
    }
}

struct Asking<'a> {
    store: &'a Store,
    id: ConnectionId,
    world: World,
    dice: Dice,
    asked: Vec<Asked>,
}

/// Asks everything.
pub fn all(store: &Store, id: ConnectionId, world: World) -> Result<Vec<Asked>> {
    let mut asking = Asking { store, id, world, dice: Dice(7), asked: Vec::new() };
    asking.windows()?;
    asking.typing()?;
    asking.counts()?;
    asking.ad_hoc()?;
    asking.kinds()?;
    asking.history()?;
    Ok(asking.asked)
}

impl Asking<'_> {
    fn ask(
        &mut self,
        name: &'static str,
        promise: Promise,
        times: usize,
        mut question: impl FnMut(&Store, ConnectionId, World, &mut Dice) -> heirloom_store::Result<()>,
    ) -> Result {
        let mut took = Vec::with_capacity(times);
        for _ in 0..times {
            let began = Instant::now();
            question(self.store, self.id, self.world, &mut self.dice)?;
            took.push(began.elapsed());
        }
        took.sort_unstable();
        self.asked.push(Asked { name, promise, times: took });
        Ok(())
    }

    fn windows(&mut self) -> Result {
        use Promise::Window;
        self.ask(
            "tree: 60 children of a group, each with its rows and counts",
            Window,
            500,
            |store, id, world, dice| {
                let group = ScopeKey::group(dice.below(world.groups) + 1);
                for child in store.children(id, group, 0, SHOWN)? {
                    store.integrations(id, child.listed.key)?;
                    store.counts(id, child.listed.key)?;
                }
                Ok(())
            },
        )?;
        self.ask("tree: 60 of the top groups, with counts", Window, 300, |store, id, _, dice| {
            for child in store.children(id, ScopeKey::INSTANCE, dice.small(40), SHOWN)? {
                store.integrations(id, child.listed.key)?;
                store.counts(id, child.listed.key)?;
            }
            Ok(())
        })?;
        self.ask(
            "list: one scope's integrations, with the scopes above",
            Window,
            500,
            |store, id, world, dice| {
                let key = ScopeKey::project(dice.below(world.projects) + 1);
                store.lineage(id, key)?;
                store.integrations(id, key).map(drop)
            },
        )?;
        self.ask(
            "matrix: 60 rows of everything, any offset",
            Window,
            500,
            |store, id, world, dice| {
                let offset = dice.small(world.groups + world.projects);
                store.matrix(id, &ScopeFilter::default(), offset, SHOWN).map(drop)
            },
        )?;
        self.ask(
            "matrix: 60 rows of a filter, any offset",
            Window,
            500,
            |store, id, world, dice| {
                let filter = ScopeFilter {
                    slugs: vec![slug_of("jira"), slug_of("slack")],
                    states: vec![State::Custom],
                    ..ScopeFilter::default()
                };
                store.matrix(id, &filter, dice.small(world.projects / 5), SHOWN).map(drop)
            },
        )?;
        self.ask(
            "matrix: 60 rows of a subtree, any offset",
            Window,
            500,
            |store, id, world, dice| {
                let subtree = Some(ScopeKey::group(dice.below(100.min(world.groups)) + 1));
                let filter = ScopeFilter { subtree, ..ScopeFilter::default() };
                store.matrix(id, &filter, dice.small(1_000), SHOWN).map(drop)
            },
        )
    }

    fn typing(&mut self) -> Result {
        use Promise::Typing;
        self.ask("search: names as they are typed", Typing, 1_000, |store, id, world, dice| {
            let name = format!("{}", dice.below(world.projects));
            let text = format!("payments-checkout-{name}");
            let from = usize::try_from(dice.below(12)).unwrap_or_default();
            let length = 1 + usize::try_from(dice.below(14)).unwrap_or_default();
            let typed: String = text.chars().skip(from).take(length).collect();
            store.find(id, &typed, 50).map(drop)
        })?;
        self.ask("search: values as they are typed", Typing, 1_000, |store, id, _, dice| {
            let text = "https://jira-old.acme.example/jira";
            let from = usize::try_from(dice.below(20)).unwrap_or_default();
            let length = 2 + usize::try_from(dice.below(14)).unwrap_or_default();
            let typed: String = text.chars().skip(from).take(length).collect();
            store.find(id, &typed, 50).map(drop)
        })?;
        self.ask(
            "search: the palette, scopes and who shares a value",
            Typing,
            500,
            |store, id, _, dice| {
                let texts = [
                    "jira-old",
                    "https://",
                    "acme",
                    "svc-1",
                    "default_and",
                    "payments",
                    "KEY12",
                    "#team-7",
                    "checkout-data",
                    "jira.acme.example/harbor",
                ];
                let text = texts.get(usize::try_from(dice.below(10)).unwrap_or_default());
                let text = text.copied().unwrap_or_default();
                store.find_scopes(id, text, 40)?;
                store.find_shared_values(id, text, 40).map(drop)
            },
        )?;
        self.ask("search: the tree's filter", Typing, 1_000, |store, id, _, dice| {
            let texts =
                ["pay", "paym", "check", "console-", "led", "a", "re", "9", "gateway-data-1"];
            let text = texts.get(usize::try_from(dice.below(9)).unwrap_or_default());
            let (_, found) = store.search_scopes(id, text.copied().unwrap_or_default(), 200)?;
            found.iter().take(50).try_for_each(|it| store.lineage(id, it.listed.key).map(drop))
        })?;
        self.ask("search: nothing like it", Typing, 300, |store, id, _, dice| {
            store.find(id, &format!("nowhere {}", dice.below(1_000)), 50).map(drop)
        })
    }

    fn counts(&mut self) -> Result {
        use Promise::Maintained;
        self.ask(
            "counts: by kind and state, of a group",
            Maintained,
            1_000,
            |store, id, world, dice| {
                store.counts(id, ScopeKey::group(dice.below(world.groups) + 1)).map(drop)
            },
        )?;
        self.ask(
            "counts: by kind, level and state, of everything",
            Maintained,
            1_000,
            |store, id, _, _| store.level_counts(id, ScopeKey::INSTANCE).map(drop),
        )?;
        self.ask("counts: groups, projects, rows", Maintained, 1_000, |store, id, _, _| {
            store.scope_counts(id).map(drop)
        })
    }

    fn ad_hoc(&mut self) -> Result {
        use Promise::AdHoc;
        let mut turn = 0_usize;
        self.ask("counts: an arbitrary filter", AdHoc, 100, move |store, id, _, dice| {
            turn += 1;
            let kinds = ["jira", "slack", "jenkins", "datadog", "harbor", "mattermost"];
            let kind = |by: usize| slug_of(kinds.get((turn / by) % 6).copied().unwrap_or("jira"));
            let filter = ScopeFilter {
                slugs: if turn.is_multiple_of(3) { Vec::new() } else { vec![kind(1), kind(6)] },
                states: vec![*State::ALL.get(turn % 8).unwrap_or(&State::Custom)],
                archived: [None, Some(false), Some(true)][turn % 3],
                level: [None, Some(Level::Project), Some(Level::Group), None][turn % 4],
                text: if turn.is_multiple_of(5) {
                    format!("{}", dice.below(99))
                } else {
                    String::new()
                },
                ..ScopeFilter::default()
            };
            store.count_scopes(id, &filter).map(drop)
        })?;
        self.ask("counts: scopes with a value", AdHoc, 40, |store, id, _, dice| {
            let texts = [
                format!("key{}", dice.below(999)),
                "jira-old.acme".into(),
                format!("svc-{}", dice.below(99)),
                "default_and".into(),
            ];
            let value = texts.get(usize::try_from(dice.below(4)).unwrap_or_default());
            let text = format!("{}", dice.below(10));
            let filter = ScopeFilter {
                value: value.cloned().unwrap_or_default(),
                text,
                ..ScopeFilter::default()
            };
            store.count_scopes(id, &filter).map(drop)
        })?;
        self.ask("counts: custom settings by a field's value", AdHoc, 40, |store, id, _, dice| {
            let kinds = ["jira", "slack", "harbor"];
            let kind = kinds.get(usize::try_from(dice.below(3)).unwrap_or_default());
            let subtree = (dice.below(2) == 0).then(|| ScopeKey::group(dice.below(100) + 1));
            store.clusters(id, &slug_of(kind.copied().unwrap_or("jira")), "url", subtree).map(drop)
        })
    }

    fn kinds(&mut self) -> Result {
        self.ask("integration: who sets a default", Promise::None, 60, |store, id, _, _| {
            store.owners(id, &slug_of("jira")).map(drop)
        })?;
        self.ask(
            "integration: 60 of those with a value, any offset",
            Promise::Window,
            300,
            |store, id, world, dice| {
                let url =
                    heirloom_core::value::Value::Text("https://jira-old.acme.example/jira".into());
                let filter = MemberFilter {
                    states: vec![State::Custom],
                    value: Some(("url".into(), url)),
                    ..MemberFilter::default()
                };
                store
                    .members(id, &slug_of("jira"), &filter, dice.small(world.projects / 40), SHOWN)
                    .map(drop)
            },
        )?;
        self.ask(
            "overview: everything, and each of the groups right below",
            Promise::None,
            60,
            |store, id, _, _| {
                for child in store.children(id, ScopeKey::INSTANCE, 0, 1_000)? {
                    store.level_counts(id, child.listed.key)?;
                }
                store.level_counts(id, ScopeKey::INSTANCE)?;
                store.integrations(id, ScopeKey::INSTANCE)?;
                store.count_scopes(id, &ScopeFilter::default())?;
                store.scope_counts(id).map(drop)
            },
        )
    }

    fn history(&mut self) -> Result {
        self.ask("drift: 60 changes, any offset", Promise::None, 300, |store, id, _, dice| {
            store.history(id, &HistoryFilter::default(), dice.small(1_500), SHOWN).map(drop)
        })?;
        self.ask(
            "drift: 60 changes below a group",
            Promise::None,
            100,
            |store, id, world, dice| {
                let subtree = Some(ScopeKey::group(dice.below(world.groups) + 1));
                let filter = HistoryFilter { subtree, ..HistoryFilter::default() };
                store.history(id, &filter, 0, SHOWN).map(drop)
            },
        )?;
        self.ask(
            "drift: counts since a time, and the trend",
            Promise::None,
            100,
            |store, id, _, _| {
                store.drift_counts(id, time(0))?;
                store.trend(id).map(drop)
            },
        )
    }
}
