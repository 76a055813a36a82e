//! What the form says about itself: titles, help, choices and sections. Written for the
//! simulator after GitLab's guide for integrations; GitLab's own words differ here and there.

mod entry;
mod events;
mod fields;
mod sections;

pub(super) use entry::Entry;
pub(super) use events::{description, title};
pub(super) use sections::sections;

use crate::kinds::Kind;
use fields::{COMMON, OWN};

/// What there is to say about a field, beyond its name.
pub(super) fn of(kind: &Kind, field: &str) -> Option<&'static Entry> {
    let own = OWN.iter().find(|(slug, name, _)| *slug == kind.slug && *name == field);
    let common = || COMMON.iter().find(|(name, _)| *name == field).map(|(_, entry)| entry);
    own.map(|(.., entry)| entry).or_else(common)
}
