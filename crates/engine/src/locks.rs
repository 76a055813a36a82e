//! One sync and one apply per connection at a time, across processes: the app and `heirloomctl`
//! share a data folder. The operating system holds the locks, so a crash frees them.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::path::Path;

use heirloom_core::ids::ConnectionId;

use crate::{Error, Result};

/// What is locked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Work {
    /// Reading GitLab into the cache.
    Sync,
    /// Writing to GitLab.
    Apply,
}

impl Work {
    const fn name(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Apply => "apply",
        }
    }
}

/// A held lock; dropping it frees it.
#[derive(Debug)]
pub(crate) struct Held(#[expect(dead_code, reason = "held for its lock")] File);

/// How the folder and the lock files are made: nobody else's business (design.md, files 0600).
fn private() -> (DirBuilder, OpenOptions) {
    let mut folder = DirBuilder::new();
    folder.recursive(true);
    let mut file = OpenOptions::new();
    file.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
        folder.mode(0o700);
        file.mode(0o600);
    }
    (folder, file)
}

/// Takes the lock, or says who has it.
pub(crate) fn take(folder: &Path, connection: ConnectionId, work: Work) -> Result<Held> {
    let locks = folder.join("locks");
    let path = locks.join(format!("{}-{connection}.lock", work.name()));
    let failed = |source| Error::File { path: path.display().to_string(), source };
    let (make_folder, open) = private();
    make_folder.create(&locks).map_err(failed)?;
    let mut file = open.open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0).map_err(failed)?;
            let program = std::env::current_exe()
                .ok()
                .and_then(|exe| exe.file_name().map(|name| name.to_string_lossy().into_owned()))
                .unwrap_or_else(|| "Heirloom".into());
            write!(file, "{program}, process {}", std::process::id()).map_err(failed)?;
            Ok(Held(file))
        }
        Err(TryLockError::WouldBlock) => {
            let holder = fs::read_to_string(&path).unwrap_or_default();
            let holder = if holder.is_empty() { "another program".into() } else { holder };
            Err(Error::Busy { what: work.name(), holder })
        }
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}
