//! Creating, renaming, moving, archiving and deleting groups and projects, and removing defaults.

use super::{Group, Job, Namespace, NewScope, Project, Row, Scope, World};
use crate::clock::Millis;
use crate::kinds::KindId;

impl World {
    /// A new group, without any integration rows.
    pub(crate) fn add_group(&mut self, parent: Option<u64>, new: &NewScope<'_>) -> u64 {
        let id = self.next_namespace_id();
        let above = parent.and_then(|id| self.groups.get_mut(&id));
        let (full_path, full_name) = match above {
            Some(above) => {
                above.subgroups.push(id);
                (
                    format!("{}/{}", above.full_path, new.path),
                    format!("{} / {}", above.full_name, new.name),
                )
            }
            None => (new.path.to_owned(), new.name.to_owned()),
        };
        self.group_paths.insert(full_path.to_lowercase(), id);
        let group = Group {
            id,
            parent,
            name: new.name.into(),
            path: new.path.into(),
            full_path: full_path.into(),
            full_name: full_name.into(),
            description: new.description.into(),
            visibility: new.visibility,
            archived: false,
            deletion_marked_at: None,
            created_at: new.created_at,
            subgroups: Vec::new(),
            projects: Vec::new(),
            rows: Vec::new(),
        };
        self.groups.insert(id, group);
        id
    }

    /// A new project, without any integration rows.
    pub(crate) fn add_project(&mut self, namespace: Namespace, new: &NewScope<'_>) -> u64 {
        let id = self.next_project_id();
        let project = Project {
            id,
            namespace,
            name: new.name.into(),
            path: new.path.into(),
            full_path: "".into(),
            full_name: "".into(),
            description: new.description.into(),
            visibility: new.visibility,
            archived: false,
            deletion_marked_at: None,
            created_at: new.created_at,
            last_activity_at: new.created_at,
            rows: Vec::new(),
        };
        self.projects.insert(id, project);
        self.enter(id, namespace);
        self.write_path(id);
        id
    }

    fn enter(&mut self, project: u64, namespace: Namespace) {
        match namespace {
            Namespace::Group(group) => {
                if let Some(group) = self.groups.get_mut(&group) {
                    group.projects.push(project);
                }
            }
            Namespace::User(user) => {
                if let Some(user) = self.people.user_mut(user) {
                    user.projects.push(project);
                }
            }
        }
    }

    fn leave(&mut self, project: u64, namespace: Namespace) {
        match namespace {
            Namespace::Group(group) => {
                if let Some(group) = self.groups.get_mut(&group) {
                    group.projects.retain(|id| *id != project);
                }
            }
            Namespace::User(user) => {
                if let Some(user) = self.people.user_mut(user) {
                    user.projects.retain(|id| *id != project);
                }
            }
        }
    }

    /// Works out a project's full path and name, and makes it found there.
    fn write_path(&mut self, id: u64) {
        let Some(project) = self.projects.get_mut(&id) else { return };
        let above = match project.namespace {
            Namespace::Group(id) => {
                self.groups.get(&id).map(|group| (&group.full_path, &group.full_name))
            }
            Namespace::User(id) => self.people.user(id).map(|user| (&user.username, &user.name)),
        };
        let Some((path, name)) = above else { return };
        project.full_path = format!("{path}/{}", project.path).into();
        project.full_name = format!("{name} / {}", project.name).into();
        let found_at = project.full_path.to_lowercase();
        self.moved.remove(&found_at);
        self.project_paths.insert(found_at, id);
    }

    /// Takes the project from its old path, which from now on only redirects.
    fn redirect(&mut self, id: u64) {
        if let Some(project) = self.projects.get(&id) {
            let old = project.full_path.to_lowercase();
            self.project_paths.remove(&old);
            self.moved.insert(old, id);
        }
    }

    /// Gives a project another path.
    pub(crate) fn rename_project(&mut self, id: u64, path: &str) {
        self.redirect(id);
        if let Some(project) = self.projects.get_mut(&id) {
            project.path = path.into();
        }
        self.write_path(id);
    }

