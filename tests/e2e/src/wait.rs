//! Waiting for a condition, never for a time.

use std::time::Duration;

use crate::{Error, Result};

/// How often a condition is looked at.
const PACE: Duration = Duration::from_millis(20);

/// Looks until there is something, and says what was missing if there never is.
///
/// # Errors
/// [`Error::Late`] after `within`; whatever `look` fails with at once.
pub async fn until<T>(
    what: &str,
    within: Duration,
    mut look: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let awaited = async {
        loop {
            if let Some(found) = look().await? {
                return Ok(found);
            }
            tokio::time::sleep(PACE).await;
        }
    };
    match tokio::time::timeout(within, awaited).await {
        Ok(found) => found,
        Err(_) => Err(Error::Late { what: what.to_owned(), within }),
    }
}
