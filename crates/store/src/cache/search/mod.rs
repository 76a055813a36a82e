//! Finding scopes by name and path, and rows by their values.
//!
//! Any part of a text is found, whatever its case, through SQLite's full-text index of threes
//! (FTS5, trigram). Texts are put in small letters here, the same way on both sides. What is
//! shorter than three characters is found at the start of names, paths and values.

mod dictionary;
mod scopes;
mod together;
mod values;

use heirloom_core::ids::{ConnectionId, Slug};
use heirloom_core::value::Value;
use rusqlite::{Connection, params};

pub(crate) use dictionary::{Dictionary, hash, holding, remove};
pub use together::{SharedValue, SharedValues};

use super::scopes::Scope;
use crate::{Result, Store};

/// Matches are counted so far and no further: what is typed is answered at once, and nobody reads
/// more.
pub const COUNTED: u32 = 200;

/// How many matches there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// So many, [`COUNTED`] at most.
    pub n: u32,
    /// There are more than that.
    pub more: bool,
}

impl Total {
    fn of(counted: usize) -> Self {
        let n = u32::try_from(counted).unwrap_or(u32::MAX);
        Self { n: n.min(COUNTED), more: n > COUNTED }
    }
}

/// What a text was found in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Scopes: whose name is the text, begins with it, holds it, then those by path.
    pub scopes: Vec<Scope>,
    /// Values that rows have of their own.
    pub values: Vec<ValueHit>,
    /// All scopes.
    pub total_scopes: Total,
    /// All values.
    pub total_values: Total,
}

/// A value that holds the text. Rows that inherit it without differing are no hits of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueHit {
    /// Where.
    pub scope: Scope,
    /// Which integration.
    pub slug: Slug,
    /// Which field.
    pub field: String,
    /// Its value.
    pub value: Value,
    /// How many rows inherit it from here.
    pub inheritors: u32,
}

impl Store {
    /// Finds a text in names, paths and values that are no secrets: so many of each at most.
    /// Less than three characters are found at the start only.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn find(&self, connection: ConnectionId, text: &str, limit: u32) -> Result<Found> {
        let text = sought(text);
        self.read(|db| {
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            let (total_scopes, found) = scopes::best(&db.cache, connection, &text, limit)?;
            let (total_values, values) = values::find(&db.cache, connection, &text, limit)?;
            let scopes = found.into_iter().map(|found| found.scope).collect();
            Ok(Found { scopes, values, total_scopes, total_values })
        })
    }

    /// The scopes of [`Store::find`] alone.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn find_scopes(
        &self,
        connection: ConnectionId,
        text: &str,
        limit: u32,
    ) -> Result<(Total, Vec<Scope>)> {
        let text = sought(text);
        self.read(|db| {
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            let (total, found) = scopes::best(&db.cache, connection, &text, limit)?;
            Ok((total, found.into_iter().map(|found| found.scope).collect()))
        })
    }

    /// The scopes of [`Store::find`], in tree order, with how many there are. No text: all scopes,
    /// from the first on.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn search_scopes(
        &self,
        connection: ConnectionId,
        text: &str,
        limit: u32,
    ) -> Result<(Total, Vec<Scope>)> {
        let text = sought(text);
        self.read(|db| {
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            let (total, mut found) = if text.is_empty() {
                scopes::first(&db.cache, connection, limit)?
            } else {
                scopes::best(&db.cache, connection, &text, limit)?
            };
            found.sort_by_key(|found| found.pre);
            Ok((total, found.into_iter().map(|found| found.scope).collect()))
        })
    }
}

/// A text as it is looked for. Line ends part names from paths, so none can be looked for.
pub(crate) fn sought(text: &str) -> String {
    text.trim().to_lowercase().chars().filter(|it| !it.is_control()).collect()
}

/// Long enough for the index of threes.
pub(crate) fn has_threes(text: &str) -> bool {
    text.chars().nth(2).is_some()
}

/// The text as one phrase, so that nothing in it is an operator.
pub(crate) fn phrase(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Whether a scope could be found before.
#[derive(Clone, Copy)]
pub(crate) enum Indexed {
    /// It could not.
    New,
    /// By another name or path.
    Again,
}

/// Makes a scope findable by its name and path, in small letters.
pub(crate) fn index_scope(
    cache: &Connection,
    scope: i64,
    name_key: &str,
    path_key: &str,
    how: Indexed,
) -> Result<()> {
    let text = if path_key.contains(name_key) {
        path_key.to_owned()
    } else {
        format!("{name_key}\n{path_key}")
    };
    // Replacing looks for what was there in every part of the index: new scopes are spared that.
    let sql = match how {
        Indexed::New => "INSERT INTO scope_text (rowid, text) VALUES (?1, ?2)",
        Indexed::Again => "INSERT OR REPLACE INTO scope_text (rowid, text) VALUES (?1, ?2)",
    };
    cache.prepare_cached(sql)?.execute(params![scope, text])?;
    Ok(())
}

/// What of a value can be looked for: no check boxes.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Unset | Value::Empty | Value::Bool(_) => Vec::new(),
        Value::Integer(number) => vec![number.to_string()],
        Value::Text(text) => vec![text.clone()],
        Value::List(items) => items.clone(),
    }
}

/// Whether a value holds a text that is in small letters, or begins with it where it is short.
pub(crate) fn holds(value: &Value, text: &str) -> bool {
    let is_long = has_threes(text);
    texts(value)
        .iter()
        .map(|it| it.to_lowercase())
        .any(|it| if is_long { it.contains(text) } else { it.starts_with(text) })
}
