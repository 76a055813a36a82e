//! Integration rows (contract, section 2: IntegrationBasic and Integration).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use heirloom_core::ids::Slug;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::decode::decode;
use crate::Problem;
use crate::http::text::clean;

/// One row of a scope's list: everything but the values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntegrationRow {
    /// The row's own id, not the scope's.
    pub id: u64,
    /// Which integration.
    pub slug: Slug,
    /// GitLab's name for people; may be in the server's language.
    pub title: String,
    /// Switched on. Lists hold active rows only.
    pub active: bool,
    /// Linked to a default above. `None` below 17.3, where GitLab does not say.
    pub inherited: Option<bool>,
    /// When the row came to be.
    pub created_at: Option<Timestamp>,
    /// When the row itself last changed. Does not move when only data beside the row changes
    /// (Jira, issue trackers, ZenTao).
    pub updated_at: Option<Timestamp>,
    /// Every trigger event the server names, by GitLab's own key, and `comment_on_event_enabled`.
    pub events: BTreeMap<String, bool>,
}

/// One row with its values.
#[derive(Clone, PartialEq, Eq)]
pub struct IntegrationDetail {
    /// Everything a list says too.
    pub row: IntegrationRow,
    /// The values GitLab returns. Some private keys come back in clear (contract, section 2), so
    /// they pass the catalog's allow-list before they are kept, and are never printed.
    pub properties: Map<String, Json>,
}

impl fmt::Debug for IntegrationDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntegrationDetail")
            .field("row", &self.row)
            .field("properties", &format_args!("{} hidden", self.properties.len()))
            .finish()
    }
}

#[derive(Deserialize)]
struct Columns {
    id: u64,
    slug: Slug,
    #[serde(default)]
    title: Option<String>,
    active: bool,
    #[serde(default)]
    inherited: Option<bool>,
    #[serde(default)]
    created_at: Option<Timestamp>,
    #[serde(default)]
    updated_at: Option<Timestamp>,
}

impl IntegrationRow {
    /// Reads one row; keys it does not know are left alone.
    pub(crate) fn decode(json: Json) -> Result<Self, Problem> {
        let events = events(&json)?;
        let columns: Columns = decode(json)?;
        Ok(Self {
            id: columns.id,
            slug: columns.slug,
            title: columns.title.unwrap_or_default(),
            active: columns.active,
            inherited: columns.inherited,
            created_at: columns.created_at,
            updated_at: columns.updated_at,
            events,
        })
    }

    /// Reads a scope's list. A kind can stand in it only once.
    pub(crate) fn decode_list(json: Json) -> Result<Vec<Self>, Problem> {
        let items: Vec<Json> = decode(json)?;
        let mut seen = BTreeSet::new();
        let mut rows = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let row = Self::decode(item).map_err(|why| why.within(index))?;
            if !seen.insert(row.slug.clone()) {
                return Err(Problem::Decode {
                    field: format!("[{index}].slug"),
                    detail: "the same one came before".to_owned(),
                });
            }
            rows.push(row);
        }
        Ok(rows)
    }
}

impl IntegrationDetail {
    /// Reads one row with its values.
    pub(crate) fn decode(mut json: Json) -> Result<Self, Problem> {
        let properties = match json.get_mut("properties").map(Json::take) {
            Some(Json::Object(properties)) => properties,
            Some(Json::Null) => Map::new(),
            Some(Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_)) => {
                return Err(Problem::Decode {
                    field: "properties".to_owned(),
                    detail: "not an object".to_owned(),
                });
            }
            None => {
                return Err(Problem::Decode {
                    field: ".".to_owned(),
                    detail: "missing field `properties`".to_owned(),
                });
            }
        };
        Ok(Self { row: IntegrationRow::decode(json)?, properties })
    }
}

fn events(json: &Json) -> Result<BTreeMap<String, bool>, Problem> {
    let Json::Object(keys) = json else {
        return Err(Problem::Decode { field: ".".to_owned(), detail: "not an object".to_owned() });
    };
    let mut events = BTreeMap::new();
    for (key, value) in keys {
        if !key.ends_with("_events") && key != "comment_on_event_enabled" {
            continue;
        }
        match value {
            Json::Bool(flag) => {
                events.insert(key.clone(), *flag);
            }
            // Not every kind has every event.
            Json::Null => {}
            Json::Number(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => {
                return Err(Problem::Decode {
                    field: clean(key),
                    detail: "neither true nor false".to_owned(),
                });
            }
        }
    }
    Ok(events)
}

impl Problem {
    /// Says which item of a list a decoding problem belongs to.
    pub(super) fn within(self, index: usize) -> Self {
        match self {
            Self::Decode { field, detail } if field == "." => {
                Self::Decode { field: format!("[{index}]"), detail }
            }
            Self::Decode { field, detail } => {
                Self::Decode { field: format!("[{index}].{field}"), detail }
            }
            other => other,
        }
    }
}
