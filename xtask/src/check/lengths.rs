//! Files that have grown past what a reader holds in mind.

use std::fs;
use std::process::Command;

use crate::outcome::Outcome;
use crate::{run, workspace};

const LIMIT: usize = 450;

/// Every source file past the limit, as a sentence. Warnings only: where to cut is a judgement.
///
/// # Errors
/// When git can't list the files.
pub fn warnings() -> Outcome<Vec<String>> {
    if !workspace::root().join(".git").exists() {
        return Ok(Vec::new());
    }
    let mut git = Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard", "--"])
        .args(["*.rs", "*.ts", "*.tsx", "*.css"])
        .current_dir(workspace::root());
    let files = run::output(git)?;
    Ok(files
        .lines()
        .filter(|file| !file.contains(".gen."))
        .filter_map(|file| {
            // A file deleted but not yet committed is still listed.
            let content = fs::read_to_string(workspace::root().join(file)).ok()?;
            too_long(file, &content)
        })
        .collect())
}

fn too_long(file: &str, content: &str) -> Option<String> {
    let lines = content.lines().count();
    (lines > LIMIT).then(|| format!("{file} has {lines} lines: look for the second concept in it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_long_only_past_the_limit() {
        assert!(too_long("a.rs", &"x\n".repeat(LIMIT)).is_none(), "the limit itself is fine");
        assert!(too_long("a.rs", &"x\n".repeat(LIMIT + 1)).is_some(), "one more is not");
    }
}
