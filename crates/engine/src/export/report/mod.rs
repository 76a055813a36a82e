//! For people: one page that can be mailed. It loads nothing and runs nothing.

mod counts;
mod drift;
mod matrix;
mod overrides;

use std::io::Write;

use heirloom_core::ids::{ScopeKey, Slug};
use heirloom_store::app::connections::Connection;
use heirloom_store::cache::scopes::Scope;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::failed;
use super::rows::Estate;
use super::unread::Unread;
use crate::query::drift::kind_label;
use crate::sync::standing::Standing;
use crate::words::plain;
use crate::{Engine, Result, older};

/// What the page may do: nothing but look like something.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action \
                      'none'";

pub(super) fn write(
    engine: &Engine,
    connection: &Connection,
    estate: &Estate,
    out: &mut impl Write,
) -> Result<()> {
    let (store, id) = (engine.store(), connection.id);
    let mut scopes: Vec<Scope> = store.scopes(id)?;
    scopes.retain(|scope| scope.gone_at.is_none() && estate.holds(scope.listed.key));
    let standing = Standing::of(store, id)?;
    let mut counts = store.counts(id, estate.part.below.unwrap_or(ScopeKey::INSTANCE))?;
    counts.retain(|count| estate.holds_kind(&count.slug));
    let mut put =
        |part: Markup| out.write_all(plain(&part.into_string()).as_bytes()).map_err(failed);
    put(head(connection, estate, engine.now(), &standing))?;
    put(counts::section(&counts, &estate.unread))?;
    put(unreadable(&estate.unread))?;
    matrix::write(store, id, &scopes, counts.into_iter().map(|count| count.slug), &mut put)?;
    overrides::write(store, id, estate, &mut put)?;
    drift::write(store, id, &estate.part, engine.now(), &mut put)?;
    put(PreEscaped("</main></body></html>\n".into()))
}

fn head(connection: &Connection, estate: &Estate, now: Timestamp, standing: &Standing) -> Markup {
    let title = format!("Integrations of {}", connection.details.name);
    html! {
        (DOCTYPE)
        // Open until the last section is written.
        (PreEscaped("<html lang=\"en\">"))
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(POLICY);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="generator" content=(concat!("Heirloom ", env!("CARGO_PKG_VERSION")));
            title { (title) }
            style { (PreEscaped(include_str!("report.css"))) }
        }
        (PreEscaped("<body><main>"))
        header {
            h1 { (title) }
            p {
                (connection.details.base_url) ", GitLab " (connection.details.version)
                ". Written " (time(now)) "."
                @if let Some(last) = &standing.last { " Last whole sync " (time(last.finished_at)) "." }
            }
            @for untold in older::untold(&connection.details.version) {
                p.note { strong { (untold) "." } }
            }
            @if let Some(part) = standing.part() { p.note { strong { (part) "." } } }
            @if let Some(root) = estate.part.below.and_then(|root| estate.places.get(&root)) {
                p { "Only " bdi { (root.path) } " and what is below it." }
            }
            @if let Some(slug) = &estate.part.slug {
                p { "Only " (kind_label(slug)) "." }
            }
            p.note { "Secrets are in no export: GitLab never returns them, and Heirloom keeps none." }
        }
    }
}

/// Scopes of which this page can say nothing, or nothing new.
fn unreadable(unread: &[Unread]) -> Markup {
    let failed: Vec<(&Unread, Timestamp)> =
        unread.iter().filter_map(|scope| Some((scope, scope.failed_at?))).collect();
    let waiting = unread.len() - failed.len();
    html! {
        @if !unread.is_empty() {
            section {
                h2 { "Could not be read" }
                @if waiting > 0 {
                    p { (waiting) " groups and projects that no sync has read yet." }
                }
                @if !failed.is_empty() {
                table {
                    thead { tr { th { "Scope" } th { "Why" } th { "When" } th { "Last good reading" } } }
                    tbody {
                        @for (scope, at) in failed {
                            tr {
                                th scope="row" { bdi { (scope.path) } }
                                td { (scope.why) }
                                td { (time(at)) }
                                td { @if let Some(at) = scope.read_at { (time(at)) } @else { "never" } }
                            }
                        }
                    }
                }
                }
            }
        }
    }
}

/// A moment, for people of any place.
fn time(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%-d %b %Y, %H:%M UTC").to_string()
}

fn title(slug: &Slug) -> String {
    kind_label(slug).to_owned()
}
