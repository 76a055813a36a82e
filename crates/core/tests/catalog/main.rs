//! The catalog against what GitLab documents and accepts.

mod coverage;
mod deviations;
// Says so once more for clippy, which only then lets helpers of tests panic.
#[cfg(test)]
mod facts;
mod rules;
