//! The local copy held against the server's own state, row for row.

use std::collections::BTreeSet;

use heirloom_engine::core::catalog::{self, FieldType};
use heirloom_engine::core::ids::Slug;
use heirloom_engine::core::value::Value;
use heirloom_simulator::{Level, RowView, WorldHandle};
use jiff::Timestamp;
use serde_json::Value as Json;

/// What an export says that the server does not, and the other way round, in words. The server is
/// one where everything may be read; scopes in `excused` (by path) are not looked at.
pub fn differences(export: &Json, world: &WorldHandle, excused: &BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    let mut known = BTreeSet::new();
    for row in export["rows"].as_array().into_iter().flatten() {
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        let (slug, path) = (text("slug"), text("path"));
        let level = match text("level") {
            "group" => Level::Group,
            "project" => Level::Project,
            _ => continue,
        };
        let id = row["id"].as_u64().unwrap_or_default();
        known.insert((text("level") == "group", id, slug.to_owned()));
        if excused.contains(path) {
            continue;
        }
        match world.row(level, id, slug) {
            Some(stored) => {
                found.extend(
                    row_differences(row, slug, &stored, world)
                        .into_iter()
                        .map(|what| format!("{slug} of {path}: {what}")),
                );
            }
            None => found.push(format!("{slug} of {path} is not on the server")),
        }
    }
    let groups = world.groups().into_iter().map(|id| (Level::Group, id));
    let projects = world.projects().into_iter().map(|id| (Level::Project, id));
    for (level, id) in groups.chain(projects) {
        let path = world.path(level, id).unwrap_or_default();
        if excused.contains(&path) {
            continue;
        }
        for slug in world.slugs(level, id) {
            let is_on = world.row(level, id, slug).is_some_and(|row| row.active);
            if is_on && !known.contains(&(level == Level::Group, id, slug.to_owned())) {
                found.push(format!("{slug} of {path} is on, and not known"));
            }
        }
    }
    found
}

/// Where rows are said to agree with their source, by readings since a time, and do not.
pub(crate) fn false_claims(export: &Json, world: &WorldHandle, since: Timestamp) -> Vec<String> {
    let mut found = Vec::new();
    for row in export["rows"].as_array().into_iter().flatten() {
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        let is_claimed = text("agrees") == "yes"
            && text("read_at").parse::<Timestamp>().is_ok_and(|read| read >= since);
        let level = match text("level") {
            "group" => Level::Group,
            "project" => Level::Project,
            _ => continue,
        };
        let id = row["id"].as_u64().unwrap_or_default();
        if let (true, Some(stored)) = (is_claimed, world.row(level, id, text("slug"))) {
            let wrong = row_differences(row, text("slug"), &stored, world);
            let place = format!("{} of {}", text("slug"), text("path"));
            found.extend(wrong.into_iter().map(|what| format!("{place}: {what}")));
        }
    }
    found
}

fn row_differences(row: &Json, slug: &str, stored: &RowView, world: &WorldHandle) -> Vec<String> {
    let mut found = Vec::new();
    let mut expect = |what: &str, ours: &Json, theirs: Json| {
        if *ours != theirs {
            found.push(format!("{what} is {ours} here and {theirs} there"));
        }
    };
    let is_inherited = stored.inherit_from.is_some();
    expect("active", &row["active"], stored.active.into());
    expect("link", &row["link"], if is_inherited { "inherited" } else { "custom" }.into());
    for (name, flag) in row["events"].as_object().into_iter().flatten() {
        expect(name, flag, stored.events.get(name).copied().into());
    }
    if !is_inherited && row["fields"].is_null() {
        found.push("custom, and its settings were not read".to_owned());
    }
    for (name, value) in row["fields"].as_object().into_iter().flatten() {
        let theirs = stored.fields.get(name).unwrap_or(&Json::Null);
        if !typed(slug, name, value).same_setting(&typed(slug, name, theirs)) {
            found.push(format!("{name} is {value} here and {theirs} there"));
        }
    }
    if let Some((level, id)) = stored.source {
        let ours = &row["source"];
        let name = match level {
            Level::Instance => "instance",
            Level::Group => "group",
            Level::Project => "project",
        };
        if ours["id"] != id || ours["level"] != name {
            found.push(format!("it says it comes from {ours}, and comes from {name} {id}"));
        } else if let Some(origin) = world.row(level, id, slug) {
            let agree = alike(slug, stored, &origin);
            let said = row["agrees"].as_str().unwrap_or_default();
            // What nothing suggests to differ need not be read; what differs must be known.
            if (said == "no") == agree && !(said == "unread" && level == Level::Instance) {
                found.push(format!("it says of agreement “{said}”, which is {agree}"));
            }
        }
    }
    found
}

/// Whether two stored rows hold the same, as far as anybody may read them.
pub fn alike(slug: &str, a: &RowView, b: &RowView) -> bool {
    let known = Slug::new(slug).ok().and_then(|slug| catalog::find(&slug));
    let is_secret =
        |name: &str| known.and_then(|it| it.field(name)).is_none_or(|field| field.secret);
    a.active == b.active
        && a.fields.iter().filter(|(name, _)| !is_secret(name)).all(|(name, stored)| {
            let other = b.fields.get(name).unwrap_or(&Json::Null);
            typed(slug, name, stored).same_setting(&typed(slug, name, other))
        })
        && known
            .map(|it| it.events)
            .unwrap_or_default()
            .iter()
            .all(|event| a.events.get(event.name) == b.events.get(event.name))
}

/// A value as GitLab stores it, by the catalog's type.
fn typed(slug: &str, name: &str, stored: &Json) -> Value {
    let field = Slug::new(slug)
        .ok()
        .and_then(|slug| catalog::find(&slug))
        .and_then(|it| it.field(name))
        .map_or(FieldType::String, |field| field.field_type);
    Value::from_json(field, stored)
}
