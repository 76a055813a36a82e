//! Connections: check, save, change, remove.

mod check;
pub mod limits;
pub mod reach;
mod view;

use heirloom_core::ids::ConnectionId;
use heirloom_gitlab::dto::PersonalAccessToken;
use heirloom_secrets::{SecretName, clear_everything};
use heirloom_store::app::connections::{Access, Connection, Details, Safety};
use secrecy::SecretString;

pub use view::ConnectionView;

pub use check::{Check, CheckKind, CheckStatus, Report, Subject};

use crate::sync::cost::Cost;
use crate::{Engine, Error, Result};

/// What a person gives to make a connection.
pub struct Input {
    /// Address.
    pub url: String,
    /// Personal access token.
    pub token: SecretString,
    /// Name in lists; blank = the host.
    pub name: String,
    /// How much asking before changes.
    pub safety: Safety,
    /// Own certificate authority, PEM.
    pub ca_pem: Option<String>,
    /// Consent to plain http beyond loopback.
    pub allow_plain_http: bool,
    /// The embedded demo company: its token stays in memory.
    pub demo: bool,
}

/// Where a connection's token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenState {
    /// It is there.
    Stored,
    /// It is not.
    Missing,
    /// GitLab refused it.
    Refused,
    /// The keychain could not be asked.
    Unreadable,
}

impl Engine {
    /// Checks everything a connection needs, without saving anything.
    pub async fn check_connection(&self, input: &Input) -> Report {
        let place = if input.demo { None } else { Some(self.keychain()) };
        check::run(input, place).await
    }

    /// Checks, then saves: the connection first, its token right after; if the keychain refuses,
    /// nothing stays.
    ///
    /// # Errors
    /// When a check fails, an equal connection exists, the keychain refuses, or the disk does.
    pub async fn connect(&self, input: Input) -> Result<Connection> {
        let report = self.check_connection(&input).await;
        let details = report.passed(&input)?;
        self.refuse_twin(&details).await?;
        self.save(details, &input.token).await
    }

    /// Saves a connection whose token is given anew with each run and never stored.
    ///
    /// # Errors
    /// As [`Engine::connect`], the keychain aside.
    pub async fn connect_without_token(&self, input: Input) -> Result<Connection> {
        let report = check::run(&input, None).await;
        let details = Details { token_kept: false, ..report.passed(&input)? };
        self.refuse_twin(&details).await?;
        let now = self.now();
        let saved = self.db(move |store| store.add_connection(details, now)).await?;
        self.lend_token(saved.id, &input.token).await?;
        self.changed();
        Ok(saved)
    }

    async fn refuse_twin(&self, details: &Details) -> Result<()> {
        let twin = self.connections().await?.into_iter().find(|other| {
            other.details.base_url == details.base_url && other.details.username == details.username
        });
        match twin {
            Some(twin) => Err(Error::NotConnectable {
                title: format!("“{}” is this GitLab with this account", twin.details.name),
                detail: "Replace its token there, or remove that connection first".into(),
            }),
            None => Ok(()),
        }
    }

    async fn save(&self, details: Details, token: &SecretString) -> Result<Connection> {
        let now = self.now();
        let saved = self.db(move |store| store.add_connection(details, now)).await?;
        let name = SecretName::token(&self.owner(saved.id)?);
        if let Err(error) = self.token_place(&saved.details).set(&name, token).await {
            let id = saved.id;
            self.db(move |store| store.remove_connection(id)).await?;
            return Err(error.into());
        }
        self.changed();
        Ok(saved)
    }

    /// Checks a new token for a connection, without saving it.
    ///
    /// # Errors
    /// When the connection is not there.
    pub async fn check_token(&self, id: ConnectionId, token: SecretString) -> Result<Report> {
        let connection = self.connection(id).await?;
        Ok(self.check_connection(&input_for(&connection, token)).await)
    }

    /// Puts a new token in place of the old one, after the same checks as a new connection. It
    /// must be the same account's: another one sees other things.
    ///
    /// # Errors
    /// When a check fails or the keychain refuses; then the old token stays.
    pub async fn replace_token(&self, id: ConnectionId, token: SecretString) -> Result<Connection> {
        let connection = self.connection(id).await?;
        let input = input_for(&connection, token);
        let report = self.check_connection(&input).await;
        let details = report.passed(&input)?;
        if details.username != connection.details.username {
            return Err(Error::NotConnectable {
                title: format!(
                    "This is @{}’s token, not @{}’s",
                    details.username, connection.details.username
                ),
                detail: "Another account sees other scopes: make a new connection for it".into(),
            });
        }
        let name = SecretName::token(&self.owner(id)?);
        self.token_place(&details).set(&name, &input.token).await?;
        if !details.demo {
            self.forget_lent(&name).await?;
        }
        self.db(move |store| store.change_connection(id, details)).await?;
        self.drop_client(id);
        reach::online(&self.live(id).reach);
        self.changed();
        self.connection(id).await
    }

