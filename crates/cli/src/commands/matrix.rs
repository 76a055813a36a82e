//! `matrix`.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::row::{Agrees, Source, State};
use heirloom_engine::export::ScopeId;
use heirloom_engine::query::table::{MatrixCell, MatrixRow, ScopeFilter};
use heirloom_engine::{Engine, json};
use jiff::Timestamp;
use serde::Serialize;

use crate::args::{Archived, Common, Matrix, Only};
use crate::desk;
use crate::exit::{Exit, Result};
use crate::output::{self, line};

/// Rows asked for at once.
const WINDOW: u32 = 500;

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    scope: ScopeId,
    depth: u32,
    archived: bool,
    cells: Vec<Cell<'a>>,
}

#[derive(Serialize)]
struct Cell<'a> {
    slug: &'a Slug,
    state: &'static str,
    link: Option<&'static str>,
    agrees: Option<Agrees>,
    source: Option<&'a ScopeId>,
    custom_below: u32,
    inherited_differs_below: u32,
    read_at: Option<Timestamp>,
}

pub async fn run(common: &Common, arguments: Matrix) -> Result {
    let engine = desk::engine(common)?;
    let id = desk::synced(&engine, common).await?.id;
    let root = match &arguments.place.path {
        Some(path) => Some(engine.find_scope(id, path, arguments.place.level).await?.listed.key),
        None => None,
    };
    let mut slugs = Vec::new();
    for text in &arguments.integrations {
        let slug = desk::kind(&engine, id, text).await?;
        if !slugs.contains(&slug) {
            slugs.push(slug);
        }
    }
    if arguments.integrations.is_empty() {
        slugs.extend(engine.kinds_in_use(id, root).await?);
    }
    let filter = ScopeFilter {
        subtree: root,
        slugs,
        states: arguments.states,
        level: arguments.only.map(|only| match only {
            Only::Groups => Level::Group,
            Only::Projects => Level::Project,
        }),
        archived: match arguments.archived {
            Archived::Include => None,
            Archived::Only => Some(true),
            Archived::Exclude => Some(false),
        },
        ..ScopeFilter::default()
    };
    let limit = arguments.limit.unwrap_or(u32::MAX);
    let windows = Windows { engine: &engine, id, filter, limit, read: 0, total: 0 };
    if common.json { as_json(windows).await } else { as_text(windows).await }
}

/// Rows window by window: all of a large estate would not fit into memory.
struct Windows<'a> {
    engine: &'a Engine,
    id: ConnectionId,
    filter: ScopeFilter,
    limit: u32,
    read: u32,
    /// How many the filter lets through; known from the first window on.
    total: u32,
}

impl Windows<'_> {
    /// The next rows; none at the end.
    async fn next(&mut self) -> Result<Vec<MatrixRow>> {
        let wanted = WINDOW.min(self.limit - self.read);
        let window = self.engine.table(self.id, self.filter.clone(), self.read, wanted).await?;
        self.total = window.total;
        self.read += u32::try_from(window.rows.len()).unwrap_or_default();
        Ok(window.rows)
    }
}

async fn as_json(mut windows: Windows<'_>) -> Result {
    let mut rows = windows.next().await?;
    let mut part = format!("{{\"total\":{},\"slugs\":", windows.total).into_bytes();
    json::write(&mut part, &windows.filter.slugs)?;
    part.extend(b",\"rows\":[");
    let mut named = BTreeMap::new();
    let mut first = true;
    while !rows.is_empty() {
        name_sources(windows.engine, windows.id, &rows, &mut named).await?;
        for row in &rows {
            part.extend(if std::mem::take(&mut first) { "\n" } else { ",\n" }.bytes());
            json::write(&mut part, &shape(row, &named))?;
        }
        output::bytes(&std::mem::take(&mut part))?;
        rows = windows.next().await?;
    }
    part.extend(b"\n]}\n");
    output::bytes(&part)?;
    Ok(Exit::Done)
}

const fn source_of(cell: &MatrixCell) -> Option<ScopeKey> {
    match cell.source {
        Some(Source::Scope { key, .. }) => Some(key),
        Some(Source::NotVisible(_) | Source::NotAsked(_)) | None => None,
    }
}

/// Names the scopes that defaults come from: few, and not all of them are among the rows.
async fn name_sources(
    engine: &Engine,
    id: ConnectionId,
    rows: &[MatrixRow],
    named: &mut BTreeMap<ScopeKey, ScopeId>,
) -> Result<()> {
    for key in rows.iter().flat_map(|row| &row.cells).filter_map(source_of) {
        if let Entry::Vacant(new) = named.entry(key)
            && let Some(node) = engine.tree_path(id, key).await?.pop()
        {
            new.insert(ScopeId::of(&node.scope));
        }
    }
    Ok(())
}

fn shape<'a>(row: &'a MatrixRow, sources: &'a BTreeMap<ScopeKey, ScopeId>) -> Line<'a> {
    let cells = row.cells.iter().map(|cell| Cell {
        slug: &cell.slug,
        state: cell.state.name(),
        link: cell.custom.map(|custom| if custom { "custom" } else { "inherited" }),
        agrees: cell.agrees,
        source: source_of(cell).and_then(|key| sources.get(&key)),
        custom_below: cell.custom_below,
        inherited_differs_below: cell.differs_below,
        read_at: cell.read_at,
    });
    Line {
        scope: ScopeId::of(&row.scope),
        depth: row.scope.depth,
        archived: row.scope.listed.archived,
        cells: cells.collect(),
    }
}

/// Columns by number: names would make a table that is wider than any terminal.
async fn as_text(mut windows: Windows<'_>) -> Result {
    let mut rows = windows.next().await?;
    if rows.is_empty() {
        line("No scope is so")?;
        return Ok(Exit::Done);
    }
    for (number, slug) in (1..).zip(&windows.filter.slugs) {
        line(format!("{number:>3}  {slug}"))?;
    }
    line("")?;
    // The first in the tree's order need not be the highest.
    let top = rows.iter().map(|row| row.scope.depth).min().unwrap_or_default();
    let numbers = (1..=windows.filter.slugs.len()).map(|number| number.to_string());
    let mut table = vec![std::iter::once("SCOPE".to_owned()).chain(numbers).collect::<Vec<_>>()];
    while !rows.is_empty() {
        table.extend(rows.iter().map(|row| {
            let indent = "  ".repeat(row.scope.depth.saturating_sub(top) as usize);
            let cells = row.cells.iter().map(cell);
            std::iter::once(format!("{indent}{}", name(row))).chain(cells).collect()
        }));
        rows = windows.next().await?;
    }
    for text in output::columns(&table) {
        line(text)?;
    }
    line("")?;
    let legend = State::ALL.map(|state| format!("{} {}", state.mark(), state.label()));
    line(legend.join("   "))?;
    line("A number: so many scopes below have custom settings")?;
    if windows.total > windows.read {
        let Windows { read, total, .. } = windows;
        output::note(format!("{read} of {total} scopes; --limit shows more"));
    }
    Ok(Exit::Done)
}

/// The whole path: with a filter, what stands above may not be shown.
fn name(row: &MatrixRow) -> String {
    let slash = if row.scope.listed.key.level == Level::Group { "/" } else { "" };
    format!("{}{slash}", ScopeId::of(&row.scope).path)
}

fn cell(cell: &MatrixCell) -> String {
    match cell.custom_below {
        0 => cell.state.mark().to_owned(),
        n => format!("{} {n}", cell.state.mark()),
    }
}
