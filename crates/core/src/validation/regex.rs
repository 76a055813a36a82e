//! What is wrong with a regular expression, in words.

use regex_syntax::ast::{Error, ErrorKind};

/// Says what is wrong with a regular expression, and where. GitLab wants RE2, whose syntax the
/// parser used here shares.
pub(super) fn fault(text: &str) -> Option<String> {
    let why = match regex_syntax::Parser::new().parse(text) {
        Ok(_) => return None,
        Err(regex_syntax::Error::Parse(error)) => in_words(&error),
        Err(regex_syntax::Error::Translate(error)) => {
            format!("{} at position {}", error.kind(), error.span().start.column)
        }
        Err(_) => "it cannot be read".to_owned(),
    };
    Some(format!("Not a regular expression: {why}"))
}

fn in_words(error: &Error) -> String {
    let at = error.span().start.column;
    match error.kind() {
        ErrorKind::GroupUnclosed => {
            format!("the bracket opened at position {at} is never closed")
        }
        ErrorKind::GroupUnopened => format!("the bracket at position {at} closes nothing"),
        ErrorKind::ClassUnclosed => {
            format!("the square bracket opened at position {at} is never closed")
        }
        ErrorKind::RepetitionMissing => format!("there is nothing to repeat at position {at}"),
        ErrorKind::RepetitionCountUnclosed => {
            format!("the brace opened at position {at} is never closed")
        }
        ErrorKind::EscapeUnexpectedEof => "it ends with a lone backslash".to_owned(),
        ErrorKind::UnsupportedLookAround => {
            format!("looking ahead or behind, at position {at}, is not supported")
        }
        ErrorKind::UnsupportedBackreference => {
            format!("referring back, at position {at}, is not supported")
        }
        other => format!("{other} at position {at}"),
    }
}
