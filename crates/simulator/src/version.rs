//! Which GitLab the simulator says it is, since several rules depend on the release.

use std::fmt;
use std::str::FromStr;

/// A GitLab release such as `18.10.2-ee`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    text: String,
    number: (u16, u16),
}

/// The text could not be read as a GitLab version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a GitLab version such as 18.10.2-ee")]
pub struct NotAVersion(String);

impl Version {
    /// Whether this server is `major.minor` or newer.
    #[must_use]
    pub fn at_least(&self, major: u16, minor: u16) -> bool {
        self.number >= (major, minor)
    }

    /// Whether this is the Enterprise Edition, which has more kinds and one more event.
    #[must_use]
    pub fn enterprise(&self) -> bool {
        self.text.ends_with("-ee")
    }

    /// The `inherited` field and `use_inherited_settings` (contract, section 2).
    pub(crate) fn shows_inheritance(&self) -> bool {
        self.at_least(17, 3)
    }

    /// Fine-grained tokens, generally available since 19.2 (contract, section 2).
    pub(crate) fn has_fine_grained_tokens(&self) -> bool {
        self.at_least(19, 2)
    }

    /// Whether a refused PUT names the model's errors: 15.x and 16.x did not (contract, section 2).
    pub(crate) fn says_what_failed(&self) -> bool {
        self.at_least(17, 0)
    }

    /// Settings pages of an organization, newer than 19.3 (contract, section 4).
    pub(crate) fn has_organization_pages(&self) -> bool {
        self.at_least(19, 4)
    }

    /// Whether testing what cannot be tested is refused. The contract names no release for it;
    /// this is the first that was not read to do otherwise (contract, section 12).
    pub(crate) fn refuses_untestable(&self) -> bool {
        self.at_least(17, 0)
    }

    /// Integrations of groups over REST (contract, section 1).
    pub(crate) fn has_group_integrations(&self) -> bool {
        self.at_least(17, 9)
    }
}

impl FromStr for Version {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || NotAVersion(text.to_owned());
        let mut parts = text.split(['.', '-']);
        let mut number = || parts.next().and_then(|part| part.parse().ok()).ok_or_else(refuse);
        Ok(Self { number: (number()?, number()?), text: text.to_owned() })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
