//! History: what changed between two readings, for as long as it is kept. It is no cache: GitLab
//! cannot tell it again.
//!
//! A first reading is no change, and neither is learning more (see `cache::batch::drift`). Who
//! did it is known only where it was one of our own runs.

pub(crate) mod counts;
mod read;
mod write;

use heirloom_core::ids::{ScopeKey, Slug};
use heirloom_core::row::State;
use heirloom_core::value::Value;
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use crate::app::journal::RunId;
use crate::cache::facts::{from_json, to_json};
use crate::{Error, Result};

pub use self::counts::{DriftCounts, KindDrift, SyncDrift, TrendPoint};
pub use self::read::HistoryFilter;
pub(crate) use self::write::{NewChange, next_batch, reconcile, take_back, write};

/// A sync's number. Kept with the history, and never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SyncId(pub(crate) i64);

impl SyncId {
    /// The number itself, for other programs.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// A sync named by its number.
    pub const fn of(number: i64) -> Self {
        Self(number)
    }
}

/// What a reading belongs to: history says by whom and in which sync a change was noticed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cause {
    /// A single reading, outside of syncs and runs.
    #[default]
    Reading,
    /// This sync.
    Sync(SyncId),
    /// Reading back what this run of ours wrote.
    Run(RunId),
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The label of a row.
    State,
    /// Where its settings come from.
    Source,
    /// A field that is no secret.
    Field(String),
    /// A trigger event.
    Event(String),
    /// The scope itself is there or not.
    Scope,
    /// The scope's path.
    Path,
}

/// One side of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// It was asked, and nobody knows: this GitLab does not say.
    NotKnown,
    /// A label.
    State(State),
    /// A source, with its path at that time.
    Source {
        /// Which scope.
        scope: ScopeKey,
        /// Its path then.
        path: String,
    },
    /// A field's value.
    Value(Value),
    /// A trigger event.
    Flag(bool),
    /// The scope.
    Scope {
        /// It is there.
        there: bool,
    },
    /// A path.
    Path(String),
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The sync that noticed it; none: a reading outside of syncs.
    pub sync: Option<SyncId>,
    /// Our own run that did it; none: nobody knows who did it.
    pub by: Option<RunId>,
    /// When it was noticed: it happened at some time since the reading before.
    pub at: Timestamp,
    /// Where.
    pub scope: ScopeKey,
    /// The path at that time.
    pub path: String,
    /// Which integration; none: the scope itself.
    pub slug: Option<Slug>,
    /// What changed.
    pub what: What,
    /// How it was.
    pub before: Side,
    /// How it is.
    pub after: Side,
}

impl What {
    /// Its name in the database and in JSON: `state`, `source`, `field:url`, `event:push_events`,
    /// `scope`, `path`.
    pub fn name(&self) -> String {
        match self {
            Self::State => "state".into(),
            Self::Source => "source".into(),
            Self::Field(name) => format!("field:{name}"),
            Self::Event(name) => format!("event:{name}"),
            Self::Scope => "scope".into(),
            Self::Path => "path".into(),
        }
    }

    fn of(text: &str) -> Result<Self> {
        Ok(match text.split_once(':') {
            Some(("field", name)) => Self::Field(name.into()),
            Some(("event", name)) => Self::Event(name.into()),
            _ => match text {
                "state" => Self::State,
                "source" => Self::Source,
                "scope" => Self::Scope,
                "path" => Self::Path,
                other => return Err(unreadable(other)),
            },
        })
    }
}

impl Side {
    /// As JSON; none where it is not known.
    pub fn to_json(&self) -> Option<Json> {
        Some(match self {
            Self::NotKnown => return None,
            Self::State(state) => json!(state),
            Self::Source { scope, path } => json!({
                "level": scope.level, "id": scope.id, "path": path,
            }),
            Self::Value(value) => value.to_json(),
            Self::Flag(flag) => json!(flag),
            Self::Scope { there } => json!(there),
            Self::Path(path) => json!(path),
        })
    }

    fn to_text(&self) -> Result<Option<String>> {
        // The value's own form: `to_json` is GitLab's, and the same.
        self.to_json().map(|json| to_json("change", &json)).transpose()
    }

    fn of(what: &What, text: Option<&str>) -> Result<Self> {
        #[derive(serde::Deserialize)]
        struct Source {
            #[serde(flatten)]
            scope: ScopeKey,
            path: String,
        }
        let Some(text) = text else { return Ok(Self::NotKnown) };
        Ok(match what {
            What::State => Self::State(from_json("change.state", text)?),
            What::Source => {
                let Source { scope, path } = from_json("change.source", text)?;
                Self::Source { scope, path }
            }
            What::Field(_) => Self::Value(from_json("change.value", text)?),
            What::Event(_) => Self::Flag(from_json("change.event", text)?),
            What::Scope => Self::Scope { there: from_json("change.scope", text)? },
            What::Path => Self::Path(from_json("change.path", text)?),
        })
    }
}

fn unreadable(what: &str) -> Error {
    Error::Content { what: "change.what", why: format!("“{what}” is nothing that can change") }
}
