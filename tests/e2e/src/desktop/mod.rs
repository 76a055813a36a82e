//! A private desktop for one test: its own folders, display, session bus and keychain. Nothing of
//! the user's own is seen or touched, and everything ends with it, also when the test panics.

mod bus;
mod display;
mod keychain;
mod screen;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

pub use screen::Colour;
use tempfile::TempDir;

use crate::process::{self, Background};
use crate::{Error, Result};

/// Every program on the desktop carries it in its environment, so that none is forgotten.
const MARK: &str = "HEIRLOOM_PRIVATE_DESKTOP";

/// How often the programs left are ended; a program can't outrun that.
const ROUNDS: u32 = 400;

/// The state of the keychain at the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keychain {
    /// There, and open.
    Unlocked,
    /// There, and locked: who asks for a secret waits for a person to type a password.
    Locked,
    /// No program provides one.
    Absent,
}

/// The private desktop.
#[derive(Debug)]
pub struct Desktop {
    // In the order in which they have to end: the folder last.
    keychain: Option<Background>,
    _bus: Background,
    _display: Background,
    display_name: String,
    folder: TempDir,
}

impl Desktop {
    /// Starts one with a display of `size` (width, height).
    ///
    /// # Errors
    /// When a program it is made of is missing or doesn't get ready.
    pub async fn start(size: (u32, u32), keychain: Keychain) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("heirloom-")
            .tempdir()
            .map_err(Error::file(std::env::temp_dir()))?;
        for name in FOLDERS {
            let path = folder.path().join(name);
            fs::create_dir(&path).map_err(Error::file(&path))?;
        }
        let runtime = folder.path().join("runtime");
        fs::set_permissions(&runtime, fs::Permissions::from_mode(0o700))
            .map_err(Error::file(&runtime))?;

        let (display, display_name) = display::start(folder.path(), size)?;
        let bus = bus::start(folder.path(), &display_name)?;
        let mut desktop =
            Self { keychain: None, _bus: bus, _display: display, display_name, folder };
        if keychain != Keychain::Absent {
            desktop.start_keychain().await?;
        }
        if keychain == Keychain::Locked {
            desktop.lock_keychain().await?;
        }
        Ok(desktop)
    }

    /// A program that will run on this desktop.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        enter(&mut command, self.folder.path(), &self.display_name);
        command
    }

    /// A folder for the test's own files; it goes with the desktop.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where the programs of this desktop keep what they say.
    pub fn logs(&self) -> PathBuf {
        self.folder.path().join("logs")
    }

    /// Whether a program of this name is running on the desktop.
    pub fn runs(&self, program: &str) -> bool {
        self.pids().any(|pid| {
            fs::read_link(format!("/proc/{}/exe", pid.as_raw_nonzero()))
                .is_ok_and(|path| path.file_name().is_some_and(|name| name == program))
        })
    }

    fn pids(&self) -> impl Iterator<Item = rustix::process::Pid> {
        process::marked(MARK, &self.folder.path().to_string_lossy()).into_iter()
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        // Programs that others started here: the app, its web processes, what the bus activated.
        // A program that is just being started shows no environment for a moment, and one that
        // is not ended yet may start another: so until twice in a row there is none.
        let mut quiet = 0;
        for _ in 0..ROUNDS {
            let left: Vec<_> = self.pids().collect();
            quiet = if left.is_empty() { quiet + 1 } else { 0 };
            if quiet == 2 {
                return;
            }
            left.into_iter().for_each(process::end);
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

const FOLDERS: [&str; 7] = ["runtime", "home", "data", "config", "cache", "state", "logs"];

/// Gives a program the environment of the desktop. The rest of the environment stays: the app
/// has to work in a normal one.
fn enter(command: &mut Command, folder: &Path, display: &str) {
    command
        .env(MARK, folder)
        .env("HOME", folder.join("home"))
        .env("XDG_RUNTIME_DIR", folder.join("runtime"))
        .env("XDG_DATA_HOME", folder.join("data"))
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .env("XDG_STATE_HOME", folder.join("state"))
        .env("DBUS_SESSION_BUS_ADDRESS", bus::address(folder))
        .env("DISPLAY", display)
        .env("GDK_BACKEND", "x11")
        // There is no accessibility bus here, and GTK would complain about it.
        .env("NO_AT_BRIDGE", "1")
        .env("LC_ALL", "C.UTF-8")
        .env("TZ", "UTC");
    for name in ["XAUTHORITY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL", "SSH_AUTH_SOCK"] {
        command.env_remove(name);
    }
}
