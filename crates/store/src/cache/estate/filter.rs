//! Which scopes.

use heirloom_core::ids::{Level, ScopeKey, Slug};
use heirloom_core::row::State;

/// Which scopes; everything that is set must hold. Scopes that are gone are never among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeFilter {
    /// At or below this scope.
    pub subtree: Option<ScopeKey>,
    /// Kinds that `states` and `value` are asked of, and the matrix's columns. None: every kind
    /// that has rows.
    pub slugs: Vec<Slug>,
    /// Where kinds cannot be set: the catalog's and the server's version's word, which the store
    /// does not know. Other scopes without a row are *off* if their list was read, else *unknown*.
    pub unavailable: Vec<(Slug, Level)>,
    /// One of the kinds is in one of these states. With no kinds named, only rows that are kept
    /// are looked at, and *unknown* also holds of scopes that were never read.
    pub states: Vec<State>,
    /// Part of the name or path.
    pub text: String,
    /// `public`, `internal`, `private`.
    pub visibility: Vec<String>,
    /// Archived scopes only, or all others only.
    pub archived: Option<bool>,
    /// Groups only, or projects only.
    pub level: Option<Level>,
    /// Part of a value that a row has of its own. Rows that inherit it unread are found at their
    /// source. Three characters or more.
    pub value: String,
    /// As an opened tree: only the root and what stands right under these scopes.
    pub open: Option<Vec<ScopeKey>>,
    /// What stands below these is left out; they themselves are not.
    pub folded: Vec<ScopeKey>,
}

impl ScopeFilter {
    /// A subtree as it is, which needs no looking at its scopes.
    pub(crate) fn is_plain(&self) -> bool {
        self.states.is_empty()
            && self.text.trim().is_empty()
            && self.visibility.is_empty()
            && self.archived.is_none()
            && self.level.is_none()
            && self.value.trim().is_empty()
            && self.open.is_none()
            && self.folded.is_empty()
    }
}
