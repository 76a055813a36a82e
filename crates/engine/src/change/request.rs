//! What may be planned.

use heirloom_core::ids::{Level, ScopeKey, Slug};
use heirloom_core::row::State;
use heirloom_core::settings::Settings;
use heirloom_store::cache::integrations::Kept;
use heirloom_store::cache::scopes::Scope;
use serde::{Deserialize, Serialize};

/// A change of one integration at one scope.
#[derive(Clone, Debug)]
pub enum Request {
    /// Back to the default settings.
    UseDefault {
        /// Where.
        scope: ScopeKey,
        /// Which integration.
        slug: Slug,
    },
    /// Custom settings.
    SetCustom {
        /// Where.
        scope: ScopeKey,
        /// Which integration.
        slug: Slug,
        /// The settings; none: the kept draft.
        settings: Option<Settings>,
        /// Secret fields that will be given new values.
        typed: Vec<String>,
    },
    /// Switched off.
    Disable {
        /// Where.
        scope: ScopeKey,
        /// Which integration.
        slug: Slug,
    },
    /// Switched on again.
    Enable {
        /// Where.
        scope: ScopeKey,
        /// Which integration.
        slug: Slug,
    },
}

impl Request {
    /// Where and which.
    pub fn place(&self) -> (ScopeKey, &Slug) {
        match self {
            Self::UseDefault { scope, slug }
            | Self::SetCustom { scope, slug, .. }
            | Self::Disable { scope, slug }
            | Self::Enable { scope, slug } => (*scope, slug),
        }
    }
}

/// A change of one integration at many scopes.
#[derive(Clone, Debug)]
pub struct Bulk {
    /// Which integration.
    pub slug: Slug,
    /// What is wanted.
    pub wish: Wish,
    /// Where.
    pub selection: Selection,
}

/// What is wanted of every scope.
#[derive(Clone, Debug)]
pub enum Wish {
    /// Back to the default settings.
    UseDefault,
    /// These settings over those stored.
    SetCustom {
        /// What is set, secrets left out.
        settings: Settings,
        /// Secret fields that will be given new values.
        typed: Vec<String>,
    },
    /// The settings of another scope, and nothing beside them.
    CopyFrom {
        /// Whose.
        scope: ScopeKey,
        /// Secret fields that will be given values: GitLab does not return the other scope's.
        typed: Vec<String>,
    },
    /// What is kept as a draft, for each scope its own.
    Drafts,
    /// Switched off.
    Disable,
    /// Switched on again.
    Enable,
}

/// The scopes of a plan.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Those named.
    pub scopes: Vec<ScopeKey>,
    /// Everything below them in place of themselves; of a project, itself.
    pub below: bool,
    /// Of those, which.
    pub filter: Filter,
}

/// Narrows a selection. Everything given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// In one of these states; empty: any.
    pub states: Vec<State>,
    /// At this level.
    pub level: Option<Level>,
    /// `private`, `internal` or `public`.
    pub visibility: Option<String>,
    /// Its name or path holds this text.
    pub text: Option<String>,
    /// A setting of its own that is no secret holds this text.
    pub value: Option<String>,
    /// Archived projects too. A plan leaves them alone otherwise, and says so.
    pub archived: bool,
}

impl Filter {
    /// Whether a scope is meant, archived or not.
    pub fn holds(&self, scope: &Scope, kept: Option<&Kept>, state: State) -> bool {
        let listed = &scope.listed;
        let has = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
        let value = |part: &str| {
            let fields = kept.and_then(|row| row.fields.as_ref());
            fields.is_some_and(|fields| {
                fields.values().any(|value| match value.to_json() {
                    serde_json::Value::String(text) => has(&text, part),
                    other => has(&other.to_string(), part),
                })
            })
        };
        (self.states.is_empty() || self.states.contains(&state))
            && self.level.is_none_or(|level| listed.key.level == level)
            && self.visibility.as_ref().is_none_or(|it| listed.visibility.as_ref() == Some(it))
            && self.text.as_ref().is_none_or(|it| has(&listed.path, it) || has(&listed.name, it))
            && self.value.as_ref().is_none_or(|it| value(it))
    }
}
