//! The local copy as one file: for programs (JSON), for spreadsheets (CSV), for people (HTML).
//! Never a secret: none is in the cache. What a server sends is safe where it lands: escaped in
//! HTML, no formula in a spreadsheet.

pub mod changes;
mod csv;
pub(crate) mod file;
mod json;
mod report;
mod rows;
mod unread;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use heirloom_core::catalog::{self, FieldType};
use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::value::Value;
use heirloom_store::app::connections::Connection;
use heirloom_store::cache::scopes::Scope;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use self::rows::Estate;
use crate::{Engine, Error, Result};

/// What an export looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `{"instance", "exported_at", "synced_at", "complete", "rows", "unread"}` (design.md,
    /// *heirloomctl*): `synced_at` is when the last whole sync ended, and `complete` whether it
    /// read everything and none was begun since; `unread` are the scopes that could not be read,
    /// or were not yet. Of an older server, `untold` says what it keeps to itself.
    Json,
    /// One line per integration row, and one in state *unknown* per scope of which nothing could
    /// be read.
    Csv,
    /// One page that needs nothing but itself: counts, matrix, overrides, changes.
    Html,
}

impl Format {
    /// What a file of it is called.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Html => "html",
        }
    }
}

/// What of the local copy is written; nothing set: all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// At or below this scope.
    pub below: Option<ScopeKey>,
    /// This integration alone.
    pub slug: Option<Slug>,
}

/// A scope, named for other programs.
#[derive(Clone, Debug, Serialize)]
pub struct ScopeId {
    /// Level.
    pub level: &'static str,
    /// GitLab's id; 0 for the instance.
    pub id: u64,
    /// Full path; `instance` for the instance.
    pub path: String,
}

impl ScopeId {
    /// How a scope is named.
    pub fn of(scope: &Scope) -> Self {
        Self::at(scope.listed.key, &scope.listed.path)
    }

    /// A scope under the path it has, or had at a time.
    pub fn at(key: ScopeKey, path: &str) -> Self {
        let path = path_of(key, path.to_owned());
        Self { level: key.level.name(), id: key.id.0, path }
    }
}

impl Engine {
    /// Writes the local copy of a connection, or a part of it: every integration row that is
    /// stored on GitLab and known here. Inherited values that were not read are the source's;
    /// `agrees` says whether that is established.
    ///
    /// # Errors
    /// When the cache cannot be read, or the writer fails.
    pub async fn export<W: Write + Send + 'static>(
        &self,
        id: ConnectionId,
        part: Part,
        format: Format,
        mut out: W,
    ) -> Result<W> {
        let connection = self.connection(id).await?;
        self.blocking(move |engine| {
            write(engine, &connection, &part, format, &mut out)?;
            out.flush().map_err(failed)?;
            Ok(out)
        })
        .await
    }

    /// The same to a file that only its owner can read. A failure leaves no half a file, and an
    /// earlier one as it was.
    ///
    /// # Errors
    /// When the cache cannot be read, or the file cannot be written.
    pub async fn export_to(
        &self,
        id: ConnectionId,
        part: Part,
        format: Format,
        path: PathBuf,
    ) -> Result<()> {
        let connection = self.connection(id).await?;
        self.blocking(move |engine| {
            file::write(&path, |out| write(engine, &connection, &part, format, out))
        })
        .await
    }
}

fn write(
    engine: &Engine,
    connection: &Connection,
    part: &Part,
    format: Format,
    out: &mut impl Write,
) -> Result<()> {
    let estate = Estate::gather(engine.store(), connection.id, part)?;
    match format {
        Format::Json => json::write(engine, connection, &estate, out),
        Format::Csv => csv::write(engine, connection, &estate, out),
        Format::Html => report::write(engine, connection, &estate, out),
    }
}

/// How a scope is written for other programs.
pub fn path_of(key: ScopeKey, path: String) -> String {
    if key == ScopeKey::INSTANCE { "instance".into() } else { path }
}

/// Fields in GitLab's own JSON types: what is blank of a list is an empty list.
pub fn fields_json(slug: &Slug, fields: &BTreeMap<String, Value>) -> Map<String, Json> {
    fields.iter().map(|(name, value)| (name.clone(), field_json(slug, name, value))).collect()
}

/// One field in GitLab's own JSON type.
pub fn field_json(slug: &Slug, name: &str, value: &Value) -> Json {
    let known = catalog::find(slug).and_then(|it| it.field(name));
    let list = known.is_some_and(|field| field.field_type == FieldType::StringArray);
    match value {
        Value::Empty if list => Json::Array(Vec::new()),
        other => other.to_json(),
    }
}

fn failed(source: std::io::Error) -> Error {
    Error::File { path: "the export".into(), source }
}
