//! The checks before anything is saved: is it a GitLab, whose token is it and what may it do, is
//! there a keychain to put it in.

use heirloom_gitlab::dto::{Metadata, PersonalAccessToken, User};
use heirloom_gitlab::{BadUrl, Client, Problem, SetupError};
use heirloom_secrets::SecretStore;

use super::{Access, Details, Input, access};
use crate::engine::make_client;
use crate::words::sentence;
use crate::{Error, Result};

/// What the checks found.
#[derive(Debug)]
pub struct Report {
    /// In the order made.
    pub checks: Vec<Check>,
    /// What is known if the server and the token are fine.
    pub facts: Option<Facts>,
    /// The address after tidying.
    pub url: Option<String>,
}

/// What server and token said of themselves.
#[derive(Clone, Debug)]
pub struct Facts {
    version: String,
    enterprise: Option<bool>,
    username: String,
    /// The account is an administrator's.
    pub is_admin: bool,
    access: Access,
    token_expires_on: Option<String>,
    host: String,
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Check {
    /// What was checked.
    pub kind: CheckKind,
    /// How it ended.
    pub status: CheckStatus,
    /// The finding.
    pub title: String,
    /// What follows from it.
    pub detail: String,
    /// What was given wrongly, for failures.
    pub subject: Option<Subject>,
}

/// What is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckKind {
    /// Is it a GitLab, and which.
    Server,
    /// Whose token, with which scopes, until when.
    Token,
    /// Is there a keychain.
    Keychain,
    /// What can be known of instance defaults.
    InstanceDefaults,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckStatus {
    /// Fine.
    Ok,
    /// Worth knowing.
    Info,
    /// Works, with something missing.
    Warning,
    /// Cannot go on.
    Failed,
    /// Not tried.
    Skipped,
}

/// What a failed check is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The address.
    Url,
    /// The token.
    Token,
    /// The certificate authority.
    CaPem,
    /// The missing consent to plain http.
    PlainHttp,
}

impl Report {
    /// Nothing failed.
    pub fn can_connect(&self) -> bool {
        self.facts.is_some()
            && !self
                .checks
                .iter()
                .any(|check| matches!(check.status, CheckStatus::Failed | CheckStatus::Skipped))
    }

    /// The connection's details, or the first failure as an error.
    pub(super) fn passed(&self, input: &Input) -> Result<Details> {
        let failed = self.checks.iter().find(|check| check.status == CheckStatus::Failed);
        if let Some(check) = failed {
            return Err(Error::NotConnectable {
                title: check.title.clone(),
                detail: check.detail.clone(),
            });
        }
        let (Some(facts), Some(url)) = (&self.facts, &self.url) else {
            return Err(Error::NoToken);
        };
        let name = input.name.trim();
        Ok(Details {
            name: if name.is_empty() { facts.host.clone() } else { name.to_owned() },
            base_url: url.clone(),
            version: facts.version.clone(),
            enterprise: facts.enterprise,
            username: facts.username.clone(),
            is_admin: facts.is_admin,
            access: facts.access,
            token_expires_on: facts.token_expires_on.clone(),
            token_kept: true,
            safety: input.safety,
            ca_pem: input.ca_pem.clone().filter(|pem| !pem.trim().is_empty()),
            plain_http: input.allow_plain_http,
            demo: input.demo,
        })
    }
}

/// Runs the checks. `keychain`: where the token would be put; none when it stays in memory.
pub(super) async fn run(input: &Input, keychain: Option<&dyn SecretStore>) -> Report {
    let mut report = Report { checks: Vec::new(), facts: None, url: None };
    match client(input) {
        Ok(client) => ask(&client, &mut report).await,
        Err(check) => report.checks.extend([check, skipped(CheckKind::Token)]),
    }
    if let Some(keychain) = keychain {
        report.checks.push(keychain_check(keychain).await);
    }
    if report.facts.is_some() {
        report.checks.push(Check {
            kind: CheckKind::InstanceDefaults,
            status: CheckStatus::Info,
            title: "Instance defaults".into(),
            detail: "No token reaches them. Heirloom infers them from what inherits them".into(),
            subject: None,
        });
    }
    report
}

