//! A desktop session for one test: its own folders, its own D-Bus, its own gnome-keyring.

use std::cell::RefCell;
use std::future::Future;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// Set in the process that runs within the session; says which part of the test it is.
const STAGE: &str = "HEIRLOOM_TEST_STAGE";

/// The state of the keychain after logging in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Login {
    Unlocked,
    Locked,
}

/// A bus without services that start by themselves: only what the test starts is there.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=BUS_PATH</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

pub struct Session {
    folder: TempDir,
    bus: RefCell<Option<Running>>,
}

/// A process that ends with the test.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Session {
    pub fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("hl").tempdir().expect("a temporary folder");
        let at = folder.path();
        for sub in ["run", "data", "config", "cache", "home"] {
            std::fs::create_dir(at.join(sub)).expect("a folder");
        }
        private(&at.join("run"));
        let config = at.join("bus.conf");
        let socket = at.join("bus");
        std::fs::write(&config, BUS.replace("BUS_PATH", &socket.to_string_lossy()))
            .expect("the bus's configuration");
        let session = Self { folder, bus: RefCell::new(None) };
        let mut command = session.command("dbus-daemon");
        command.args(["--nofork", "--nopidfile", "--print-address=1"]);
        command.arg(format!("--config-file={}", config.display())).stdout(Stdio::piped());
        let mut bus = command.spawn().expect("dbus-daemon is installed");
        let mut ready = String::new();
        BufReader::new(bus.stdout.take().expect("its output"))
            .read_line(&mut ready)
            .expect("it tells its address");
        assert!(ready.starts_with("unix:"), "the bus did not start: “{ready}”");
        *session.bus.borrow_mut() = Some(Running(bus));
        session
    }

    /// Starts a keyring daemon. It answers its name on the bus once this returns.
    pub fn log_in(&self, login: Login) -> Running {
        let mut command = self.command("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        if login == Login::Unlocked {
            command.arg("--unlock");
        }
        let mut daemon = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon is installed");
        let mut stdin = daemon.stdin.take().expect("its input");
        if login == Login::Unlocked {
            stdin.write_all(b"password").expect("it reads the password");
        }
        drop(stdin);
        let daemon = Running(daemon);
        self.wait_for_owner("org.freedesktop.secrets");
        daemon
    }

    pub fn end_bus(&self) {
        self.bus.borrow_mut().take();
    }

    /// Runs the test of this name again, in a process within the session.
    pub fn rerun(&self, test: &str, stage: &str) {
        let own = std::env::current_exe().expect("the test's own program");
        let output = self
            .command(&own.to_string_lossy())
            .args(["--exact", test, "--nocapture", "--test-threads=1"])
            .env(STAGE, stage)
            .output()
            .expect("the test starts again");
        let said = String::from_utf8_lossy(&output.stdout);
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && said.contains("1 passed"),
            "{test} failed at “{stage}” within the session:\n{said}\n{complained}"
        );
    }

    fn command(&self, program: &str) -> Command {
        let at = self.folder.path();
        let mut command = Command::new(program);
        command
            .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", at.join("bus").display()))
            .env("XDG_RUNTIME_DIR", at.join("run"))
            .env("XDG_DATA_HOME", at.join("data"))
            .env("XDG_CONFIG_HOME", at.join("config"))
            .env("XDG_CACHE_HOME", at.join("cache"))
            .env("HOME", at.join("home"))
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("GNOME_KEYRING_CONTROL");
        command
    }

    /// Asks the bus until somebody owns a name. Each question takes a moment of its own.
    fn wait_for_owner(&self, name: &str) {
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
        while std::time::Instant::now() < deadline {
            let asked = self
                .command("dbus-send")
                .args(["--session", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/"])
                .args(["org.freedesktop.DBus.NameHasOwner", &format!("string:{name}")])
                .output()
                .expect("dbus-send is installed");
            if String::from_utf8_lossy(&asked.stdout).contains("true") {
                return;
            }
        }
        panic!("nobody owns {name} on the bus");
    }
}

/// Runs a test's body within a session: starts the session and runs the test again in it.
pub fn inside<F: Future<Output = ()>>(test: &str, login: Option<Login>, body: impl FnOnce() -> F) {
    if is_inside() {
        run(body);
        return;
    }
    let session = Session::start();
    let _daemon = login.map(|login| session.log_in(login));
    session.rerun(test, "only");
}

/// Whether this process runs within a session.
pub fn is_inside() -> bool {
    std::env::var_os(STAGE).is_some()
}

/// Which part of the test this process is.
pub fn stage() -> String {
    std::env::var(STAGE).unwrap_or_default()
}

/// Runs a body as the app does: within a runtime of several threads.
pub fn run<F: Future<Output = ()>>(body: impl FnOnce() -> F) {
    tokio::runtime::Runtime::new().expect("a runtime").block_on(body());
}

/// What another program finds in the keychain.
pub fn witness(service: &str, username: &str) -> String {
    let found = Command::new("secret-tool")
        .args(["lookup", "service", service, "username", username])
        .output()
        .expect("secret-tool is installed");
    String::from_utf8_lossy(&found.stdout).into_owned()
}

fn private(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).expect("mode 0700");
}
