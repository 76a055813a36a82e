//! A virtual X display.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::MARK;
use crate::Result;
use crate::process::Background;

/// Starts Xvfb on a free display and gives its name; it is ready when it has told its number.
pub fn start(folder: &Path, (width, height): (u32, u32)) -> Result<(Background, String)> {
    let mut command = Command::new("Xvfb");
    command
        .args(["-displayfd", "1", "-screen", "0", &format!("{width}x{height}x24")])
        .args(["-nolisten", "tcp", "-noreset", "-ac"])
        .env(MARK, folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut xvfb = Background::start("Xvfb", &mut command, &folder.join("logs"))?;
    let number = xvfb.first_line(Duration::from_secs(20))?;
    Ok((xvfb, format!(":{number}")))
}
