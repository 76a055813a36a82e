//! Which default a scope would inherit (contract, section 2).

use super::{Row, Scope, World};
use crate::kinds::KindId;

impl World {
    /// The nearest ancestor group whose row does not itself inherit, else the instance's row.
    /// Whether that row is active plays no part.
    pub(crate) fn default_above(&self, scope: Scope, kind: KindId) -> Option<&Row> {
        let start = self.parent(scope);
        let groups = start.into_iter().flat_map(|id| self.ancestry(id));
        let of_group = groups
            .filter_map(|group| group.rows.iter().find(|row| row.kind == kind))
            .find(|row| row.inherit_from.is_none());
        of_group.or_else(|| self.row(Scope::Instance, kind))
    }

    /// The record a scope edits: its own row, or one that is not stored yet. A project without
    /// a row starts as a copy of the instance's, already linked (contract, section 2).
    pub(crate) fn record_for(&mut self, scope: Scope, kind: KindId, now: i64) -> Row {
        if let Some(row) = self.row(scope, kind) {
            return row.clone();
        }
        let id = self.next_row_id();
        let mut row = Row::new(id, kind, now);
        if matches!(scope, Scope::Project(_))
            && let Some(default) = self.row(Scope::Instance, kind)
        {
            row.copy_from(default, now);
        }
        row
    }

    /// What a new or moved scope gets: a copy of the nearest default of each kind, active ones
    /// only (contract, section 8).
    pub(crate) fn copy_defaults(&mut self, scope: Scope, now: i64) {
        let above = self.parent(scope).into_iter().flat_map(|id| self.ancestry(id));
        let defaults = above
            .flat_map(|group| &group.rows)
            .filter(|row| row.inherit_from.is_none())
            .chain(self.rows(Scope::Instance))
            .filter(|row| row.active && row.kind().exists_at(scope.level()));
        let mut sources: Vec<Row> = Vec::new();
        for row in defaults {
            let known = self.row(scope, row.kind).is_some()
                || sources.iter().any(|source| source.kind == row.kind);
            if !known {
                sources.push(row.clone());
            }
        }
        for source in sources {
            let mut row = Row::new(self.next_row_id(), source.kind, now);
            row.copy_from(&source, now);
            self.store(scope, row);
        }
    }
}
