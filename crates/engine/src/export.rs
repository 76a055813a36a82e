//! The whole local copy as one JSON document (design.md, *heirloomctl*). Never a secret: none is
//! in the cache.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;

use heirloom_core::catalog::{self, FieldType};
use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::row::{Agrees, Known, Link, Row, Source};
use heirloom_core::value::Value;
use heirloom_store::cache::integrations::Kept;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::{Engine, Error, Result, json};

#[derive(Serialize)]
struct Head<'a> {
    url: &'a str,
    version: &'a str,
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

#[derive(Serialize)]
struct ExportRow<'a> {
    level: &'static str,
    id: u64,
    path: &'a str,
    slug: &'a Slug,
    state: &'static str,
    link: Option<&'static str>,
    active: bool,
    agrees: Option<Agrees>,
    source: Option<ScopeId>,
    fields: Option<Map<String, Json>>,
    events: &'a BTreeMap<String, bool>,
    updated_at: Option<Timestamp>,
    read_at: Timestamp,
}

impl Engine {
    /// Writes `{"instance", "exported_at", "rows"}`: one row per integration row that is stored on
    /// GitLab and known here. Inherited values that were not read are the source's; `agrees` says
    /// whether that is established.
    ///
    /// # Errors
    /// When the cache cannot be read, or the writer fails.
    pub async fn export_json<W: Write + Send + 'static>(
        &self,
        id: ConnectionId,
        mut out: W,
    ) -> Result<W> {
        let connection = self.connection(id).await?;
        self.blocking(move |engine| {
            let store = engine.store();
            let head =
                Head { url: &connection.details.base_url, version: &connection.details.version };
            let paths: HashMap<ScopeKey, String> = store
                .scopes(id)?
                .into_iter()
                // What GitLab no longer has is no row that is stored there.
                .filter(|scope| scope.gone_at.is_none())
                .map(|scope| (scope.listed.key, path_of(scope.listed.key, scope.listed.path)))
                .collect();
            let mut defaults: HashMap<(ScopeKey, Slug), BTreeMap<String, Value>> = HashMap::new();
            store.visit_integrations(id, |kept| {
                if kept.inherited() == Some(false)
                    && let Some(fields) = kept.fields
                {
                    defaults.insert((kept.scope, kept.slug), fields);
                }
                Ok(())
            })?;
            let at = engine.now();
            out.write_all(b"{\"instance\":")
                .and_then(|()| json::write(&mut out, &head))
                .and_then(|()| write!(out, ",\"exported_at\":\"{at}\",\"rows\":["))
                .map_err(failed)?;
            let mut wrong = None;
            let mut first = true;
            store.visit_integrations(id, |kept| {
                if wrong.is_none()
                    && let Some(path) = paths.get(&kept.scope)
                    && let Some(row) = export_row(&kept, path, &paths, &defaults)
                {
                    let comma = if std::mem::take(&mut first) { "\n" } else { ",\n" };
                    let written =
                        out.write_all(comma.as_bytes()).and_then(|()| json::write(&mut out, &row));
                    wrong = written.err();
                }
                Ok(())
            })?;
            match wrong {
                Some(error) => Err(failed(error)),
                None => {
                    out.write_all(b"\n]}\n").and_then(|()| out.flush()).map_err(failed)?;
                    Ok(out)
                }
            }
        })
        .await
    }
}

/// How a scope is written for other programs.
pub fn path_of(key: ScopeKey, path: String) -> String {
    if key == ScopeKey::INSTANCE { "instance".into() } else { path }
}

/// Fields in GitLab's own JSON types: what is blank of a list is an empty list.
pub fn fields_json(slug: &Slug, fields: &BTreeMap<String, Value>) -> Map<String, Json> {
    let integration = catalog::find(slug);
    fields
        .iter()
        .map(|(name, value)| {
            let known = integration.and_then(|it| it.field(name));
            let list = known.is_some_and(|field| field.field_type == FieldType::StringArray);
            let json = match value {
                Value::Empty if list => Json::Array(Vec::new()),
                other => other.to_json(),
            };
            (name.clone(), json)
        })
        .collect()
}

fn export_row<'a>(
    kept: &'a Kept,
    path: &'a str,
    paths: &HashMap<ScopeKey, String>,
    defaults: &'a HashMap<(ScopeKey, Slug), BTreeMap<String, Value>>,
) -> Option<ExportRow<'a>> {
    // What was asked and is not set is no stored row.
    let (link, source, agrees) = match &kept.known {
        Known::Row(Row { link: Link::Custom, .. }) => (Some("custom"), None, None),
        Known::Row(Row { link: Link::Inherited { source, agrees }, .. }) => {
            (Some("inherited"), Some(*source), Some(*agrees))
        }
        Known::Unknown(_) => (None, None, None),
        Known::NotSet | Known::Off | Known::Unavailable(_) => return None,
    };
    let source = match source {
        Some(Source::Scope { key, .. }) => Some(key),
        Some(Source::NotVisible(_) | Source::NotAsked(_)) | None => None,
    };
    let assumed = || {
        let key = source.filter(|_| agrees != Some(Agrees::No))?;
        defaults.get(&(key, kept.slug.clone()))
    };
    Some(ExportRow {
        level: kept.scope.level.name(),
        id: kept.scope.id.0,
        path,
        slug: &kept.slug,
        state: kept.known.state().name(),
        link,
        active: kept.active,
        agrees,
        source: source.map(|key| ScopeId {
            level: key.level.name(),
            id: key.id.0,
            path: paths.get(&key).cloned().unwrap_or_default(),
        }),
        fields: kept.fields.as_ref().or_else(assumed).map(|them| fields_json(&kept.slug, them)),
        events: &kept.events,
        updated_at: kept.updated_at,
        read_at: kept.fields_at.unwrap_or(kept.flags_at).max(kept.flags_at),
    })
}

fn failed(source: std::io::Error) -> Error {
    Error::File { path: "the export".into(), source }
}
