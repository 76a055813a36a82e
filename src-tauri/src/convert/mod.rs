//! From the engine's types to what the window sees, and back.

mod changes;
mod connections;
mod scopes;
mod settings;

pub use changes::*;
pub use connections::*;
pub use scopes::*;
pub use settings::*;

use heirloom_engine::core::ids::{ConnectionId, GitlabId, Level, ScopeKey, Slug};
use heirloom_engine::{Error, Kind};

use crate::dto;

/// A scope the window named.
///
/// # Errors
/// When its id is no number: only a broken window sends that.
pub fn scope_key(scope: &dto::ScopeRef) -> Result<ScopeKey, dto::IpcError> {
    let id = scope.id.parse().map_err(|_| invalid(format!("“{}” is not an id", scope.id)))?;
    let level = match scope.level {
        dto::Level::Instance => Level::Instance,
        dto::Level::Group => Level::Group,
        dto::Level::Project => Level::Project,
    };
    Ok(ScopeKey { level, id: GitlabId(id) })
}

/// A scope for the window.
pub fn scope_ref(key: ScopeKey) -> dto::ScopeRef {
    let level = match key.level {
        Level::Instance => dto::Level::Instance,
        Level::Group => dto::Level::Group,
        Level::Project => dto::Level::Project,
    };
    dto::ScopeRef { level, id: key.id.to_string() }
}

/// An integration at a scope that the window named.
///
/// # Errors
/// When scope or slug cannot be names.
pub fn place(at: &dto::IntegrationRef) -> Result<(ConnectionId, ScopeKey, Slug), dto::IpcError> {
    let slug = Slug::new(&at.slug).map_err(|error| invalid(error.to_string()))?;
    Ok((ConnectionId(at.connection), scope_key(&at.scope)?, slug))
}

fn invalid(message: String) -> dto::IpcError {
    dto::IpcError { code: dto::ErrorCode::InvalidInput, message, hint: None }
}

impl From<Error> for dto::IpcError {
    fn from(error: Error) -> Self {
        use dto::ErrorCode;
        let (code, hint) = match error.kind() {
            Kind::Input => (ErrorCode::InvalidInput, None),
            Kind::Offline => {
                (ErrorCode::Offline, Some("What was read before can still be looked at"))
            }
            Kind::Token => (ErrorCode::TokenRefused, Some("Replace the token")),
            Kind::NoKeychain => (ErrorCode::KeychainMissing, None),
            Kind::KeychainLocked => (ErrorCode::KeychainLocked, None),
            Kind::NotFound => (ErrorCode::NotFound, None),
            Kind::ReadOnly => (ErrorCode::ReadOnly, None),
            Kind::Busy => (ErrorCode::Busy, Some("Wait until it has ended")),
            Kind::PlanOutdated => (ErrorCode::PlanOutdated, None),
            Kind::Other => (ErrorCode::Failed, None),
        };
        Self { code, message: sentence(&error.to_string()), hint: hint.map(str::to_owned) }
    }
}

/// Begins with a capital, as sentences do.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
