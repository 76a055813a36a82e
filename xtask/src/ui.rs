//! Building the UI, when its sources changed.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use crate::outcome::{Failure, Outcome};
use crate::{run, workspace};

/// What in ui/ is not a source of the built UI.
const NOT_SOURCES: [&str; 3] = ["dist", "node_modules", "coverage"];

/// Builds ui/dist, which the binary embeds. Skipped when nothing it is made from has changed.
///
/// # Errors
/// When the build fails, or a source can't be read.
pub fn build() -> Outcome {
    let now = sources()?;
    let stamp = stamp("dist");
    if dist().join("index.html").is_file() && fs::read_to_string(&stamp).is_ok_and(|old| old == now)
    {
        println!("  unchanged since it was last built");
        return Ok(());
    }
    run::finish(run::npm(["run", "--silent", "build"]))?;
    write_stamp(&stamp, &now)
}

/// Makes sure that ui/dist exists: without it the binary doesn't compile. For work that only
/// needs the Rust side.
///
/// # Errors
/// When it can't be created.
pub fn ensure_dist() -> Outcome {
    let index = dist().join("index.html");
    if index.is_file() {
        return Ok(());
    }
    fs::create_dir_all(dist())
        .and_then(|()| fs::write(&index, "<!doctype html><title>Not built yet</title>\n"))
        .map_err(|error| Failure::new(format!("{}: {error}", index.display())))
}

/// Where a hash of what was last installed or built is kept: in node_modules, so that a fresh
/// node_modules starts afresh.
pub fn stamp(name: &str) -> PathBuf {
    workspace::ui().join("node_modules/.cache/heirloom").join(name)
}

/// Notes what was installed or built.
///
/// # Errors
/// When the note can't be written.
pub fn write_stamp(stamp: &Path, content: &str) -> Outcome {
    stamp
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(stamp, content))
        .map_err(|error| Failure::new(format!("{}: {error}", stamp.display())))
}

/// A short name for some content; it changes when the content does.
pub fn fingerprint(content: &impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn dist() -> PathBuf {
    workspace::ui().join("dist")
}

fn sources() -> Outcome<String> {
    let mut files = Vec::new();
    collect(&workspace::ui(), &mut files)
        .map_err(|error| Failure::new(format!("the sources of the UI can't be read: {error}")))?;
    files.sort();
    Ok(fingerprint(&files))
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if NOT_SOURCES.iter().any(|other| name == *other) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else {
            files.push((entry.path(), fs::read(entry.path())?));
        }
    }
    Ok(())
}
