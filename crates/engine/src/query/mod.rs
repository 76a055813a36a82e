//! Questions answered from the local copy alone: none of them waits for the network.

mod compare;
pub(crate) mod defaults;
pub(crate) mod items;
pub mod tree;

pub use compare::{Comparison, Link as ChainLink, LinkRole};
pub use defaults::Default;
pub use items::{Item, ScopeItems, server_version};
