//! JSON for other programs and for terminals: characters that a terminal would obey are written as
//! escapes. What a server sends may hold any of them.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::Formatter;

/// Writes a value on one line. Below U+0020 JSON escapes by itself; above, DEL and the second set
/// of control characters are left to the writer.
///
/// # Errors
/// When the writer fails, or the value is no JSON.
pub fn write<W: Write, T: Serialize + ?Sized>(out: &mut W, value: &T) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(out, Escaping);
    value.serialize(&mut serializer).map_err(io::Error::from)
}

struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: Write + ?Sized>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(|c: char| ('\u{7f}'..='\u{9f}').contains(&c)) {
            let (before, from) = rest.split_at(at);
            out.write_all(before.as_bytes())?;
            let mut letters = from.chars();
            if let Some(control) = letters.next() {
                write!(out, "\\u{:04x}", u32::from(control))?;
            }
            rest = letters.as_str();
        }
        out.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn controls_that_a_terminal_obeys_are_escaped_and_come_back() {
        let text = "plain \u{1b}[2J \u{7f} \u{9b}31m Umsätze متجر";
        let mut out = Vec::new();
        super::write(&mut out, text).unwrap();
        let json = String::from_utf8(out).unwrap();
        assert!(!json.chars().any(char::is_control), "nothing reaches the terminal as a command");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text, "and nothing is lost");
    }
}
