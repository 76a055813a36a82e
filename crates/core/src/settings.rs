//! An integration's settings at one scope, and how two of them compare.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::catalog::{Event, Field, Integration};
use crate::value::Value;

/// Settings by name: fields (secrets never among them) and trigger events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Fields GitLab returned and the catalog allows to keep.
    pub fields: BTreeMap<String, Value>,
    /// Trigger events.
    pub events: BTreeMap<String, bool>,
}

/// One setting on two sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// REST parameter.
    pub name: String,
    /// What the catalog says of it; none for what only the server knows.
    pub known: Option<Known>,
    /// The two sides.
    pub sides: Sides,
    /// How they stand.
    pub verdict: Verdict,
}

/// What the catalog says of a setting.
#[derive(Clone, Copy, Debug)]
pub enum Known {
    /// A field.
    Field(&'static Field),
    /// A trigger event.
    Event(&'static Event),
}

impl PartialEq for Known {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Field(a), Self::Field(b)) => std::ptr::eq(*a, *b),
            (Self::Event(a), Self::Event(b)) => std::ptr::eq(*a, *b),
            (Self::Field(_), Self::Event(_)) | (Self::Event(_), Self::Field(_)) => false,
        }
    }
}

impl Eq for Known {}

/// Both sides of a setting: the default's and the scope's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sides {
    /// The default.
    pub default: Side,
    /// The scope's own.
    pub own: Side,
}

/// One side of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// A field's value.
    Value(Value),
    /// An event's flag.
    Flag(bool),
    /// GitLab hides it.
    Hidden,
    /// The row is there, its values were not read.
    Unread,
    /// There is no such side.
    Absent,
}

/// How two sides of a setting stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Equal.
    Same,
    /// Different.
    Differs,
    /// Hidden or unread on a side.
    CannotCompare,
    /// One side is not there.
    OneSided,
}

/// What is there to compare on one side.
#[derive(Clone, Copy, Debug)]
pub enum Have<'a> {
    /// Settings, read.
    Read(&'a Settings),
    /// Flags are known from the list, field values are not.
    FlagsOnly(&'a BTreeMap<String, bool>),
    /// No such side.
    Nothing,
}

/// Puts a default and a scope's own settings side by side, in the catalog's order, what only the
/// server knows at the end. Values are compared by the catalog's types, never as text.
pub fn compare(integration: Option<&Integration>, default: Have<'_>, own: Have<'_>) -> Vec<Pair> {
    let mut pairs = Vec::new();
    if let Some(integration) = integration {
        for field in integration.fields {
            let sides = Sides { default: field_side(field, default), own: field_side(field, own) };
            pairs.push(pair(field.name, Some(Known::Field(field)), sides));
        }
        for event in integration.events {
            let sides = Sides {
                default: event_side(event.name, default),
                own: event_side(event.name, own),
            };
            pairs.push(pair(event.name, Some(Known::Event(event)), sides));
        }
    }
    for name in unknown_fields(integration, default, own) {
        let side = |have: Have<'_>| match have {
            Have::Read(settings) => {
                Side::Value(settings.fields.get(&name).cloned().unwrap_or_default())
            }
            Have::FlagsOnly(_) => Side::Unread,
            Have::Nothing => Side::Absent,
        };
        let sides = Sides { default: side(default), own: side(own) };
        pairs.push(pair(&name, None, sides));
    }
    // Of a kind outside the catalog, any reported event may be one of its own.
    if integration.is_none() {
        for name in reported_events(default, own) {
            let sides = Sides { default: event_side(&name, default), own: event_side(&name, own) };
            pairs.push(pair(&name, None, sides));
        }
    }
    pairs
}

/// Whether two read settings are the same by the catalog; secrets, and events the integration
/// does not have, are left out.
pub fn agree(integration: Option<&Integration>, a: &Settings, b: &Settings) -> bool {
    !compare(integration, Have::Read(a), Have::Read(b))
        .iter()
        .any(|pair| pair.verdict == Verdict::Differs)
}

/// Whether two rows' flags are the same, as far as the integration has them.
pub fn flags_agree(
    integration: Option<&Integration>,
    a: &BTreeMap<String, bool>,
    b: &BTreeMap<String, bool>,
) -> bool {
    match integration {
        Some(integration) => integration.events.iter().all(|event| {
            a.get(event.name).zip(b.get(event.name)).is_none_or(|(left, right)| left == right)
        }),
        None => a == b,
    }
}

fn pair(name: &str, known: Option<Known>, sides: Sides) -> Pair {
    let verdict = verdict(&sides);
    Pair { name: name.to_owned(), known, sides, verdict }
}

fn verdict(sides: &Sides) -> Verdict {
    match (&sides.default, &sides.own) {
        (Side::Absent, _) | (_, Side::Absent) => Verdict::OneSided,
        (Side::Hidden | Side::Unread, _) | (_, Side::Hidden | Side::Unread) => {
            Verdict::CannotCompare
        }
        (Side::Value(a), Side::Value(b)) if a.same_setting(b) => Verdict::Same,
        (Side::Flag(a), Side::Flag(b)) if a == b => Verdict::Same,
        (Side::Value(_) | Side::Flag(_), Side::Value(_) | Side::Flag(_)) => Verdict::Differs,
    }
}

fn field_side(field: &'static Field, have: Have<'_>) -> Side {
    match have {
        Have::Nothing => Side::Absent,
        Have::Read(_) | Have::FlagsOnly(_) if field.secret => Side::Hidden,
        Have::Read(settings) => {
            Side::Value(settings.fields.get(field.name).cloned().unwrap_or_default())
        }
        Have::FlagsOnly(_) => Side::Unread,
    }
}

fn event_side(name: &str, have: Have<'_>) -> Side {
    let flags = match have {
        Have::Nothing => return Side::Absent,
        Have::Read(settings) => &settings.events,
        Have::FlagsOnly(flags) => flags,
    };
    // An event GitLab does not report (group mentions) is no flag that is off.
    flags.get(name).map_or(Side::Unread, |on| Side::Flag(*on))
}

fn unknown_fields(
    integration: Option<&Integration>,
    default: Have<'_>,
    own: Have<'_>,
) -> Vec<String> {
    let mut names: Vec<String> = [default, own]
        .into_iter()
        .filter_map(|have| match have {
            Have::Read(settings) => Some(settings.fields.keys()),
            Have::FlagsOnly(_) | Have::Nothing => None,
        })
        .flatten()
        .filter(|name| integration.is_none_or(|it| it.field(name).is_none()))
        .cloned()
        .collect();
    names.sort();
    names.dedup();
    names
}

fn reported_events(default: Have<'_>, own: Have<'_>) -> BTreeSet<String> {
    [default, own]
        .into_iter()
        .filter_map(|have| match have {
            Have::Read(settings) => Some(&settings.events),
            Have::FlagsOnly(flags) => Some(flags),
            Have::Nothing => None,
        })
        .flat_map(|flags| flags.keys().cloned())
        .collect()
}
