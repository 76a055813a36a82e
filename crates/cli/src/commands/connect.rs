//! `connect`.

use std::io::{BufRead as _, IsTerminal as _, Read as _};

use heirloom_engine::connect::{CheckKind, CheckStatus, Input, Report};
use heirloom_engine::older;
use secrecy::SecretString;
use serde::Serialize;
use serde_json::json;

use super::instances::{Shape, may};
use super::limits;
use crate::args::{Common, Connect};
use crate::desk;
use crate::exit::{Exit, Failure, Result};
use crate::output;

/// No token of GitLab's comes near this, and standard input may be anything.
const LONGEST_TOKEN: u64 = 4096;

/// A certificate file holds a few certificates, not megabytes.
const LARGEST_CA: u64 = 1024 * 1024;

/// The connection as `instances` shows it, and how gently its server will be asked.
#[derive(Serialize)]
struct Made<'a> {
    #[serde(flatten)]
    connection: Shape<'a>,
    limits: limits::Shape,
}

pub async fn run(common: &Common, arguments: Connect) -> Result {
    let (token, keep) = match (arguments.token_stdin, desk::token_of_this_run()) {
        (true, _) => (token_from_stdin()?, true),
        (false, Some(token)) => (token, false),
        (false, None) => {
            return Err(Failure::Usage(format!(
                "give the token on standard input with --token-stdin, or in {}",
                desk::TOKEN
            )));
        }
    };
    let ca_pem = arguments.ca.map(|path| {
        let failed = |error| Failure::Usage(format!("cannot read {}: {error}", path.display()));
        let mut pem = String::new();
        std::fs::File::open(&path)
            .and_then(|file| file.take(LARGEST_CA).read_to_string(&mut pem))
            .map(|_| pem)
            .map_err(failed)
    });
    let input = Input {
        url: arguments.url,
        token,
        name: arguments.name.unwrap_or_default(),
        safety: arguments.safety.into(),
        ca_pem: ca_pem.transpose()?,
        allow_plain_http: arguments.allow_plain_http,
        demo: false,
    };
    let engine = desk::engine(common)?;
    if arguments.dry_run {
        let mut report = engine.check_connection(&input).await;
        // A token that is given with each run needs no keychain.
        report.checks.retain(|check| keep || check.kind != CheckKind::Keychain);
        return dry(common, &report);
    }
    let made = if keep {
        engine.connect(input).await?
    } else {
        engine.connect_without_token(input).await?
    };
    let limits = engine.limits_kept(made.id).await?;
    if common.json {
        output::json(&Made { connection: Shape::of(&made), limits: limits::Shape::of(&limits) })?;
        return Ok(Exit::Done);
    }
    let details = &made.details;
    output::line(format!(
        "Connected to “{}” ({}, GitLab {}) as @{}: {}",
        details.name,
        details.base_url,
        details.version,
        details.username,
        may(details.access)
    ))?;
    output::line(if keep {
        "The token is in the keychain, and nowhere else"
    } else {
        "The token was not kept: give it again with each run that talks to GitLab"
    })?;
    output::line(format!("It will be asked gently: {}", limits.sentence()))?;
    for untold in older::untold(&details.version) {
        output::line(untold)?;
    }
    output::line("Next: heirloomctl sync")?;
    Ok(Exit::Done)
}

/// What the checks found, and nothing more.
fn dry(common: &Common, report: &Report) -> Result {
    let word = |status| match status {
        CheckStatus::Ok => "ok",
        CheckStatus::Info => "info",
        CheckStatus::Warning => "warning",
        CheckStatus::Failed => "failed",
        CheckStatus::Skipped => "skipped",
    };
    if common.json {
        let checks: Vec<_> = report
            .checks
            .iter()
            .map(|it| json!({ "status": word(it.status), "title": it.title, "detail": it.detail }))
            .collect();
        output::json(&json!({ "url": report.url, "checks": checks }))?;
    } else {
        for check in &report.checks {
            output::line(format!("{}: {}. {}", word(check.status), check.title, check.detail))?;
        }
        output::line("Nothing was saved")?;
    }
    Ok(if report.can_connect() { Exit::Done } else { Exit::Nothing })
}

fn token_from_stdin() -> Result<SecretString> {
    let input = std::io::stdin();
    if input.is_terminal() {
        output::note("Enter the token (it will be visible), then press Enter:");
    }
    let mut text = String::new();
    input
        .lock()
        .take(LONGEST_TOKEN)
        .read_line(&mut text)
        .map_err(|error| Failure::Usage(format!("cannot read the token: {error}")))?;
    let token = text.trim();
    if token.is_empty() {
        return Err(Failure::Usage("standard input holds no token".into()));
    }
    Ok(SecretString::from(token))
}
