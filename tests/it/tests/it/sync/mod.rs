//! Reading GitLab: what is known afterwards, what it costs, and what failure leaves behind.

mod accuracy;
mod again;
mod cost;
mod failing;
mod gone;
mod in_flight;
mod parts;
mod versions;