    /// Transfers a project to another group: inherited rows are made anew from the defaults
    /// there, custom ones are kept (contract, section 8).
    pub(crate) fn transfer_project(&mut self, id: u64, group: u64, now: Millis) {
        let Some(old) = self.projects.get(&id).map(|project| project.namespace) else { return };
        self.redirect(id);
        self.leave(id, old);
        self.enter(id, Namespace::Group(group));
        if let Some(project) = self.projects.get_mut(&id) {
            project.namespace = Namespace::Group(group);
            project.rows.retain(|row| row.inherit_from.is_none());
        }
        self.write_path(id);
        self.copy_defaults(Scope::Project(id), now);
    }

    /// Gives a group another path; everything below moves along. Old project paths redirect,
    /// old group paths do not (contract, section 6).
    pub(crate) fn rename_group(&mut self, id: u64, path: &str) {
        if let Some(group) = self.groups.get_mut(&id) {
            group.path = path.into();
        }
        let mut moving = vec![id];
        moving.extend(self.descendants(id));
        for id in moving {
            let Some(group) = self.groups.get(&id) else { continue };
            let projects = group.projects.clone();
            let above = group.parent.and_then(|parent| self.groups.get(&parent));
            let (full_path, full_name) = match above {
                Some(above) => (
                    format!("{}/{}", above.full_path, group.path),
                    format!("{} / {}", above.full_name, group.name),
                ),
                None => (group.path.to_string(), group.name.to_string()),
            };
            let old = group.full_path.to_lowercase();
            self.group_paths.remove(&old);
            self.moved_groups.insert(old, id);
            self.moved_groups.remove(&full_path.to_lowercase());
            self.group_paths.insert(full_path.to_lowercase(), id);
            for project in &projects {
                self.redirect(*project);
            }
            if let Some(group) = self.groups.get_mut(&id) {
                group.full_path = full_path.into();
                group.full_name = full_name.into();
            }
            for project in projects {
                self.write_path(project);
            }
        }
    }

    /// Transfers a group below another, or to the top: its inherited rows are made anew from the
    /// defaults there and go on to what is below, custom ones are kept (contract, section 8).
    pub(crate) fn transfer_group(&mut self, id: u64, to: Option<u64>, now: Millis) {
        let Some(group) = self.groups.get_mut(&id) else { return };
        let path = group.path.to_string();
        group.rows.retain(|row| row.inherit_from.is_none());
        let from = std::mem::replace(&mut group.parent, to);
        if let Some(above) = from.and_then(|id| self.groups.get_mut(&id)) {
            above.subgroups.retain(|child| *child != id);
        }
        if let Some(above) = to.and_then(|id| self.groups.get_mut(&id)) {
            above.subgroups.push(id);
        }
        self.rename_group(id, &path);
        self.copy_defaults(Scope::Group(id), now);
        let kinds: Vec<KindId> = self.rows(Scope::Group(id)).iter().map(|row| row.kind).collect();
        for kind in kinds {
            self.propagate_all(Job { source: Scope::Group(id), kind }, now);
        }
    }

    /// Deletes a project and its rows.
    pub(crate) fn delete_project(&mut self, id: u64) {
        if let Some(project) = self.projects.remove(&id) {
            self.project_paths.remove(&project.full_path.to_lowercase());
            self.moved.retain(|_, target| *target != id);
            self.leave(id, project.namespace);
        }
    }

    /// Deletes a group with everything in it, and what inherits its defaults.
    pub(crate) fn delete_group(&mut self, id: u64) {
        let mut doomed = vec![id];
        doomed.extend(self.descendants(id));
        if let Some(parent) = self.parent(Scope::Group(id))
            && let Some(parent) = self.groups.get_mut(&parent)
        {
            parent.subgroups.retain(|child| *child != id);
        }
        for id in doomed {
            let Some(group) = self.groups.remove(&id) else { continue };
            self.group_paths.remove(&group.full_path.to_lowercase());
            for row in &group.rows {
                self.homes.remove(&row.id);
            }
            for project in group.projects {
                self.delete_project(project);
            }
        }
    }

    /// Destroys a default and, by cascade, every row that inherits it (contract, section 8).
    pub(crate) fn remove_default(&mut self, owner: Scope, kind: KindId) -> bool {
        let Some(id) = self.row(owner, kind).map(|row| row.id) else { return false };
        let keep = |row: &Row| row.id != id && row.inherit_from != Some(id);
        self.instance_rows.retain(keep);
        self.groups.values_mut().for_each(|group| group.rows.retain(keep));
        self.projects.values_mut().for_each(|project| project.rows.retain(keep));
        self.homes.remove(&id);
        true
    }
}
