//! Everything SQLite: what Heirloom keeps on this computer. Never a secret.
//!
//! Two files, for two kinds of loss. `app.sqlite` holds what cannot be fetched again (connections,
//! drafts, the journal of writes) and is never overwritten when damaged; `cache.sqlite` holds what
//! GitLab told us and is set aside and rebuilt when it cannot be opened.
//!
//! One thread writes both; a few read-only connections answer questions beside it. The interface
//! is blocking: async callers wrap it.

pub mod app;
mod belonging;
pub mod cache;
mod database;
mod error;
mod files;

pub use belonging::{SetAside, Unusable};
pub use database::Store;
pub use error::{Error, Result};
pub use files::{WAL_PAGES, WRITER_CACHE_KIB};
