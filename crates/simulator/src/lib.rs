//! A GitLab that behaves as the integrations contract says, on loopback.
//!
//! It serves the demo, the tests and `heirloomctl demo-server`. It knows nothing of the product:
//! no crate of ours is used here, and its tables were written from the contract alone, so that
//! agreement between the two means something.
//!
//! ```no_run
//! # async fn example() -> Result<(), heirloom_simulator::StartError> {
//! use heirloom_simulator::{Config, Simulator};
//!
//! let simulator = Simulator::start(Config::default()).await?;
//! println!("{} {}", simulator.url(), simulator.token());
//! simulator.stop().await;
//! # Ok(())
//! # }
//! ```

mod api;
mod clock;
mod company;
mod config;
mod fault;
mod graphql;
mod handle;
mod kinds;
mod limits;
mod pages;
mod propagation;
mod request_log;
mod server;
mod simulator;
mod site;
mod sized;
mod tokens;
mod version;
mod world;

pub use config::{Config, Even, Features, Tls, WorldSpec};
pub use fault::{Fault, FaultPlan, Harm, NotAPlan};
pub use handle::{GroupSpec, ProjectSpec, RowView, WorldHandle};
pub use limits::{Limits, Writes};
pub use request_log::Request;
pub use simulator::{Simulator, StartError};
pub use tokens::Tokens;
pub use version::{NotAVersion, Version};
pub use world::save::{Form, RowEdit, UnknownTarget};
pub use world::scope::Level;
