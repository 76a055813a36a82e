//! What changed lately, noticed by syncs: GitLab tells no names, so *who* is only known of what
//! was done from here.

use heirloom_core::ids::ConnectionId;
use heirloom_store::Store;
use heirloom_store::app::history::{Change, HistoryFilter};
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, PreEscaped, html};

use super::{time, title};
use crate::Result;
use crate::export::path_of;
use crate::query::drift::{side_label, visit_history, what_label};

/// How far back the page looks.
const DAYS: i64 = 30;

pub(super) fn write(
    store: &Store,
    id: ConnectionId,
    now: Timestamp,
    put: &mut impl FnMut(Markup) -> Result<()>,
) -> Result<()> {
    let since = now - SignedDuration::from_hours(DAYS * 24);
    put(html! {
        (PreEscaped("<section>"))
        h2 { "Drift" }
        p.note {
            "What was not as at the reading before, since " (time(since)) ": each change happened \
             at some time before it was noticed. GitLab does not say who did it; a run is one of \
             Heirloom’s own."
        }
        (counts(store, id, since)?)
        (PreEscaped("<table>"))
        thead {
            tr {
                th { "Noticed" } th { "Scope" } th { "Integration" } th { "Changed" } th { "Before → after" }
                th { "Who" }
            }
        }
        (PreEscaped("<tbody>"))
    })?;
    let filter = HistoryFilter { since: Some(since), until: Some(now), ..Default::default() };
    let mut any = false;
    visit_history(store, id, &filter, |change| {
        any = true;
        put(line(&change))
    })?;
    if !any {
        put(html! { tr { td colspan="6" { "Nothing changed, as far as was read." } } })?;
    }
    put(PreEscaped("</tbody></table></section>".into()))
}

/// How much changed, by integration.
fn counts(store: &Store, id: ConnectionId, since: Timestamp) -> Result<Markup> {
    let kinds = store.drift_counts(id, since)?.by_kind;
    Ok(html! {
        @if !kinds.is_empty() {
            table {
                thead {
                    tr { th { "Integration" } th.number { "Changes" } th.number { "Scopes" } }
                }
                tbody {
                    @for kind in kinds {
                        tr {
                            th scope="row" {
                                @match &kind.slug {
                                    Some(slug) => { (title(slug)) }
                                    None => { "Groups and projects" }
                                }
                            }
                            td.number { (kind.changes) }
                            td.number { (kind.scopes) }
                        }
                    }
                }
            }
        }
    })
}

fn line(change: &Change) -> Markup {
    let slug = change.slug.as_ref();
    html! {
        tr {
            td { (time(change.at)) }
            th scope="row" { bdi { (path_of(change.scope, change.path.clone())) } }
            td { @if let Some(slug) = slug { (title(slug)) } }
            td { (what_label(slug, &change.what)) }
            td {
                del { (side_label(&change.before)) } " " ins { (side_label(&change.after)) }
            }
            td { @if let Some(run) = change.by { "run " (run.0) } @else { "not known" } }
        }
    }
}
