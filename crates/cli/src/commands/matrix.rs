//! `matrix`.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::row::{Agrees, Source, State};
use heirloom_engine::Engine;
use heirloom_engine::export::ScopeId;
use heirloom_engine::query::table::{MatrixCell, MatrixRow, ScopeFilter};
use jiff::Timestamp;
use serde::Serialize;

use crate::args::{Archived, Common, Matrix, Only};
use crate::desk;
use crate::exit::{Exit, Result};
use crate::output::{self, line};

/// Rows asked for at once.
const WINDOW: u32 = 500;

#[derive(Serialize)]
struct Shape<'a> {
    total: u32,
    slugs: &'a [Slug],
    rows: Vec<Line<'a>>,
}

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
    let (total, rows) = rows(&engine, id, &filter, arguments.limit.unwrap_or(u32::MAX)).await?;
    if common.json {
        let sources = sources(&engine, id, &rows).await?;
        output::json(&Shape {
            total,
            slugs: &filter.slugs,
            rows: rows.iter().map(|row| shape(row, &sources)).collect(),
        })?;
    } else {
        text(total, &filter.slugs, &rows)?;
    }
    Ok(Exit::Done)
}

async fn rows(
    engine: &Engine,
    id: ConnectionId,
    filter: &ScopeFilter,
    limit: u32,
) -> Result<(u32, Vec<MatrixRow>)> {
    let mut rows = Vec::new();
    loop {
        let read = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let wanted = WINDOW.min(limit - read);
        let window = engine.table(id, filter.clone(), read, wanted).await?;
        let ended = window.rows.is_empty();
        rows.extend(window.rows);
        if ended || u32::try_from(rows.len()).is_ok_and(|read| read >= window.total.min(limit)) {
            return Ok((window.total, rows));
        }
    }
}

const fn source_of(cell: &MatrixCell) -> Option<ScopeKey> {
    match cell.source {
        Some(Source::Scope { key, .. }) => Some(key),
        Some(Source::NotVisible(_) | Source::NotAsked(_)) | None => None,
    }
}

/// The scopes that defaults come from: few, and not all of them are among the rows.
async fn sources(
    engine: &Engine,
    id: ConnectionId,
    rows: &[MatrixRow],
) -> Result<BTreeMap<ScopeKey, ScopeId>> {
    let mut named = BTreeMap::new();
    for key in rows.iter().flat_map(|row| &row.cells).filter_map(source_of) {
        if let Entry::Vacant(new) = named.entry(key)
            && let Some(node) = engine.tree_path(id, key).await?.pop()
        {
            new.insert(ScopeId::of(&node.scope));
        }
    }
    Ok(named)
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
fn text(total: u32, kinds: &[Slug], rows: &[MatrixRow]) -> Result<()> {
    if rows.is_empty() {
        line("No scope is so")?;
        return Ok(());
    }
    for (number, slug) in (1..).zip(kinds) {
        line(format!("{number:>3}  {slug}"))?;
    }
    line("")?;
    let top = rows.iter().map(|row| row.scope.depth).min().unwrap_or_default();
    let numbers = (1..=kinds.len()).map(|number| number.to_string());
    let mut table = vec![std::iter::once("SCOPE".to_owned()).chain(numbers).collect::<Vec<_>>()];
    for row in rows {
        let indent = "  ".repeat(row.scope.depth.saturating_sub(top) as usize);
        let cells = row.cells.iter().map(cell);
        table.push(std::iter::once(format!("{indent}{}", name(row))).chain(cells).collect());
    }
    for text in output::columns(&table) {
        line(text)?;
    }
    line("")?;
    let legend = State::ALL.map(|state| format!("{} {}", state.mark(), state.label()));
    line(legend.join("   "))?;
    line("A number: so many scopes below have custom settings")?;
    if usize::try_from(total).is_ok_and(|total| total > rows.len()) {
        output::note(format!("{} of {total} scopes; --limit shows more", rows.len()));
    }
    Ok(())
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
