//! How a change is told, by `history` and `drift`.

use heirloom_core::ids::{ConnectionId, GitlabId, Level, ScopeKey, Slug};
use heirloom_engine::export::{ScopeId, field_json, path_of};
use heirloom_engine::query::drift::{
    Change, HistoryFilter, Side, SyncId, What, kind_label, side_label, what_label,
};
use heirloom_engine::{Engine, RunId};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::show::text::cut;
use crate::exit::Result;

/// A change without its scope, for other programs.
#[derive(Serialize)]
pub struct Brief<'a> {
    at: Timestamp,
    slug: Option<&'a Slug>,
    what: String,
    before: Option<Json>,
    after: Option<Json>,
    sync: Option<i64>,
    run: Option<u32>,
}

impl<'a> Brief<'a> {
    pub fn of(change: &'a Change) -> Self {
        let side = |side: &Side| match (side, &change.what, &change.slug) {
            (Side::Source { scope, path }, _, _) => Some(json!(scope_id(*scope, path))),
            (Side::Value(value), What::Field(name), Some(slug)) => {
                Some(field_json(slug, name, value))
            }
            (side, _, _) => side.to_json(),
        };
        Self {
            at: change.at,
            slug: change.slug.as_ref(),
            what: change.what.name(),
            before: side(&change.before),
            after: side(&change.after),
            sync: change.sync.map(SyncId::number),
            run: change.by.map(|run| run.0),
        }
    }
}

/// A scope under the path it had at that time.
pub fn scope_id(key: ScopeKey, path: &str) -> ScopeId {
    let ScopeKey { level, id: GitlabId(id) } = key;
    ScopeId { level: level.name(), id, path: path_of(key, path.to_owned()) }
}

/// Who did it. GitLab does not tell.
pub fn who(run: Option<RunId>) -> String {
    run.map_or_else(|| "not known".into(), |run| format!("run {}", run.0))
}

/// A time, to the second.
pub fn time(at: Timestamp) -> String {
    format!("{at:.0}")
}

/// What changed, how it was, how it is.
pub fn cells(change: &Change) -> [String; 3] {
    let kind = change.slug.as_ref().map_or_else(|| level(change), |slug| kind_label(slug).into());
    let (before, after) = (side_label(&change.before), side_label(&change.after));
    let what = what_label(change.slug.as_ref(), &change.what);
    [kind, what, format!("{} → {}", cut(&before), cut(&after))]
}

fn level(change: &Change) -> String {
    match change.scope.level {
        Level::Instance => "the instance",
        Level::Group => "the group",
        Level::Project => "the project",
    }
    .into()
}

/// The changes a filter lets through, latest first, and how many there are. The filter needs an
/// end in time: what is noticed meanwhile would shift the windows.
pub async fn changes(
    engine: &Engine,
    id: ConnectionId,
    filter: &HistoryFilter,
    limit: u32,
) -> Result<(u32, Vec<Change>)> {
    let mut found = Vec::new();
    loop {
        let read = u32::try_from(found.len()).unwrap_or(u32::MAX);
        let (total, window) = engine.drift(id, filter.clone(), read, limit - read).await?;
        let ended = window.is_empty();
        found.extend(window);
        if ended || u32::try_from(found.len()).is_ok_and(|read| read >= total.min(limit)) {
            return Ok((total, found));
        }
    }
}

/// The end of everything noticed until now. Times are kept in milliseconds.
pub fn end(now: Timestamp) -> Timestamp {
    now + SignedDuration::from_millis(1)
}
