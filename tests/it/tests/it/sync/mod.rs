//! Reading GitLab: what is known afterwards, what it costs, and what failure leaves behind.

mod accuracy;
mod again;
mod bad_input;
mod cancelling;
mod claims;
mod cost;
mod deep;
mod failing;
mod faults;
mod gone;
mod in_flight;
mod parts;
mod resume;
mod retention;
mod versions;
mod visible;
