//! A script of a client, ready to be started in the client's environment.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tokio::process::Command;

use crate::environment::Kit;

/// The folder with a subfolder of pinned versions for each kit.
#[must_use]
pub fn clients() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("clients")
}

/// A command that runs a script in an environment made by [`crate::prepare`], against a server. A
/// person's own settings play no part in it.
///
/// # Errors
/// If the script could not be put where Node looks for packages.
pub fn script(kit: Kit, home: &Path, path: &Path, url: &str, token: &str) -> io::Result<Command> {
    let mut command = match kit {
        Kit::Python(_) => {
            let mut python = Command::new(home.join("bin/python"));
            python.env("PYTHONPATH", clients()).env("PYTHONDONTWRITEBYTECODE", "1").arg(path);
            python
        }
        Kit::Node(_) => {
            // Node looks for packages beside the script.
            let copy = home.join(path.file_name().unwrap_or_default());
            fs::copy(path, &copy)?;
            let mut node = Command::new("node");
            node.arg(copy);
            node
        }
    };
    for name in ["PYTHON_GITLAB_CFG", "HTTP_PROXY", "http_proxy", "CI_JOB_TOKEN", "CI_SERVER_URL"] {
        command.env_remove(name);
    }
    command
        .env("GITLAB_URL", url)
        .env("GITLAB_TOKEN", token)
        .env("NO_PROXY", "127.0.0.1")
        .kill_on_drop(true);
    Ok(command)
}

/// The version of a package that a kit pins.
///
/// # Errors
/// If the file with the pins could not be read.
pub fn pinned(kit: Kit, package: &str) -> io::Result<String> {
    let (file, before, after) = match kit {
        Kit::Python(_) => ("requirements.txt", format!("{package}=="), '\n'),
        Kit::Node(_) => ("package.json", format!("\"{package}\": \""), '"'),
    };
    let text = fs::read_to_string(clients().join(kit.folder()).join(file))?;
    let version = text.split_once(&before).and_then(|(_, rest)| rest.split(after).next());
    Ok(version.unwrap_or("?").trim().to_owned())
}
