//! `doctor`.

use std::path::Path;
use std::sync::Arc;

use heirloom_engine::clock::SystemClock;
use heirloom_engine::connect::reach::Reach;
use heirloom_engine::secrets::{Keychain, SecretStore as _};
use heirloom_engine::{Connection, Engine, Error, Listener, Setup, older};
use serde::Serialize;

use crate::args::Common;
use crate::desk;
use crate::exit::{Exit, Result};
use crate::output;

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Ok,
    Warning,
    Failed,
}

#[derive(Serialize)]
struct Check {
    check: &'static str,
    subject: String,
    status: Status,
    detail: String,
}

#[derive(Serialize)]
struct Shape<'a> {
    data_dir: String,
    usable: bool,
    checks: &'a [Check],
}

struct Nobody;

impl Listener for Nobody {
    fn changed(&self) {}
}

pub async fn run(common: &Common) -> Result {
    let folder = desk::data_folder(common)?;
    let mut checks = vec![folder_check(&folder)];
    let keychain = Keychain::new();
    let setup = Setup {
        keychain: Arc::new(keychain.clone()),
        clock: Arc::new(SystemClock),
        listener: Arc::new(Nobody),
    };
    let usable = match Engine::open(&folder, setup) {
        Ok(engine) => databases(&engine, &mut checks).await,
        Err(error) => {
            checks.push(Check::failed("databases", String::new(), &error));
            None
        }
    };
    checks.push(match keychain.check().await {
        Ok(()) => Check::ok("keychain", String::new(), "unlocked"),
        Err(error) => Check::failed("keychain", String::new(), &error),
    });
    if let Some(engine) = &usable {
        connections(engine, common, &mut checks).await?;
    }
    if common.json {
        let data_dir = folder.display().to_string();
        output::json(&Shape { data_dir, usable: usable.is_some(), checks: &checks })?;
    } else {
        for check in &checks {
            output::line(text(check))?;
        }
    }
    let failed = checks.iter().any(|check| check.status == Status::Failed);
    Ok(match (usable.is_some(), failed) {
        (false, _) => Exit::Nothing,
        (true, true) => Exit::Partly,
        (true, false) => Exit::Done,
    })
}

/// Looked at before the folder is opened, which mends its permissions.
fn folder_check(folder: &Path) -> Check {
    let subject = folder.display().to_string();
    match std::fs::metadata(folder) {
        Ok(found) if !found.is_dir() => {
            Check::failed("folder", subject, &"it is a file, not a folder")
        }
        Ok(found) if is_open_to_others(&found) => Check {
            check: "folder",
            subject,
            status: Status::Warning,
            detail: "others on this computer could look into it; that was closed just now".into(),
        },
        Ok(_) => Check::ok("folder", subject, "only you can look into it"),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Check::ok("folder", subject, "made just now")
        }
        Err(error) => Check::failed("folder", subject, &error),
    }
}

#[cfg(unix)]
fn is_open_to_others(found: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    found.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &std::fs::Metadata) -> bool {
    // A user's own profile folder is private there already.
    false
}

/// The engine again, if both databases can be used.
async fn databases(engine: &Engine, checks: &mut Vec<Check>) -> Option<Engine> {
    let health = match engine.health().await {
        Ok(health) => health,
        Err(error) => {
            checks.push(Check::failed("databases", String::new(), &error));
            return None;
        }
    };
    let mut whole = true;
    for (name, said) in health.databases {
        if said == "ok" {
            checks.push(Check::ok("database", name.into(), "whole"));
        } else {
            whole = false;
            checks.push(Check::failed("database", name.into(), &said));
        }
    }
    if let Some(aside) = &health.rebuilt {
        checks.push(Check {
            check: "database",
            subject: "cache.sqlite".into(),
            status: Status::Warning,
            detail: format!(
                "it was begun anew, since {}: sync to fill it. The old one is {}",
                aside.why,
                aside.path.display()
            ),
        });
    }
    for path in health.set_aside {
        if health.rebuilt.as_ref().is_some_and(|aside| aside.path == path) {
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        checks.push(Check {
            check: "database",
            subject: name,
            status: Status::Warning,
            detail: "a local copy that was set aside earlier; it can be deleted".into(),
        });
    }
    whole.then(|| engine.clone())
}

async fn connections(engine: &Engine, common: &Common, checks: &mut Vec<Check>) -> Result<()> {
    let all = match &common.instance {
        Some(name) => vec![desk::pick(engine, Some(name)).await?],
        None => engine.connections().await?,
    };
    // A token in the environment is for the one connection that the run names.
    if let (Some(token), [only]) = (desk::token_of_this_run(), all.as_slice()) {
        engine.lend_token(only.id, &token).await?;
    }
    for connection in all {
        let subject = connection.details.name.clone();
        checks.push(match engine.recheck(connection.id).await {
            Ok(Reach::Online) => online(&connection),
            Ok(Reach::TokenRefused) => Check::failed(
                "connection",
                subject,
                &"GitLab refuses the token: replace it, or connect again with a new one",
            ),
            Ok(Reach::Offline { why, .. }) => Check::failed("connection", subject, &why),
            Ok(Reach::Unknown) => Check::failed("connection", subject, &"it could not be asked"),
            Err(Error::NoToken) => Check {
                check: "connection",
                subject,
                status: Status::Warning,
                detail: format!("no token is kept for it: give one in {}", desk::TOKEN),
            },
            Err(error) => Check::failed("connection", subject, &error),
        });
        let limits = engine.limits_kept(connection.id).await?;
        checks.push(Check::ok("limits", connection.details.name.clone(), &limits.sentence()));
        for untold in older::untold(&connection.details.version) {
            checks.push(Check {
                check: "version",
                subject: connection.details.name.clone(),
                status: Status::Warning,
                detail: untold,
            });
        }
    }
    Ok(())
}

fn online(connection: &Connection) -> Check {
    let details = &connection.details;
    let until = match &details.token_expires_on {
        Some(day) => format!("its token ends {day}"),
        None => "its token never ends".into(),
    };
    let answers = format!("{} answers, and takes the token; {until}", details.base_url);
    Check::ok("connection", details.name.clone(), &answers)
}

impl Check {
    fn ok(check: &'static str, subject: String, detail: &str) -> Self {
        Self { check, subject, status: Status::Ok, detail: detail.into() }
    }

    fn failed(check: &'static str, subject: String, why: &dyn std::fmt::Display) -> Self {
        Self { check, subject, status: Status::Failed, detail: why.to_string() }
    }
}

fn text(check: &Check) -> String {
    let status = match check.status {
        Status::Ok => "ok",
        Status::Warning => "warning",
        Status::Failed => "failed",
    };
    let subject =
        if check.subject.is_empty() { String::new() } else { format!(" {}", check.subject) };
    format!("{status:<8} {}{subject}: {}", check.check, check.detail)
}
