//! What leaves the app as files.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use crate::{Error, Result};

/// Writes a file that only its owner can read, beside its place first: a failure must not leave
/// half a file, nor harm an earlier one.
pub(crate) fn write(
    path: &Path,
    content: impl FnOnce(&mut BufWriter<File>) -> Result<()>,
) -> Result<()> {
    let failed = |source| Error::File { path: path.display().to_string(), source };
    let part = path.with_added_extension("part");
    let mut out = BufWriter::new(private(&part).map_err(failed)?);
    let written = content(&mut out).and_then(|()| {
        out.flush()
            .and_then(|()| out.get_ref().sync_all())
            .and_then(|()| std::fs::rename(&part, path))
            .map_err(failed)
    });
    if written.is_err() {
        // What it failed with matters more than what is left of it.
        drop(std::fs::remove_file(&part));
    }
    written.map_err(|error| match error {
        Error::File { source, .. } => failed(source),
        other => other,
    })
}

/// A file that only its owner can read: it holds a company's addresses and account names.
fn private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = options.open(path)?;
    // One that was there before keeps its own permissions otherwise.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(file)
}
