//! The scopes of one kind.

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::row::State;
use heirloom_core::value::Value;

use super::filter::ScopeFilter;
use super::matrix::window;
use super::select::{Question, select};
use crate::cache::integrations::{Kept, kept_at};
use crate::cache::scopes::Scope;
use crate::{Result, Store};

/// Which scopes of a kind; everything that is set must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberFilter {
    /// At or below this scope.
    pub subtree: Option<ScopeKey>,
    /// In one of these states; none: all.
    pub states: Vec<State>,
    /// A field has this value, and not by inheritance ([`Store::clusters`]).
    pub value: Option<(String, Value)>,
    /// Part of the name or path.
    pub text: String,
}

/// A scope with its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The scope.
    pub scope: Scope,
    /// Its row, if one is kept.
    pub kept: Option<Kept>,
}

impl Store {
    /// A window of the scopes of one kind, in tree order, with how many there are.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn members(
        &self,
        connection: ConnectionId,
        slug: &Slug,
        filter: &MemberFilter,
        offset: u32,
        limit: u32,
    ) -> Result<(u32, Vec<Member>)> {
        let question = Question {
            filter: ScopeFilter {
                subtree: filter.subtree,
                slugs: vec![slug.clone()],
                states: filter.states.clone(),
                text: filter.text.clone(),
                ..ScopeFilter::default()
            },
            exact: filter.value.clone(),
        };
        self.read_at_once(|cache| {
            let selection = select(cache, self.answers(), connection, &question)?;
            let (total, scopes) = window(cache, connection, &selection, offset, limit)?;
            let members = scopes
                .into_iter()
                .map(|(number, scope)| Ok(Member { scope, kept: kept_at(cache, number, slug)? }))
                .collect::<Result<_>>()?;
            Ok((total, members))
        })
    }
}
