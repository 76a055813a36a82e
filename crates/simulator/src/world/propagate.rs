//! How a saved default reaches what inherits it (contract, section 8).

use super::{Row, Scope, World};
use crate::clock::Millis;
use crate::kinds::KindId;

/// The propagation of one saved default.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Job {
    /// The instance or the group whose row was saved.
    pub source: Scope,
    pub kind: KindId,
}

impl World {
    /// Everything a job may touch: groups before projects, as GitLab does it.
    pub(crate) fn targets(&self, job: Job) -> Vec<Scope> {
        match job.source {
            Scope::Instance => {
                let groups = self.groups.keys().map(|id| Scope::Group(*id));
                groups.chain(self.projects.keys().map(|id| Scope::Project(*id))).collect()
            }
            Scope::Group(id) => {
                let below = self.descendants(id);
                let mut targets: Vec<_> = below.iter().map(|id| Scope::Group(*id)).collect();
                for group in std::iter::once(&id).chain(&below) {
                    let projects = self.groups.get(group).map_or(&[][..], |g| &g.projects);
                    targets.extend(projects.iter().map(|id| Scope::Project(*id)));
                }
                targets
            }
            Scope::Project(_) => Vec::new(),
        }
    }

    /// Carries a saved default to some of its targets: rows that inherit from it, or from a
    /// default above it, are copied and linked anew; missing rows are created; rows with custom
    /// settings stay.
    pub(crate) fn propagate(&mut self, job: Job, targets: &[Scope], now: Millis) {
        let Some(source) = self.row(job.source, job.kind).cloned() else { return };
        let reach = self.reach(job, &source);
        for target in targets {
            match self.row(*target, job.kind) {
                Some(row) if row.inherit_from.is_some_and(|id| reach.contains(&id)) => {
                    let mut row = row.clone();
                    row.copy_from(&source, now);
                    self.store(*target, row);
                }
                Some(_) => {}
                None if self.may_receive(*target, job.kind) => {
                    let mut row = Row::new(self.next_row_id(), job.kind, now);
                    row.copy_from(&source, now);
                    self.store(*target, row);
                }
                None => {}
            }
        }
    }

    /// Runs a whole job at once.
    pub(crate) fn propagate_all(&mut self, job: Job, now: Millis) {
        let targets = self.targets(job);
        self.propagate(job, &targets, now);
    }

    /// The ids of the rows whose inheritors a job takes over: the saved one, those of the
    /// groups above it, and the instance's.
    fn reach(&self, job: Job, source: &Row) -> Vec<u64> {
        let mut reach = vec![source.id];
        if let Scope::Group(_) = job.source {
            let above = self.parent(job.source).into_iter().flat_map(|id| self.ancestry(id));
            let rows = above.flat_map(|group| &group.rows).chain(self.rows(Scope::Instance));
            reach.extend(rows.filter(|row| row.kind == job.kind).map(|row| row.id));
        }
        reach
    }

    /// Archived projects, and those in archived groups, are left out when rows are created.
    fn may_receive(&self, target: Scope, kind: KindId) -> bool {
        let archived = match target {
            Scope::Project(id) => {
                self.projects.get(&id).is_some_and(|project| self.project_is_archived(project))
            }
            Scope::Group(_) | Scope::Instance => false,
        };
        !archived && kind.kind().exists_at(target.level())
    }
}
