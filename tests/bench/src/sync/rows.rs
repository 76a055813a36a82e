//! What a client ended with: every active integration of every group and project.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use heirloom_core::catalog::allowed;
use heirloom_core::ids::Slug;
use heirloom_core::value::Value;
use heirloom_simulator::Level;
use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};

/// A row's place: level, GitLab's id, slug.
pub type Place = (Level, u64, String);

/// One active row.
#[derive(Debug, Clone)]
pub struct Row {
    /// GitLab's `inherited`.
    pub inherited: bool,
    /// Its settings, typed; none = the client has none for it.
    pub values: Option<Values>,
    /// How the client came to them.
    pub held: Held,
}

/// Settings by name, secrets left out: GitLab does not return them.
pub type Values = BTreeMap<String, Value>;

/// How a client came to a row's settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// It asked for them.
    Read,
    /// They are the source's: the flags are equal, and the row is not older than its source.
    Established,
    /// They are the source's, and said to be not read.
    SaidUnread,
}

/// Rows by their place.
#[derive(Debug, Clone, Default)]
pub struct Rows(pub BTreeMap<Place, Row>);

impl Rows {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Over (scope, slug, active, inherited): equal for clients that saw the same. All are active.
    pub fn checksum(&self) -> String {
        let mut sum = Sha256::new();
        for ((level, id, slug), row) in &self.0 {
            sum.update(format!("{level:?} {id} {slug} true {}\n", row.inherited));
        }
        sum.finalize().iter().take(6).fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// How many rows' settings were come by in this way.
    pub fn held(&self, held: Held) -> usize {
        self.0.values().filter(|row| row.values.is_some() && row.held == held).count()
    }

    /// How many settings are held that have a value.
    pub fn values(&self) -> usize {
        self.0.values().filter_map(|row| row.values.as_ref()).map(|them| set(them).count()).sum()
    }

    /// Settings that another client read and this one has not.
    pub fn without(&self, other: &Self) -> usize {
        let mut missing = 0;
        for (place, theirs) in &other.0 {
            let own = self.0.get(place).and_then(|row| row.values.as_ref());
            let theirs = theirs.values.iter().flat_map(set);
            missing += theirs.filter(|name| own.is_none_or(|own| !own.contains_key(*name))).count();
        }
        missing
    }
}

fn set(values: &Values) -> impl Iterator<Item = &String> {
    values.iter().filter(|(_, value)| !matches!(value, Value::Unset)).map(|(name, _)| name)
}

/// Settings as the product types them, so that two clients' are compared by meaning.
pub fn typed(slug: &str, fields: &Map<String, Json>) -> Values {
    Slug::new(slug).map(|slug| allowed::readable(&slug, fields)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rows(inherited: bool, fields: &Json) -> Rows {
        let values = typed("external-wiki", fields.as_object().expect("an object"));
        let row = Row { inherited, values: Some(values), held: Held::Read };
        Rows([((Level::Project, 7, "external-wiki".to_owned()), row)].into())
    }

    #[test]
    fn the_checksum_tells_an_inherited_row_from_a_custom_one() {
        let fields = json!({});
        let (one, other) = (rows(true, &fields), rows(false, &fields));
        assert_ne!(one.checksum(), other.checksum(), "the link is part of it");
        assert_eq!(one.checksum(), rows(true, &fields).checksum(), "and nothing by chance");
    }

    #[test]
    fn a_setting_that_only_the_other_read_is_counted() {
        let whole = rows(true, &json!({ "external_wiki_url": "https://wiki.example" }));
        let empty = rows(true, &json!({ "external_wiki_url": null }));
        assert_eq!((whole.values(), empty.values()), (1, 0), "never set is no value");
        assert_eq!(rows(true, &json!({})).without(&whole), 1, "one is missing");
        assert_eq!(whole.without(&whole), 0, "none is missing");
    }
}
