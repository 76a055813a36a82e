//! Groups by integrations: what each sets, and how much below it has settings of its own.

use std::collections::{BTreeMap, BTreeSet};

use heirloom_core::catalog;
use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::row::State;
use heirloom_store::Store;
use heirloom_store::cache::scopes::Scope;
use maud::{Markup, PreEscaped, html};

use super::title;
use crate::Result;

const LEGEND: [State; 5] =
    [State::Inherited, State::InheritedDiffers, State::Custom, State::Disabled, State::Unknown];

pub(super) fn write(
    store: &Store,
    id: ConnectionId,
    scopes: &[Scope],
    kinds: impl Iterator<Item = Slug>,
    put: &mut impl FnMut(Markup) -> Result<()>,
) -> Result<()> {
    let kinds: BTreeSet<Slug> = kinds.collect();
    let top = scopes.iter().map(|scope| scope.depth).min().unwrap_or_default();
    let groups = scopes.iter().filter(|scope| scope.listed.key.level != Level::Project);
    put(html! {
        (PreEscaped("<section>"))
        h2 { "Matrix" }
        p.note {
            "Groups, and the instance above them. A mark is the group’s own state; a number, how many \
             scopes at or below it have custom settings."
        }
        p.legend {
            @for state in LEGEND {
                span { (state.mark()) " " (state.label()) }
            }
        }
        (PreEscaped("<div class=\"wide\"><table class=\"matrix\">"))
        thead { tr { th { "Scope" } @for kind in &kinds { th { (title(kind)) } } } }
        (PreEscaped("<tbody>"))
    })?;
    for scope in groups {
        put(row(store, id, scope, scope.depth - top, &kinds)?)?;
    }
    put(PreEscaped("</tbody></table></div></section>".into()))
}

fn row(
    store: &Store,
    id: ConnectionId,
    scope: &Scope,
    depth: u32,
    kinds: &BTreeSet<Slug>,
) -> Result<Markup> {
    let key = scope.listed.key;
    let mut own: BTreeMap<Slug, State> = store
        .integrations(id, key)?
        .into_iter()
        .map(|kept| (kept.slug.clone(), kept.known.state()))
        .collect();
    if scope.listed_at.is_none() && key != ScopeKey::INSTANCE {
        // A blank would say that it sets nothing.
        for kind in kinds.iter().filter(|kind| is_for_groups(kind)) {
            own.entry(kind.clone()).or_insert(State::Unknown);
        }
    }
    let mut custom: BTreeMap<Slug, u32> = BTreeMap::new();
    for count in store.counts(id, key)? {
        if count.state == State::Custom {
            *custom.entry(count.slug).or_default() += count.n;
        }
    }
    Ok(html! {
        tr {
            th scope="row" style=(format!("padding-left:{}px", 8 + 16 * depth)) {
                bdi { (if key == ScopeKey::INSTANCE { "Instance" } else { &scope.listed.name }) }
            }
            @for kind in kinds {
                td {
                    @if let Some(state) = own.get(kind) {
                        span title=(state.label()) class=(state.label()) { (state.mark()) }
                    }
                    @if let Some(n) = custom.get(kind) { " " (n) }
                }
            }
        }
    })
}

fn is_for_groups(kind: &Slug) -> bool {
    catalog::find(kind).is_none_or(|integration| integration.levels.group)
}
