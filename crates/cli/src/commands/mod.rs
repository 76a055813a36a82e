//! One module per command.

pub mod catalog;
mod changes;
mod compare;
mod completions;
mod connect;
mod demo_server;
mod disconnect;
mod doctor;
mod drift;
mod export;
mod find;
mod history;
mod instances;
mod limits;
mod matrix;
mod plans;
mod runs;
mod settings;
mod show;
mod sync;
mod tree;

use crate::args::{Arguments, Command};
use crate::exit::Result;

/// Runs what was asked for.
pub async fn run(Arguments { common, command }: Arguments) -> Result {
    match command {
        Command::Connect(arguments) => connect::run(&common, arguments).await,
        Command::Disconnect { connection, dry_run } => {
            disconnect::run(&common, &connection, dry_run).await
        }
        Command::Instances => instances::run(&common).await,
        Command::Sync(arguments) => sync::run(&common, arguments).await,
        Command::Tree { place } => tree::run(&common, place).await,
        Command::Show(arguments) => show::run(&common, arguments).await,
        Command::Find(arguments) => find::run(&common, arguments).await,
        Command::Matrix(arguments) => matrix::run(&common, arguments).await,
        Command::Compare(arguments) => compare::run(&common, arguments).await,
        Command::History(arguments) => history::run(&common, arguments).await,
        Command::Drift(arguments) => drift::run(&common, &arguments).await,
        Command::Catalog { slug } => catalog::run(&common, slug.as_deref()),
        Command::Export(arguments) => export::run(&common, arguments).await,
        Command::Plan(arguments) => plans::plan(&common, arguments).await,
        Command::Apply(arguments) => plans::apply(&common, arguments).await,
        Command::Undo(arguments) => plans::undo(&common, arguments).await,
        Command::Again(arguments) => plans::again(&common, arguments).await,
        Command::Settings { keep_history, plan_data, dry_run } => {
            settings::run(&common, keep_history, plan_data, dry_run).await
        }
        Command::Doctor => doctor::run(&common).await,
        Command::Completions { shell } => completions::run(shell),
        Command::DemoServer(arguments) => demo_server::run(&common, arguments).await,
    }
}
