//! `drift`.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_engine::Engine;
use heirloom_engine::export::ScopeId;
use heirloom_engine::export::changes::{ChangeRecord, ChangesFormat};
use heirloom_engine::query::drift::{
    Change, DriftCounts, HistoryFilter, KindDrift, SyncDrift, SyncId, kind_label,
};
use jiff::Timestamp;
use serde::Serialize;

use super::changes::{self, cells, end, time, who};
use super::export::not_written;
use crate::args::{ChangesFile, Common, Drift};
use crate::desk;
use crate::exit::{Exit, Failure, Result};
use crate::output::{self, line};

/// Changes by scope, under the path it had last, earliest first.
type ByScope = BTreeMap<(String, ScopeKey), Vec<Change>>;

#[derive(Serialize)]
struct Shape<'a> {
    since: Timestamp,
    until: Timestamp,
    changes: u32,
    by_kind: Vec<Kind<'a>>,
    by_sync: Vec<Sync>,
    scopes: Vec<Of<'a>>,
}

#[derive(Serialize)]
struct Kind<'a> {
    slug: Option<&'a Slug>,
    scopes: u32,
    states: u32,
    settings: u32,
    changes: u32,
}

#[derive(Serialize)]
struct Sync {
    sync: Option<i64>,
    run: Option<u32>,
    at: Timestamp,
    changes: u32,
}

#[derive(Serialize)]
struct Of<'a> {
    scope: ScopeId,
    changes: Vec<ChangeRecord<'a>>,
}

pub async fn run(common: &Common, arguments: &Drift) -> Result {
    let engine = desk::engine(common)?;
    let connection = desk::synced(&engine, common).await?;
    let id = connection.id;
    let since = arguments.since.resolve(&engine, &connection).await?;
    if let Some(path) = &arguments.output {
        return to_file(&engine, id, since, path, arguments.format).await;
    }
    let until = engine.now();
    let counts = engine.drift_counts(id, since).await?;
    let scopes = by_scope(&engine, id, since, until).await?;
    if common.json {
        output::json(&shape(since, until, &counts, &scopes))?;
    } else {
        text(since, &counts, &scopes)?;
    }
    Ok(Exit::Done)
}

async fn to_file(
    engine: &Engine,
    id: ConnectionId,
    since: Timestamp,
    path: &Path,
    format: Option<ChangesFile>,
) -> Result {
    let named = path.extension().and_then(OsStr::to_str);
    let format = match (format, named) {
        (Some(ChangesFile::Json), _) => ChangesFormat::Json,
        (Some(ChangesFile::Csv), _) => ChangesFormat::Csv,
        (None, Some(name)) if name.eq_ignore_ascii_case("json") => ChangesFormat::Json,
        (None, Some(name)) if name.eq_ignore_ascii_case("csv") => ChangesFormat::Csv,
        (None, _) => {
            return Err(Failure::Usage("say what to write: --format csv or --format json".into()));
        }
    };
    let filter = HistoryFilter { since: Some(since), ..HistoryFilter::default() };
    engine.export_changes_to(id, filter, format, path.to_owned()).await.map_err(not_written)?;
    output::note(format!("Written to {}", path.display()));
    Ok(Exit::Done)
}

async fn by_scope(
    engine: &Engine,
    id: ConnectionId,
    since: Timestamp,
    until: Timestamp,
) -> Result<ByScope> {
    let (since, until) = (Some(since), Some(end(until)));
    let filter = HistoryFilter { since, until, ..HistoryFilter::default() };
    let mut found: BTreeMap<ScopeKey, Vec<Change>> = BTreeMap::new();
    for change in changes::changes(engine, id, &filter, u32::MAX).await?.1 {
        found.entry(change.scope).or_default().push(change);
    }
    let named = found.into_iter().map(|(key, mut changes)| {
        let path = changes.first().map(|latest| ScopeId::at(key, &latest.path).path);
        changes.reverse();
        ((path.unwrap_or_default(), key), changes)
    });
    Ok(named.collect())
}

fn shape<'a>(
    since: Timestamp,
    until: Timestamp,
    counts: &'a DriftCounts,
    scopes: &'a ByScope,
) -> Shape<'a> {
    Shape {
        since,
        until,
        changes: total(scopes),
        by_kind: counts.by_kind.iter().map(kind).collect(),
        by_sync: counts.by_sync.iter().map(sync).collect(),
        scopes: scopes
            .iter()
            .map(|((path, key), changes)| Of {
                scope: ScopeId::at(*key, path),
                changes: changes.iter().map(ChangeRecord::of).collect(),
            })
            .collect(),
    }
}

fn total(scopes: &ByScope) -> u32 {
    u32::try_from(scopes.values().map(Vec::len).sum::<usize>()).unwrap_or(u32::MAX)
}

fn kind(kind: &KindDrift) -> Kind<'_> {
    let KindDrift { slug, scopes, states, settings, changes } = kind;
    Kind {
        slug: slug.as_ref(),
        scopes: *scopes,
        states: *states,
        settings: *settings,
        changes: *changes,
    }
}

fn sync(sync: &SyncDrift) -> Sync {
    Sync {
        sync: sync.sync.map(SyncId::number),
        run: sync.by.map(|run| run.0),
        at: sync.at,
        changes: sync.changes,
    }
}

fn text(since: Timestamp, counts: &DriftCounts, scopes: &ByScope) -> Result<()> {
    if scopes.is_empty() {
        line(format!("Nothing changed since {}, as far as was read", time(since)))?;
        return Ok(());
    }
    line(format!(
        "Since {}: {} at {}",
        time(since),
        many(total(scopes), "change"),
        many(u32::try_from(scopes.len()).unwrap_or(u32::MAX), "scope")
    ))?;
    line("")?;
    let rows: Vec<Vec<String>> = counts.by_kind.iter().map(kind_cells).collect();
    for text in output::columns(&rows) {
        line(text)?;
    }
    for ((path, _), changes) in scopes {
        line("")?;
        line(path)?;
        let rows: Vec<Vec<String>> = changes
            .iter()
            .map(|change| {
                let [kind, what, sides] = cells(change);
                vec![format!("  {}", time(change.at)), kind, what, sides, who(change.by)]
            })
            .collect();
        for text in output::columns(&rows) {
            line(text)?;
        }
    }
    Ok(())
}

fn kind_cells(kind: &KindDrift) -> Vec<String> {
    let name = match &kind.slug {
        Some(slug) => kind_label(slug),
        None => "Groups and projects themselves",
    };
    vec![
        name.to_owned(),
        many(kind.changes, "change"),
        format!("at {}", many(kind.scopes, "scope")),
    ]
}

fn many(n: u32, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
