//! JSON for other programs and for terminals: characters that a terminal would obey are written as
//! escapes. What a server sends may hold any of them.

use std::cell::RefCell;
use std::fmt::Display;
use std::io::{self, Write};

use serde::ser::{Error as _, SerializeSeq as _};
use serde::{Serialize, Serializer};
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

/// A list that is written as it is taken from where it lies, a window at a time.
pub struct Rows<F>(RefCell<F>);

impl<F> Rows<F> {
    /// `next` gives the rows past so many; none: that was all.
    pub const fn new(next: F) -> Self {
        Self(RefCell::new(next))
    }
}

impl<F, T, E> Serialize for Rows<F>
where
    F: FnMut(u32) -> Result<Vec<T>, E>,
    T: Serialize,
    E: Display,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut next = self.0.try_borrow_mut().map_err(S::Error::custom)?;
        let mut list = serializer.serialize_seq(None)?;
        let mut past = 0;
        loop {
            let window = (*next)(past).map_err(S::Error::custom)?;
            if window.is_empty() {
                return list.end();
            }
            past = past.saturating_add(u32::try_from(window.len()).unwrap_or(u32::MAX));
            for row in &window {
                list.serialize_element(row)?;
            }
        }
    }
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
