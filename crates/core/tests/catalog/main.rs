//! The catalog against what GitLab documents and accepts.

mod coverage;
mod deviations;
mod facts;
mod rules;
