//! Where everything local is kept, for the window and `heirloomctl` alike.

use std::ffi::OsString;
use std::path::PathBuf;

/// The app's identifier, which names its folder.
const IDENTIFIER: &str = "dev.heirloom.app";

/// The data folder of the person running this program; none where the system does not say where
/// people keep their data. The same folder that the window's framework would choose.
pub fn default_folder() -> Option<PathBuf> {
    let base = if cfg!(windows) {
        absolute(std::env::var_os("APPDATA"))?
    } else if cfg!(target_os = "macos") {
        home()?.join("Library").join("Application Support")
    } else {
        absolute(std::env::var_os("XDG_DATA_HOME"))
            .or_else(|| Some(home()?.join(".local").join("share")))?
    };
    Some(base.join(IDENTIFIER))
}

fn home() -> Option<PathBuf> {
    std::env::home_dir().filter(|home| home.is_absolute())
}

/// A relative base would put the folder wherever the program happens to be started.
fn absolute(text: Option<OsString>) -> Option<PathBuf> {
    text.map(PathBuf::from).filter(|path| path.is_absolute())
}
