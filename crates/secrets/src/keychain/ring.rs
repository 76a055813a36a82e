//! The blocking calls themselves, and what their failures mean.

use secrecy::{ExposeSecret, SecretString};

use crate::{Error, Result, SERVICE, SecretName};

/// A keychain whose calls block, possibly for ever.
pub(super) trait Ring: Send + 'static {
    /// Fetches an entry.
    fn get(&self, name: &SecretName) -> Result<Option<SecretString>>;
    /// Writes an entry, in place of an older one.
    fn set(&self, name: &SecretName, secret: &SecretString) -> Result<()>;
    /// Removes an entry, if there is one.
    fn delete(&self, name: &SecretName) -> Result<()>;
}

/// The system's own.
pub(super) struct OsRing;

impl Ring for OsRing {
    fn get(&self, name: &SecretName) -> Result<Option<SecretString>> {
        match entry(name)?.get_password() {
            Ok(text) => Ok(Some(SecretString::from(text))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(why) => Err(explain(&why)),
        }
    }

    fn set(&self, name: &SecretName, secret: &SecretString) -> Result<()> {
        entry(name)?.set_password(secret.expose_secret()).map_err(|why| explain(&why))
    }

    fn delete(&self, name: &SecretName) -> Result<()> {
        match entry(name)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(why) => Err(explain(&why)),
        }
    }
}

fn entry(name: &SecretName) -> Result<keyring::Entry> {
    // The first call in a process decides whether there is a keychain; why not is told only here.
    if let Err(why) = keyring::Entry::store_status() {
        return Err(Error::NoKeychain { detail: words(why) });
    }
    keyring::Entry::new(SERVICE, name.as_str()).map_err(|why| explain(&why))
}

/// Stores wrap their system's errors without a common vocabulary, so some are known only by what
/// they say: D-Bus error names, and macOS's sentences.
fn explain(why: &keyring::Error) -> Error {
    let text = words(why);
    let says = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    match why {
        keyring::Error::NoDefaultStore => Error::NoKeychain { detail: text },
        keyring::Error::TooLong(_, limit) => Error::TooLong { limit: *limit },
        keyring::Error::NoStorageAccess(_) | keyring::Error::PlatformFailure(_) => {
            if says(&["AccessDenied", "Access is denied", "User canceled"]) {
                Error::Denied
            } else if says(&[
                "ServiceUnknown",
                "NameHasNoOwner",
                "Disconnected",
                "NoSession",
                "no secret service provider",
                "result not returned",
            ]) {
                Error::NoKeychain { detail: text }
            } else if matches!(why, keyring::Error::NoStorageAccess(_))
                // Dismissing the prompt leaves it locked, as does a desktop that cannot show one.
                || says(&["IsLocked", "interaction is not allowed", "PromptDisconnected"])
            {
                Error::Locked
            } else {
                Error::Failed(text)
            }
        }
        _ => Error::Failed(text),
    }
}

fn words(why: &keyring::Error) -> String {
    why.to_string().chars().filter(|c| !c.is_control()).take(300).collect()
}
