//! The state of the pretended server: scopes, people and stored integration rows.

mod change;
mod inherit;
pub(crate) mod people;
mod propagate;
pub(crate) mod row;
pub(crate) mod save;
pub(crate) mod scope;

use std::collections::{BTreeMap, HashMap};

pub(crate) use people::{People, Token, TokenKind, User, Viewer, access};
pub(crate) use propagate::Job;
pub(crate) use row::{Row, Value, Values};
pub(crate) use save::{Form, RowEdit, UnknownTarget, edited, overwrite, save};
pub(crate) use scope::{Group, Namespace, Project, Scope, Visibility};

use crate::clock::Millis;
use crate::kinds::KindId;

/// Everything the server stores.
#[derive(Default)]
pub(crate) struct World {
    pub groups: BTreeMap<u64, Group>,
    pub projects: BTreeMap<u64, Project>,
    pub people: People,
    instance_rows: Vec<Row>,
    group_paths: HashMap<String, u64>,
    project_paths: HashMap<String, u64>,
    /// Old paths of moved projects.
    moved: HashMap<String, u64>,
    /// Old paths of moved groups, which only pages redirect from.
    moved_groups: HashMap<String, u64>,
    /// Where the rows that others can inherit from are stored.
    homes: HashMap<u64, Scope>,
    last_namespace: u64,
    last_project: u64,
    last_row: u64,
}

impl World {
    pub(crate) fn rows(&self, scope: Scope) -> &[Row] {
        match scope {
            Scope::Instance => &self.instance_rows,
            Scope::Group(id) => self.groups.get(&id).map_or(&[], |group| &group.rows),
            Scope::Project(id) => self.projects.get(&id).map_or(&[], |project| &project.rows),
        }
    }

    pub(crate) fn row(&self, scope: Scope, kind: KindId) -> Option<&Row> {
        self.rows(scope).iter().find(|row| row.kind == kind)
    }

    fn rows_mut(&mut self, scope: Scope) -> Option<&mut Vec<Row>> {
        match scope {
            Scope::Instance => Some(&mut self.instance_rows),
            Scope::Group(id) => self.groups.get_mut(&id).map(|group| &mut group.rows),
            Scope::Project(id) => self.projects.get_mut(&id).map(|project| &mut project.rows),
        }
    }

    pub(crate) fn exists(&self, scope: Scope) -> bool {
        match scope {
            Scope::Instance => true,
            Scope::Group(id) => self.groups.contains_key(&id),
            Scope::Project(id) => self.projects.contains_key(&id),
        }
    }

    /// Stores a row in place of the scope's row of that kind, if there is one.
    pub(crate) fn store(&mut self, scope: Scope, row: Row) {
        if !matches!(scope, Scope::Project(_)) {
            self.homes.insert(row.id, scope);
        }
        let Some(rows) = self.rows_mut(scope) else { return };
        match rows.iter_mut().find(|stored| stored.kind == row.kind) {
            Some(stored) => *stored = row,
            None => rows.push(row),
        }
    }

    pub(crate) fn next_row_id(&mut self) -> u64 {
        self.last_row += 1;
        self.last_row
    }

    pub(crate) fn next_namespace_id(&mut self) -> u64 {
        self.last_namespace += 1;
        self.last_namespace
    }

    pub(crate) fn next_project_id(&mut self) -> u64 {
        self.last_project += 1;
        self.last_project
    }

    /// Where the row with this id is stored; only rows of groups and of the instance are known.
    pub(crate) fn home(&self, row: u64) -> Option<Scope> {
        self.homes.get(&row).copied()
    }

    /// A group and its ancestors, nearest first.
    pub(crate) fn ancestry(&self, group: u64) -> impl Iterator<Item = &Group> {
        let first = self.groups.get(&group);
        std::iter::successors(first, |group| group.parent.and_then(|id| self.groups.get(&id)))
    }

    /// The group above a scope.
    pub(crate) fn parent(&self, scope: Scope) -> Option<u64> {
        match scope {
            Scope::Instance => None,
            Scope::Group(id) => self.groups.get(&id)?.parent,
            Scope::Project(id) => match self.projects.get(&id)?.namespace {
                Namespace::Group(id) => Some(id),
                Namespace::User(_) => None,
            },
        }
    }

    /// All groups below a group, parents before children.
    pub(crate) fn descendants(&self, group: u64) -> Vec<u64> {
        let mut found = Vec::new();
        let mut next: Vec<u64> = self.groups.get(&group).map_or(vec![], |g| g.subgroups.clone());
        while let Some(id) = next.pop() {
            found.push(id);
            if let Some(group) = self.groups.get(&id) {
                next.extend(&group.subgroups);
            }
        }
        found
    }

    /// Whether the group or one above it is archived.
    pub(crate) fn group_is_archived(&self, group: u64) -> bool {
        self.ancestry(group).any(|group| group.archived)
    }

    /// Whether the project is archived itself or lies in an archived group.
    pub(crate) fn project_is_archived(&self, project: &Project) -> bool {
        project.archived
            || matches!(project.namespace, Namespace::Group(id) if self.group_is_archived(id))
    }

    pub(crate) fn group_by_path(&self, path: &str) -> Option<&Group> {
        self.groups.get(self.group_paths.get(&path.to_lowercase())?)
    }

    pub(crate) fn project_by_path(&self, path: &str) -> Option<&Project> {
        self.projects.get(self.project_paths.get(&path.to_lowercase())?)
    }

    /// The project that once had this path.
    pub(crate) fn moved_project(&self, path: &str) -> Option<&Project> {
        self.projects.get(self.moved.get(&path.to_lowercase())?)
    }

    /// The group that once had this path.
    pub(crate) fn moved_group(&self, path: &str) -> Option<&Group> {
        self.groups.get(self.moved_groups.get(&path.to_lowercase())?)
    }

    /// Gives back memory that building left over.
    pub(crate) fn shrink(&mut self) {
        self.groups.values_mut().for_each(|group| group.rows.shrink_to_fit());
        self.projects.values_mut().for_each(|project| project.rows.shrink_to_fit());
    }

    pub(crate) fn row_count(&self) -> usize {
        self.instance_rows.len()
            + self.groups.values().map(|group| group.rows.len()).sum::<usize>()
            + self.projects.values().map(|project| project.rows.len()).sum::<usize>()
    }
}

/// What a new group or project is made of.
pub(crate) struct NewScope<'a> {
    pub name: &'a str,
    pub path: &'a str,
    pub description: &'a str,
    pub visibility: Visibility,
    pub created_at: Millis,
}
