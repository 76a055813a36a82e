//! The `data-*` attributes of the list and of the form (contract, section 12).

use serde_json::{Value as Json, json};

use super::form::{fields, trigger_events};
use super::html::data;
use super::place::Owner;
use super::words;
use crate::clock::as_time;
use crate::kinds::{self, Kind};
use crate::site::Site;
use crate::world::scope::Level;
use crate::world::{Row, Scope, Value, World};

pub(super) fn underscored(slug: &str) -> String {
    slug.replace('-', "_")
}

/// Whether an integration has a page there. Organizations have none of the instance's own.
pub(super) fn is_offered(site: &Site, owner: &Owner, kind: &Kind) -> bool {
    let own = kind.levels == kinds::Levels::InstanceOnly
        && *owner == Owner::Instance
        && (!kind.enterprise || site.version.enterprise());
    site.offers(kind, owner.level()) && (kind.in_rest(&site.version) || own)
}

/// The list's entries: every integration offered there, stored or not.
pub(super) fn list(site: &Site, world: &World, scope: Scope, owner: &Owner) -> Json {
    let base = format!("{}{}", site.root, owner.base());
    kinds::all()
        .filter(|kind| is_offered(site, owner, kind))
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

/// Jira's fields that stand in attributes of their own.
const JIRA: &[&str] = &[
    "jira_issue_transition_automatic",
    "jira_issue_transition_id",
    "issues_enabled",
    "project_keys",
    "vulnerabilities_enabled",
    "vulnerabilities_issuetype",
    "project_key",
    "customize_jira_issue_enabled",
    "jira_check_enabled",
    "jira_exists_check_enabled",
    "jira_assignee_check_enabled",
    "jira_status_check_enabled",
    "jira_allowed_statuses_as_string",
];

fn attribute_name(field: &str) -> String {
    match field {
        "issues_enabled" => "enable-jira-issues".to_owned(),
        "vulnerabilities_enabled" => "enable-jira-vulnerabilities".to_owned(),
        other => other.replace('_', "-"),
    }
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
        let events = trigger_events(row, self.owner.level()).to_string();
        // Without a row there is nothing to reset; projects have no reset at all.
        let reset = match self.owner {
            Owner::Project(_) => None,
            _ if self.stored => Some(format!("{form}/reset")),
            _ => Some(String::new()),
        };
        let testable = match self.owner {
            Owner::Project(_) => true,
            Owner::Group(_) => kind.slug == "jira",
            Owner::Instance | Owner::Organization => false,
        };
        // A new record reads as switched on.
        let activated = row.active || !self.stored;
        let flag = |on: bool| Some(if on { "true" } else { "false" });
        let event = |event| flag(row.events.get(event));
        let sections = Json::from(words::sections(kind, &self.site.version));
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
            + &self.own_attributes()
    }

    /// What only some integrations add.
    fn own_attributes(&self) -> String {
        let names: &[&str] = match self.row.kind().slug {
            "jira" => JIRA,
            "gitlab-slack-application" => return data("should-upgrade-slack", Some("false")),
            _ => &[],
        };
        let attribute = |name: &&str| {
            let value = self.row.values.named(self.row.kind(), name).map(Value::to_json);
            let text = value.map(|value| match value {
                Json::String(text) => text,
                other => other.to_string(),
            });
            data(&attribute_name(name), text.as_deref())
        };
        names.iter().map(attribute).collect()
    }
}
