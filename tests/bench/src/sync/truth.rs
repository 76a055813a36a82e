//! What the server holds, out of its own state: nobody's API answers are needed to judge by.

use std::collections::{BTreeMap, HashMap};

use futures::{StreamExt as _, TryStreamExt as _};
use heirloom_simulator::Level;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::Run;
use super::rows::{Held, Place, Row, Rows, typed};
use crate::failure::Result;
use crate::server::Server;

/// A scope's level and GitLab's id; 0 for the instance.
pub type Scope = (Level, u64);

/// Pages of the simulator's own that are read at once.
const AT_ONCE: usize = 8;

/// The server's whole state.
pub struct Truth {
    /// Groups and projects, and the instance.
    pub scopes: BTreeMap<Scope, Holding>,
    groups: HashMap<String, u64>,
}

/// What one scope holds.
#[derive(Debug, Deserialize)]
pub struct Holding {
    /// Full path; none for the instance.
    pub path: Option<String>,
    /// Rows by slug.
    pub rows: BTreeMap<String, Stored>,
}

/// A stored row.
#[derive(Debug, Deserialize)]
pub struct Stored {
    /// Whether it is on.
    pub active: bool,
    /// Where its settings come from, if it inherits.
    pub source: Option<Scope>,
    /// Everything in it.
    pub fields: Map<String, Json>,
    /// Its trigger events.
    pub events: BTreeMap<String, bool>,
    /// As GitLab writes it.
    pub updated_at: Timestamp,
}

#[derive(Deserialize)]
struct Summary {
    groups: Vec<Named>,
    projects: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    id: u64,
    path: String,
}

impl Truth {
    /// Reads it.
    pub async fn read(server: &Server) -> Result<Self> {
        let summary: Summary = server.state("").await?;
        let groups: HashMap<String, u64> =
            summary.groups.iter().map(|group| (group.path.clone(), group.id)).collect();
        let scopes = [("instance", (Level::Instance, 0))]
            .into_iter()
            .chain(summary.groups.iter().map(|it| ("group", (Level::Group, it.id))))
            .chain(summary.projects.iter().map(|it| ("project", (Level::Project, it.id))));
        let scopes = futures::stream::iter(scopes)
            .map(|(level, scope)| async move {
                let holding: Holding = server.state(&format!("/{level}/{}", scope.1)).await?;
                Ok::<_, crate::failure::Failure>((scope, holding))
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(Self::of(scopes, groups))
    }

    /// Out of what each scope holds, and the groups' ids by path.
    pub fn of(scopes: BTreeMap<Scope, Holding>, groups: HashMap<String, u64>) -> Self {
        Self { scopes, groups }
    }

    /// Groups, or projects.
    pub fn count(&self, level: Level) -> usize {
        self.scopes.keys().filter(|(at, _)| *at == level).count()
    }

    /// Every active row of a group or project.
    pub fn active(&self) -> impl Iterator<Item = (Place, &Stored)> {
        self.scopes.iter().filter(|((level, _), _)| *level != Level::Instance).flat_map(
            |((level, id), holding)| {
                let active = holding.rows.iter().filter(|(_, stored)| stored.active);
                active.map(|(slug, stored)| ((*level, *id, slug.clone()), stored))
            },
        )
    }

    /// The same, as a client should end with them.
    pub fn rows(&self) -> Rows {
        let rows = self.active().map(|(place, stored)| {
            let values = Some(typed(&place.2, &stored.fields));
            (place, Row { inherited: stored.source.is_some(), values, held: Held::Read })
        });
        Rows(rows.collect())
    }

    /// A scope's row.
    pub fn row(&self, scope: Scope, slug: &str) -> Option<&Stored> {
        self.scopes.get(&scope)?.rows.get(slug)
    }

    /// The groups above a scope, nearest first.
    pub fn above(&self, scope: Scope) -> Vec<Scope> {
        let path = self.scopes.get(&scope).and_then(|holding| holding.path.as_deref());
        let mut at = path.unwrap_or_default();
        let mut above = Vec::new();
        while let Some((parent, _)) = at.rsplit_once('/') {
            above.extend(self.groups.get(parent).map(|id| (Level::Group, *id)));
            at = parent;
        }
        above
    }

    /// What a client's run lacks or has too much of, in words; none = it did the whole job.
    pub fn lacking(&self, run: &Run) -> Option<String> {
        let scopes = self.count(Level::Group) + self.count(Level::Project);
        if run.scopes != scopes {
            return Some(format!("it saw {} of {scopes} groups and projects", run.scopes));
        }
        let rows = self.rows();
        if rows.checksum() != run.rows.checksum() {
            let differing = |one: &Rows, other: &Rows| {
                let alike = |(place, row): &(&Place, &Row)| {
                    other.0.get(*place).is_some_and(|theirs| theirs.inherited == row.inherited)
                };
                one.0.iter().filter(|it| !alike(it)).count()
            };
            let (missing, odd) = (differing(&rows, &run.rows), differing(&run.rows, &rows));
            return Some(format!("{missing} rows are missing or differ, {odd} are not so there"));
        }
        let bare = run.rows.0.values().filter(|row| row.values.is_none()).count();
        if bare > 0 {
            return Some(format!("{bare} rows have no settings"));
        }
        let wrong = run.rows.0.iter().filter(|(place, row)| {
            let stored = rows.0.get(*place).and_then(|stored| stored.values.as_ref());
            row.values.iter().flatten().any(|(name, value)| {
                let theirs = stored.and_then(|stored| stored.get(name));
                theirs.is_none_or(|theirs| !theirs.same_setting(value))
            })
        });
        let wrong: Vec<&Place> = wrong.map(|(place, _)| place).collect();
        wrong.first().map(|(level, id, slug)| {
            format!("{} rows have other settings, such as {slug} of {level:?} {id}", wrong.len())
        })
    }
}
