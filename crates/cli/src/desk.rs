//! What every command works at: the engine over the data folder, and the connection it names.

use std::path::PathBuf;
use std::sync::Arc;

use heirloom_core::ids::{ConnectionId, NotASlug, Slug};
use heirloom_engine::clock::SystemClock;
use heirloom_engine::secrets::Keychain;
use heirloom_engine::{Connection, Engine, Kind, Listener, Setup, folder, older};
use secrecy::SecretString;

use crate::args::Common;
use crate::commands::catalog;
use crate::exit::{Failure, Result};
use crate::output;

/// The variable that gives a token for one run.
pub const TOKEN: &str = "HEIRLOOM_TOKEN";

struct Nobody;

impl Listener for Nobody {
    fn changed(&self) {}
}

/// The data folder this run works with.
pub fn data_folder(common: &Common) -> Result<PathBuf> {
    common.data_dir.clone().or_else(folder::default_folder).ok_or_else(|| {
        Failure::Usage(
            "this system does not say where your data is kept: give a folder with --data-dir"
                .into(),
        )
    })
}

/// Opens the data folder.
pub fn engine(common: &Common) -> Result<Engine> {
    engine_with(common, Arc::new(Nobody))
}

/// Opens the data folder with somebody who is told of changes.
pub fn engine_with(common: &Common, listener: Arc<dyn Listener>) -> Result<Engine> {
    let keychain = Arc::new(Keychain::new());
    let setup = Setup { keychain, clock: Arc::new(SystemClock), listener };
    let engine = Engine::open(&data_folder(common)?, setup)?;
    if let Some(aside) = engine.rebuilt() {
        output::note(format!(
            "note: the local copy was begun anew, since {}: heirloomctl sync fills it. The old one \
             is {}",
            aside.why,
            aside.path.display()
        ));
    }
    Ok(engine)
}

/// The token given for this run alone.
pub fn token_of_this_run() -> Option<SecretString> {
    std::env::var(TOKEN)
        .ok()
        .map(|token| token.trim().to_owned())
        .filter(|token| !token.is_empty())
        .map(SecretString::from)
}

/// The connection a run names with `--instance`, or the only one.
pub async fn named(engine: &Engine, common: &Common) -> Result<Connection> {
    pick(engine, common.instance.as_deref()).await
}

/// The connection a run names, of which something must be known.
pub async fn synced(engine: &Engine, common: &Common) -> Result<Connection> {
    let connection = named(engine, common).await?;
    match engine.find_scope(connection.id, "instance", None).await {
        Ok(_) => reading(engine, common).await,
        Err(error) if error.kind() == Kind::NotFound => Err(nothing_known()),
        Err(error) => Err(error.into()),
    }
}

/// The connection a run names, to be answered from the local copy: where that is only a part, it
/// says so.
pub async fn reading(engine: &Engine, common: &Common) -> Result<Connection> {
    let connection = named(engine, common).await?;
    if let Some(part) = engine.sync_standing(connection.id).await?.part() {
        output::note(format!("note: {part}. heirloomctl sync goes on"));
    }
    for untold in older::untold(&connection.details.version) {
        output::note(format!("note: {untold}"));
    }
    Ok(connection)
}

/// What is said where there is no local copy yet.
pub fn nothing_known() -> Failure {
    Failure::Other("nothing is known yet: heirloomctl sync reads it".into())
}

/// An integration by the name that was typed: one of the catalog's, or one that only this server
/// has.
pub async fn kind(engine: &Engine, id: ConnectionId, text: &str) -> Result<Slug> {
    let unknown = match catalog::find(text) {
        Ok(integration) => {
            return integration.slug.parse().map_err(|error| usage(&error));
        }
        Err(error) => error,
    };
    let slug = Slug::new(text).map_err(|error| usage(&error))?;
    if engine.kinds_in_use(id, None).await?.contains(&slug) { Ok(slug) } else { Err(unknown) }
}

fn usage(error: &NotASlug) -> Failure {
    Failure::Usage(error.to_string())
}

/// The connection a run names, with this run's token if there is one.
pub async fn online(engine: &Engine, common: &Common) -> Result<Connection> {
    let connection = named(engine, common).await?;
    if let Some(token) = token_of_this_run() {
        engine.lend_token(connection.id, &token).await?;
    }
    Ok(connection)
}

/// A connection by its name or number; the only one where none is given.
pub async fn pick(engine: &Engine, name: Option<&str>) -> Result<Connection> {
    let mut all = engine.connections().await?;
    let Some(name) = name else {
        return match (all.pop(), all.is_empty()) {
            (Some(only), true) => Ok(only),
            (None, _) => Err(Failure::Other(
                "there is no connection yet: make one with heirloomctl connect".into(),
            )),
            (Some(_), false) => Err(Failure::Usage(
                "there are several connections: say which with --instance (heirloomctl instances \
                 lists them)"
                    .into(),
            )),
        };
    };
    if let Ok(number) = name.parse::<u32>()
        && let Some(found) = all.iter().position(|connection| connection.id.0 == number)
    {
        return Ok(all.swap_remove(found));
    }
    all.retain(|connection| connection.details.name == name);
    match (all.pop(), all.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) => Err(Failure::Usage(format!(
            "no connection is called “{name}”: heirloomctl instances lists them"
        ))),
        (Some(_), false) => Err(Failure::Usage(format!(
            "several connections are called “{name}”: use the number that heirloomctl instances \
             shows"
        ))),
    }
}
