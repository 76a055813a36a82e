//! From JSON to our shapes, with errors that name the field and never its value.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value as Json;

use crate::Problem;
use crate::http::text::clean;

/// What a list tells its items apart by.
pub(crate) trait HasId {
    /// GitLab's id.
    fn id(&self) -> u64;
}

/// Reads one answer.
pub(crate) fn decode<T: DeserializeOwned>(json: Json) -> Result<T, Problem> {
    serde_path_to_error::deserialize(json).map_err(|why| Problem::Decode {
        field: clean(&why.path().to_string()),
        detail: without_values(&why.inner().to_string()),
    })
}

/// Reads a list whose items have ids. The same id twice would make one scope two: refused.
pub(crate) fn decode_list<T: DeserializeOwned + HasId>(json: Json) -> Result<Vec<T>, Problem> {
    let items: Vec<T> = decode(json)?;
    let mut seen = BTreeSet::new();
    match items.iter().position(|item| !seen.insert(item.id())) {
        None => Ok(items),
        Some(index) => Err(Problem::Decode {
            field: format!("[{index}].id"),
            detail: "the same one came before".to_owned(),
        }),
    }
}

/// A day, also where a server gives a time with it.
pub(super) fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    text.map(|text| {
        text.get(..10)
            .and_then(|day| day.parse().ok())
            .ok_or_else(|| serde::de::Error::custom("is not a date"))
    })
    .transpose()
}

/// serde's messages repeat the value they stumbled over (“invalid type: string "…", expected
/// u64”), and a value may be a secret: only its type is kept.
fn without_values(message: &str) -> String {
    match message.rsplit_once(", expected ") {
        Some((got, expected)) => {
            let got = got.split(['`', '"']).next().unwrap_or_default().trim_end();
            clean(&format!("{got}, expected {expected}"))
        }
        None if message.starts_with("missing field")
            || message.starts_with("duplicate field")
            || message == "is not a date" =>
        {
            clean(message)
        }
        None => "has a form that Heirloom does not know".to_owned(),
    }
}
