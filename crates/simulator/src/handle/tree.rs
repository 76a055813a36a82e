//! Making, moving, archiving and deleting groups and projects.

use serde::Deserialize;

use super::{WorldHandle, expect_scope};
use crate::clock::Millis;
use crate::world::scope::Level;
use crate::world::{Namespace, NewScope, Scope, UnknownTarget, Visibility};

/// A new project.
#[derive(Debug, Clone, Deserialize)]
pub struct ProjectSpec {
    /// The group it goes to.
    pub group: u64,
    /// Last part of its path.
    pub path: String,
    /// Name; none = the path.
    #[serde(default)]
    pub name: Option<String>,
}

/// A new group.
#[derive(Debug, Clone, Deserialize)]
pub struct GroupSpec {
    /// The group above it; none = a top-level group.
    #[serde(default)]
    pub parent: Option<u64>,
    /// Last part of its path.
    pub path: String,
    /// Name; none = the path.
    #[serde(default)]
    pub name: Option<String>,
}

impl WorldHandle {
    /// Makes a group; it gets the active defaults above it.
    ///
    /// # Errors
    /// If the group above does not exist.
    pub fn create_group(&self, spec: &GroupSpec) -> Result<u64, UnknownTarget> {
        let now = self.0.clock.now();
        let mut world = self.0.write();
        if let Some(parent) = spec.parent {
            expect_scope(&world, Level::Group, parent)?;
        }
        let id = world.add_group(spec.parent, &new_scope(&spec.path, spec.name.as_deref(), now));
        world.copy_defaults(Scope::Group(id), now);
        Ok(id)
    }

    /// Makes a project; it gets the active defaults above it.
    ///
    /// # Errors
    /// If the group does not exist.
    pub fn create_project(&self, spec: &ProjectSpec) -> Result<u64, UnknownTarget> {
        let now = self.0.clock.now();
        let mut world = self.0.write();
        expect_scope(&world, Level::Group, spec.group)?;
        let new = new_scope(&spec.path, spec.name.as_deref(), now);
        let id = world.add_project(Namespace::Group(spec.group), &new);
        world.copy_defaults(Scope::Project(id), now);
        Ok(id)
    }

    /// Gives a group or project another path. The old path of a project redirects, that of a
    /// group does not.
    ///
    /// # Errors
    /// If it does not exist.
    pub fn rename(&self, level: Level, id: u64, path: &str) -> Result<(), UnknownTarget> {
        let mut world = self.0.write();
        expect_scope(&world, level, id)?;
        match level {
            Level::Instance => return Err(UnknownTarget::Scope(level, id)),
            Level::Group => world.rename_group(id, path),
            Level::Project => world.rename_project(id, path),
        }
        Ok(())
    }

    /// Transfers a project to another group.
    ///
    /// # Errors
    /// If either does not exist.
    pub fn transfer_project(&self, id: u64, group: u64) -> Result<(), UnknownTarget> {
        let now = self.0.clock.now();
        let mut world = self.0.write();
        expect_scope(&world, Level::Project, id)?;
        expect_scope(&world, Level::Group, group)?;
        world.transfer_project(id, group, now);
        Ok(())
    }

    /// Transfers a group below another one, or to the top.
    ///
    /// # Errors
    /// If either does not exist, or the group would come to lie below itself.
    pub fn transfer_group(&self, id: u64, to: Option<u64>) -> Result<(), UnknownTarget> {
        let now = self.0.clock.now();
        let mut world = self.0.write();
        expect_scope(&world, Level::Group, id)?;
        if let Some(to) = to {
            expect_scope(&world, Level::Group, to)?;
            if world.ancestry(to).any(|group| group.id == id) {
                return Err(UnknownTarget::Nothing);
            }
        }
        world.transfer_group(id, to, now);
        Ok(())
    }

    /// Archives a group or project, or takes that back.
    ///
    /// # Errors
    /// If it does not exist.
    pub fn archive(&self, level: Level, id: u64, archived: bool) -> Result<(), UnknownTarget> {
        let mut world = self.0.write();
        match level {
            Level::Group => world.groups.get_mut(&id).map(|group| group.archived = archived),
            Level::Project => {
                world.projects.get_mut(&id).map(|project| project.archived = archived)
            }
            Level::Instance => None,
        }
        .ok_or(UnknownTarget::Scope(level, id))
    }

    /// Whether a group or project is archived, itself or by a group above it.
    #[must_use]
    pub fn is_archived(&self, level: Level, id: u64) -> bool {
        let world = self.0.read();
        match level {
            Level::Group => world.group_is_archived(id),
            Level::Project => {
                world.projects.get(&id).is_some_and(|it| world.project_is_archived(it))
            }
            Level::Instance => false,
        }
    }

    /// Makes a group or project public.
    ///
    /// # Errors
    /// If it does not exist.
    pub fn publish(&self, level: Level, id: u64) -> Result<(), UnknownTarget> {
        let mut world = self.0.write();
        let visibility = match level {
            Level::Group => world.groups.get_mut(&id).map(|group| &mut group.visibility),
            Level::Project => world.projects.get_mut(&id).map(|project| &mut project.visibility),
            Level::Instance => None,
        };
        *visibility.ok_or(UnknownTarget::Scope(level, id))? = Visibility::Public;
        Ok(())
    }

    /// Deletes a group with all it holds, or a project.
    ///
    /// # Errors
    /// If it does not exist.
    pub fn delete(&self, level: Level, id: u64) -> Result<(), UnknownTarget> {
        let mut world = self.0.write();
        expect_scope(&world, level, id)?;
        match level {
            Level::Instance => return Err(UnknownTarget::Scope(level, id)),
            Level::Group => world.delete_group(id),
            Level::Project => world.delete_project(id),
        }
        Ok(())
    }
}

fn new_scope<'a>(path: &'a str, name: Option<&'a str>, now: Millis) -> NewScope<'a> {
    NewScope {
        name: name.unwrap_or(path),
        path,
        description: "",
        visibility: Visibility::Private,
        created_at: now,
    }
}
