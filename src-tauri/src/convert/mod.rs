//! From the engine's types to what the window sees, and back.

mod bulk;
mod changes;
mod connections;
mod drift;
mod estate;
mod find;
mod forms;
mod runs;
mod scopes;
mod settings;

pub use bulk::*;
pub use changes::*;
pub use connections::*;
pub use drift::*;
pub use estate::*;
pub use find::*;
pub use forms::*;
pub use runs::*;
pub use scopes::*;
pub use settings::*;

use heirloom_engine::core::ids::{ConnectionId, GitlabId, Level, ScopeKey, Slug};
use heirloom_engine::words::sentence;
use heirloom_engine::{Error, Kind};
use jiff::Timestamp;

use crate::dto;

/// A scope the window named.
///
/// # Errors
/// When its id is no number: only a broken window sends that.
pub fn scope_key(scope: &dto::ScopeRef) -> Result<ScopeKey, dto::IpcError> {
    let id = scope.id.parse().map_err(|_| invalid(format!("“{}” is not an id", scope.id)))?;
    Ok(ScopeKey { level: level(scope.level), id: GitlabId(id) })
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
    Ok((ConnectionId(at.connection), scope_key(&at.scope)?, slug(&at.slug)?))
}

/// A level.
pub fn level(level: dto::Level) -> Level {
    match level {
        dto::Level::Instance => Level::Instance,
        dto::Level::Group => Level::Group,
        dto::Level::Project => Level::Project,
    }
}

/// An integration the window named.
///
/// # Errors
/// When it cannot be a name.
pub fn slug(name: &str) -> Result<Slug, dto::IpcError> {
    Slug::new(name).map_err(|error| invalid(error.to_string()))
}

/// A time the window named.
///
/// # Errors
/// When it is none.
pub fn time(text: &str) -> Result<Timestamp, dto::IpcError> {
    text.parse().map_err(|_| invalid(format!("“{text}” is not a time")))
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
