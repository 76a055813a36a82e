//! The wire: one request's way to GitLab and back, with the rules that hold for all of them.

pub(crate) mod ask;
pub(crate) mod body;
pub mod counts;
pub(crate) mod gate;
pub(crate) mod refusal;
pub(crate) mod retry;
pub(crate) mod send;
pub(crate) mod text;
pub(crate) mod trouble;
