//! The demo company: a simulated GitLab inside the app.

use heirloom_engine::connect::Input;
use heirloom_engine::{Connection, Engine, Error, Safety};
use heirloom_simulator::{Config, Simulator};
use secrecy::SecretString;
use tauri::{AppHandle, Manager as _};

use crate::state::AppState;

/// At start: demo connections of earlier runs lead nowhere and go; the demo itself starts if the
/// app was started for it.
pub async fn settle(app: AppHandle) {
    let state = app.state::<AppState>();
    if let Err(error) = remove_old(&state.engine).await {
        tracing::warn!(%error, "a demo company of an earlier run could not be removed");
    }
    if state.demo_only {
        match start(&state).await {
            Ok(connection) => {
                if let Err(error) = state.engine.sync(connection.id, None, false).await {
                    tracing::warn!(%error, "the demo company could not be read");
                }
            }
            Err(error) => tracing::error!(%error, "the demo company could not be started"),
        }
    }
}

/// Starts the demo company, or finds it running.
///
/// # Errors
/// When no port is free, or the connection cannot be saved.
pub async fn start(state: &AppState) -> Result<Connection, Error> {
    let mut running = state.demo.lock().await;
    if running.is_some()
        && let Some(found) =
            state.engine.connections().await?.into_iter().find(|known| known.details.demo)
    {
        return Ok(found);
    }
    remove_old(&state.engine).await?;
    let simulator = Simulator::start(Config::default())
        .await
        .map_err(|error| Error::NotPossible(format!("The demo company cannot start: {error}")))?;
    let input = Input {
        url: simulator.url(),
        token: SecretString::from(simulator.token().to_owned()),
        name: "Demo company".into(),
        safety: Safety::ConfirmLarge,
        ca_pem: None,
        allow_plain_http: false,
        demo: true,
    };
    let connection = state.engine.connect(input).await?;
    *running = Some(simulator);
    Ok(connection)
}

async fn remove_old(engine: &Engine) -> Result<(), Error> {
    for connection in engine.connections().await? {
        if connection.details.demo {
            engine.remove_connection(connection.id).await?;
        }
    }
    Ok(())
}
