//! Texts by their format, pattern and length.

use std::borrow::Cow;

use url::Url;

use super::{Problem, Rule, problem, regex};
use crate::catalog::{Field, Format};

/// Checks a text that is not blank.
pub(super) fn check(field: &Field, text: &str) -> Option<Problem> {
    let (rule, wrong) = match field.format {
        Some(Format::Url) => (Rule::Url, url(text)),
        Some(Format::Emails) => (Rule::Emails, emails(text.split_whitespace(), "spaces")),
        Some(Format::EmailsOrCommas) => (Rule::Emails, emails(split(text), "commas")),
        Some(Format::Regex) => (Rule::Regex, regex::fault(text)),
        Some(Format::Branches) | None => (Rule::Pattern, None),
    };
    if let Some(message) = wrong {
        return Some(problem(field, rule, message));
    }
    pattern(field, text).or_else(|| too_long(field, text)).or_else(|| match field.format {
        Some(Format::Emails) => too_many(field, text.split_whitespace().count()),
        Some(Format::EmailsOrCommas) => too_many(field, split(text).count()),
        Some(Format::Url | Format::Regex | Format::Branches) | None => {
            too_many(field, text.split(',').filter(|part| !part.trim().is_empty()).count())
        }
    })
}

/// Whether a list, or a text that holds one, has more entries than GitLab takes.
pub(super) fn too_many(field: &Field, count: usize) -> Option<Problem> {
    let most = field.max_items?;
    (count > most as usize).then(|| {
        problem(field, Rule::Count, format!("Must not be more than {most}: these are {count}"))
    })
}

fn too_long(field: &Field, text: &str) -> Option<Problem> {
    let most = field.max_length?;
    let length = text.chars().count();
    (length > most as usize).then(|| {
        let message = format!("Must not be longer than {most} characters: this has {length}");
        problem(field, Rule::Length, message)
    })
}

fn pattern(field: &Field, text: &str) -> Option<Problem> {
    let pattern = field.pattern.as_ref()?;
    // A test holds that every pattern of the catalog compiles.
    let regex = ::regex::Regex::new(&format!("^(?:{})$", pattern.regex)).ok()?;
    (!regex.is_match(text)).then(|| problem(field, Rule::Pattern, pattern.says))
}

fn url(text: &str) -> Option<String> {
    if text.contains(char::is_whitespace) {
        return Some("Must not contain spaces".to_owned());
    }
    let lower = text.to_ascii_lowercase();
    if !lower.starts_with("http://") && !lower.starts_with("https://") {
        return Some("Must start with http:// or https://".to_owned());
    }
    // The parser forgives a missing host by taking it from the path; GitLab does not.
    let host = lower.split_once("://").map_or("", |(_, rest)| rest);
    if host.is_empty() || host.starts_with(['/', '\\', '?', '#']) {
        return Some("Not an address: the host is missing".to_owned());
    }
    Url::parse(text).err().map(|why| format!("Not an address: {why}"))
}

/// Parts of a text that GitLab splits at commas and white space; it lets angle brackets go.
fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ',' || c.is_whitespace())
        .map(|part| part.trim_matches(['<', '>']))
        .filter(|part| !part.is_empty())
}

fn emails<'a>(parts: impl Iterator<Item = &'a str>, separator: &str) -> Option<String> {
    let mut none = true;
    for part in parts {
        none = false;
        let (name, host) = part.split_once('@').unwrap_or(("", ""));
        if name.is_empty() || host.is_empty() || host.contains('@') {
            return Some(format!(
                "Must be e-mail addresses, separated by {separator}: “{}” is none",
                shorten(part)
            ));
        }
    }
    none.then(|| format!("Must be e-mail addresses, separated by {separator}"))
}

fn shorten(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(40) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}
