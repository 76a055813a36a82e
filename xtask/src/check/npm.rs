//! What package-lock.json has to say: enough for `npm ci` anywhere, and the versions that Rust and
//! npm must agree on.

use serde_json::Value;

use super::metadata::Crate;
use crate::outcome::{Failure, Outcome};

/// A crate and its npm twin; `tauri build` stops when their versions differ.
/// The first two numbers count.
const TWINS: [(&str, &str); 1] = [("tauri", "@tauri-apps/api")];

/// Everything that is wrong with the lock file, as sentences.
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
    let left_out = left_out(packages);
    if !left_out.is_empty() {
        found.push(format!(
            "ui/package-lock.json lacks {}, so `npm ci` refuses it: write it anew against a complete registry",
            left_out.join(", ")
        ));
    }
    for (ours, theirs) in TWINS {
        let rust = requirement(crates, ours);
        let npm =
            packages.get(&format!("node_modules/{theirs}")).and_then(|one| one["version"].as_str());
        let agree = match (rust, npm) {
            (Some(rust), Some(npm)) => minor(rust) == minor(npm),
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

/// Optional packages, such as another system's build of a tool, that are asked for by a package and
/// are nowhere in the lock file. npm writes such a file when its registry lacks them, and then
/// refuses to install from it.
fn left_out(packages: &serde_json::Map<String, Value>) -> Vec<String> {
    let is_there = |name: &str| {
        let ending = format!("node_modules/{name}");
        packages.keys().any(|path| path.ends_with(&ending))
    };
    let mut names: Vec<String> = packages
        .values()
        .filter_map(|package| package["optionalDependencies"].as_object())
        .flat_map(|optional| optional.keys())
        .filter(|name| !is_there(name))
        .cloned()
        .collect();
    names.sort();
    names.dedup();
    names
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
    use serde_json::json;

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
            dependencies: vec![asks("tauri", "=2.12.5"), asks("tauri-build", "=2.5.0")],
        }]
    }

    /// A lock file with the twin in this version, and `more` packages.
    fn lock(api: &str, more: Value) -> String {
        let mut packages = json!({
            "node_modules/@tauri-apps/api": { "version": api },
        });
        if let (Value::Object(packages), Value::Object(more)) = (&mut packages, more) {
            packages.extend(more);
        }
        json!({ "packages": packages }).to_string()
    }

    fn found(lock: &str) -> Vec<String> {
        broken(&window(), lock).expect("a lock file")
    }

    #[test]
    fn twins_of_one_version_pass() {
        let found = found(&lock("2.12.9", json!({})));
        assert_eq!(found, [""; 0], "patches of the API's twin may differ");
    }

    #[test]
    fn a_crate_ahead_of_its_twin_is_found() {
        let api = found(&lock("2.11.5", json!({})));
        assert_eq!(api.len(), 1, "the API must be of the same minor version: {api:?}");
        let none = found(r#"{"packages": {}}"#);
        assert_eq!(none.len(), 1, "a missing twin is no agreement: {none:?}");
    }

    #[test]
    fn an_address_in_the_lock_file_is_found() {
        let somewhere =
            json!({ "node_modules/a": { "resolved": "https://registry.example/a.tgz" } });
        let found = found(&lock("2.12.5", somewhere));
        assert_eq!(found.len(), 1, "others install from elsewhere: {found:?}");
    }

    #[test]
    fn a_package_left_out_for_other_systems_is_found() {
        let tool =
            json!({ "optionalDependencies": { "tool-linux": "1.0.0", "tool-mac": "1.0.0" } });
        let linux = json!({ "version": "1.0.0" });
        let half = json!({ "node_modules/tool": tool, "node_modules/tool-linux": linux });
        let found_half = found(&lock("2.12.5", half));
        assert_eq!(found_half.len(), 1, "npm would refuse to install: {found_half:?}");
        assert!(found_half[0].contains(" tool-mac,"), "only what is missing: {found_half:?}");

        let nested = json!({
            "node_modules/tool": tool,
            "node_modules/tool/node_modules/tool-linux": linux,
            "node_modules/tool-mac": { "version": "1.0.0" },
        });
        let found_both = found(&lock("2.12.5", nested));
        assert_eq!(found_both, [""; 0], "wherever it lies, it is there");
    }
}
