//! Which GitLab a server is, and what that means for us.

use std::fmt;
use std::str::FromStr;

/// A GitLab version: `18.10.2-ee`, `17.3.0`, `19.3.0-pre`. Ordered by its numbers; what follows
/// the dash is kept for show only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    /// The year's number, as in **18**.10.2.
    pub major: u32,
    /// The month's number, as in 18.**10**.2.
    pub minor: u32,
    /// The patch, as in 18.10.**2**; 0 when absent.
    pub patch: u32,
    text: String,
}

/// A text that is no version of GitLab.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a GitLab version")]
pub struct NotAVersion(pub String);

impl Version {
    /// Whether rows say if they inherit, and `use_inherited_settings` is taken: 17.3 (contract,
    /// section 2). Below it inheritance cannot be read or changed by token.
    pub fn has_inherited(&self) -> bool {
        self.at_least(17, 3)
    }

    /// Whether groups have an integrations API: 17.9 (contract, section 1).
    pub fn has_group_api(&self) -> bool {
        self.at_least(17, 9)
    }

    /// Whether this is `major.minor` or newer.
    pub fn at_least(&self, major: u32, minor: u32) -> bool {
        (self.major, self.minor) >= (major, minor)
    }

    fn numbers(&self) -> (u32, u32, u32) {
        (self.major, self.minor, self.patch)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // The text comes last, only so that order and equality agree.
        self.numbers().cmp(&other.numbers()).then_with(|| self.text.cmp(&other.text))
    }
}

impl FromStr for Version {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, NotAVersion> {
        let refuse = || NotAVersion(text.chars().filter(|c| !c.is_control()).take(60).collect());
        let trimmed = text.trim();
        if trimmed.len() > 60 || trimmed.contains(char::is_control) {
            return Err(refuse());
        }
        let numbers = trimmed.split(['-', '+', ' ']).next().unwrap_or_default();
        let mut parts = numbers.split('.').map(str::parse::<u32>);
        let (Some(Ok(major)), Some(Ok(minor))) = (parts.next(), parts.next()) else {
            return Err(refuse());
        };
        let patch = match parts.next() {
            None => 0,
            Some(Ok(patch)) => patch,
            Some(Err(_)) => return Err(refuse()),
        };
        Ok(Self { major, minor, patch, text: trimmed.to_owned() })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    fn version(text: &str) -> Version {
        text.parse().unwrap_or_else(|why| panic!("{why}"))
    }

    #[test]
    fn reads_the_forms_servers_use() {
        for (text, numbers) in [
            ("18.10.2-ee", (18, 10, 2)),
            ("17.3.0", (17, 3, 0)),
            ("19.3.0-pre", (19, 3, 0)),
            ("16.11", (16, 11, 0)),
            ("18.2.0-rc42-ee", (18, 2, 0)),
        ] {
            assert_eq!(version(text).numbers(), numbers, "{text} is read by its numbers");
            assert_eq!(version(text).to_string(), text, "{text} is shown as the server says it");
        }
    }

    #[test]
    fn refuses_what_is_no_version() {
        for text in ["", "18", "latest", "a.b.c", "18.x", "18.1.y", "18.-1", "1\u{1b}[31m.2"] {
            assert!(text.parse::<Version>().is_err(), "“{text}” is no version");
        }
    }

    #[test]
    fn compares_by_number_not_by_text() {
        assert!(version("18.10.0") > version("18.9.5"), "10 is more than 9");
        assert!(version("18.10.2-ee") > version("18.10.1"), "patches count");
    }

    #[test]
    fn inherited_from_17_3_and_groups_from_17_9() {
        assert!(!version("17.2.9-ee").has_inherited(), "17.2 had it behind a flag");
        assert!(version("17.3.0-ee").has_inherited(), "generally available in 17.3");
        assert!(!version("17.8.9").has_group_api(), "the group API came in 17.9");
        assert!(version("17.9.0").has_group_api(), "the group API came in 17.9");
        assert!(version("18.0.0").has_group_api(), "a new year keeps what the old one had");
    }
}
