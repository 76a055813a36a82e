//! The crates of the workspace and what their manifests ask for, out of `cargo metadata`.

use serde_json::Value;

use crate::outcome::{Failure, Outcome};

/// A crate of the workspace.
#[derive(Debug, Clone)]
pub struct Crate {
    /// Its package name.
    pub name: String,
    /// Whether it lies in tests/: it holds nothing but tests.
    pub only_tests: bool,
    /// What its manifest asks for, for every platform.
    pub dependencies: Vec<Dependency>,
}

/// One line of a manifest's dependencies.
#[derive(Debug, Clone)]
pub struct Dependency {
    /// Its package name, also when it is renamed.
    pub name: String,
    /// Which table it stands in.
    pub kind: Kind,
    /// The version asked for, as written.
    pub requirement: String,
}

/// The table of a manifest that a dependency stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `[dependencies]` and `[build-dependencies]`: part of what is shipped, or of making it.
    Shipped,
    /// `[dev-dependencies]`.
    Dev,
}

/// Reads the output of `cargo metadata --no-deps`.
///
/// # Errors
/// When it isn't of the expected shape.
pub fn crates(metadata: &str) -> Outcome<Vec<Crate>> {
    let metadata: Value = serde_json::from_str(metadata)
        .map_err(|error| Failure::new(format!("cargo metadata is not JSON: {error}")))?;
    let root = text(&metadata, "workspace_root")?;
    list(&metadata, "packages")?
        .iter()
        .map(|package| {
            let manifest = text(package, "manifest_path")?;
            let inside =
                manifest.strip_prefix(root).unwrap_or(manifest).trim_start_matches(['/', '\\']);
            Ok(Crate {
                name: text(package, "name")?.to_owned(),
                only_tests: inside.starts_with("tests"),
                dependencies: list(package, "dependencies")?
                    .iter()
                    .map(dependency)
                    .collect::<Outcome<_>>()?,
            })
        })
        .collect()
}

fn dependency(value: &Value) -> Outcome<Dependency> {
    let kind = if value["kind"] == "dev" { Kind::Dev } else { Kind::Shipped };
    Ok(Dependency {
        name: text(value, "name")?.to_owned(),
        kind,
        requirement: text(value, "req")?.to_owned(),
    })
}

fn text<'a>(value: &'a Value, key: &str) -> Outcome<&'a str> {
    value[key].as_str().ok_or_else(|| Failure::new(format!("cargo metadata has no text `{key}`")))
}

fn list<'a>(value: &'a Value, key: &str) -> Outcome<&'a Vec<Value>> {
    value[key].as_array().ok_or_else(|| Failure::new(format!("cargo metadata has no list `{key}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_are_read_with_their_tables() {
        let metadata = r#"{"workspace_root": "/house", "packages": [
            {"name": "heirloom-store", "manifest_path": "/house/crates/store/Cargo.toml",
             "dependencies": [{"name": "rusqlite", "kind": null, "req": "^0.40"},
                              {"name": "cc", "kind": "build", "req": "^1"},
                              {"name": "tempfile", "kind": "dev", "req": "^3"}]},
            {"name": "heirloom-it", "manifest_path": "/house/tests/it/Cargo.toml",
             "dependencies": []}]}"#;
        let crates = crates(metadata).expect("well-formed metadata");
        let kinds: Vec<Kind> = crates[0].dependencies.iter().map(|one| one.kind).collect();
        assert_eq!(kinds, [Kind::Shipped, Kind::Shipped, Kind::Dev], "build counts as shipped");
        assert!(!crates[0].only_tests, "crates/ holds the product");
        assert!(crates[1].only_tests, "tests/ holds tests");
    }

    #[test]
    fn metadata_of_another_shape_is_refused() {
        assert!(crates("{}").is_err(), "an empty answer must not pass as `no crates, all well`");
    }
}
