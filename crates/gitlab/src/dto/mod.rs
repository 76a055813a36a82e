//! What GitLab's REST API answers, as it answers it. Only what Heirloom uses is read; everything
//! else in an answer is ignored.

mod account;
mod decode;
mod group;
mod integration;
mod project;

pub(crate) use account::MetadataAnswer;
pub use account::{Metadata, PersonalAccessToken, User};
pub(crate) use decode::{HIGHEST_ID, HasId, decode, decode_list, decode_one, decode_readable};
pub use group::Group;
pub use integration::{IntegrationDetail, IntegrationRow};
pub use project::{Namespace, NamespaceKind, Project};
