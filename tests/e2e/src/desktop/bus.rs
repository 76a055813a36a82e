//! A session bus that starts nothing by itself but the keychain's password prompt.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::process::Background;
use crate::{Error, Result};

/// The bus's address, for programs on this desktop.
pub fn address(folder: &Path) -> String {
    format!("unix:path={}", folder.join("runtime/bus").display())
}

/// Starts the bus; it is ready when it has told its address.
///
/// With the machine's own services it would start a second, locked keychain whenever somebody
/// asks too early, and there could be no desktop without one.
pub fn start(folder: &Path, display: &str) -> Result<Background> {
    let services = folder.join("services");
    fs::create_dir(&services).map_err(Error::file(&services))?;
    for prompt in ["org.gnome.keyring.SystemPrompter", "org.gnome.keyring.PrivatePrompter"] {
        let own = services.join(format!("{prompt}.service"));
        let system = Path::new("/usr/share/dbus-1/services").join(format!("{prompt}.service"));
        if system.is_file() {
            fs::copy(&system, &own).map_err(Error::file(&own))?;
        }
    }
    let configuration = folder.join("bus.conf");
    fs::write(
        &configuration,
        format!(
            r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>{}</listen>
  <servicedir>{}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#,
            address(folder),
            services.display(),
        ),
    )
    .map_err(Error::file(&configuration))?;

    let mut command = Command::new("dbus-daemon");
    super::enter(&mut command, folder, display);
    command
        .arg("--config-file")
        .arg(&configuration)
        .args(["--nofork", "--nopidfile", "--print-address=1"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut bus = Background::start("dbus-daemon", &mut command, &folder.join("logs"))?;
    bus.first_line(Duration::from_secs(10))?;
    Ok(bus)
}
