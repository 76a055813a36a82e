//! Questions over many scopes: the matrix, one kind across the estate, the overview.

pub(crate) mod answers;
pub mod clusters;
mod failed;
pub mod filter;
pub mod matrix;
pub mod members;
pub mod order;
pub mod owners;
pub(crate) mod select;
mod valued;
