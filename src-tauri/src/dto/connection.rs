//! Connections to GitLab servers.

use serde::{Deserialize, Serialize};
use specta::Type;

/// What the app says about itself.
#[derive(Clone, Debug, Serialize, Type)]
pub struct AppInfo {
    /// Heirloom's version.
    pub version: String,
    /// Started to show the demo company only.
    pub demo: bool,
}

/// What was typed to make a connection. The token comes in and never goes out.
#[derive(Clone, Deserialize, Type)]
pub struct ConnectInput {
    /// Address of the GitLab, sub-path included.
    pub url: String,
    /// Personal access token.
    pub token: String,
    /// Name in the list; blank = the host.
    pub name: String,
    /// How much asking before changes.
    pub safety: Safety,
    /// The company's own certificate authority, as PEM text.
    pub ca_pem: Option<String>,
    /// Consent to plain http beyond this computer.
    pub allow_plain_http: bool,
}

/// How much asking before changes, per connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Safety {
    /// Nothing is ever written.
    ReadOnly,
    /// Every change is confirmed.
    ConfirmEach,
    /// Changes of many scopes are confirmed by typing their number.
    ConfirmLarge,
}

/// The checks made before anything is saved.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ConnectionReport {
    /// In the order shown.
    pub checks: Vec<Check>,
    /// Whether *Connect and sync* may be offered.
    pub can_connect: bool,
    /// The address after tidying, to show in the field.
    pub url: Option<String>,
    /// Scopes the first sync would read, when that is known.
    pub scopes: Option<u32>,
    /// What that sync would cost.
    pub cost: Option<SyncCost>,
}

/// One check.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Check {
    /// What was checked.
    pub kind: CheckKind,
    /// How it ended.
    pub status: CheckStatus,
    /// The finding, in a few words ("GitLab 18.10.2").
    pub title: String,
    /// What follows from it, or what to do.
    pub detail: String,
    /// The control the message belongs to, for failures.
    pub field: Option<ConnectField>,
}

/// What is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// Is it a GitLab, and which.
    Server,
    /// Whose token, with which scopes, until when.
    Token,
    /// Is there a keychain to put it in.
    Keychain,
    /// What can be known of instance defaults.
    InstanceDefaults,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CheckStatus {
    /// Fine.
    Ok,
    /// Worth knowing.
    Info,
    /// Works, with something missing.
    Warning,
    /// Cannot go on.
    Failed,
    /// Not tried, since an earlier one failed.
    Skipped,
}

/// The control a message belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ConnectField {
    /// Address.
    Url,
    /// Token.
    Token,
    /// Certificate authority.
    CaPem,
    /// Consent to plain http.
    AllowPlainHttp,
}

/// A saved connection.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Connection {
    /// Stable id.
    pub id: u32,
    /// Its name in the list.
    pub name: String,
    /// Base URL.
    pub url: String,
    /// Host, with the port where it is not the usual one.
    pub host: String,
    /// GitLab's version ("18.10.2-ee").
    pub version: String,
    /// Enterprise Edition, where GitLab says so.
    pub enterprise: Option<bool>,
    /// Whose token it is.
    pub username: String,
    /// The account is an administrator's.
    pub is_admin: bool,
    /// What the token may do.
    pub access: Access,
    /// When the token ends (a date), if it does.
    pub token_expires_on: Option<String>,
    /// Where the token stands.
    pub token: TokenState,
    /// How much asking before changes.
    pub safety: Safety,
    /// Whether GitLab answers.
    pub reach: Reach,
    /// The embedded demo company.
    pub demo: bool,
    /// How current the local copy is.
    pub synced: Option<SyncSummary>,
    /// Groups in the local copy.
    pub groups: u32,
    /// Projects in the local copy.
    pub projects: u32,
    /// Scopes that could not be read.
    pub unreadable: u32,
    /// Drafts kept, not sent.
    pub drafts: u32,
    /// The sync that runs now.
    pub syncing: Option<SyncProgress>,
}

/// What a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Scope `api`: read and change.
    Full,
    /// Scope `read_api` alone: look, never change.
    ReviewOnly,
}

/// Where a connection's token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TokenState {
    /// In the keychain (or, for the demo company, in memory).
    Stored,
    /// Not in the keychain: it must be given again.
    Missing,
    /// GitLab refused it.
    Refused,
    /// The keychain could not be asked.
    Unreadable,
}

/// Whether GitLab answers.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Reach {
    /// Not tried yet.
    Unknown,
    /// It answered last time.
    Online,
    /// It did not.
    Offline {
        /// Since when.
        since: String,
        /// Why, in a few words ("connection refused").
        why: String,
    },
}

use super::sync::{SyncCost, SyncProgress, SyncSummary};
