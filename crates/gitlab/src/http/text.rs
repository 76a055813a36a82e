//! Words that came from a server, made safe to show.

/// Longer words than this are not for people.
const LONGEST: usize = 500;

/// Takes control and other invisible characters out of a server's words (they can steer a
/// terminal or turn text around), runs of white space too, and bounds their length.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::new();
    let mut length = 0;
    for c in text.chars() {
        let c = if c.is_whitespace() { ' ' } else { c };
        if is_invisible(c) || (c == ' ' && (out.is_empty() || out.ends_with(' '))) {
            continue;
        }
        if length == LONGEST {
            out.push('…');
            break;
        }
        out.push(c);
        length += 1;
    }
    out.truncate(out.trim_end().len());
    out
}

/// Control characters, and the marks that change the direction of text or take no room.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, clean};

    #[test]
    fn drops_what_steers_a_terminal() {
        assert_eq!(
            clean("a\u{1b}[31mred\u{7}\u{202e}b\r\n\t c\u{0}"),
            "a[31mredb c",
            "escape, bell, direction marks and NUL go, white space becomes one space"
        );
    }

    #[test]
    fn bounds_the_length() {
        let cleaned = clean(&"x".repeat(10_000));
        assert_eq!(cleaned.chars().count(), LONGEST + 1, "cut, with a mark that it was");
        assert!(cleaned.ends_with('…'), "cut, with a mark that it was");
    }
}
