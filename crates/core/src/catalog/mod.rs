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

/// Whether a server of this version (major, minor) has what appeared in `since` and is gone from
/// `removed` on. What is not known of a version is offered: GitLab drops what it does not take.
pub fn offers(since: Option<&str>, removed: Option<&str>, server: (u32, u32)) -> bool {
    let version = |text: &str| -> Option<(u32, u32)> {
        let (major, minor) = text.split_once('.').unwrap_or((text, "0"));
        Some((major.parse().ok()?, minor.parse().ok()?))
    };
    since.and_then(version).is_none_or(|first| server >= first)
        && removed.and_then(version).is_none_or(|gone| server < gone)
}
