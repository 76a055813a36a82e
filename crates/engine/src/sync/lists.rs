//! One list of active rows per scope, and the single readings that follow from it.

use std::collections::VecDeque;

use heirloom_core::catalog;
use heirloom_core::ids::{Level, ScopeKey};
use heirloom_core::row::NotRead;
use heirloom_gitlab::{Problem, Version};
use heirloom_store::Store;
use heirloom_store::cache::census::{Fact, Of, Words};
use heirloom_store::cache::integrations::{ListRead, ValuesRead};
use heirloom_store::cache::scopes::Failure;
use jiff::Timestamp;

use super::Job;
use super::estate::{Known, Target};
use super::flags::{failure, flags, reading};
use super::listing::Tree;
use super::origins::Origins;
use super::pool::{Answer, Pool};
use super::progress::Phase;
use crate::{Engine, Error, Result};

/// Answers written in one transaction at most.
const BATCH: usize = 256;

/// What a batch of answers comes to.
#[derive(Default)]
struct Taken {
    lists: Vec<ListRead>,
    readings: Vec<ValuesRead>,
    failures: Vec<(ScopeKey, Failure)>,
    gone: Vec<ScopeKey>,
    failed: Vec<(ScopeKey, Option<Target>, heirloom_gitlab::Error)>,
    ended: Option<Error>,
    asked: (usize, usize),
}

impl Job {
    /// Asks every scope for its active rows, and reads at once what a list shows to be new or
    /// moved. What fails is noted, the rest goes on.
    pub(super) async fn take_lists(&self, tree: &Tree) -> Result<()> {
        self.note_unreadable(tree).await?;
        let group_api = self.has_group_api().await?;
        let lists = tree.unlisted(group_api, self.since).map(|place| place.key).collect();
        let places = tree.above.iter().chain(&tree.places);
        self.ask(lists, VecDeque::new(), Origins::of(places)).await
    }

    /// Reads these rows by name and keeps what comes. A row that cannot be read keeps what was
    /// known of it, and its scope is in the report.
    pub(super) async fn read_rows(&self, rows: Vec<Target>) -> Result<()> {
        self.enter(Phase::Settings, rows.len());
        self.ask(VecDeque::new(), rows.into(), Origins::default()).await
    }

    async fn ask(
        &self,
        lists: VecDeque<ScopeKey>,
        rows: VecDeque<Target>,
        mut origins: Origins,
    ) -> Result<()> {
        let (mut lists_left, mut rows_left) = (lists.len(), rows.len());
        if lists_left > 0 {
            self.enter(Phase::Integrations, lists_left);
        }
        let mut pool = Pool::start(self.client.clone(), self.cancel.clone(), lists, rows);
        if lists_left == 0 {
            pool.rows = None;
        }
        let mut batch = Vec::with_capacity(BATCH);
        while pool.answers.recv_many(&mut batch, BATCH).await > 0 {
            let mut taken = self.sort(batch.drain(..));
            origins.take(&mut taken.lists);
            let (listed, read) = taken.asked;
            let more = self.keep(taken).await?;
            rows_left = (rows_left + more.len()).saturating_sub(read);
            if let Some(rows) = &pool.rows {
                // The pool only goes away when it was cancelled.
                more.into_iter().for_each(|target| drop(rows.send(target)));
            }
            if lists_left > 0 {
                lists_left = lists_left.saturating_sub(listed);
                self.advance(listed);
                if lists_left == 0 {
                    // No further list, so no further row.
                    pool.rows = None;
                    self.enter(Phase::Settings, rows_left);
                }
            } else {
                self.advance(read);
            }
        }
        Ok(())
    }

    fn sort(&self, answers: impl Iterator<Item = Answer>) -> Taken {
        let at = self.engine.now();
        let mut taken = Taken::default();
        for answer in answers {
            let (scope, target, error) = match answer {
                Answer::List(scope, Ok(rows)) => {
                    taken.asked.0 += 1;
                    let rows = rows.into_iter().map(flags).collect();
                    taken.lists.push(ListRead { scope, at, rows, links: Vec::new() });
                    continue;
                }
                Answer::Row((scope, slug), Ok(detail)) => {
                    taken.asked.1 += 1;
                    taken.readings.push(reading(scope, &slug, detail, at));
                    continue;
                }
                Answer::List(scope, Err(error)) => {
                    taken.asked.0 += 1;
                    (scope, None, error)
                }
                Answer::Row(target, Err(error)) => {
                    taken.asked.1 += 1;
                    (target.0, Some(target), error)
                }
            };
            match super::fatal(error) {
                Err(error) => taken.ended = taken.ended.or(Some(error)),
                Ok(error) if is_gone(&error.problem, scope.level) => taken.gone.push(scope),
                Ok(error) => {
                    let failure = failure(&error, at);
                    let is_no_offer = target.is_some() && is_no_offer(&error.problem);
                    if failure.kind == NotRead::Failed && !is_no_offer {
                        taken.failed.push((scope, target.clone(), error));
                    }
                    if target.is_none() {
                        taken.failures.push((scope, failure));
                    }
                }
            }
        }
        taken
    }

