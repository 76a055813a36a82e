//! Which crate may depend on which: the picture in ARCHITECTURE.md, as rules.

use super::metadata::{Crate, Dependency, Kind};

/// What each crate may build on of ours. A crate that isn't here has no place in the house yet.
const PLACES: [(&str, &[&str]); 9] = [
    ("heirloom-core", &[]),
    ("heirloom-gitlab", &["heirloom-core"]),
    ("heirloom-store", &["heirloom-core"]),
    ("heirloom-secrets", &["heirloom-core"]),
    (
        "heirloom-engine",
        &["heirloom-core", "heirloom-gitlab", "heirloom-store", "heirloom-secrets"],
    ),
    ("heirloom-simulator", &[]),
    ("heirloomctl", &["heirloom-core", "heirloom-engine", "heirloom-simulator"]),
    ("heirloom", &["heirloom-core", "heirloom-engine", "heirloom-simulator"]),
    ("xtask", &[]),
];

/// Libraries that one crate alone may touch. The name stands for its whole family:
/// `tauri` for `tauri-build` and `tauri-plugin-store` too.
const OWNED: [(&str, &str); 4] = [
    ("tauri", "heirloom"),
    ("reqwest", "heirloom-gitlab"),
    ("rusqlite", "heirloom-store"),
    ("keyring", "heirloom-secrets"),
];

/// What the core must not bring along, however deep: it does no I/O.
const IMPURE: [&str; 6] = ["tokio", "reqwest", "hyper", "rusqlite", "keyring", "tauri"];

/// Every dependency that crosses a boundary, as a sentence.
pub fn broken(crates: &[Crate]) -> Vec<String> {
    let ours: Vec<&str> = crates.iter().map(|one| one.name.as_str()).collect();
    let mut found = Vec::new();
    for one in crates.iter().filter(|one| !one.only_tests) {
        let Some((_, below)) = PLACES.iter().find(|(name, _)| *name == one.name) else {
            found.push(format!("{} has no place among the crates", one.name));
            continue;
        };
        for dependency in &one.dependencies {
            let name = dependency.name.as_str();
            if ours.contains(&name) && !below.contains(&name) && !serves_tests(one, dependency) {
                found.push(format!("{} must not depend on {name}", one.name));
            }
            if let Some((library, owner)) = OWNED.iter().find(|(family, _)| is_of(name, family))
                && *owner != one.name
                && !(*library == "reqwest" && dependency.kind == Kind::Dev)
            {
                found.push(format!("{} must not depend on {name}: only {owner} may", one.name));
            }
        }
    }
    found
}

/// What the core brings along and must not, from `cargo tree --prefix none`.
pub fn impure(tree: &str) -> Vec<String> {
    tree.lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| IMPURE.contains(name))
        .map(|name| format!("heirloom-core brings {name} along, and must do no I/O"))
        .collect()
}

/// Tests may run against the simulator, and stand on what the tests of the whole way stand on; the
/// simulator's own know none of ours.
fn serves_tests(one: &Crate, dependency: &Dependency) -> bool {
    dependency.kind == Kind::Dev
        && matches!(dependency.name.as_str(), "heirloom-simulator" | "heirloom-it")
        && !matches!(one.name.as_str(), "heirloom-core" | "xtask")
}

