//! The `data-*` attributes of the list and of the form (contract, section 12).

use serde_json::{Value as Json, json};

use super::form::{fields, trigger_events};
use super::html::data;
use super::place::Owner;
use crate::clock::as_time;
use crate::kinds;
use crate::site::Site;
use crate::world::scope::Level;
use crate::world::{Row, Scope, World};

pub(super) fn underscored(slug: &str) -> String {
    slug.replace('-', "_")
}

/// The list's entries: every integration offered there, stored or not.
pub(super) fn list(site: &Site, world: &World, scope: Scope, base: &str) -> Json {
    let offered = kinds::all().filter(|kind| {
        site.offers(kind, scope.level())
            && (kind.in_rest(&site.version) || kind.levels == kinds::Levels::InstanceOnly)
    });
    offered
        .map(|kind| {
            let row = kinds::by_slug(kind.slug).and_then(|(id, _)| world.row(scope, id));
            let name = underscored(kind.slug);
            json!({
                "id": row.map(|row| row.id),
                "active": row.is_some_and(|row| row.active),
                "configured": row.is_some(),
                "title": kind.title,
                "description": "",
                "updated_at": row.map(|row| as_time(row.updated_at)),
                "edit_path": format!("{base}/{name}/edit"),
                "name": name,
                "icon": null,
            })
        })
        .collect()
}

/// What the attributes of one form are made of.
pub(super) struct Shown<'a> {
    pub site: &'a Site,
    pub owner: &'a Owner,
    /// The scope whose row it is: for a default, that of the default.
    pub scope: Scope,
    pub row: &'a Row,
    /// Whether the row is stored.
    pub stored: bool,
    pub referer: Option<&'a str>,
}

impl Shown<'_> {
    pub(super) fn attributes(&self) -> String {
        let (row, kind) = (self.row, self.row.kind());
        let level = match self.scope.level() {
            Level::Instance => "instance",
            Level::Group => "group",
            Level::Project => "project",
        };
        let id = self.scope.id().to_string();
        let own = |wanted| (self.scope.level() == wanted).then_some(id.as_str());
        let form = format!("{}{}/{}", self.site.root, self.owner.base(), underscored(kind.slug));
        let row_id = row.id.to_string();
        let source = row.inherit_from.map(|id| id.to_string());
        let events = trigger_events(row).to_string();
        // Without a row there is nothing to reset; projects have no reset at all.
        let reset = match self.owner {
            Owner::Project(_) => None,
            _ if self.stored => Some(format!("{form}/reset")),
            _ => Some(String::new()),
        };
        let testable = match self.owner {
            Owner::Project(_) => true,
            Owner::Group(_) => kind.slug == "jira",
            Owner::Instance => false,
        };
        // A new record reads as switched on.
        let activated = row.active || !self.stored;
        let flag = |on: bool| Some(if on { "true" } else { "false" });
        let event = |event| flag(row.events.get(event));
        let sections = json!([{
            "type": "connection",
            "title": "Connection details",
            "description": "",
            "plan": null,
        }]);
        [
            data("id", self.stored.then_some(row_id.as_str())),
            data("project-id", own(Level::Project)),
            data("group-id", own(Level::Group)),
            data("type", Some(&underscored(kind.slug))),
            data("activated", flag(activated)),
            data("manual-activation", flag(kind.manual)),
            data("activate-disabled", flag(false)),
            data("commit-events", event(kinds::Event::Commit)),
            data("merge-request-events", event(kinds::Event::MergeRequests)),
            data("enable-comments", event(kinds::Event::Comment)),
            data("trigger-events", Some(&events)),
            data("sections", Some(&sections.to_string())),
            data("fields", Some(&fields(self.site, row).to_string())),
            data("inherit-from-id", source.as_deref()),
            data("integration-level", Some(level)),
            data("editable", flag(kind.manual)),
            data("can-test", flag(testable)),
            data("test-path", Some(&format!("{form}/test"))),
            data("reset-path", reset.as_deref()),
            data("form-path", Some(&form)),
            data("cancel-path", Some(&format!("{}{}", self.site.root, self.owner.base()))),
            data("redirect-to", self.referer),
            data("learn-more-path", Some("/help/user/project/integrations/_index.md")),
        ]
        .concat()
    }
}
