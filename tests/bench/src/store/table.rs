//! The table, as it is printed and kept.

use std::fmt::Write as _;
use std::time::Duration;

use super::Measured;
use super::ingest::Parts;
use crate::limit::Limit;
use crate::machine;

/// The whole report.
pub fn of(described: &str, measured: &Measured, limits: &[Limit]) -> String {
    let world = measured.world;
    let mut text = format!("# Store\n\n{}, {described}.\n", machine::today());
    let _ = writeln!(
        text,
        "{} groups, {} projects, {} integration rows of which one in ten is custom and read; \
         written as a sync writes, in batches of 256. A first sync and the bare inserts of what it \
         leaves behind are measured {} times in turn, and the best of each counts. Questions are \
         asked through the store's public face, with other parameters each time.\n",
        world.groups, world.projects, world.rows, measured.times
    );
    text.push_str(&writing(measured));
    text.push_str(&asking(measured));
    text.push_str("| promised | measured | must be | |\n|---|--:|---|---|\n");
    for limit in limits {
        let (shown, verdict) = (limit.shown(), limit.verdict());
        let _ = writeln!(text, "| {} | {shown} | {} | {verdict} |", limit.what, limit.bound);
    }
    text
}

fn writing(measured: &Measured) -> String {
    let (first, second, bare) = (measured.first, measured.second, measured.bare);
    let mut text =
        String::from("| writing | first sync, s | second, 1 % changed, s |\n|---|--:|--:|\n");
    for (name, part) in [
        ("scopes, and the tree's order", (|it| it.scopes) as fn(Parts) -> Duration),
        ("lists", |it| it.lists),
        ("values of custom rows", |it| it.values),
        ("sources and agreement", |it| it.links),
        ("the end of the sync", |it| it.end),
        ("**all**", Parts::total),
    ] {
        let seconds = |parts| part(parts).as_secs_f64();
        let _ = writeln!(text, "| {name} | {:.2} | {:.2} |", seconds(first), seconds(second));
    }
    let rows = measured.world.rows as f64;
    let rate = |time: Duration| rows / time.as_secs_f64();
    let _ = writeln!(
        text,
        "\n{:.0} rows/s over a whole first sync, {:.0} rows/s in lists alone. Bare prepared inserts \
         of everything the sync leaves behind, into the same tables with the same indexes: {:.2} s, \
         {:.0} rows/s (of the table of rows alone: {:.2} s). Ratio {:.2}.\n",
        rate(first.total()),
        rate(first.lists),
        bare.all.as_secs_f64(),
        rate(bare.all),
        bare.rows.as_secs_f64(),
        bare.all.as_secs_f64() / first.total().as_secs_f64(),
    );
    let (cache, app, wal) = measured.sizes;
    let mb = |bytes: u64| bytes as f64 / 1e6;
    let _ = writeln!(
        text,
        "cache.sqlite {:.0} MB, app.sqlite {:.1} MB, WAL {:.0} MB when both syncs had ended; peak \
         memory {}; opening the files, with a look at every page, {:.2} s.\n",
        mb(cache),
        mb(app),
        mb(wal),
        measured
            .peak
            .map_or_else(|| "not known".to_owned(), |bytes| format!("{:.0} MB", mb(bytes))),
        measured.opening,
    );
    text
}

fn asking(measured: &Measured) -> String {
    let mut text = String::from(
        "| question | times | p50, ms | p99, ms | longest, ms |\n|---|--:|--:|--:|--:|\n",
    );
    for asked in &measured.asked {
        let _ = writeln!(
            text,
            "| {} | {} | {:.2} | {:.2} | {:.2} |",
            asked.name,
            asked.times.len(),
            asked.percentile(50),
            asked.percentile(99),
            asked.most(),
        );
    }
    text.push('\n');
    text
}
