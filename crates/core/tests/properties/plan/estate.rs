//! A small GitLab of one kind: scopes in a tree, what they store, whose row each row is linked to,
//! and what is handed down when (contract, sections 2 and 8). It knows nothing of plans.

use heirloom_core::catalog::Integration;
use heirloom_core::ids::{Level, ScopeKey};
use heirloom_core::plan::{Snapshot, Step, Write};

use super::gitlab::{Place, Row, delete, put_at, with_secrets};

/// Each scope's parent: the instance, three groups in a row and one beside them, projects in each.
pub const PARENTS: [usize; 12] = [0, 0, 1, 2, 1, 1, 2, 2, 3, 3, 4, 4];
pub const GROUPS: std::ops::RangeInclusive<usize> = 1..=4;

/// A scope by its place.
pub fn scope(at: usize) -> ScopeKey {
    match at {
        0 => ScopeKey::INSTANCE,
        group if GROUPS.contains(&group) => ScopeKey::group(group as u64),
        project => ScopeKey::project(project as u64),
    }
}

/// The place of a scope.
pub fn place(scope: ScopeKey) -> usize {
    scope.id.0 as usize
}

/// Whether a scope stands somewhere below a group, or below the instance.
pub fn is_below(at: usize, group: usize) -> bool {
    let mut above = PARENTS[at];
    while above != 0 && above != group {
        above = PARENTS[above];
    }
    above == group && at != group
}

/// The groups above a scope, nearest first.
pub fn groups_above(at: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(Some(PARENTS[at]), |above| Some(PARENTS[*above]))
        .take_while(|above| *above != 0)
}

#[derive(Clone, Debug)]
pub struct Estate {
    pub kind: &'static Integration,
    pub rows: Vec<Option<Row>>,
    /// Whose row a row is linked to.
    pub links: Vec<Option<usize>>,
    /// Archived itself.
    pub archived: Vec<bool>,
    /// Saved defaults that GitLab has yet to hand down.
    pub jobs: Vec<usize>,
    /// A newer server: a PUT at a group is handed down.
    pub newer: bool,
}

impl Estate {
    /// One in which nothing is stored.
    pub fn new(kind: &'static Integration, newer: bool) -> Self {
        let n = PARENTS.len();
        let (rows, links) = (vec![None; n], vec![None; n]);
        Self { kind, rows, links, archived: vec![false; n], jobs: Vec::new(), newer }
    }

    /// Whose row a scope inherits, or would.
    pub fn default_of(&self, at: usize) -> Option<usize> {
        let own = |at: &usize| self.rows[*at].as_ref().is_some_and(|row| !row.inherits);
        groups_above(at).find(own).or_else(|| self.rows[0].as_ref().map(|_| 0))
    }

    /// Archived, or in a group that is.
    pub fn is_archived(&self, at: usize) -> bool {
        self.archived[at] || groups_above(at).any(|group| self.archived[group])
    }

    /// What GitLab answers about a scope's row.
    pub fn read(&self, at: usize) -> Snapshot {
        self.rows[at].as_ref().map_or(Snapshot::Nothing, |row| row.read(self.kind))
    }

    /// One request of a step.
    pub fn write(&mut self, step: &Step, write: &Write, secret: &str) -> Result<(), String> {
        let at = place(step.scope);
        match write {
            Write::Delete => self.delete(at).ok_or_else(|| "404".to_owned()),
            Write::Put { body } => {
                let secrets = if write.takes_secrets() { &step.secrets[..] } else { &[] };
                self.put(at, &with_secrets(body, secrets, secret))
            }
        }
    }

    /// PUT. Only newer servers hand down what it saves.
    pub fn put(
        &mut self,
        at: usize,
        body: &serde_json::Map<String, serde_json::Value>,
    ) -> Result<(), String> {
        let default = self.default_of(at);
        let theirs = default.and_then(|it| self.rows[it].as_ref());
        let is_group = scope(at).level == Level::Group;
        let place = if is_group { Place::Group } else { Place::Project };
        let after = put_at(place, self.kind, self.rows[at].as_ref(), body, theirs)?;
        self.links[at] = default.filter(|_| after.inherits);
        self.rows[at] = Some(after);
        if self.newer && is_group {
            self.jobs.push(at);
        }
        Ok(())
    }

    /// DELETE: nothing is handed down. None: there is no row.
    pub fn delete(&mut self, at: usize) -> Option<()> {
        let blank = delete(self.rows[at].as_ref()?);
        self.rows[at] = Some(blank);
        Some(())
    }

    /// Settings of its own, saved on the settings page: what a group or the instance saves there
    /// is handed down by every server.
    pub fn save(&mut self, at: usize, row: Row) {
        self.rows[at] = Some(Row { inherits: false, ..row });
        self.links[at] = None;
        if scope(at).level != Level::Project {
            self.jobs.push(at);
        }
    }

    /// A reset on the settings page: the row goes, and at once all that are linked to it.
    pub fn reset(&mut self, at: usize) {
        for it in 0..PARENTS.len() {
            if it == at || self.links[it] == Some(at) {
                (self.rows[it], self.links[it]) = (None, None);
            }
        }
    }

    /// Hands a saved default down: to what is linked to it or to anything above it, and to whoever
    /// has nothing, archived projects left out.
    pub fn hand_down(&mut self, job: usize) {
        let from = self.jobs.remove(job);
        let Some(source) = self.rows[from].clone() else { return };
        let link = self.links[from].unwrap_or(from);
        let above = |it: usize| it == from || it == 0 || is_below(from, it);
        for at in (1..PARENTS.len()).filter(|at| is_below(*at, from)) {
            let level = scope(at).level;
            let receives = self.kind.levels.contains(level)
                && !(level == Level::Project && self.is_archived(at));
            let reached = match self.links[at] {
                Some(linked) => above(linked),
                None => self.rows[at].is_none() && receives,
            };
            if reached {
                self.rows[at] = Some(Row { inherits: true, ..source.clone() });
                self.links[at] = Some(link);
            }
        }
    }

    /// All of GitLab's jobs run, first come, first served.
    pub fn settle(&mut self) {
        while !self.jobs.is_empty() {
            self.hand_down(0);
        }
    }
}
