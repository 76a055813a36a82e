//! Words for people.

/// A text as the beginning of a sentence: its first letter a capital one.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A text without what a terminal would obey or a reader be misled by: control characters but line
/// breaks and tabs, and the marks that turn the direction of text around.
pub fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !(c.is_control() && !matches!(c, '\n' | '\t') || turns_text(*c)))
        .collect()
}

const fn turns_text(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_misleads_is_left_out_and_all_else_stays() {
        assert_eq!(plain("a\u{1b}[2Jb\u{9b}c\u{7f}\r"), "a[2Jbc", "what a terminal obeys");
        assert_eq!(plain("gpj\u{202e}txt.exe\u{2066}"), "gpjtxt.exe", "what turns text around");
        assert_eq!(plain("Umsätze\tمتجر\n"), "Umsätze\tمتجر\n", "the rest");
    }
}
