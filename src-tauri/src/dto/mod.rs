//! What crosses to the window. Serialisable counterparts of the engine's types, made at this edge
//! and nowhere else, so that a token or a secret field cannot leak by a derive: no type here that
//! goes *to* the window has a place for one.
//!
//! Ids are text (JavaScript's numbers end at 2^53), times are RFC 3339 in UTC.

mod bulk;
mod catalog;
mod connection;
mod error;
mod export;
mod find;
mod form;
mod kinds;
mod matrix;
mod overview;
mod plan;
mod run;
mod scope;
mod settings;
mod sync;
mod window;

pub use bulk::*;
pub use catalog::*;
pub use connection::*;
pub use error::*;
pub use export::*;
pub use find::*;
pub use form::*;
pub use kinds::*;
pub use matrix::*;
pub use overview::*;
pub use plan::*;
pub use run::*;
pub use scope::*;
pub use settings::*;
pub use sync::*;
pub use window::*;
