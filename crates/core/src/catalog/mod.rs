//! The catalog: every integration GitLab documents, what it is called, which fields and trigger
//! events it has, and which of them are secret.
//!
//! Data lives in `catalog/<slug>.toml`, one readable file per integration; the build script checks
//! all of them and turns them into the constants here, so a slip stops the build instead of an
//! administrator.

pub mod allowed;
mod condition;
mod model;

pub(crate) use condition::as_text;
pub use model::{
    Category, Choice, Condition, Control, Edition, Event, Exclusive, Field, FieldType, Format,
    Integration, Levels, Pattern, Section, SectionKind, TextFile, Tier, Variant,
};

use crate::ids::Slug;

include!(concat!(env!("OUT_DIR"), "/catalog.rs"));

/// Every integration in the catalog, by slug in alphabetical order.
pub fn all() -> &'static [Integration] {
    INTEGRATIONS
}

/// The integration of that name, if the catalog holds it. GitLab may know kinds the catalog does
/// not: callers show those with title, state and flags only.
pub fn find(slug: &Slug) -> Option<&'static Integration> {
    INTEGRATIONS
        .binary_search_by(|integration| integration.slug.cmp(slug.as_str()))
        .ok()
        .map(|index| &INTEGRATIONS[index])
}
