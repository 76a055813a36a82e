//! Questions answered from the local copy alone: none of them waits for the network.

mod compare;
pub(crate) mod defaults;
pub mod drift;
pub mod find;
pub mod integration;
pub(crate) mod items;
pub mod kinds;
pub mod matrix;
pub mod overview;
pub mod pair;
pub mod suggest;
pub mod table;
pub mod tree;

pub use compare::{Comparison, Link as ChainLink, LinkRole};
pub use defaults::Default;
pub use items::{Item, ScopeItems, server_version};
