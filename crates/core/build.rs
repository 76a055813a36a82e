//! Reads `catalog/*.toml`, refuses what cannot be right, writes `catalog.rs` for `src/catalog`.

#[path = "build/check.rs"]
mod check;
#[path = "build/emit.rs"]
mod emit;
#[path = "build/entry.rs"]
mod entry;
#[path = "build/shared.rs"]
mod shared;

use std::path::Path;
use std::{env, fs};

use crate::entry::Entry;
use crate::shared::Shared;

fn main() -> Result<(), String> {
    let folder = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("catalog");
    // Covers every file below it, new and deleted ones too.
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rerun-if-changed=build");
    let shared = Shared::read(&folder.join("shared"))?;
    let mut files: Vec<_> = fs::read_dir(&folder)
        .map_err(|error| format!("{}: {error}", folder.display()))?
        .filter_map(|found| found.ok().map(|file| file.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    let mut entries = Vec::with_capacity(files.len());
    for path in files {
        entries.push(read(&path, &shared).map_err(|why| format!("{}: {why}", path.display()))?);
    }
    entries.sort_by(|a, b| a.slug.cmp(&b.slug));
    let target = Path::new(&variable("OUT_DIR")?).join("catalog.rs");
    fs::write(&target, emit::catalog(&entries))
        .map_err(|error| format!("{}: {error}", target.display()))
}

fn read(path: &Path, shared: &Shared) -> Result<Entry, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let written: toml::Table = toml::from_str(&text).map_err(|error| error.to_string())?;
    let mut entry: Entry =
        shared.complete(written).try_into().map_err(|error| format!("{error}"))?;
    if path.file_stem().and_then(|stem| stem.to_str()) != Some(entry.slug.as_str()) {
        return Err(format!("the file is not named after its slug “{}”", entry.slug));
    }
    entry.add_channels();
    entry.settle_conditions();
    check::entry(&entry)?;
    Ok(entry)
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("cargo did not set {name}"))
}
