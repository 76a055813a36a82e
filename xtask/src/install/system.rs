//! Packages of the operating system.

use std::collections::BTreeSet;
use std::process::Command;

use crate::outcome::{Failure, Outcome};
use crate::run;

/// What the packages are for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Compiling the window.
    Build,
    /// Compiling it, and running it on a private desktop with a keychain of its own.
    Test,
}

const BUILD: [&str; 3] = ["build-essential", "pkg-config", "libwebkit2gtk-4.1-dev"];

const TEST: [&str; 13] = [
    "webkit2gtk-driver",
    "xvfb",
    "dbus",
    "gnome-keyring",
    "libsecret-tools",
    "fonts-dejavu-core",
    "fonts-noto-color-emoji",
    "imagemagick",
    // Other people's clients, which judge the simulator.
    "python3",
    "python3-pip",
    "python3-venv",
    "x11-utils",
    "curl",
];

/// Programs that show, where there is no dpkg to ask, that the packages are there.
const BUILD_PROGRAMS: [&str; 2] = ["cc", "pkg-config"];
const TEST_PROGRAMS: [&str; 7] = [
    "WebKitWebDriver",
    "Xvfb",
    "dbus-daemon",
    "gnome-keyring-daemon",
    "secret-tool",
    "import",
    "python3",
];

/// Installs the packages that are missing.
///
/// # Errors
/// When they can't be installed without asking for a password, or on a system other than Debian
/// and its descendants: then it says what to install.
pub fn system(need: Need) -> Outcome {
    if !cfg!(target_os = "linux") {
        return elsewhere(need);
    }
    if !run::succeeds("dpkg-query", &["--version"]) {
        return other_linux(need);
    }
    let missing: Vec<&str> = wanted(need).filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        println!("  system packages: all there");
        return Ok(());
    }
    println!("  system packages: installing {}", missing.join(" "));
    let root = is_root();
    if !root && !run::succeeds("sudo", &["-n", "true"]) {
        return Err(Failure::new("system packages are missing, and installing them takes root")
            .next(format!(
                "sudo apt-get update && sudo apt-get install -y {}",
                missing.join(" ")
            )));
    }
    run::finish(apt(root, &["update", "-qq"]))?;
    run::finish(apt(root, &[&["install", "-y", "-qq"], missing.as_slice()].concat()))
}

fn wanted(need: Need) -> impl Iterator<Item = &'static str> {
    let test: &[&str] = if need == Need::Test { &TEST } else { &[] };
    BUILD.iter().chain(test).copied()
}

fn is_installed(package: &str) -> bool {
    let mut query = Command::new("dpkg-query");
    query.args(["--show", "--showformat=${db:Status-Status}", package]);
    query.stderr(std::process::Stdio::null());
    query.output().is_ok_and(|output| output.stdout == b"installed")
}

fn is_root() -> bool {
    let mut id = Command::new("id");
    id.arg("-u");
    run::output(id).is_ok_and(|id| id.trim() == "0")
}

fn apt(root: bool, arguments: &[&str]) -> Command {
    let mut command = Command::new(if root { "env" } else { "sudo" });
    if !root {
        command.args(["-n", "env"]);
    }
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments);
    command
}

fn other_linux(need: Need) -> Outcome {
    let test: &[&str] = if need == Need::Test { &TEST_PROGRAMS } else { &[] };
    let mut missing: BTreeSet<&str> =
        BUILD_PROGRAMS.iter().chain(test).copied().filter(|program| !on_path(program)).collect();
    if !run::succeeds("pkg-config", &["--exists", "webkit2gtk-4.1"]) {
        missing.insert("the development files of WebKitGTK 4.1");
    }
    if missing.is_empty() {
        println!("  system packages: all there");
        return Ok(());
    }
    let missing: Vec<&str> = missing.into_iter().collect();
    let debian: Vec<&str> = wanted(need).collect();
    Err(Failure::new(format!("missing on this system: {}", missing.join(", ")))
        .next(format!("install what Debian calls {}", debian.join(" "))))
}

fn on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| folder.join(program).exists())
    })
}

fn elsewhere(need: Need) -> Outcome {
    if need == Need::Test {
        return Err(Failure::new("the real window is driven on Linux only")
            .next("`cargo xtask test --no-e2e` runs everything else here"));
    }
    println!("  system packages: on macOS the Xcode command line tools, on Windows WebView2");
    Ok(())
}
