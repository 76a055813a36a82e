//! What must hold of rows, settings and plans, whatever GitLab holds: checked over random worlds
//! against small models written from the contract.

mod comparing;
mod inheritance;
// These say so once more for clippy, which only then lets helpers of tests panic.
#[cfg(test)]
mod plan;
mod states;
#[cfg(test)]
mod strategies;
mod values;
