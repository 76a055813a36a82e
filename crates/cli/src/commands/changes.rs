//! How a change is told, by `history` and `drift`.

use heirloom_core::ids::{ConnectionId, Level};
use heirloom_engine::query::drift::{Change, HistoryFilter, kind_label, side_label, what_label};
use heirloom_engine::{Engine, RunId};
use jiff::{SignedDuration, Timestamp};

use super::show::text::cut;
use crate::exit::Result;

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
