//! Everything Heirloom says to GitLab over HTTP, and the only crate that does.
//!
//! A [`Client`] belongs to one [`BaseUrl`] and one token. It retries reads, never repeats a write
//! whose fate is unknown, waits as a rate-limited server asks, and sends its token to its own
//! origin and nowhere else. What it returns are GitLab's own shapes ([`dto`]); what they mean is
//! decided elsewhere.
//!
//! What GitLab does is written in the project's contract; sections are named where they matter.

mod base_url;
mod calls;
mod client;
pub mod dto;
mod error;
mod http;
mod paging;
mod version;

pub use base_url::{BadUrl, BaseUrl, PlainHttp};
pub use calls::groups::GroupFilter;
pub use calls::projects::ProjectFilter;
pub use client::{Client, ClientOptions, SetupError};
pub use error::{Error, Place, Problem, RateLimit};
pub use http::counts::RequestCounts;
pub use http::gate::pace::{PublishedLimit, published_limits};
pub use paging::{Page, Pages, requests_by_id, requests_by_number};
pub use version::{NotAVersion, Version};

/// What a call to GitLab gives.
pub type Result<T> = std::result::Result<T, Error>;
