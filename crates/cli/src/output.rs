//! Writing to people and to programs.

use std::fmt::Display;
use std::io::{self, Write};

use serde::Serialize;

/// One line for a person. What a server sent goes through [`plain`] on the way.
pub fn line(text: impl Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", plain(&text.to_string()))
}

/// One line of JSON, sent at once: others may wait for it.
pub fn json<T: Serialize + ?Sized>(value: &T) -> io::Result<()> {
    let mut out = io::stdout().lock();
    heirloom_engine::json::write(&mut out, value)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// What is safe for a terminal already: JSON from [`heirloom_engine::json`], a text of our own.
pub fn bytes(text: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text)?;
    out.flush()
}

/// One line beside the output: progress, advice, errors.
pub fn note(text: impl Display) {
    // Without an error stream there is nobody to tell.
    drop(writeln!(io::stderr().lock(), "{}", plain(&text.to_string())));
}

/// Leaves out what a terminal would obey or be misled by: control characters, and the marks that
/// turn the direction of text around. Line breaks and tabs become spaces.
pub fn plain(text: &str) -> String {
    heirloom_engine::words::plain(text).replace(['\n', '\t'], " ")
}

/// Columns of text, each as wide as its widest cell but for the last.
pub fn columns(rows: &[Vec<String>]) -> Vec<String> {
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| plain(cell)).collect()).collect();
    let count = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..count).map(|column| width(column).unwrap_or_default()).collect();
    rows.iter()
        .map(|row| {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| {
                    let missing = width.saturating_sub(cell.chars().count());
                    format!("{cell}{}", " ".repeat(missing))
                })
                .collect();
            cells.join("  ").trim_end().to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_text_cannot_command_the_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\u{9b}31mc\u{7f}\r\nd"), "a[2Jb31mc d", "controls go");
        assert_eq!(plain("evil\u{202e}gpj.exe"), "evilgpj.exe", "and what turns text around");
        assert_eq!(plain("متجر-الجوّال 🧾 Umsätze"), "متجر-الجوّال 🧾 Umsätze", "the rest stays");
    }

    #[test]
    fn columns_line_up() {
        let rows = [vec!["a".into(), "bb".into()], vec!["ccc".into(), "d".into()]];
        assert_eq!(columns(&rows), ["a    bb", "ccc  d"], "each column starts at one place");
    }
}
