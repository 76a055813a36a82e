//! What changed lately, noticed by syncs: GitLab tells no names, so *who* is only known of what
//! was done from here.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_store::Store;
use heirloom_store::app::history::{Change, HistoryFilter};
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, PreEscaped, html};

use super::{time, title};
use crate::Result;
use crate::export::{Part, path_of};
use crate::query::drift::{side_label, visit_history, what_label};

/// How far back the page looks.
const DAYS: i64 = 30;

pub(super) fn write(
    store: &Store,
    id: ConnectionId,
    part: &Part,
    now: Timestamp,
    put: &mut impl FnMut(Markup) -> Result<()>,
) -> Result<()> {
    let since = now - SignedDuration::from_hours(DAYS * 24);
    let filter = HistoryFilter {
        subtree: part.below,
        slug: part.slug.clone(),
        since: Some(since),
        until: Some(now),
        ..HistoryFilter::default()
    };
    put(html! {
        (PreEscaped("<section>"))
        h2 { "Drift" }
        p.note {
            "What was not as at the reading before, since " (time(since)) ": each change happened \
             at some time before it was noticed. GitLab does not say who did it; a run is one of \
             Heirloom’s own."
        }
        (counts(store, id, &filter)?)
        (PreEscaped("<table>"))
        thead {
            tr {
                th { "Noticed" } th { "Scope" } th { "Integration" } th { "Changed" } th { "Before → after" }
                th { "Who" }
            }
        }
        (PreEscaped("<tbody>"))
    })?;
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
fn counts(store: &Store, id: ConnectionId, filter: &HistoryFilter) -> Result<Markup> {
    let mut kinds: BTreeMap<Option<Slug>, (u32, BTreeSet<ScopeKey>)> = BTreeMap::new();
    visit_history(store, id, filter, |change| {
        let (changes, scopes) = kinds.entry(change.slug).or_default();
        *changes += 1;
        scopes.insert(change.scope);
        Ok(())
    })?;
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, (changes, _))| Reverse(*changes));
    Ok(html! {
        @if !kinds.is_empty() {
            table {
                thead {
                    tr { th { "Integration" } th.number { "Changes" } th.number { "Scopes" } }
                }
                tbody {
                    @for (slug, (changes, scopes)) in kinds {
                        tr {
                            th scope="row" {
                                @match &slug {
                                    Some(slug) => { (title(slug)) }
                                    None => { "Groups and projects" }
                                }
                            }
                            td.number { (changes) }
                            td.number { (scopes.len()) }
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
