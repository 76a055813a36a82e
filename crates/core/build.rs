//! Reads `catalog/*.toml`, refuses what cannot be right, writes `catalog.rs` for `src/catalog`.

#[path = "build/emit.rs"]
mod emit;
#[path = "build/entry.rs"]
mod entry;

use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), String> {
    let folder = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("catalog");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<_> = fs::read_dir(&folder)
        .map_err(|error| format!("{}: {error}", folder.display()))?
        .filter_map(|found| found.ok().map(|file| file.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    let mut entries = Vec::with_capacity(files.len());
    for path in files {
        println!("cargo::rerun-if-changed={}", path.display());
        let entry = entry::read(&path).map_err(|why| format!("{}: {why}", path.display()))?;
        entries.push(entry);
    }
    entries.sort_by(|a, b| a.slug.cmp(&b.slug));
    let target = Path::new(&variable("OUT_DIR")?).join("catalog.rs");
    fs::write(&target, emit::catalog(&entries))
        .map_err(|error| format!("{}: {error}", target.display()))
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("cargo did not set {name}"))
}
