//! What a secret is called in the keychain. Names are not secret themselves.

use std::fmt;
use std::str::FromStr;

use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};

/// Whose secrets: one connection of one data folder.
///
/// Connections are numbered within a data folder, and all folders of a person share one keychain.
/// Without the folder's mark the first connection of one folder would be given the token of
/// another's, and would send it to the wrong server.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SecretOwner {
    folder: String,
    connection: ConnectionId,
}

/// A text that cannot be part of a secret's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” cannot name a secret")]
pub struct BadName(pub String);

impl SecretOwner {
    /// `folder` tells this data folder from any other, on this computer or elsewhere: a random
    /// text made with the folder and kept in it.
    ///
    /// # Errors
    /// When `folder` is not 8 to 64 letters, digits or dashes.
    pub fn new(folder: &str, connection: ConnectionId) -> Result<Self, BadName> {
        let fits = (8..=64).contains(&folder.len())
            && folder.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if fits { Ok(Self { folder: folder.to_owned(), connection }) } else { Err(bad(folder)) }
    }
}

/// The name of one secret: its owner and its purpose. As text it can be kept in an index, since
/// keychains cannot be searched the same way everywhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SecretName(String);

impl SecretName {
    /// The connection's token.
    pub fn token(owner: &SecretOwner) -> Self {
        Self(format!("{}/{}/token", owner.folder, owner.connection))
    }

    /// A secret field typed here and remembered, so that GitLab can be given it again.
    ///
    /// # Errors
    /// When `field` is not 1 to 100 small letters, digits or underscores, as GitLab's fields are.
    pub fn field(
        owner: &SecretOwner,
        scope: ScopeKey,
        slug: &Slug,
        field: &str,
    ) -> Result<Self, BadName> {
        if !is_field(field) {
            return Err(bad(field));
        }
        let SecretOwner { folder, connection } = owner;
        Ok(Self(format!("{folder}/{connection}/{}/{}/{slug}/{field}", scope.level, scope.id)))
    }

    /// An entry that is written only to see whether the keychain works.
    pub(crate) fn probe() -> Self {
        Self(format!("probe/{}", std::process::id()))
    }

    /// The name as the keychain and an index have it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this secret belongs to a connection.
    pub fn belongs_to(&self, owner: &SecretOwner) -> bool {
        let mut parts = self.0.splitn(3, '/');
        parts.next() == Some(owner.folder.as_str())
            && parts.next() == Some(owner.connection.to_string().as_str())
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads a name back from an index.
impl FromStr for SecretName {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let refuse = || bad(text);
        let parts: Vec<&str> = text.split('/').collect();
        let &[folder, connection, ref purpose @ ..] = parts.as_slice() else {
            return Err(refuse());
        };
        let connection: u32 = connection.parse().map_err(|_| refuse())?;
        let owner = SecretOwner::new(folder, ConnectionId(connection)).map_err(|_| refuse())?;
        let name = match *purpose {
            ["token"] => Self::token(&owner),
            [level, id, slug, field] => {
                let level: Level = level.parse().map_err(|_| refuse())?;
                let id = heirloom_core::ids::GitlabId(id.parse().map_err(|_| refuse())?);
                let slug = Slug::new(slug).map_err(|_| refuse())?;
                Self::field(&owner, ScopeKey { level, id }, &slug, field)?
            }
            _ => return Err(refuse()),
        };
        // Other spellings (`+1`, `007`) would be other entries in the keychain.
        if name.0 == text { Ok(name) } else { Err(refuse()) }
    }
}

fn is_field(text: &str) -> bool {
    (1..=100).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn bad(text: &str) -> BadName {
    BadName(text.chars().filter(|c| !c.is_control()).take(100).collect())
}

#[cfg(test)]
mod tests {
    use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};

    use super::{SecretName, SecretOwner};

    fn owner(folder: &str, connection: u32) -> SecretOwner {
        SecretOwner::new(folder, ConnectionId(connection)).expect("a folder's mark")
    }

    fn jira_password(owner: &SecretOwner) -> SecretName {
        let slug = Slug::new("jira").expect("a slug");
        SecretName::field(owner, ScopeKey::project(7), &slug, "password").expect("a field")
    }

    #[test]
    fn folders_and_connections_never_share_a_secret() {
        let here = owner("aaaaaaaa", 1);
        for other in [owner("bbbbbbbb", 1), owner("aaaaaaaa", 2), owner("aaaaaaaa", 11)] {
            assert_ne!(
                SecretName::token(&here),
                SecretName::token(&other),
                "a token given to another connection would go to another server"
            );
            assert!(!SecretName::token(&here).belongs_to(&other), "and is not cleared with it");
            assert!(!jira_password(&other).belongs_to(&here), "nor are its fields");
        }
        assert!(SecretName::token(&here).belongs_to(&here), "its own token");
        assert!(jira_password(&here).belongs_to(&here), "its own fields");
    }

    #[test]
    fn names_come_back_from_an_index() {
        let owner = owner("0d9f4c1e-77", 3);
        for name in [SecretName::token(&owner), jira_password(&owner)] {
            let read: SecretName = name.as_str().parse().expect("our own name");
            assert_eq!(read, name, "an index gives back what it was given");
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in [
            "",
            "token",
            "aaaaaaaa/1",
            "aaaaaaaa/+1/token",
            "aaaaaaaa/1/token/x",
            "aaaaaaaa/1/project/07/jira/password",
            "aaaaaaaa/1/project/7/jira/pass/word",
            "aaaaaaaa/1/somewhere/7/jira/password",
            "short/1/token",
            "with space/1/token",
        ] {
            assert!(text.parse::<SecretName>().is_err(), "“{text}” is none of our names");
        }
        let slug = Slug::new("jira").expect("a slug");
        for field in ["", "a/b", "A", "a b"] {
            assert!(
                SecretName::field(&owner("aaaaaaaa", 1), ScopeKey::project(1), &slug, field)
                    .is_err(),
                "“{field}” is no field of GitLab's"
            );
        }
    }
}
