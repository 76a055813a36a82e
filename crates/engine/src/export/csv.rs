//! For spreadsheets.

use std::io::{self, Write};

use heirloom_core::catalog;
use heirloom_core::row::{Agrees, Basis, State};
use heirloom_store::app::connections::Connection;
use heirloom_store::cache::integrations::Kept;
use serde_json::Value as Json;

use super::failed;
use super::rows::{Estate, ExportRow};
use super::unread::Unread;
use crate::{Engine, Result, words};

const HEAD: [&str; 17] = [
    "level",
    "id",
    "path",
    "integration",
    "title",
    "state",
    "link",
    "active",
    "agrees",
    "source_level",
    "source_path",
    "basis",
    "settings",
    "events",
    "updated_at",
    "read_at",
    "why",
];

pub(super) fn write(
    engine: &Engine,
    connection: &Connection,
    estate: &Estate,
    out: &mut impl Write,
) -> Result<()> {
    let (store, id) = (engine.store(), connection.id);
    let mut lines = ::csv::Writer::from_writer(out);
    lines.write_record(HEAD).map_err(io::Error::from).map_err(failed)?;
    estate.visit(store, id, |kept, row| {
        let title = catalog::find(&kept.slug)
            .map(|known| known.title)
            .or(kept.title.as_deref())
            .unwrap_or_default();
        let cells = cells(kept, row, title).map(|cell| harmless(&cell));
        lines.write_record(cells).map_err(io::Error::from)
    })?;
    for scope in estate.unread.iter().filter(|scope| scope.is_blank()) {
        let cells = unread(scope).map(|cell| harmless(&cell));
        lines.write_record(cells).map_err(io::Error::from).map_err(failed)?;
    }
    lines.flush().map_err(failed)
}

/// A scope of which nothing could be read: neither on nor off, so that nobody counts it as either.
fn unread(scope: &Unread) -> [String; 17] {
    let mut cells: [String; 17] = Default::default();
    cells[0] = scope.key.level.name().into();
    cells[1] = scope.key.id.to_string();
    cells[2].clone_from(&scope.path);
    cells[5] = State::Unknown.name().into();
    cells[16].clone_from(&scope.why);
    cells
}

fn cells(kept: &Kept, row: &ExportRow<'_>, title: &str) -> [String; 17] {
    let agrees = row.agrees.map_or("", |agrees| match agrees {
        Agrees::Yes => "yes",
        Agrees::No => "no",
        Agrees::Unread => "unread",
    });
    let settings = row.fields.as_ref().map_or_else(String::new, |fields| {
        let each = fields.iter().map(|(name, value)| match value {
            Json::String(text) => format!("{name}: {text}"),
            Json::Null => format!("{name}:"),
            other => format!("{name}: {other}"),
        });
        each.collect::<Vec<_>>().join("\n")
    });
    let events: Vec<&str> =
        row.events.iter().filter(|(_, on)| **on).map(|(name, _)| name.as_str()).collect();
    [
        row.level.into(),
        row.id.to_string(),
        row.path.into(),
        row.slug.to_string(),
        title.into(),
        row.state.into(),
        row.link.unwrap_or_default().into(),
        row.active.to_string(),
        agrees.into(),
        row.source.as_ref().map_or_else(String::new, |source| source.level.into()),
        row.source.as_ref().map_or_else(String::new, |source| source.path.clone()),
        // An instance default is never read.
        match kept.basis {
            Basis::Read => "read".into(),
            Basis::Inferred => "inferred".into(),
        },
        settings,
        events.join(" "),
        row.updated_at.map_or_else(String::new, |at| at.to_string()),
        row.read_at.to_string(),
        row.why.clone().unwrap_or_default(),
    ]
}

/// What begins a formula: in some places the wide forms do as well.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A cell that no spreadsheet takes for a formula, and no terminal for a command.
pub(super) fn harmless(text: &str) -> String {
    let plain = words::plain(text).replace('\t', "");
    if plain.trim_start().starts_with(FORMULA) { format!("'{plain}") } else { plain }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn nothing_a_server_sends_becomes_a_formula() {
        for formula in [
            "=1+1",
            "+A1",
            "-2",
            "@SUM(A1)",
            " =1",
            "\t=1",
            "\r=HYPERLINK(\"x\")",
            "＝1",
            "＋1",
            "－1",
            "＠SUM",
            "\u{202e}=1",
        ] {
            let cell = harmless(formula);
            assert!(cell.starts_with('\''), "{formula:?} is a text: {cell:?}");
        }
        assert_eq!(harmless("acme/platform"), "acme/platform", "the rest stays as it is");
        assert_eq!(harmless("a: 1\nb: 2"), "a: 1\nb: 2", "lines stay apart");
        assert_eq!(harmless("\u{1b}[31mred"), "[31mred", "controls go");
        assert_eq!(harmless("gpj\u{202e}exe"), "gpjexe", "and what turns text around");
    }
}
