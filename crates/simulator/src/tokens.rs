//! The accounts of a pretended server and their tokens, made anew for each run.

use std::fmt;

use rand::Rng;
use rand::distr::Alphanumeric;

use crate::clock::{DAY, Millis};
use crate::world::{Token, TokenKind, User, World};

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
    /// The same account; made by an administrator in its name.
    pub impersonation: String,
    /// The same account; fine-grained: it may read groups, projects and integrations and change nothing.
    pub fine_grained: String,
    /// The same account, an application's token; scope `api`.
    pub oauth: String,
    /// `root`, an administrator; scope `api`.
    pub admin: String,
    /// The same account with scopes `api` and `admin_mode`.
    pub admin_mode: String,
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
        let mut issue = |user, name: &str, kind, scopes: Scopes, days: i64, text: String| {
            id += 1;
            let token = Token {
                id,
                user,
                kind,
                name: name.into(),
                scopes,
                created_at: now - 40 * DAY,
                expires_at: now + days * DAY,
                revoked: name == "revoked",
            };
            world.people.add_token(text.clone(), token);
            text
        };
        let personal = TokenKind::Personal;
        let owner = owner_token.unwrap_or_else(random);
        Tokens {
            owner: issue(self.owner, "heirloom", personal, API, 83, owner),
            read_api: issue(self.owner, "review only", personal, &["read_api"], 200, random()),
            expired: issue(self.owner, "expired", personal, API, -3, random()),
            revoked: issue(self.owner, "revoked", personal, API, 90, random()),
            impersonation: {
                issue(self.owner, "lent", TokenKind::Impersonation, API, 90, random())
            },
            fine_grained: {
                let kind = TokenKind::FineGrained(READS);
                issue(self.owner, "fine-grained", kind, &["granular"], 90, random())
            },
            oauth: issue(self.owner, "application", TokenKind::OAuth, API, 1, random()),
            admin: issue(self.admin, "administration", personal, API, 30, random()),
            admin_mode: {
                issue(self.admin, "admin mode", personal, &["api", "admin_mode"], 30, random())
            },
            maintainer: issue(self.maintainer, "maintenance", personal, API, 90, random()),
            developer: issue(self.developer, "development", personal, API, 90, random()),
            blocked: issue(self.blocked, "left", personal, API, 90, random()),
        }
    }
}

type Scopes = &'static [&'static str];

const API: Scopes = &["api"];

/// What the fine-grained token is granted.
const READS: Scopes =
    &["Metadata: Read", "User: Read", "Group: Read", "Project: Read", "Integration: Read"];

/// A token in GitLab's form.
fn random() -> String {
    let text: String = rand::rng().sample_iter(Alphanumeric).take(20).map(char::from).collect();
    format!("glpat-{text}")
}
