//! The endpoints Heirloom uses, one method of [`Client`](crate::Client) each.

mod account;
pub(crate) mod groups;
mod integrations;
pub(crate) mod projects;
