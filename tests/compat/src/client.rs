//! The clients, and one run of each against a server of its own.

use std::io;
use std::path::Path;

use serde::Deserialize;
use tokio::process::Command;

use crate::environment::Kit;

/// One client doing its normal work.
#[derive(Debug, Clone, Copy)]
pub struct Client {
    /// As its makers call it.
    pub name: &'static str,
    /// The package whose version the table shows.
    pub package: &'static str,
    /// Where its versions are pinned.
    pub kit: Kit,
    /// The script, below the kit's folder.
    pub script: &'static str,
    /// So many operations it tries at least: a script that ends early must not look green.
    pub at_least: usize,
}

/// Everybody who is asked whether the simulator is a GitLab.
pub const CLIENTS: &[Client] = &[
    Client {
        name: "python-gitlab, library",
        package: "python-gitlab",
        kit: Kit::Python("python-gitlab"),
        script: "library.py",
        at_least: 37,
    },
    Client {
        name: "python-gitlab, command",
        package: "python-gitlab",
        kit: Kit::Python("python-gitlab"),
        script: "command.py",
        at_least: 13,
    },
    Client {
        name: "@gitbeaker/rest",
        package: "@gitbeaker/rest",
        kit: Kit::Node("gitbeaker"),
        script: "client.mjs",
        at_least: 19,
    },
    Client {
        name: "gitlabform",
        package: "gitlabform",
        kit: Kit::Python("gitlabform"),
        script: "apply.py",
        at_least: 8,
    },
];

/// One operation, as the script reported it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Operation {
    /// What was tried.
    #[serde(rename = "operation")]
    pub name: String,
    /// Whether the client got what it expects of GitLab.
    pub passed: bool,
    /// What it got instead.
    #[serde(default)]
    pub evidence: String,
}

/// What came of one client's run.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Who.
    pub client: Client,
    /// The pinned version of its package.
    pub version: String,
    /// What it tried.
    pub operations: Vec<Operation>,
    /// What the script printed beside its reports.
    pub noise: String,
}

impl Outcome {
    /// How many operations passed.
    #[must_use]
    pub fn passed(&self) -> usize {
        self.operations.iter().filter(|operation| operation.passed).count()
    }

    /// Whether all was tried and all passed.
    #[must_use]
    pub fn is_green(&self) -> bool {
        self.operations.len() >= self.client.at_least && self.passed() == self.operations.len()
    }
}

/// Runs a client's script against a server.
///
/// # Errors
/// If the script could not be started or its pins could not be read.
pub async fn run(
    client: Client,
    clients: &Path,
    home: &Path,
    url: &str,
    token: &str,
) -> io::Result<Outcome> {
    let source = clients.join(client.kit.folder());
    let mut command = match client.kit {
        Kit::Python(_) => {
            let mut python = Command::new(home.join("bin/python"));
            python.env("PYTHONPATH", clients).env("PYTHONDONTWRITEBYTECODE", "1");
            python.arg(source.join(client.script));
            python
        }
        Kit::Node(_) => {
            // Node looks for packages beside the script.
            let script = home.join(client.script);
            std::fs::copy(source.join(client.script), &script)?;
            let mut node = Command::new("node");
            node.arg(script);
            node
        }
    };
    // A person's own settings must play no part.
    for name in ["PYTHON_GITLAB_CFG", "HTTP_PROXY", "http_proxy", "CI_JOB_TOKEN", "CI_SERVER_URL"] {
        command.env_remove(name);
    }
    let command = command
        .env("GITLAB_URL", url)
        .env("GITLAB_TOKEN", token)
        .env("NO_PROXY", "127.0.0.1")
        .kill_on_drop(true);
    let done = command.output().await?;
    let mut operations = Vec::new();
    let mut noise = String::new();
    for line in String::from_utf8_lossy(&done.stdout).lines() {
        match serde_json::from_str(line) {
            Ok(operation) => operations.push(operation),
            Err(_) => noise.push_str(line),
        }
    }
    noise.push_str(&String::from_utf8_lossy(&done.stderr));
    let version = pinned(client, &source)?;
    Ok(Outcome { client, version, operations, noise })
}

fn pinned(client: Client, source: &Path) -> io::Result<String> {
    let (file, before, after) = match client.kit {
        Kit::Python(_) => ("requirements.txt", format!("{}==", client.package), '\n'),
        Kit::Node(_) => ("package.json", format!("\"{}\": \"", client.package), '"'),
    };
    let text = std::fs::read_to_string(source.join(file))?;
    let version = text.split_once(&before).and_then(|(_, rest)| rest.split(after).next());
    Ok(version.unwrap_or("?").trim().to_owned())
}