fn client(input: &Input) -> std::result::Result<Client, Check> {
    let failed = |kind, title: &str, error: &dyn std::fmt::Display, subject| Check {
        kind,
        status: CheckStatus::Failed,
        title: title.into(),
        detail: sentence(&error.to_string()),
        subject: Some(subject),
    };
    let pem = input.ca_pem.as_deref().filter(|pem| !pem.trim().is_empty());
    make_client(&input.url, input.allow_plain_http, pem, &input.token, None).map_err(|error| {
        match error {
            Error::Address(why @ BadUrl::PlainHttp(_)) => {
                failed(CheckKind::Server, "Not encrypted", &why, Subject::PlainHttp)
            }
            Error::Address(why) => failed(CheckKind::Server, "Not an address", &why, Subject::Url),
            Error::Setup(why @ SetupError::Certificate(_)) => {
                failed(CheckKind::Server, "Not a certificate", &why, Subject::CaPem)
            }
            Error::Setup(why @ SetupError::Token) => {
                failed(CheckKind::Token, "Not a token", &why, Subject::Token)
            }
            other => failed(CheckKind::Server, "No connection", &other, Subject::Url),
        }
    })
}

async fn ask(client: &Client, report: &mut Report) {
    report.url = Some(client.base().to_string());
    let (metadata, user, token) =
        tokio::join!(client.metadata(), client.current_user(), client.token_self());
    let metadata = match metadata {
        Ok(metadata) => metadata,
        Err(error) if is_about_caller(&error) => {
            report.checks.push(Check {
                kind: CheckKind::Server,
                status: CheckStatus::Ok,
                title: format!("GitLab at {}", client.base().host()),
                detail: "It tells its version only to a token it takes".into(),
                subject: None,
            });
            report.checks.push(token_failure(&error.problem));
            return;
        }
        Err(error) => {
            report.checks.push(server_failure(&error.problem));
            report.checks.push(skipped(CheckKind::Token));
            return;
        }
    };
    report.checks.push(server_check(&metadata));
    match (user, token) {
        (Ok(user), Ok(token)) => {
            let check = token_check(&user, &token);
            if check.status != CheckStatus::Failed {
                report.facts = Some(facts(client, &metadata, &user, &token));
            }
            report.checks.push(check);
        }
        (Err(error), _) | (_, Err(error)) => report.checks.push(token_failure(&error.problem)),
    }
}

fn facts(client: &Client, metadata: &Metadata, user: &User, token: &PersonalAccessToken) -> Facts {
    Facts {
        version: metadata.version.to_string(),
        enterprise: metadata.enterprise,
        username: user.username.clone(),
        is_admin: user.is_admin,
        access: access(token),
        token_expires_on: token.expires_at.map(|day| day.to_string()),
        host: client.base().host(),
    }
}

fn server_check(metadata: &Metadata) -> Check {
    let version = &metadata.version;
    let (status, detail) = if !version.has_inherited() {
        let detail = "Before 17.3 GitLab’s API does not tell inherited from custom: states will \
                      be unknown";
        (CheckStatus::Warning, detail)
    } else if !version.has_group_api() {
        let detail = "Before 17.9 GitLab’s API has no group settings: projects only";
        (CheckStatus::Warning, detail)
    } else {
        (CheckStatus::Ok, "Group settings and inheritance are readable")
    };
    Check {
        kind: CheckKind::Server,
        status,
        title: format!("GitLab {version}"),
        detail: detail.into(),
        subject: None,
    }
}

