//! The world behind the API, for tests and for other processes: looking at any row, saving as the
//! web form does, writing straight into the database, changing groups and projects.

mod tree;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value as Json;

pub use tree::{GroupSpec, ProjectSpec};

use crate::clock::as_time;
use crate::kinds::{self, Event, KindId};
use crate::propagation::Propagation;
use crate::site::Site;
use crate::world::scope::Level;
use crate::world::{Form, Job, Row, RowEdit, Scope, UnknownTarget, Value, World, overwrite, save};

/// One stored row, with everything GitLab would keep to itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RowView {
    /// Row id.
    pub id: u64,
    /// Whether it is switched on.
    pub active: bool,
    /// Id of the default's row it is linked to.
    pub inherit_from: Option<u64>,
    /// Level and id (0 for the instance) of the scope that row belongs to.
    pub source: Option<(Level, u64)>,
    /// All fields, secret ones included; null = never set.
    pub fields: BTreeMap<String, Json>,
    /// All event flags.
    pub events: BTreeMap<String, bool>,
    /// As GitLab writes it.
    pub created_at: String,
    /// As GitLab writes it.
    pub updated_at: String,
}

/// Access to the state of a running simulator. Cheap to clone.
#[derive(Clone)]
pub struct WorldHandle(Arc<Site>);

impl WorldHandle {
    pub(crate) fn new(site: Arc<Site>) -> Self {
        Self(site)
    }

    /// Id of the group with this full path.
    #[must_use]
    pub fn group(&self, full_path: &str) -> Option<u64> {
        self.0.read().group_by_path(full_path).map(|group| group.id)
    }

    /// Id of the project with this full path.
    #[must_use]
    pub fn project(&self, full_path: &str) -> Option<u64> {
        self.0.read().project_by_path(full_path).map(|project| project.id)
    }

    /// Full path of a group or project.
    #[must_use]
    pub fn path(&self, level: Level, id: u64) -> Option<String> {
        let world = self.0.read();
        match level {
            Level::Instance => None,
            Level::Group => world.groups.get(&id).map(|group| group.full_path.to_string()),
            Level::Project => world.projects.get(&id).map(|project| project.full_path.to_string()),
        }
    }

    /// Ids of all groups, ascending.
    #[must_use]
    pub fn groups(&self) -> Vec<u64> {
        self.0.read().groups.keys().copied().collect()
    }

    /// Ids of all projects, ascending.
    #[must_use]
    pub fn projects(&self) -> Vec<u64> {
        self.0.read().projects.keys().copied().collect()
    }

    /// Number of stored integration rows, at all levels.
    #[must_use]
    pub fn row_count(&self) -> usize {
        self.0.read().row_count()
    }

    /// Number of defaults still on their way.
    #[must_use]
    pub fn pending_propagations(&self) -> usize {
        self.0.propagation.pending()
    }

    /// The stored row of an integration, if there is one.
    #[must_use]
    pub fn row(&self, level: Level, id: u64, slug: &str) -> Option<RowView> {
        let (kind, _) = kinds::by_slug(slug)?;
        let world = self.0.read();
        world.row(Scope::new(level, id), kind).map(|row| view(&world, row))
    }

    /// The slugs of all rows a scope has stored.
    #[must_use]
    pub fn slugs(&self, level: Level, id: u64) -> Vec<&'static str> {
        self.0.read().rows(Scope::new(level, id)).iter().map(|row| row.kind().slug).collect()
    }

    /// Saves as GitLab's settings page does (contract, sections 8 and 12): the only way to an
    /// instance default. Defaults are propagated.
    ///
    /// # Errors
    /// If the scope, the integration or a field does not exist, or there is no default to use.
    pub fn save(
        &self,
        level: Level,
        id: u64,
        slug: &str,
        form: &Form,
    ) -> Result<(), UnknownTarget> {
        let site = &self.0;
        let now = site.clock.now();
        let mut world = site.write();
        let (scope, kind) = target(&world, level, id, slug)?;
        save(&mut world, scope, kind, form, now)?;
        drop(world);
        if level != Level::Project {
            Propagation::start(site, Job { source: scope, kind });
        }
        Ok(())
    }

    /// Writes into the database, for states that only time or accidents make.
    ///
    /// # Errors
    /// If the scope, the integration or a field does not exist, or there is no default to link.
    pub fn overwrite(
        &self,
        level: Level,
        id: u64,
        slug: &str,
        edit: &RowEdit,
    ) -> Result<(), UnknownTarget> {
        let now = self.0.clock.now();
        let mut world = self.0.write();
        let (scope, kind) = target(&world, level, id, slug)?;
        overwrite(&mut world, scope, kind, edit, now)
    }

    /// Removes a default as the settings page's *Reset* does: every row that inherits it goes too.
    ///
    /// # Errors
    /// If there is no such default.
    pub fn remove_default(&self, level: Level, id: u64, slug: &str) -> Result<(), UnknownTarget> {
        let mut world = self.0.write();
        let (scope, kind) = target(&world, level, id, slug)?;
        if world.remove_default(scope, kind) { Ok(()) } else { Err(UnknownTarget::Nothing) }
    }

    /// Sets an account's own access to a group or project: 0 none, 10 Guest, 20 Reporter,
    /// 30 Developer, 40 Maintainer, 50 Owner.
    ///
    /// # Errors
    /// If the account or the scope does not exist.
    pub fn set_access(
        &self,
        username: &str,
        level: Level,
        id: u64,
        access: u8,
    ) -> Result<(), UnknownTarget> {
        let mut world = self.0.write();
        expect_scope(&world, level, id)?;
        let user = world.people.by_username(username).map(|user| user.id);
        let user = user.ok_or(UnknownTarget::Nothing)?;
        world.people.join(user, Scope::new(level, id), access);
        Ok(())
    }

    /// Revokes a token.
    ///
    /// # Errors
    /// If nobody has it.
    pub fn revoke(&self, token: &str) -> Result<(), UnknownTarget> {
        let mut world = self.0.write();
        let token = world.people.token_mut(token).ok_or(UnknownTarget::Nothing)?;
        token.revoked = true;
        Ok(())
    }
}

fn expect_scope(world: &World, level: Level, id: u64) -> Result<Scope, UnknownTarget> {
    let scope = Scope::new(level, id);
    if world.exists(scope) { Ok(scope) } else { Err(UnknownTarget::Scope(level, id)) }
}

fn target(
    world: &World,
    level: Level,
    id: u64,
    slug: &str,
) -> Result<(Scope, KindId), UnknownTarget> {
    let scope = expect_scope(world, level, id)?;
    let (kind, _) = kinds::by_slug(slug)
        .filter(|(_, kind)| kind.exists_at(level))
        .ok_or_else(|| UnknownTarget::Integration(slug.to_owned()))?;
    Ok((scope, kind))
}

fn view(world: &World, row: &Row) -> RowView {
    let home = row.inherit_from.and_then(|id| world.home(id));
    let fields = row
        .values
        .each(row.kind())
        .map(|(field, value)| (field.name.to_owned(), value.map_or(Json::Null, Value::to_json)));
    let events =
        Event::ALL.iter().map(|(event, name, _)| ((*name).to_owned(), row.events.get(*event)));
    RowView {
        id: row.id,
        active: row.active,
        inherit_from: row.inherit_from,
        source: home.map(|scope| (scope.level(), scope.id())),
        fields: fields.collect(),
        events: events.collect(),
        created_at: as_time(row.created_at),
        updated_at: as_time(row.updated_at),
    }
}