    /// Writes a batch down, and says which rows its lists show to be unread.
    async fn keep(&self, taken: Taken) -> Result<Vec<Target>> {
        let Taken { lists, readings, failures, gone, failed, ended, .. } = taken;
        let (id, at, since, full) = (self.id(), self.engine.now(), self.since, self.full);
        let (cause, aim) = (self.cause(), self.aim());
        let (more, named) = self
            .engine
            .blocking(move |engine: &Engine| {
                let store = engine.store();
                let listed: Vec<ScopeKey> = lists.iter().map(|list| list.scope).collect();
                if !lists.is_empty() {
                    store.take_lists(id, cause, lists)?;
                }
                if !readings.is_empty() {
                    store.take_values(id, cause, readings)?;
                }
                if !failures.is_empty() {
                    store.note_failures(id, failures)?;
                }
                for scope in gone {
                    store.mark_gone(id, cause, scope, at)?;
                }
                store.note_written(aim, at)?;
                let mut more = Vec::new();
                let mut words = Words::default();
                for scope in listed {
                    to_read(store, (id, scope), &mut words, (since, full), &mut more)?;
                }
                let mut named = Vec::with_capacity(failed.len());
                for (scope, target, error) in failed {
                    let path = store.scope(id, scope)?.listed.path;
                    named.push((scope, path, target, error));
                }
                Ok::<_, Error>((more, named))
            })
            .await?;
        for (scope, path, target, error) in named {
            let shown = match &target {
                Some((_, slug)) => format!("{path} {slug}"),
                None => path,
            };
            self.tried(target);
            self.fail(scope, &shown, &error);
        }
        if let Some(error) = ended {
            if let Error::Gitlab(gitlab) = &error {
                self.engine.saw(id, Some(gitlab));
            }
            return Err(error);
        }
        self.engine.changed();
        Ok(more)
    }

    pub(super) async fn has_group_api(&self) -> Result<bool> {
        let version = self.engine.connection(self.id()).await?.details.version;
        Ok(version.parse::<Version>().is_ok_and(|version| version.has_group_api()))
    }

    /// What is known without asking: groups that nobody may read.
    async fn note_unreadable(&self, tree: &Tree) -> Result<()> {
        let at = self.engine.now();
        let group_api = self.has_group_api().await?;
        let groups = tree.places.iter().filter(|place| place.key.level == Level::Group);
        let failures: Vec<_> = groups
            .filter_map(|place| {
                let (kind, why) = match tree.closed(&place.key) {
                    Some(closed) => closed.why(),
                    None if !group_api => (
                        NotRead::Version,
                        "This GitLab has no API for group integrations: it came with 17.9",
                    ),
                    None => return None,
                };
                Some((place.key, Failure { kind, why: why.to_owned(), at }))
            })
            .collect();
        let id = self.id();
        self.engine.db(move |store| store.note_failures(id, failures)).await
    }
}

/// The rows of a scope that were just listed, and whose own settings must be read.
fn to_read(
    store: &Store,
    (id, scope): (heirloom_core::ids::ConnectionId, ScopeKey),
    words: &mut Words,
    (since, full): (Timestamp, bool),
    found: &mut Vec<Target>,
) -> Result<()> {
    let mut facts: Vec<Fact> = Vec::new();
    store.visit_facts(id, Of::Only(scope), words, |fact| facts.push(fact))?;
    for fact in facts {
        let Some(slug) = words.slug(fact.kind) else { continue };
        let known = Known {
            stored: fact.stored,
            active: fact.active,
            is_group: scope.level == Level::Group,
            stale: fact.fields_at.is_none() || fact.fields_outdated,
            read_now: fact.fields_at.is_some_and(|at| at >= since),
            seen_now: fact.flags_at >= since,
            is_beside_row: catalog::find(slug).is_some_and(|it| it.data_beside_row),
        };
        if known.wants_reading(full) {
            found.push((scope, slug.clone()));
        }
    }
    Ok(())
}

/// GitLab says that the scope itself is not there. Any other 404 is not about it: a route that the
/// server, or a proxy before it, does not have answers so for everything (contract, section 2).
fn is_gone(problem: &Problem, level: Level) -> bool {
    let named = match level {
        Level::Instance => return false,
        Level::Group => "Group",
        Level::Project => "Project",
    };
    matches!(problem, Problem::NotFound { what } if what == named)
}

/// A kind this server or level does not offer: nothing to read, and nothing wrong.
fn is_no_offer(problem: &Problem) -> bool {
    matches!(problem, Problem::Refused { status: 400, .. } | Problem::Forbidden { .. })
}
