//! What changed, as a file: for programs (JSON) and for spreadsheets (CSV).

use std::io::{self, Write};
use std::path::PathBuf;

use heirloom_core::ids::{ConnectionId, Slug};
use heirloom_store::app::connections::Connection;
use heirloom_store::app::history::{Change, HistoryFilter, Side, SyncId, What};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::csv::harmless;
use super::json::Head;
use super::{ScopeId, failed, field_json, file};
use crate::query::drift::{kind_label, side_label, visit_history, what_label};
use crate::{Engine, Result, json};

/// What a file of changes looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangesFormat {
    /// `{"instance", "exported_at", "since", "until", "changes"}`, latest first.
    Json,
    /// One line per change, latest first.
    Csv,
}

impl ChangesFormat {
    /// What a file of it is called.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }
}

/// A change without its scope, for other programs.
#[derive(Serialize)]
pub struct ChangeRecord<'a> {
    at: Timestamp,
    slug: Option<&'a Slug>,
    what: String,
    before: Option<Json>,
    after: Option<Json>,
    sync: Option<i64>,
    run: Option<u32>,
}

impl<'a> ChangeRecord<'a> {
    /// What is told of a change.
    pub fn of(change: &'a Change) -> Self {
        let side = |side: &Side| match (side, &change.what, &change.slug) {
            (Side::Source { scope, path }, _, _) => Some(json!(ScopeId::at(*scope, path))),
            (Side::Value(value), What::Field(name), Some(slug)) => {
                Some(field_json(slug, name, value))
            }
            (side, _, _) => side.to_json(),
        };
        Self {
            at: change.at,
            slug: change.slug.as_ref(),
            what: change.what.name(),
            before: side(&change.before),
            after: side(&change.after),
            sync: change.sync.map(SyncId::number),
            run: change.by.map(|run| run.0),
        }
    }
}

#[derive(Serialize)]
struct Line<'a> {
    scope: ScopeId,
    #[serde(flatten)]
    change: ChangeRecord<'a>,
}

const HEAD: [&str; 12] = [
    "noticed_at",
    "level",
    "id",
    "path",
    "integration",
    "title",
    "what",
    "setting",
    "before",
    "after",
    "sync",
    "run",
];

impl Engine {
    /// Writes what changed, as far as a filter lets it through and until now, to a file that only
    /// its owner can read. A failure leaves no half a file, and an earlier one as it was.
    ///
    /// # Errors
    /// When the databases cannot be read, or the file cannot be written.
    pub async fn export_changes_to(
        &self,
        id: ConnectionId,
        filter: HistoryFilter,
        format: ChangesFormat,
        path: PathBuf,
    ) -> Result<()> {
        let connection = self.connection(id).await?;
        self.blocking(move |engine| {
            let filter = ended(filter, engine.now());
            file::write(&path, |out| match format {
                ChangesFormat::Json => write_json(engine, &connection, &filter, out),
                ChangesFormat::Csv => write_csv(engine, id, &filter, out),
            })
        })
        .await
    }
}

/// What is noticed meanwhile must not shift what is read. Times are kept in milliseconds.
fn ended(filter: HistoryFilter, now: Timestamp) -> HistoryFilter {
    let until = filter.until.unwrap_or(now + SignedDuration::from_millis(1));
    HistoryFilter { until: Some(until), ..filter }
}

fn write_json(
    engine: &Engine,
    connection: &Connection,
    filter: &HistoryFilter,
    out: &mut impl Write,
) -> Result<()> {
    let head = Head::of(connection);
    out.write_all(b"{\"instance\":")
        .and_then(|()| json::write(out, &head))
        .and_then(|()| write!(out, ",\"exported_at\":\"{}\"", engine.now()))
        .and_then(|()| out.write_all(b",\"since\":"))
        .and_then(|()| json::write(out, &filter.since))
        .and_then(|()| out.write_all(b",\"until\":"))
        .and_then(|()| json::write(out, &filter.until))
        .and_then(|()| out.write_all(b",\"changes\":["))
        .map_err(failed)?;
    let mut first = true;
    visit_history(engine.store(), connection.id, filter, |change| {
        let comma = if std::mem::take(&mut first) { "\n" } else { ",\n" };
        let scope = ScopeId::at(change.scope, &change.path);
        let line = Line { scope, change: ChangeRecord::of(&change) };
        out.write_all(comma.as_bytes()).and_then(|()| json::write(out, &line)).map_err(failed)
    })?;
    out.write_all(b"\n]}\n").map_err(failed)
}

fn write_csv(
    engine: &Engine,
    id: ConnectionId,
    filter: &HistoryFilter,
    out: &mut impl Write,
) -> Result<()> {
    let mut lines = ::csv::Writer::from_writer(out);
    lines.write_record(HEAD).map_err(io::Error::from).map_err(failed)?;
    visit_history(engine.store(), id, filter, |change| {
        let cells = cells(&change).map(|cell| harmless(&cell));
        lines.write_record(cells).map_err(io::Error::from).map_err(failed)
    })?;
    lines.flush().map_err(failed)
}

fn cells(change: &Change) -> [String; 12] {
    let slug = change.slug.as_ref();
    let scope = ScopeId::at(change.scope, &change.path);
    [
        change.at.to_string(),
        scope.level.into(),
        scope.id.to_string(),
        scope.path,
        slug.map_or_else(String::new, Slug::to_string),
        slug.map_or_else(String::new, |slug| kind_label(slug).to_owned()),
        change.what.name(),
        what_label(slug, &change.what),
        side_label(&change.before),
        side_label(&change.after),
        change.sync.map_or_else(String::new, |sync| sync.number().to_string()),
        // GitLab does not say who did it; only our own runs are known.
        change.by.map_or_else(String::new, |run| run.0.to_string()),
    ]
}