    /// Removes a connection with its token, drafts, journal and local copy.
    ///
    /// # Errors
    /// When a sync holds it, the keychain refuses (then everything stays), or the disk does.
    pub async fn remove_connection(&self, id: ConnectionId) -> Result<()> {
        let connection = self.connection(id).await?;
        let _sync = crate::locks::take(self.store().folder(), id, crate::locks::Work::Sync)?;
        let _apply = crate::locks::take(self.store().folder(), id, crate::locks::Work::Apply)?;
        let owner = self.owner(id)?;
        let known = self.db(move |store| store.remembered(id)).await?;
        let names: Vec<SecretName> = known
            .into_iter()
            .filter_map(|it| SecretName::field(&owner, it.scope, &it.slug, &it.field).ok())
            .collect();
        if !names.is_empty() {
            clear_everything(self.secret_place(&connection.details), &owner, &names)
                .await
                .map_err(|left| Error::Keychain(left.first))?;
        }
        clear_everything(self.token_place(&connection.details), &owner, &[])
            .await
            .map_err(|left| Error::Keychain(left.first))?;
        self.db(move |store| store.remove_connection(id)).await?;
        self.forget_live(id);
        self.changed();
        Ok(())
    }

    /// Every connection, in the order they were made.
    ///
    /// # Errors
    /// When the local database cannot be read.
    pub async fn connections(&self) -> Result<Vec<Connection>> {
        self.db(heirloom_store::Store::connections).await
    }

    /// One connection.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn connection(&self, id: ConnectionId) -> Result<Connection> {
        self.db(move |store| store.connection(id)).await
    }

    /// Gives a connection another name.
    ///
    /// # Errors
    /// When the name is blank, or the disk refuses.
    pub async fn rename_connection(&self, id: ConnectionId, name: &str) -> Result<Connection> {
        let name = name.trim().to_owned();
        if name.is_empty() {
            return Err(Error::Invalid { field: "Name".into(), message: "enter a name".into() });
        }
        self.edit_details(id, |details| details.name = name).await
    }

    /// Changes how much asking there is before changes.
    ///
    /// # Errors
    /// When the connection is not there, or the disk refuses.
    pub async fn set_safety(&self, id: ConnectionId, safety: Safety) -> Result<Connection> {
        self.edit_details(id, |details| details.safety = safety).await
    }

    async fn edit_details(
        &self,
        id: ConnectionId,
        edit: impl FnOnce(&mut Details),
    ) -> Result<Connection> {
        let mut connection = self.connection(id).await?;
        edit(&mut connection.details);
        let details = connection.details.clone();
        self.db(move |store| store.change_connection(id, details)).await?;
        self.changed();
        Ok(connection)
    }

    /// Where the token stands, without fetching it from GitLab.
    pub async fn token_state(&self, connection: &Connection) -> TokenState {
        if reach::token_refused(&self.live(connection.id).reach) {
            return TokenState::Refused;
        }
        match self.client(connection).await {
            Ok(_) => TokenState::Stored,
            Err(Error::NoToken) => TokenState::Missing,
            Err(_) => TokenState::Unreadable,
        }
    }

    /// What the first sync of a checked connection would cost.
    ///
    /// # Errors
    /// When GitLab does not answer.
    pub async fn first_cost(&self, input: &Input, report: &Report) -> Result<(u32, Cost)> {
        let client = crate::engine::make_client(
            &input.url,
            input.allow_plain_http,
            input.ca_pem.as_deref(),
            &input.token,
            None,
        )?;
        let is_admin = report.facts.as_ref().is_some_and(|facts| facts.is_admin);
        crate::sync::cost::of_first(&client, is_admin).await
    }
}

fn input_for(connection: &Connection, token: SecretString) -> Input {
    let details = &connection.details;
    Input {
        url: details.base_url.clone(),
        token,
        name: details.name.clone(),
        safety: details.safety,
        ca_pem: details.ca_pem.clone(),
        allow_plain_http: details.plain_http,
        demo: details.demo,
    }
}

/// What a token with these scopes may do.
pub(crate) fn access(token: &PersonalAccessToken) -> Access {
    if token.can_write() { Access::Full } else { Access::ReviewOnly }
}
