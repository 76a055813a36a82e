//! The log: to standard error and to a file in the data folder. Types that hold secrets cannot
//! print them, so what is logged needs no filter afterwards.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::writer::MakeWriterExt as _;

/// Beyond this the file is begun anew, and the last one kept beside it.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Starts logging.
///
/// # Errors
/// When the file cannot be opened.
pub fn start(folder: &Path) -> io::Result<()> {
    let folder = folder.join("logs");
    fs::create_dir_all(&folder)?;
    let path = folder.join("heirloom.log");
    if fs::metadata(&path).is_ok_and(|found| found.len() > LARGEST) {
        fs::rename(&path, folder.join("heirloom.log.1"))?;
    }
    let file = private(&path)?;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(Mutex::new(file).and(io::stderr))
        .init();
    Ok(())
}

fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}
