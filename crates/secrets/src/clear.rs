//! Forgetting all secrets of a connection.

use crate::{Error, SecretName, SecretOwner, SecretStore};

/// Secrets that are still in the keychain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} secrets could not be removed from the keychain: {first}", names.len())]
pub struct Leftovers {
    /// What they are called: keep them in the index, and try again later.
    pub names: Vec<SecretName>,
    /// Why the first of them stayed.
    pub first: Error,
}

/// Forgets a connection's token and whatever else of it is in the index of names that the caller
/// kept (keychains cannot be searched the same way everywhere). Names of other connections are
/// left alone. One failure does not stop the rest; doing it twice does no harm.
///
/// # Errors
/// The names that are still there, and why.
pub async fn clear_everything(
    store: &dyn SecretStore,
    owner: &SecretOwner,
    index: &[SecretName],
) -> Result<(), Leftovers> {
    let token = SecretName::token(owner);
    let fields = index.iter().filter(|name| name.belongs_to(owner) && **name != token);
    let mut names = Vec::new();
    let mut first = None;
    for name in std::iter::once(&token).chain(fields) {
        if let Err(why) = store.delete(name).await {
            names.push(name.clone());
            first.get_or_insert(why);
        }
    }
    match first {
        None => Ok(()),
        Some(first) => Err(Leftovers { names, first }),
    }
}
