//! Who has settings other than the default: on purpose, or because GitLab did not copy it.

use std::borrow::Cow;

use heirloom_core::catalog;
use heirloom_core::ids::{ConnectionId, ScopeKey};
use heirloom_core::row::State;
use heirloom_core::settings::{Have, Known, Pair, Side, Verdict, compare};
use heirloom_core::value::flag_label;
use heirloom_store::Store;
use heirloom_store::cache::integrations::Kept;
use maud::{Markup, PreEscaped, html};

use super::title;
use crate::Result;
use crate::export::rows::{Above, Estate};

pub(super) fn write(
    store: &Store,
    id: ConnectionId,
    estate: &Estate,
    put: &mut impl FnMut(Markup) -> Result<()>,
) -> Result<()> {
    put(html! {
        (PreEscaped("<section>"))
        h2 { "Overrides" }
        p.note {
            "Custom settings below a default, and inherited ones that GitLab left behind it, with \
             what differs: the default, then the scope’s own."
        }
        (PreEscaped("<table>"))
        thead { tr { th { "Scope" } th { "Integration" } th { "State" } th { "Default from" } th { "Differs" } } }
        (PreEscaped("<tbody>"))
    })?;
    let (mut any, mut below_unread, mut untold) = (false, 0_u32, 0_u32);
    let mut wrong = None;
    estate.visit(store, id, |kept, row| {
        let state = kept.known.state();
        let overrides = matches!(state, State::Custom | State::InheritedDiffers);
        untold += u32::from(state == State::Unknown);
        if !overrides || kept.scope == ScopeKey::INSTANCE || wrong.is_some() {
            return Ok(());
        }
        let default = match estate.default_above(kept.scope, &kept.slug) {
            Above::Default(default) => default,
            Above::Nothing => return Ok(()),
            Above::Unknown => {
                below_unread += u32::from(state == State::Custom);
                return Ok(());
            }
        };
        any = true;
        let from = estate.places.get(&default.scope).map_or("", |place| place.path.as_str());
        let line = html! {
            tr {
                th scope="row" { bdi { (row.path) } }
                td { (title(&kept.slug)) }
                td { span class=(state.label()) { (state.mark()) " " (state.label()) } }
                td { bdi { (from) } }
                td { (differing(default, kept)) }
            }
        };
        wrong = put(line).err();
        Ok(())
    })?;
    if let Some(error) = wrong {
        return Err(error);
    }
    let unknown = below_unread + untold > 0;
    if !any {
        put(html! {
            tr {
                td colspan="5" {
                    "Nobody has settings other than the default"
                    @if unknown { ", as far as could be read" }
                    "."
                }
            }
        })?;
    }
    put(html! {
        (PreEscaped("</tbody></table>"))
        @if below_unread > 0 {
            p {
                (below_unread) " integrations with custom settings stand below groups that could not be \
                 read: whether they override a default is not known."
            }
        }
        @if untold > 0 {
            p {
                "Of " (untold) " integrations GitLab does not tell whether they have custom settings."
            }
        }
        (PreEscaped("</section>"))
    })
}

fn differing(default: &Kept, own: &Kept) -> Markup {
    let (Some(theirs), Some(ours)) = (default.settings(), own.settings()) else {
        return html! { "not read" };
    };
    let pairs = compare(catalog::find(&own.slug), Have::Read(&theirs), Have::Read(&ours));
    let differing: Vec<&Pair> =
        pairs.iter().filter(|pair| pair.verdict == Verdict::Differs).collect();
    html! {
        @if differing.is_empty() {
            "nothing that can be seen"
        } @else {
            dl {
                @for pair in differing {
                    dt { (name(pair)) }
                    dd { del { (side(&pair.sides.default)) } " " ins { (side(&pair.sides.own)) } }
                }
            }
        }
    }
}

fn name(pair: &Pair) -> &str {
    match pair.known {
        Some(Known::Field(field)) => field.title,
        Some(Known::Event(event)) => event.title,
        None => &pair.name,
    }
}

fn side(side: &Side) -> Cow<'_, str> {
    match side {
        Side::Value(value) => value.label(),
        Side::Flag(flag) => flag_label(*flag).into(),
        Side::Hidden => "hidden".into(),
        Side::Unread => "not read".into(),
        Side::Absent => "nothing".into(),
    }
}
