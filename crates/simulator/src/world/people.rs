//! Accounts, their tokens and what they may do.

use std::collections::HashMap;

use super::{Namespace, Project, Scope, World};
use crate::clock::Millis;

/// GitLab's access levels, as far as they matter here.
pub(crate) mod access {
    pub(crate) const NONE: u8 = 0;
    pub(crate) const GUEST: u8 = 10;
    pub(crate) const REPORTER: u8 = 20;
    pub(crate) const DEVELOPER: u8 = 30;
    pub(crate) const MAINTAINER: u8 = 40;
    pub(crate) const OWNER: u8 = 50;
}

#[derive(Debug)]
pub(crate) struct User {
    pub id: u64,
    pub username: Box<str>,
    pub name: Box<str>,
    pub email: Box<str>,
    pub admin: bool,
    pub blocked: bool,
    /// Id of the user's own namespace.
    pub namespace_id: u64,
    pub created_at: Millis,
    pub projects: Vec<u64>,
}

/// What a token is, for the rules that differ (contract, section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A personal access token.
    Personal,
    /// One that an administrator made in the account's name.
    Impersonation,
    /// A fine-grained one, with what it may do, as GitLab names it: `Project: Read`.
    FineGrained(&'static [&'static str]),
    /// An application's.
    OAuth,
}

/// An access token. Never printed.
pub(crate) struct Token {
    pub id: u64,
    pub user: u64,
    pub kind: TokenKind,
    pub name: Box<str>,
    pub scopes: &'static [&'static str],
    pub created_at: Millis,
    pub expires_at: Millis,
    pub revoked: bool,
}

/// Who looks: an account, or nobody in particular.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Viewer {
    /// None = not signed in.
    pub user: Option<u64>,
    /// With an administrator's powers, which Admin Mode may withhold.
    pub admin: bool,
}

#[derive(Default)]
pub(crate) struct People {
    users: HashMap<u64, User>,
    tokens: HashMap<String, Token>,
    memberships: HashMap<(u64, Scope), u8>,
}

impl People {
    pub(crate) fn add_user(&mut self, user: User) {
        self.users.insert(user.id, user);
    }

    pub(crate) fn user(&self, id: u64) -> Option<&User> {
        self.users.get(&id)
    }

    pub(crate) fn user_mut(&mut self, id: u64) -> Option<&mut User> {
        self.users.get_mut(&id)
    }

    pub(crate) fn by_username(&self, username: &str) -> Option<&User> {
        self.users.values().find(|user| user.username.as_ref() == username)
    }

    pub(crate) fn add_token(&mut self, text: String, token: Token) {
        self.tokens.insert(text, token);
    }

    pub(crate) fn token(&self, text: &str) -> Option<&Token> {
        self.tokens.get(text)
    }

    pub(crate) fn token_by_id(&self, id: u64) -> Option<&Token> {
        self.tokens.values().find(|token| token.id == id)
    }

    pub(crate) fn token_mut(&mut self, text: &str) -> Option<&mut Token> {
        self.tokens.get_mut(text)
    }

    pub(crate) fn join(&mut self, user: u64, scope: Scope, level: u8) {
        if level == access::NONE {
            self.memberships.remove(&(user, scope));
        } else {
            self.memberships.insert((user, scope), level);
        }
    }

    /// The access a user was given right here.
    pub(crate) fn direct(&self, user: u64, scope: Scope) -> u8 {
        self.memberships.get(&(user, scope)).copied().unwrap_or(access::NONE)
    }

    /// The scopes a user was added to, not what follows from them.
    pub(crate) fn memberships(&self, user: u64) -> impl Iterator<Item = Scope> + '_ {
        self.memberships.keys().filter(move |(member, _)| *member == user).map(|(_, scope)| *scope)
    }
}

impl World {
    /// An account's own access to a group: the highest of its membership there and above.
    pub(crate) fn group_membership(&self, viewer: Viewer, group: u64) -> u8 {
        let Some(user) = viewer.user else { return access::NONE };
        self.ancestry(group)
            .map(|g| self.people.direct(user, Scope::Group(g.id)))
            .max()
            .unwrap_or(0)
    }

    /// An account's own access to a project.
    pub(crate) fn project_membership(&self, viewer: Viewer, project: &Project) -> u8 {
        let Some(user) = viewer.user else { return access::NONE };
        let above = match project.namespace {
            Namespace::Group(group) => self.group_membership(viewer, group),
            Namespace::User(owner) if owner == user => access::OWNER,
            Namespace::User(_) => access::NONE,
        };
        above.max(self.people.direct(user, Scope::Project(project.id)))
    }

    /// Access to a group, where an administrator counts as its owner.
    pub(crate) fn group_access(&self, viewer: Viewer, group: u64) -> u8 {
        if viewer.admin { access::OWNER } else { self.group_membership(viewer, group) }
    }

    /// Access to a project, where an administrator counts as its owner.
    pub(crate) fn project_access(&self, viewer: Viewer, project: &Project) -> u8 {
        if viewer.admin { access::OWNER } else { self.project_membership(viewer, project) }
    }

    /// Whether the viewer can see a group at all: else GitLab answers 404.
    pub(crate) fn sees_group(&self, viewer: Viewer, group: u64) -> bool {
        let Some(found) = self.groups.get(&group) else { return false };
        found.visibility.is_open_to(viewer)
            || self.group_access(viewer, group) >= access::GUEST
            || self.belongs_below(viewer, group)
    }

    /// Whether the viewer is a member of something inside the group, which makes the group itself
    /// visible.
    pub(crate) fn belongs_below(&self, viewer: Viewer, group: u64) -> bool {
        let Some(user) = viewer.user else { return false };
        self.people.memberships(user).any(|scope| {
            let parent = match scope {
                Scope::Instance => None,
                Scope::Group(id) => Some(id),
                Scope::Project(id) => match self.projects.get(&id).map(|p| p.namespace) {
                    Some(Namespace::Group(id)) => Some(id),
                    _ => None,
                },
            };
            parent.is_some_and(|id| self.ancestry(id).any(|ancestor| ancestor.id == group))
        })
    }

    /// Whether the viewer can see a project at all.
    pub(crate) fn sees_project(&self, viewer: Viewer, project: &Project) -> bool {
        project.visibility.is_open_to(viewer)
            || self.project_access(viewer, project) >= access::GUEST
    }
}