fn token_check(user: &User, token: &PersonalAccessToken) -> Check {
    let failed = |title: &str, detail: &str| Check {
        kind: CheckKind::Token,
        status: CheckStatus::Failed,
        title: title.into(),
        detail: detail.into(),
        subject: Some(Subject::Token),
    };
    if token.revoked || !token.active {
        return failed(
            "This token has ended",
            "It expired or was revoked. Make a new one in GitLab",
        );
    }
    if !token.can_read() {
        return failed(
            "This token’s scopes are too small",
            "Heirloom needs read_api to look and api to change. Make a token with one of them",
        );
    }
    let may = if token.can_write() {
        "Scope api, so it may change settings"
    } else {
        "Scope read_api: review only, nothing can be changed"
    };
    let until = match token.expires_at {
        Some(day) => format!("Expires {day}"),
        None => "Never expires".into(),
    };
    let role = if user.is_admin { ", an administrator" } else { "" };
    Check {
        kind: CheckKind::Token,
        status: if token.can_write() { CheckStatus::Ok } else { CheckStatus::Info },
        title: format!("Token of @{}{role}", user.username),
        detail: format!("{may}. {until}"),
        subject: None,
    }
}

fn server_failure(problem: &Problem) -> Check {
    let (title, subject) = match problem {
        Problem::Tls { .. } => ("The connection cannot be trusted", Subject::CaPem),
        Problem::NotGitlab { .. } | Problem::NotFound { .. } | Problem::Decode { .. } => {
            ("This is not a GitLab", Subject::Url)
        }
        Problem::Dns => ("No such server", Subject::Url),
        Problem::Connect { .. } | Problem::Timeout { .. } | Problem::Interrupted { .. } => {
            ("The server does not answer", Subject::Url)
        }
        Problem::RedirectedElsewhere { .. } => ("The server sends us elsewhere", Subject::Url),
        _ => ("GitLab could not be asked", Subject::Url),
    };
    failure(CheckKind::Server, title, problem, subject)
}

/// It answered as GitLab does, and turned away whoever asked.
fn is_about_caller(error: &heirloom_gitlab::Error) -> bool {
    error.is_about_token()
        || matches!(error.problem, Problem::InsufficientScope { .. } | Problem::Forbidden { .. })
}

fn token_failure(problem: &Problem) -> Check {
    let title = match problem {
        // Blocked, or terms not accepted: GitLab's own words say which (contract, section 2).
        Problem::Forbidden { message } => {
            let said = if message.is_empty() { "It does not say why" } else { message };
            return Check {
                detail: said.to_owned(),
                ..failure(CheckKind::Token, "GitLab refuses this account", problem, Subject::Token)
            };
        }
        Problem::TokenExpired => "This token has expired",
        Problem::TokenRevoked => "This token was revoked",
        Problem::Unauthorized => "GitLab does not know this token",
        Problem::InsufficientScope { .. } => "This token’s scopes are too small",
        // Answered to tokens that are no personal access tokens (contract, section 6).
        Problem::Refused { .. } => "This is not a personal access token",
        _ => "The token could not be checked",
    };
    failure(CheckKind::Token, title, problem, Subject::Token)
}

fn failure(kind: CheckKind, title: &str, problem: &Problem, subject: Subject) -> Check {
    Check {
        kind,
        status: CheckStatus::Failed,
        title: title.into(),
        detail: sentence(&problem.to_string()),
        subject: Some(subject),
    }
}

fn skipped(kind: CheckKind) -> Check {
    Check {
        kind,
        status: CheckStatus::Skipped,
        title: "Token".into(),
        detail: "Not tried: the server comes first".into(),
        subject: None,
    }
}

async fn keychain_check(keychain: &dyn SecretStore) -> Check {
    match keychain.check().await {
        Ok(()) => Check {
            kind: CheckKind::Keychain,
            status: CheckStatus::Ok,
            title: "Keychain".into(),
            detail: "Unlocked; the token is stored only there".into(),
            subject: None,
        },
        Err(error) => Check {
            kind: CheckKind::Keychain,
            status: CheckStatus::Failed,
            title: "Keychain".into(),
            detail: sentence(&error.to_string()),
            subject: None,
        },
    }
}
