//! What many integrations have in common: `catalog/shared/fields.toml` and `events.toml`. A field
//! or event named there takes from it whatever its own file does not say.

use std::fs;
use std::path::Path;

use toml::{Table, Value};

pub struct Shared {
    fields: Table,
    events: Table,
}

impl Shared {
    pub fn read(folder: &Path) -> Result<Self, String> {
        Ok(Self {
            fields: table(&folder.join("fields.toml"))?,
            events: table(&folder.join("events.toml"))?,
        })
    }

    /// Fills the gaps of one integration as it is written.
    pub fn complete(&self, mut written: Table) -> Table {
        for (list, known) in [("fields", &self.fields), ("events", &self.events)] {
            if let Some(Value::Array(items)) = written.get_mut(list) {
                items.iter_mut().filter_map(Value::as_table_mut).for_each(|item| fill(item, known));
            }
        }
        written
    }
}

fn fill(item: &mut Table, known: &Table) {
    let common = item.get("name").and_then(Value::as_str).and_then(|name| known.get(name));
    for (key, value) in common.and_then(Value::as_table).into_iter().flatten() {
        if !item.contains_key(key) {
            item.insert(key.clone(), value.clone());
        }
    }
}

fn table(path: &Path) -> Result<Table, String> {
    let say = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| say(&error))?;
    toml::from_str(&text).map_err(|error| say(&error))
}
