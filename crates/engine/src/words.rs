//! Words for people.

/// A text as the beginning of a sentence: its first letter a capital one.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
