//! The clients, and one run of each against a server of its own.

use std::io;
use std::path::Path;

use serde::Deserialize;

use crate::environment::Kit;
use crate::script::{clients, pinned, script};

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
pub async fn run(client: Client, home: &Path, url: &str, token: &str) -> io::Result<Outcome> {
    let path = clients().join(client.kit.folder()).join(client.script);
    let done = script(client.kit, home, &path, url, token)?.output().await?;
    let mut operations = Vec::new();
    let mut noise = String::new();
    for line in String::from_utf8_lossy(&done.stdout).lines() {
        match serde_json::from_str(line) {
            Ok(operation) => operations.push(operation),
            Err(_) => noise.push_str(line),
        }
    }
    noise.push_str(&String::from_utf8_lossy(&done.stderr));
    let version = pinned(client.kit, client.package)?;
    Ok(Outcome { client, version, operations, noise })
}
