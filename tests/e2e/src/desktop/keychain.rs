//! A real Secret Service, with a password nobody has to type, and an independent look into it.

use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use super::Desktop;
use crate::process::{self, Background};
use crate::{Error, Result, until};

const SERVICE: &str = "/org/freedesktop/secrets";
const LOGIN: &str = "/org/freedesktop/secrets/collection/login";
/// How long the keychain may take to answer.
const LIMIT: Duration = Duration::from_secs(20);
const PASSWORD: &str = "the password of a private desktop";

impl Desktop {
    /// Starts the keychain, open; it keeps what it held if it ran here before.
    ///
    /// # Errors
    /// When gnome-keyring is missing or doesn't get ready.
    pub async fn start_keychain(&mut self) -> Result<()> {
        let mut command = self.command("gnome-keyring-daemon");
        command
            .args(["--unlock", "--components=secrets", "--foreground"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null());
        let (password, stdin) =
            std::io::pipe().map_err(|source| Error::Start { program: "a pipe".into(), source })?;
        command.stdin(password);
        let daemon = Background::start("gnome-keyring-daemon", &mut command, &self.logs())?;
        // Dropped at the end of the statement: the daemon reads the password up to the end.
        { stdin }
            .write_all(PASSWORD.as_bytes())
            .map_err(|source| Error::Start { program: "gnome-keyring-daemon".into(), source })?;
        self.keychain = Some(daemon);
        until("an open keychain on the bus", Duration::from_secs(20), async || {
            Ok(self.is_keychain_locked().await.is_ok_and(|locked| !locked).then_some(()))
        })
        .await
    }

    /// Locks it: from here on, who asks for a secret waits for a password.
    ///
    /// # Errors
    /// When the keychain doesn't do so.
    pub async fn lock_keychain(&self) -> Result<()> {
        let lock = "org.freedesktop.Secret.Service.Lock";
        self.ask(SERVICE, lock, &[&format!("array:objpath:{LOGIN}")]).await?;
        until("a locked keychain", Duration::from_secs(10), async || {
            Ok(self.is_keychain_locked().await?.then_some(()))
        })
        .await
    }

    /// Ends it: from here on there is none.
    pub fn end_keychain(&mut self) {
        self.keychain = None;
    }

    /// The secret stored under these attributes, as `secret-tool` sees it: a witness that shares
    /// no code with the app.
    ///
    /// # Errors
    /// When `secret-tool` fails for another reason than that there is no such secret.
    pub async fn keychain_lookup(&self, attributes: &[(&str, &str)]) -> Result<Option<String>> {
        let mut lookup = self.command("secret-tool");
        lookup.arg("lookup").args(attributes.iter().flat_map(|(name, value)| [name, value]));
        // A locked keychain answers when a person has typed a password, and there is none here.
        let Ok(found) = tokio::time::timeout(LIMIT, process::output("secret-tool", lookup)).await
        else {
            return Err(Error::Late { what: "an answer of the keychain".into(), within: LIMIT });
        };
        match found {
            Ok(secret) => Ok(Some(secret)),
            // It says nothing when there is no match, and something in all other cases.
            Err(Error::Program { why, .. }) if why.trim_end() == "exit status: 1" => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Everything in the keychain, labels, attributes and secrets, as `secret-tool` sees it.
    ///
    /// # Errors
    /// When `secret-tool` fails.
    pub async fn keychain_search(&self, attribute: (&str, &str)) -> Result<String> {
        let mut search = self.command("secret-tool");
        search.args(["search", "--all", "--unlock", attribute.0, attribute.1]);
        process::output("secret-tool", search).await
    }

    async fn is_keychain_locked(&self) -> Result<bool> {
        let get = "org.freedesktop.DBus.Properties.Get";
        let arguments = ["string:org.freedesktop.Secret.Collection", "string:Locked"];
        Ok(self.ask(LOGIN, get, &arguments).await?.contains("true"))
    }

    async fn ask(&self, object: &str, method: &str, arguments: &[&str]) -> Result<String> {
        let mut send = self.command("dbus-send");
        send.args(["--session", "--print-reply", "--dest=org.freedesktop.secrets", object, method])
            .args(arguments);
        process::output("dbus-send", send).await
    }
}
