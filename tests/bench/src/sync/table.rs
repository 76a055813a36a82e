//! The table, as it is printed and kept.

use std::fmt::Write as _;

use super::rows::Held;
use super::{Measured, Options, Run};
use crate::limit::Limit;
use crate::machine;

/// The whole report.
pub fn of(options: &Options, machine: &str, measured: &Measured, limits: &[Limit]) -> String {
    let mut text = format!("# Sync\n\n{}, {machine}.\n", machine::today());
    let _ = writeln!(
        text,
        "{} projects, {} groups, {} active integrations a project of which {} in a hundred are \
         custom, {} ms latency. One simulator in a process of its own, and every client reads all \
         groups and projects, every active integration with its state and its settings.\n",
        options.projects,
        options.groups,
        options.active_per_project,
        options.custom_percent,
        options.latency_ms
    );
    text.push_str(&clients(measured));
    text.push_str(&holdings(measured));
    text.push_str(&terms(measured));
    text.push_str(&politeness(options, measured));
    text.push_str(&verdicts(limits));
    text
}

fn clients(measured: &Measured) -> String {
    let mut text = String::from(
        "| client | | requests | seconds | requests/s | rows | settings | checksum | peak MB | \
         × fastest peer |\n|---|---|--:|--:|--:|--:|--:|---|--:|--:|\n",
    );
    for run in measured.peers.iter().chain([&measured.fixed, &measured.adaptive]) {
        let faster = measured.fastest().map(|peer| peer.seconds / run.seconds);
        let _ = writeln!(
            text,
            "| {} {} | {} | {} | {:.1} | {:.0} | {} | {} | `{}` | {} | {} |",
            run.name,
            run.version,
            run.in_flight,
            run.requests,
            run.seconds,
            run.requests as f64 / run.seconds,
            run.rows.len(),
            run.rows.values(),
            run.rows.checksum(),
            run.peak.map_or_else(|| "–".to_owned(), |peak| format!("{:.0}", peak as f64 / 1e6)),
            faster.map_or_else(|| "–".to_owned(), |faster| format!("{faster:.2}")),
        );
    }
    text.push_str(
        "\nThe checksum is over (scope, slug, active, inherited) and equals the server's own. \
         Settings are those with a value; each client's were compared with the server's. Requests \
         are as the server counted them.\n\n",
    );
    text
}

/// Which settings nobody asked for.
fn holdings(measured: &Measured) -> String {
    let rows = &measured.adaptive.rows;
    format!(
        "Of its {} rows Heirloom asked for the settings of {}. For {} it did not: flags equal to \
         the source's and a row no older prove that they are the source's. For {} that proves \
         nothing (the settings lie beside the row, or the source is the instance, whose default no \
         token can read): they are shown with the source's settings and said to be unread. The \
         peers read every one.\n\n",
        rows.len(),
        rows.held(Held::Read),
        rows.held(Held::Established),
        rows.held(Held::SaidUnread),
    )
}

fn terms(measured: &Measured) -> String {
    let (first, second) = (measured.first, measured.second);
    let mut text = String::from("| term | first sync | second, 1 % changed |\n|---|--:|--:|\n");
    let none = || "–".to_owned();
    for (term, of_first, of_second) in [
        ("pages of groups and projects", first.pages.to_string(), second.pages.to_string()),
        ("scopes", first.scopes.to_string(), second.scopes.to_string()),
        ("custom rows", first.custom.to_string(), none()),
        ("chain questions", first.questions.to_string(), none()),
        ("doubtful inheritors: groups, all of them", first.of_groups.to_string(), none()),
        ("doubtful inheritors: projects", first.of_projects.to_string(), none()),
        ("instance kinds", first.kinds.to_string(), none()),
        ("changed rows", none(), second.changed.to_string()),
        ("custom rows whose settings lie beside the row", none(), second.beside.to_string()),
        ("**sum**", first.total().to_string(), second.total().to_string()),
        (
            "**requests**",
            measured.adaptive.requests.to_string(),
            measured.again.requests.to_string(),
        ),
        (
            "seconds",
            format!("{:.1}", measured.adaptive.seconds),
            format!("{:.1}", measured.again.seconds),
        ),
    ] {
        let _ = writeln!(text, "| {term} | {of_first} | {of_second} |");
    }
    let _ = writeln!(text, "\nRequests of the first, by kind: {}.", kinds(&measured.adaptive));
    let _ = writeln!(text, "Requests of the second: {}.\n", kinds(&measured.again));
    text.push_str("| seconds by phase | |\n|---|---|\n");
    for (name, run) in [
        ("first sync, fixed", &measured.fixed),
        ("first sync, adaptive", &measured.adaptive),
        ("second sync, adaptive", &measured.again),
    ] {
        let phases = run.phases.iter().map(|(phase, seconds)| format!("{phase} {seconds:.1}"));
        let _ = writeln!(text, "| {name} | {} |", phases.collect::<Vec<_>>().join(", "));
    }
    text.push('\n');
    text
}

fn kinds(run: &Run) -> String {
    run.by_kind.iter().map(|(kind, n)| format!("{kind} {n}")).collect::<Vec<_>>().join(", ")
}

fn politeness(options: &Options, measured: &Measured) -> String {
    let felt = &measured.polite;
    format!(
        "Another client of a server with {} workers: p95 {:.1} ms alone ({} requests), {:.1} ms \
         during our sync of {:.1} s ({} requests).\n\n",
        options.workers,
        felt.alone.as_secs_f64() * 1e3,
        felt.samples.0,
        felt.during.as_secs_f64() * 1e3,
        felt.seconds,
        felt.samples.1,
    )
}

fn verdicts(limits: &[Limit]) -> String {
    let mut text = String::from("| promised | measured | must be | |\n|---|--:|---|---|\n");
    for limit in limits {
        let (shown, verdict) = (limit.shown(), limit.verdict());
        let _ = writeln!(text, "| {} | {shown} | {} | {verdict} |", limit.what, limit.bound);
    }
    text
}
