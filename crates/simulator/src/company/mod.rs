//! The demo company: Acme, a retailer with a few dozen teams, and every state its integrations
//! can be in.
//!
//! What to look at:
//! - `acme/platform/checkout/payments-api`: own Jira, Slack and Jenkins, the rest inherited.
//! - `acme/platform/web`: a group that was linked to its default without being copied.
//! - `acme/platform/checkout/fraud-rules-engine`: inherits, but holds older values.
//! - `acme/platform/runtime/edge`: projects that inherit Datadog, yet it is off there.
//! - `acme-labs`: a default that switches Jira off, and YouTrack in its place.
//! - `vendors` and `acme-security`: groups the owner's token may see but not read.
//! - `acme/legacy-2019`: an archived group, whose settings nobody may read.

mod customs;
mod defaults;
mod scopes;

use serde_json::{Map, Value as Json};

use crate::clock::{DAY, Millis};
use crate::kinds;
use crate::tokens::Accounts;
use crate::world::scope::Level;
use crate::world::{Form, Job, RowEdit, Scope, UnknownTarget, World, overwrite, save};

/// Builds the company.
pub(crate) fn build(world: &mut World, accounts: Accounts, now: Millis) {
    scopes::build(world, accounts, now);
    let mut office = Office { world, now };
    let settled = defaults::set(&mut office)
        .and_then(|()| customs::set(&mut office))
        .map(|()| scopes::retire(&mut office));
    if let Err(error) = settled {
        // The tables below are fixed, and a test reads every one of them.
        tracing::error!(%error, "the demo company is incomplete");
    }
}

/// The people who set all this up, over the years.
struct Office<'a> {
    world: &'a mut World,
    now: Millis,
}

impl Office<'_> {
    /// The scope with a path, or the instance for `""`.
    fn scope(&self, path: &str) -> Result<Scope, UnknownTarget> {
        if path.is_empty() {
            return Ok(Scope::Instance);
        }
        let group = self.world.group_by_path(path).map(|group| Scope::Group(group.id));
        let project = || self.world.project_by_path(path).map(|p| Scope::Project(p.id));
        group.or_else(project).ok_or(UnknownTarget::Scope(Level::Project, 0))
    }

    /// Saves a row so many days ago, and hands it down if others can inherit it.
    fn save(
        &mut self,
        path: &str,
        slug: &str,
        days_ago: i64,
        form: &Form,
    ) -> Result<(), UnknownTarget> {
        let scope = self.scope(path)?;
        let (kind, _) =
            kinds::by_slug(slug).ok_or_else(|| UnknownTarget::Integration(slug.to_owned()))?;
        let at = self.now - days_ago * DAY;
        save(self.world, scope, kind, form, at)?;
        self.world.propagate_all(Job { source: scope, kind }, at + 1_400);
        Ok(())
    }

    /// Leaves a row as accidents and old servers left it.
    fn leave(
        &mut self,
        path: &str,
        slug: &str,
        days_ago: i64,
        edit: &RowEdit,
    ) -> Result<(), UnknownTarget> {
        let scope = self.scope(path)?;
        let (kind, _) =
            kinds::by_slug(slug).ok_or_else(|| UnknownTarget::Integration(slug.to_owned()))?;
        overwrite(self.world, scope, kind, edit, self.now - days_ago * DAY)
    }
}

/// A form with custom settings.
fn custom(fields: Json) -> Form {
    Form { inherit: Some(false), active: Some(true), fields: pairs(fields), ..Form::default() }
}

impl Form {
    /// With some events set.
    fn events(mut self, events: &[(&str, bool)]) -> Self {
        self.events = events.iter().map(|(name, on)| ((*name).to_owned(), *on)).collect();
        self
    }

    /// Switched off, the settings kept.
    fn switched_off(self) -> Self {
        Self { active: Some(false), ..self }
    }
}

fn pairs(fields: Json) -> std::collections::BTreeMap<String, Json> {
    let fields: Map<String, Json> = match fields {
        Json::Object(fields) => fields,
        _ => Map::new(),
    };
    fields.into_iter().collect()
}
