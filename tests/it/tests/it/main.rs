//! The whole way: engine, HTTP and a GitLab that behaves as the contract says.

mod change;
mod connect;
mod locks;
mod offline;
mod restart;
mod secrets;
mod sync;
