//! How far a run's changed defaults came, by the journal and the local copy alone: both outlive the
//! program that followed them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use heirloom_core::catalog::Integration;
use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::plan::{Action, Snapshot};
use heirloom_core::row::Known;
use heirloom_core::settings::agree;
use heirloom_store::Store;
use heirloom_store::app::journal::{Outcome, RunId, RunNote, Touch, Touched};
use heirloom_store::cache::integrations::Kept;
use jiff::{SignedDuration, Timestamp};

use super::{Followed, Looked, MOST};
use crate::Result;
use crate::change::known_kind;

/// Scopes looked up in the local copy at once.
const TOGETHER: usize = 500;

/// Default settings as a run left them.
#[derive(Debug)]
pub(super) struct Handed {
    row: Snapshot,
    /// What was read since tells what arrived.
    since: Timestamp,
}

/// Somebody to whom they are handed down.
#[derive(Clone, Debug)]
pub(super) struct Heir {
    pub(super) scope: ScopeKey,
    pub(super) from: Arc<Handed>,
}

/// What is known of an heir since then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    Unread,
    Has,
    HasNot { at: Timestamp },
}

impl Handed {
    /// Whether a row that is kept has them, where it was read since.
    pub(super) fn seen_in(&self, kept: Option<&Kept>, integration: &Integration) -> Seen {
        let Some(kept) = kept else { return Seen::Unread };
        let read_at = match kept.known {
            Known::NotSet => Some(kept.flags_at),
            _ => kept.fields_at,
        };
        match read_at {
            Some(at) if at >= self.since && self.is_in(kept, integration) => Seen::Has,
            Some(at) if at >= self.since => Seen::HasNot { at },
            _ => Seen::Unread,
        }
    }

    fn is_in(&self, kept: &Kept, integration: &Integration) -> bool {
        kept.settings().is_some_and(|own| {
            kept.active == self.row.active() && agree(Some(integration), &self.row.settings(), &own)
        })
    }
}

/// How far they came, and who is still to be read.
#[derive(Default)]
pub(super) struct Arrived {
    pub(super) followed: Followed,
    /// Those who are handed them and were not seen to have them.
    pub(super) open: Vec<Heir>,
    /// Those who may be, and were not looked at since.
    pub(super) unlooked: Vec<Heir>,
    /// Changed groups that the local copy has from before, as where the program ended in between,
    /// or knows to have moved since.
    pub(super) behind: Vec<ScopeKey>,
    /// When the last of them was changed.
    pub(super) since: Option<Timestamp>,
    /// Whoever followed them ended before all had them and before time was up.
    pub(super) cut_short: bool,
}

/// What becomes of a group's default that a run changed; none: it was changed again since, and what
/// was left by the run goes nowhere.
type Defaults = BTreeMap<ScopeKey, Option<Arc<Handed>>>;

/// Finds out where they are.
struct Finding<'a> {
    store: &'a Store,
    id: ConnectionId,
    slug: &'a Slug,
    integration: &'static Integration,
    defaults: Defaults,
}

impl Arrived {
    /// Of a run, where whoever follows it reads for so long.
    pub(super) fn of(store: &Store, note: &RunNote, patience: Duration) -> Result<Self> {
        let Some(slug) = &note.slug else { return Ok(Self::default()) };
        let (inherit, handed) = handed_down(store, note.id)?;
        let (maybe, unsure) = store.touched(note.id, Touch::Maybe, 0, MOST)?;
        if inherit == 0 && maybe == 0 {
            return Ok(Self::default());
        }
        let integration = known_kind(slug)?;
        let id = note.connection;
        let mut arrived = Self::default();
        let defaults = arrived.changed(store, note, slug, integration)?;
        if defaults.values().all(Option::is_none) {
            return Ok(Self::default());
        }
        let finding = Finding { store, id, slug, integration, defaults };
        let patience = SignedDuration::try_from(patience).unwrap_or(SignedDuration::MAX);
        let out_of_reach = finding.each(&handed, |heir, seen| {
            arrived.followed.read += 1;
            match seen {
                Seen::Has => arrived.followed.matching += 1,
                Seen::HasNot { at } => {
                    arrived.cut_short |= at.duration_since(heir.from.since) < patience;
                    arrived.open.push(heir);
                }
                Seen::Unread => {
                    arrived.cut_short = true;
                    arrived.open.push(heir);
                }
            }
        })?;
        arrived.followed.inherit = inherit.saturating_sub(out_of_reach);
        let looked = &mut arrived.followed.maybe;
        let out_of_reach = finding.each(&unsure, |heir, seen| match seen {
            Seen::Unread => arrived.unlooked.push(heir),
            Seen::Has | Seen::HasNot { .. } => looked.add(seen),
        })?;
        looked.count = maybe.saturating_sub(out_of_reach);
        arrived.cut_short |= !arrived.unlooked.is_empty();
        Ok(arrived)
    }

