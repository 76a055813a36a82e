//! The command line, and the data folder it leads to.

use std::io;
use std::path::{Path, PathBuf};

use clap::Parser;

/// See what your GitLab hands down, and change it safely.
#[derive(Debug, Parser)]
#[command(name = "heirloom", version)]
pub struct Arguments {
    /// Show the demo company only: a simulated GitLab on this computer, nothing kept
    #[arg(long)]
    pub demo: bool,

    /// Keep all local data in this folder
    #[arg(long, value_name = "DIR", env = "HEIRLOOM_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
}

/// Where local data are kept while the app runs.
pub enum DataFolder {
    /// Kept.
    Kept(PathBuf),
    /// The demo's, gone with it.
    Passing(tempfile::TempDir),
}

impl DataFolder {
    /// The folder asked for, a passing one for the demo, or the usual one.
    ///
    /// # Errors
    /// When no folder can be made or found.
    pub fn choose(arguments: &Arguments) -> io::Result<Self> {
        match &arguments.data_dir {
            Some(asked) => Ok(Self::Kept(std::path::absolute(asked)?)),
            None if arguments.demo => {
                Ok(Self::Passing(tempfile::Builder::new().prefix("heirloom-demo-").tempdir()?))
            }
            None => heirloom_engine::folder::default_folder().map(Self::Kept).ok_or_else(|| {
                io::Error::other("this user has no home folder: choose a folder with --data-dir")
            }),
        }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        match self {
            Self::Kept(path) => path,
            Self::Passing(folder) => folder.path(),
        }
    }
}
