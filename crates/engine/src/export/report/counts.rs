//! How many scopes of each kind are in which state.

use std::collections::BTreeMap;

use heirloom_core::row::State;
use heirloom_store::cache::tally::Count;
use maud::{Markup, html};

use super::title;
use crate::export::unread::Unread;

const COLUMNS: [State; 5] =
    [State::Inherited, State::InheritedDiffers, State::Custom, State::Disabled, State::Unknown];

pub(super) fn section(counts: &[Count], unread: &[Unread]) -> Markup {
    let blank = unread.iter().filter(|scope| scope.is_blank()).count();
    let mut kinds: BTreeMap<String, BTreeMap<&str, u32>> = BTreeMap::new();
    for count in counts {
        let kind = kinds.entry(title(&count.slug)).or_default();
        *kind.entry(count.state.label()).or_default() += count.n;
    }
    html! {
        section {
            h2 { "Integrations in use" }
            @if blank > 0 {
                p.note {
                    "Nothing is known of " (blank) " groups and projects: they are in none of these figures."
                }
            }
            @if kinds.is_empty() {
                p { "Nothing is set anywhere, as far as could be read." }
            } @else {
                table {
                    thead {
                        tr {
                            th { "Integration" }
                            @for state in COLUMNS { th.number { (state.mark()) " " (state.label()) } }
                        }
                    }
                    tbody {
                        @for (kind, states) in kinds {
                            tr {
                                th scope="row" { (kind) }
                                @for state in COLUMNS {
                                    td.number {
                                        @if let Some(n) = states.get(state.label()) { (n) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