fn is_of(name: &str, family: &str) -> bool {
    name.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(name: &str, dependencies: &[(&str, Kind)]) -> Crate {
        let dependencies = dependencies
            .iter()
            .map(|(name, kind)| Dependency {
                name: (*name).to_owned(),
                kind: *kind,
                requirement: "^1".to_owned(),
            })
            .collect();
        Crate { name: name.to_owned(), only_tests: false, dependencies }
    }

    /// The workspace with nothing wrong, and one more dependency in one of its crates.
    fn with(name: &str, dependency: &str, kind: Kind) -> Vec<String> {
        let mut crates: Vec<Crate> = PLACES
            .iter()
            .map(|(name, below)| {
                let mut below: Vec<_> = below.iter().map(|ours| (*ours, Kind::Shipped)).collect();
                below.extend(
                    OWNED
                        .iter()
                        .filter(|(_, owner)| owner == name)
                        .map(|(library, _)| (*library, Kind::Shipped)),
                );
                one(name, &below)
            })
            .collect();
        let changed = crates.iter_mut().find(|one| one.name == name).expect("a crate of ours");
        changed.dependencies.push(Dependency {
            name: dependency.to_owned(),
            kind,
            requirement: "^1".to_owned(),
        });
        broken(&crates)
    }

    #[test]
    fn the_house_as_designed_breaks_nothing() {
        assert_eq!(with("heirloom-core", "serde", Kind::Shipped), [""; 0], "serde is anybody's");
    }

    #[test]
    fn a_library_is_touched_by_its_owner_alone() {
        for (library, owner) in [
            ("tauri", "heirloom"),
            ("tauri-plugin-opener", "heirloom"),
            ("reqwest", "heirloom-gitlab"),
            ("rusqlite_migration", "heirloom-store"),
            ("keyring-core", "heirloom-secrets"),
        ] {
            assert!(with(owner, library, Kind::Shipped).is_empty(), "{owner} owns {library}");
            let found = with("heirloom-engine", library, Kind::Shipped);
            assert_eq!(found.len(), 1, "the engine may not touch {library}: {found:?}");
        }
        assert!(
            with("heirloom-core", "taurine", Kind::Shipped).is_empty(),
            "another library that only starts the same is nobody's"
        );
    }

    #[test]
    fn tests_may_send_their_own_requests_but_not_open_the_database() {
        assert!(
            with("heirloom-simulator", "reqwest", Kind::Dev).is_empty(),
            "a server is tested by asking it"
        );
        assert_eq!(
            with("heirloom-engine", "rusqlite", Kind::Dev).len(),
            1,
            "the tables are the store's own business, in tests too"
        );
    }

    #[test]
    fn the_direction_is_never_upwards_or_sideways() {
        for (lower, upper) in [
            ("heirloom-core", "heirloom-store"),
            ("heirloom-gitlab", "heirloom-store"),
            ("heirloom-secrets", "heirloom-engine"),
            ("heirloom-engine", "heirloomctl"),
            ("heirloomctl", "heirloom-store"),
            ("heirloom", "heirloom-gitlab"),
            ("xtask", "heirloom-core"),
        ] {
            let found = with(lower, upper, Kind::Shipped);
            assert_eq!(found.len(), 1, "{lower} may not build on {upper}: {found:?}");
        }
    }

    #[test]
    fn the_simulator_knows_none_of_ours_and_serves_as_a_test_partner() {
        assert_eq!(
            with("heirloom-simulator", "heirloom-core", Kind::Dev).len(),
            1,
            "a mistake of ours must not be repeated in what we test against"
        );
        assert!(
            with("heirloom-engine", "heirloom-simulator", Kind::Dev).is_empty(),
            "the engine's tests may run against it"
        );
        assert_eq!(
            with("heirloom-engine", "heirloom-simulator", Kind::Shipped).len(),
            1,
            "the engine itself must not know it"
        );
    }

    #[test]
    fn a_crate_without_a_place_is_noticed_and_a_crate_of_tests_is_free() {
        let mut newcomer = one("heirloom-new", &[("reqwest", Kind::Shipped)]);
        assert_eq!(broken(&[newcomer.clone()]).len(), 1, "a new crate has to be given its place");
        newcomer.only_tests = true;
        assert!(broken(&[newcomer]).is_empty(), "tests may use what they like");
    }

    #[test]
    fn what_the_core_brings_along_is_seen_at_any_depth() {
        assert!(impure("heirloom-core v0.1.0\nserde v1.0.0\n").is_empty(), "serde does no I/O");
        assert_eq!(
            impure("heirloom-core v0.1.0\nsome-helper v1.0.0\ntokio v1.54.0 (*)\n").len(),
            1,
            "tokio below a helper is tokio all the same"
        );
    }
}
