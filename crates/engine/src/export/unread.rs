//! Scopes of which a file can say nothing, or nothing new.

use heirloom_core::ids::ScopeKey;
use heirloom_core::row::NotRead;
use heirloom_store::cache::scopes::Scope;
use jiff::Timestamp;
use serde::Serialize;

use super::{ScopeId, path_of};

/// A scope whose last reading failed, or that was never read.
pub(super) struct Unread {
    pub(super) key: ScopeKey,
    pub(super) path: String,
    pub(super) kind: NotRead,
    pub(super) why: String,
    pub(super) failed_at: Option<Timestamp>,
    /// When it was last read, and what the file says of it is from; none: never.
    pub(super) read_at: Option<Timestamp>,
}

/// The same for programs.
#[derive(Serialize)]
pub(super) struct UnreadScope<'a> {
    #[serde(flatten)]
    scope: ScopeId,
    reason: NotRead,
    why: &'a str,
    failed_at: Option<Timestamp>,
    read_at: Option<Timestamp>,
}

impl Unread {
    /// A scope, if it is one; the instance is never read.
    pub(super) fn of(scope: &Scope) -> Option<Self> {
        let (key, read_at) = (scope.listed.key, scope.listed_at);
        let (kind, why, failed_at) = match &scope.failure {
            Some(failure) => (failure.kind, failure.why.clone(), Some(failure.at)),
            None if key == ScopeKey::INSTANCE || read_at.is_some() => return None,
            None => (NotRead::NotYet, "No sync has read it yet".to_owned(), None),
        };
        let path = path_of(key, scope.listed.path.clone());
        Some(Self { key, path, kind, why, failed_at, read_at })
    }

    /// Nothing at all is known of it.
    pub(super) const fn is_blank(&self) -> bool {
        self.read_at.is_none()
    }

    /// The same for programs.
    pub(super) fn shape(&self) -> UnreadScope<'_> {
        UnreadScope {
            scope: ScopeId::at(self.key, &self.path),
            reason: self.kind,
            why: &self.why,
            failed_at: self.failed_at,
            read_at: self.read_at,
        }
    }
}
