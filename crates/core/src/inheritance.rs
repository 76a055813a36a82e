//! Where inherited settings come from.
//!
//! GitLab links a row to the nearest ancestor group whose own row is custom, whether or not that
//! row is active, else to the instance's row (contract, section 2, `use_inherited_settings`). It
//! tells `inherited: true` and nothing more, so the source is found by walking the same way.

use crate::ids::ScopeKey;
use crate::row::{Basis, Known, Link, Row, Source};

/// What one ancestor contributes to the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ancestor {
    /// Its own settings: it is the default of what is below, also while switched off.
    SetsDefault,
    /// Linked to a default further up, and so looked past.
    Inherits,
    /// No row: looked past.
    NotSet,
    /// No active row, and not asked by name.
    NotAsked,
    /// It cannot be read.
    NotVisible,
}

impl Ancestor {
    /// What is known of an ancestor's row, reduced to what matters here.
    pub const fn of(known: &Known) -> Self {
        match known {
            Known::Row(Row { link: Link::Custom, .. }) => Self::SetsDefault,
            Known::Row(Row { link: Link::Inherited { .. }, .. }) => Self::Inherits,
            Known::NotSet => Self::NotSet,
            Known::Off => Self::NotAsked,
            // A kind that cannot be set on groups leaves the question to the instance.
            Known::Unavailable(crate::row::Unavailable::Level) => Self::NotSet,
            Known::Unavailable(_) | Known::Unknown(_) => Self::NotVisible,
        }
    }
}

/// The source of a scope's inherited settings. `ancestors` are its groups, nearest first, without
/// the scope itself and without the instance.
///
/// An answer is given only as far as everything nearer is known: an unread ancestor ends the walk
/// with its name, since it may be the source.
pub fn source(ancestors: impl IntoIterator<Item = (ScopeKey, Ancestor)>) -> Source {
    for (key, ancestor) in ancestors {
        match ancestor {
            Ancestor::SetsDefault => return Source::Scope { key, basis: Basis::Read },
            Ancestor::Inherits | Ancestor::NotSet => {}
            Ancestor::NotAsked => return Source::NotAsked(key),
            Ancestor::NotVisible => return Source::NotVisible(key),
        }
    }
    Source::Scope { key: ScopeKey::INSTANCE, basis: Basis::Inferred }
}

/// The ancestors that must be asked by name before [`source`] can answer: those without an active
/// row that are nearer than the first known default.
pub fn questions(ancestors: impl IntoIterator<Item = (ScopeKey, Ancestor)>) -> Vec<ScopeKey> {
    let mut asked = Vec::new();
    for (key, ancestor) in ancestors {
        match ancestor {
            Ancestor::SetsDefault | Ancestor::NotVisible => break,
            Ancestor::NotAsked => asked.push(key),
            Ancestor::Inherits | Ancestor::NotSet => {}
        }
    }
    asked
}
