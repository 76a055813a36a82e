//! `completions`.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::args::Arguments;
use crate::exit::{Exit, Result};
use crate::output;

pub fn run(shell: Shell) -> Result {
    let mut written = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "heirloomctl", &mut written);
    output::bytes(&written)?;
    Ok(Exit::Done)
}
