//! What Rust and npm must agree on.

use serde_json::Value;

use super::metadata::Crate;
use crate::outcome::{Failure, Outcome};

/// A crate and its npm twin; `tauri build` stops when their versions differ.
const TWINS: [(&str, &str, Agreement); 2] = [
    ("tauri-plugin-store", "@tauri-apps/plugin-store", Agreement::Exact),
    ("tauri", "@tauri-apps/api", Agreement::Minor),
];

#[derive(Clone, Copy)]
enum Agreement {
    /// The whole version.
    Exact,
    /// Its first two numbers.
    Minor,
}

/// Every disagreement, and every package that is tied to one registry's address, as sentences.
///
/// # Errors
/// When package-lock.json is not JSON.
pub fn broken(crates: &[Crate], package_lock: &str) -> Outcome<Vec<String>> {
    let lock: Value = serde_json::from_str(package_lock)
        .map_err(|error| Failure::new(format!("ui/package-lock.json is not JSON: {error}")))?;
    let empty = serde_json::Map::new();
    let packages = lock["packages"].as_object().unwrap_or(&empty);
    let mut found = Vec::new();
    if packages.values().any(|package| package.get("resolved").is_some()) {
        found.push(
            "ui/package-lock.json names a registry's address (`resolved`); `omit-lockfile-registry-resolved=true` in ui/.npmrc keeps it out"
                .to_owned(),
        );
    }
    for (ours, theirs, agreement) in TWINS {
        let rust = requirement(crates, ours);
        let npm =
            packages.get(&format!("node_modules/{theirs}")).and_then(|one| one["version"].as_str());
        let agree = match (rust, npm) {
            (Some(rust), Some(npm)) => match agreement {
                Agreement::Exact => rust == npm,
                Agreement::Minor => minor(rust) == minor(npm),
            },
            _ => false,
        };
        if !agree {
            found.push(format!(
                "{ours} is {}, but {theirs} is {}: move them together",
                rust.unwrap_or("not asked for"),
                npm.unwrap_or("not installed")
            ));
        }
    }
    Ok(found)
}

/// The version asked for in a manifest; twins are pinned there with `=`.
fn requirement<'a>(crates: &'a [Crate], name: &str) -> Option<&'a str> {
    let dependency =
        crates.iter().flat_map(|one| &one.dependencies).find(|one| one.name == name)?;
    Some(dependency.requirement.trim_start_matches(['=', '^']))
}

fn minor(version: &str) -> Vec<&str> {
    version.split('.').take(2).collect()
}

#[cfg(test)]
mod tests {
    use super::super::metadata::{Dependency, Kind};
    use super::*;

    fn window() -> Vec<Crate> {
        let asks = |name: &str, requirement: &str| Dependency {
            name: name.to_owned(),
            kind: Kind::Shipped,
            requirement: requirement.to_owned(),
        };
        vec![Crate {
            name: "heirloom".to_owned(),
            only_tests: false,
            dependencies: vec![asks("tauri", "=2.12.5"), asks("tauri-plugin-store", "=2.4.5")],
        }]
    }

    fn lock(store: &str, api: &str, more: &str) -> String {
        format!(
            r#"{{"packages": {{"node_modules/@tauri-apps/plugin-store": {{"version": "{store}"}},
                "node_modules/@tauri-apps/api": {{"version": "{api}"{more}}}}}}}"#
        )
    }

    #[test]
    fn twins_of_one_version_pass() {
        let found = broken(&window(), &lock("2.4.5", "2.12.9", "")).expect("a lock file");
        assert_eq!(found, [""; 0], "patches of the API's twin may differ");
    }

    #[test]
    fn a_plugin_ahead_of_its_twin_is_found() {
        let found = broken(&window(), &lock("2.4.4", "2.12.5", "")).expect("a lock file");
        assert_eq!(found.len(), 1, "the plugin's versions must be equal: {found:?}");
        let found = broken(&window(), &lock("2.4.5", "2.11.5", "")).expect("a lock file");
        assert_eq!(found.len(), 1, "the API must be of the same minor version: {found:?}");
        let found = broken(&window(), r#"{"packages": {}}"#).expect("a lock file");
        assert_eq!(found.len(), 2, "a missing twin is no agreement: {found:?}");
    }

    #[test]
    fn an_address_in_the_lock_file_is_found() {
        let address = r#", "resolved": "https://registry.example/api.tgz""#;
        let found = broken(&window(), &lock("2.4.5", "2.12.5", address)).expect("a lock file");
        assert_eq!(found.len(), 1, "others install from elsewhere: {found:?}");
    }
}
