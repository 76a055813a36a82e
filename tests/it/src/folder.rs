//! Looking at a data folder as anybody else on the computer could.

use std::fs;
use std::path::{Path, PathBuf};

/// Every file that holds these bytes, searched to the bottom of a folder.
pub fn find_bytes(folder: &Path, bytes: &[u8]) -> Vec<PathBuf> {
    files(folder)
        .into_iter()
        .filter(|path| {
            let held = fs::read(path).expect("a file of the folder");
            held.windows(bytes.len()).any(|window| window == bytes)
        })
        .collect()
}

/// Files and folders that others on this computer may read or enter.
#[cfg(unix)]
pub fn open_to_others(folder: &Path) -> Vec<PathBuf> {
    use std::os::unix::fs::PermissionsExt as _;
    let folders = [folder.to_owned(), folder.join("locks")];
    folders
        .into_iter()
        .filter(|path| path.exists())
        .chain(files(folder))
        .filter(|path| {
            let mode = fs::metadata(path).expect("a file of the folder").permissions().mode();
            mode & 0o077 != 0
        })
        .collect()
}

/// Elsewhere a person's own folder is closed to others by itself.
#[cfg(not(unix))]
pub fn open_to_others(_: &Path) -> Vec<PathBuf> {
    Vec::new()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry of the folder").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
