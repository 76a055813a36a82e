//! The accounts of a pretended server and their tokens, made anew for each run.

use std::fmt;

use rand::Rng;
use rand::distr::Alphanumeric;

use crate::clock::{DAY, Millis};
use crate::world::{Token, User, World};

/// One token for each kind of account or token that GitLab treats differently.
#[derive(Clone)]
pub struct Tokens {
    /// `d.whitfield`, an owner of the demo's main group and no administrator; scope `api`.
    pub owner: String,
    /// The same account with scope `read_api` alone.
    pub read_api: String,
    /// The same account; expired.
    pub expired: String,
    /// The same account; revoked.
    pub revoked: String,
    /// `root`, an administrator; scope `api`.
    pub admin: String,
    /// `m.okafor`, a Maintainer of everything the owner owns.
    pub maintainer: String,
    /// `l.sandqvist`, a Developer of the demo's main group, or of all groups of a sized world.
    pub developer: String,
    /// `t.left`, a blocked account.
    pub blocked: String,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens { … }")
    }
}

/// User ids of the accounts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Accounts {
    pub admin: u64,
    pub owner: u64,
    pub maintainer: u64,
    pub developer: u64,
    pub blocked: u64,
}

impl Accounts {
    /// Makes the accounts, as yet without any membership.
    pub(crate) fn create(world: &mut World, now: Millis) -> Self {
        let mut id = 0;
        let mut account = |username: &str, name: &str, admin: bool, blocked: bool| {
            id += 1;
            let namespace_id = world.next_namespace_id();
            world.people.add_user(User {
                id,
                username: username.into(),
                name: name.into(),
                email: format!("{username}@acme.example").into(),
                admin,
                blocked,
                namespace_id,
                created_at: now - 2_000 * DAY,
                projects: Vec::new(),
            });
            id
        };
        Self {
            admin: account("root", "Administrator", true, false),
            owner: account("d.whitfield", "Dana Whitfield", false, false),
            maintainer: account("m.okafor", "Matthias Okafor", false, false),
            developer: account("l.sandqvist", "Linnéa Sandqvist", false, false),
            blocked: account("t.left", "Theo Left", false, true),
        }
    }

    /// Makes their tokens.
    pub(crate) fn issue(
        self,
        world: &mut World,
        owner_token: Option<String>,
        now: Millis,
    ) -> Tokens {
        let mut id = 100;
        let mut issue = |user: u64, name: &str, scope: &'static str, days: i64, text: String| {
            id += 1;
            let token = Token {
                id,
                user,
                name: name.into(),
                scopes: [scope].into(),
                created_at: now - 40 * DAY,
                expires_at: now + days * DAY,
                revoked: name == "revoked",
            };
            world.people.add_token(text.clone(), token);
            text
        };
        Tokens {
            owner: issue(self.owner, "heirloom", "api", 83, owner_token.unwrap_or_else(random)),
            read_api: issue(self.owner, "review only", "read_api", 200, random()),
            expired: issue(self.owner, "expired", "api", -3, random()),
            revoked: issue(self.owner, "revoked", "api", 90, random()),
            admin: issue(self.admin, "administration", "api", 30, random()),
            maintainer: issue(self.maintainer, "maintenance", "api", 90, random()),
            developer: issue(self.developer, "development", "api", 90, random()),
            blocked: issue(self.blocked, "left", "api", 90, random()),
        }
    }
}

/// A token in GitLab's form.
fn random() -> String {
    let text: String = rand::rng().sample_iter(Alphanumeric).take(20).map(char::from).collect();
    format!("glpat-{text}")
}
