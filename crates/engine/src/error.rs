//! What can go wrong, sorted by what the user can do about it.

use heirloom_gitlab as gitlab;
use heirloom_secrets as secrets;
use heirloom_store as store;

/// Shorthand.
pub type Result<T> = std::result::Result<T, Error>;

/// What failed, and what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address cannot be used.
    #[error(transparent)]
    Address(#[from] gitlab::BadUrl),
    /// The client cannot be set up (certificate, token's form).
    #[error(transparent)]
    Setup(#[from] gitlab::SetupError),
    /// GitLab did not do what was asked.
    #[error(transparent)]
    Gitlab(Box<gitlab::Error>),
    /// GitLab stopped answering while it was being read.
    #[error("{host} stopped answering at {}: {}", .at.round(jiff::Unit::Second).unwrap_or(*.at), .source.problem)]
    StoppedAnswering {
        /// The server.
        host: String,
        /// Since when.
        at: jiff::Timestamp,
        /// What was seen of it.
        source: Box<gitlab::Error>,
    },
    /// The keychain did not do what was asked.
    #[error(transparent)]
    Keychain(#[from] secrets::Error),
    /// The local databases did not do what was asked.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The checks before saving a connection did not pass.
    #[error("{title}. {detail}")]
    NotConnectable {
        /// The finding.
        title: String,
        /// What to do.
        detail: String,
    },
    /// There is no token to talk to GitLab with.
    #[error("no token is stored for this connection: enter one")]
    NoToken,
    /// This connection may not write.
    #[error("{0}")]
    ReadOnly(String),
    /// Another program holds the lock.
    #[error("{what} is already running for this connection, in {holder}")]
    Busy {
        /// What.
        what: &'static str,
        /// Who.
        holder: String,
    },
    /// Not a thing the local copy knows.
    #[error("{0}")]
    NotFound(String),
    /// What was asked cannot be planned.
    #[error("{0}")]
    NotPossible(String),
    /// A draft that must be mended first.
    #[error("{field}: {message}")]
    Invalid {
        /// The field's label.
        field: String,
        /// The rule.
        message: String,
    },
    /// A plan that is gone, spent or overtaken.
    #[error("{0}")]
    PlanOutdated(String),
    /// What a plan rests on was read too long ago.
    #[error(
        "This plan rests on what was read at {}, over {hours} hours ago. Sync the scopes it is \
         about, then make it again",
        .read_from.round(jiff::Unit::Second).unwrap_or(*.read_from)
    )]
    DataOutdated {
        /// When the oldest row was read that a step rests on.
        read_from: jiff::Timestamp,
        /// Hours that it may be old.
        hours: u32,
    },
    /// A file or folder.
    #[error("cannot use {path}: {source}")]
    File {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A task ended early; only seen while the program is closing.
    #[error("stopped while closing")]
    Stopped,
}

/// What a caller may want to tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What was given cannot be used.
    Input,
    /// GitLab does not answer.
    Offline,
    /// GitLab refused the token, or there is none.
    Token,
    /// No keychain.
    NoKeychain,
    /// The keychain is locked or silent.
    KeychainLocked,
    /// Not there.
    NotFound,
    /// May not write.
    ReadOnly,
    /// Somebody else is at it.
    Busy,
    /// Plan again.
    PlanOutdated,
    /// Anything else.
    Other,
}

impl Error {
    /// What kind of trouble this is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Address(_)
            | Self::Setup(_)
            | Self::NotConnectable { .. }
            | Self::Invalid { .. } => Kind::Input,
            Self::Gitlab(error) if error.is_offline() => Kind::Offline,
            Self::StoppedAnswering { .. } => Kind::Offline,
            Self::Gitlab(error) if error.is_about_token() => Kind::Token,
            Self::NoToken => Kind::Token,
            Self::Keychain(secrets::Error::NoKeychain { .. }) => Kind::NoKeychain,
            Self::Keychain(secrets::Error::Locked) => Kind::KeychainLocked,
            Self::NotFound(_) | Self::Store(store::Error::Missing(_)) => Kind::NotFound,
            Self::ReadOnly(_) => Kind::ReadOnly,
            Self::Busy { .. } => Kind::Busy,
            Self::PlanOutdated(_) | Self::DataOutdated { .. } => Kind::PlanOutdated,
            Self::Gitlab(_)
            | Self::Keychain(_)
            | Self::Store(_)
            | Self::NotPossible(_)
            | Self::File { .. }
            | Self::Stopped => Kind::Other,
        }
    }
}

impl From<gitlab::Error> for Error {
    fn from(error: gitlab::Error) -> Self {
        Self::Gitlab(Box::new(error))
    }
}
