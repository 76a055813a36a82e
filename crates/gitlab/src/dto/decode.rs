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

    /// Ids of other things it names, with the fields they stand in.
    fn names(&self) -> Vec<(&'static str, u64)>;
}

/// GitLab's ids are positive, and no database counts further than this.
pub(crate) const HIGHEST_ID: u64 = i64::MAX as u64;

fn check_ids(item: &impl HasId) -> Result<(), Problem> {
    let mut all = item.names();
    all.push(("id", item.id()));
    match all.into_iter().find(|(_, id)| !(1..=HIGHEST_ID).contains(id)) {
        None => Ok(()),
        Some((field, _)) => Err(Problem::Decode {
            field: field.to_owned(),
            detail: "is no id that GitLab gives".to_owned(),
        }),
    }
}

/// Reads one answer.
pub(crate) fn decode<T: DeserializeOwned>(json: Json) -> Result<T, Problem> {
    serde_path_to_error::deserialize(json).map_err(|why| Problem::Decode {
        field: clean(&why.path().to_string()),
        detail: without_values(&why.inner().to_string()),
    })
}

/// Reads one answer about something with an id.
pub(crate) fn decode_one<T: DeserializeOwned + HasId>(json: Json) -> Result<T, Problem> {
    let item = decode(json)?;
    check_ids(&item)?;
    Ok(item)
}

/// Reads a list whose items have ids. The same id twice would make one scope two: refused.
pub(crate) fn decode_list<T: DeserializeOwned + HasId>(json: Json) -> Result<Vec<T>, Problem> {
    let (items, mut unreadable) = decode_readable(json)?;
    if unreadable.is_empty() { Ok(items) } else { Err(unreadable.swap_remove(0)) }
}

/// Reads what can be read of such a list, and says what is wrong with the rest.
pub(crate) fn decode_readable<T: DeserializeOwned + HasId>(
    json: Json,
) -> Result<(Vec<T>, Vec<Problem>), Problem> {
    let all: Vec<Json> = decode(json)?;
    let (mut items, mut unreadable) = (Vec::with_capacity(all.len()), Vec::new());
    let mut seen = BTreeSet::new();
    for (index, json) in all.into_iter().enumerate() {
        match decode_one::<T>(json) {
            Ok(item) if seen.insert(item.id()) => items.push(item),
            Ok(_) => unreadable.push(Problem::Decode {
                field: format!("[{index}].id"),
                detail: "the same one came before".to_owned(),
            }),
            Err(problem) => unreadable.push(problem.within(index)),
        }
    }
    Ok((items, unreadable))
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