    /// Groups whose settings a run changed.
    fn changed(
        &mut self,
        store: &Store,
        note: &RunNote,
        slug: &Slug,
        integration: &Integration,
    ) -> Result<Defaults> {
        let mut found = BTreeMap::new();
        for done in store.group_steps(note.id, Outcome::Applied)? {
            // Nothing is handed down by a DELETE (contract, section 2).
            if done.step.action == Action::Disable {
                continue;
            }
            let group = done.step.scope;
            let since = done.ended_at.unwrap_or(note.started_at);
            let handed = Handed { row: done.found.unwrap_or(done.step.after), since };
            let kept = store.integration(note.connection, group, slug)?;
            let read_at = kept.as_ref().and_then(|it| it.fields_at);
            // It is read back just before its step is written down as ended.
            let is_behind = read_at < Some(done.sent_at.unwrap_or(since))
                || kept.as_ref().is_some_and(|it| it.fields_outdated);
            let holds = kept.is_some_and(|it| handed.is_in(&it, integration));
            if is_behind {
                self.behind.push(group);
            }
            let handed = (is_behind || holds).then(|| {
                self.since = self.since.max(Some(since));
                Arc::new(handed)
            });
            found.insert(group, handed);
        }
        Ok(found)
    }
}

impl Finding<'_> {
    /// Each of some scopes below a changed default, and what is known of it since; returns how many
    /// are below none.
    fn each(&self, scopes: &[Touched], mut found: impl FnMut(Heir, Seen)) -> Result<u32> {
        let mut without = 0;
        for some in scopes.chunks(TOGETHER) {
            let keys: Vec<ScopeKey> = some.iter().map(|it| it.scope).collect();
            let ways = self.store.ways(self.id, &keys, self.slug)?;
            for key in keys {
                let mut nearest = None;
                if let Some((scope, kept)) = ways.get(key) {
                    let above = ways.above(scope)?;
                    let changed =
                        above.iter().find_map(|(it, _)| self.defaults.get(&it.listed.key));
                    nearest = changed.cloned().flatten().map(|from| (from, kept));
                }
                let Some((from, kept)) = nearest else {
                    without += 1;
                    continue;
                };
                let seen = from.seen_in(kept.as_ref(), self.integration);
                found(Heir { scope: key, from }, seen);
            }
        }
        Ok(without)
    }
}

/// Whom a run's defaults are handed down to, with the first of them: who inherits, then who has
/// nothing yet and is given a row.
fn handed_down(store: &Store, run: RunId) -> heirloom_store::Result<(u32, Vec<Touched>)> {
    let (inherit, mut first) = store.touched(run, Touch::Change, 0, MOST)?;
    let room = MOST.saturating_sub(inherit);
    let (given, made) = store.touched(run, Touch::SwitchOn, 0, room)?;
    first.extend(made);
    Ok((inherit.saturating_add(given), first))
}

impl Looked {
    /// Counts one more that was read.
    pub(super) fn add(&mut self, seen: Seen) {
        self.read += u32::from(seen != Seen::Unread);
        self.matching += u32::from(seen == Seen::Has);
    }
}
