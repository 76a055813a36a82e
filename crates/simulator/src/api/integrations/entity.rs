//! Rows as GitLab writes them (contract, section 2).

use serde_json::{Map, Value as Json};

use crate::clock::as_time;
use crate::kinds::Event;
use crate::site::Site;
use crate::world::Row;

/// The order of GitLab's own answers. Archive traces are not among them.
const EVENTS: [Event; 14] = [
    Event::Commit,
    Event::Push,
    Event::Issues,
    Event::Incident,
    Event::Alert,
    Event::ConfidentialIssues,
    Event::MergeRequests,
    Event::TagPush,
    Event::Deployment,
    Event::Note,
    Event::ConfidentialNote,
    Event::Pipeline,
    Event::WikiPage,
    Event::Job,
];

fn name(event: Event) -> &'static str {
    Event::ALL.iter().find(|(known, ..)| *known == event).map_or("", |(_, name, _)| name)
}

/// A row without its values, as lists show it.
pub(super) fn basic(site: &Site, row: &Row) -> Map<String, Json> {
    let kind = row.kind();
    let mut body = Map::new();
    body.insert("id".to_owned(), row.id.into());
    body.insert("title".to_owned(), kind.title.into());
    body.insert("slug".to_owned(), kind.slug.into());
    body.insert("created_at".to_owned(), as_time(row.created_at).into());
    body.insert("updated_at".to_owned(), as_time(row.updated_at).into());
    body.insert("active".to_owned(), row.active.into());
    for event in EVENTS {
        body.insert(name(event).to_owned(), row.events.get(event).into());
    }
    let comments = row.events.get(Event::Comment);
    body.insert("comment_on_event_enabled".to_owned(), comments.into());
    if site.version.shows_inheritance() {
        body.insert("inherited".to_owned(), row.inherit_from.is_some().into());
    }
    if site.version.enterprise() {
        let on = row.events.get(Event::Vulnerability);
        body.insert("vulnerability_events".to_owned(), on.into());
    }
    body
}

/// A row with its values. Secret fields are left out, not masked; two private keys are not
/// secret fields and come back in clear.
pub(super) fn full(site: &Site, row: &Row) -> Json {
    let kind = row.kind();
    let properties: Map<String, Json> = row
        .values
        .each(kind)
        .filter(|(field, _)| !field.secret && field.is_declared(&site.version))
        .filter(|(field, _)| !(kind.masks_channels() && field.name.ends_with("_channel")))
        .map(|(field, value)| {
            (field.name.to_owned(), value.map_or(Json::Null, crate::world::Value::to_json))
        })
        .collect();
    let mut body = basic(site, row);
    body.insert("properties".to_owned(), properties.into());
    body.into()
}
