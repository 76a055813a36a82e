//! One parameter of an integration, and what GitLab does with it.

use crate::version::Version;

/// How Grape coerces a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldType {
    Text,
    Integer,
    Boolean,
    List,
}

/// What a field holds before anybody sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    Nothing,
    True,
    False,
    Zero,
    EmptyList,
    Text(&'static str),
}

#[derive(Debug, Clone, Copy)]
enum Required {
    No,
    Always,
    Before(u16, u16),
}

/// Through which door a field is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    Both,
    /// The API's; the form does not list it.
    Api,
    /// The form's; the API drops it.
    Form,
}

/// One parameter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub name: &'static str,
    pub kind: FieldType,
    /// Never returned: type password, or the field named `webhook`.
    pub secret: bool,
    /// A change clears every stored secret that is not sent again (contract, section 2).
    pub exposes_secrets: bool,
    /// Must be an http or https address while the integration is active.
    pub url: bool,
    /// What a new record holds.
    pub initial: Start,
    /// What the database column falls back to on DELETE: JSON properties become null, columns
    /// of the tables beside the row have defaults of their own.
    pub column: Start,
    required: Required,
    until: Option<(u16, u16)>,
    door: Door,
}

pub(crate) const fn text(name: &'static str) -> Field {
    Field {
        name,
        kind: FieldType::Text,
        secret: false,
        exposes_secrets: false,
        url: false,
        initial: Start::Nothing,
        column: Start::Nothing,
        required: Required::No,
        until: None,
        door: Door::Both,
    }
}

pub(crate) const fn secret(name: &'static str) -> Field {
    Field { secret: true, ..text(name) }
}

pub(crate) const fn url(name: &'static str) -> Field {
    Field { url: true, ..text(name) }
}

pub(crate) const fn boolean(name: &'static str) -> Field {
    Field { kind: FieldType::Boolean, ..text(name) }
}

pub(crate) const fn integer(name: &'static str) -> Field {
    Field { kind: FieldType::Integer, ..text(name) }
}

pub(crate) const fn list(name: &'static str) -> Field {
    Field { kind: FieldType::List, ..text(name) }
}

impl Field {
    /// An address, although its type says otherwise.
    pub(crate) const fn address(self) -> Self {
        Self { url: true, ..self }
    }

    pub(crate) const fn required(self) -> Self {
        Self { required: Required::Always, ..self }
    }

    pub(crate) const fn required_before(self, major: u16, minor: u16) -> Self {
        Self { required: Required::Before(major, minor), ..self }
    }

    pub(crate) const fn exposes(self) -> Self {
        Self { exposes_secrets: true, ..self }
    }

    pub(crate) const fn initially(self, initial: Start) -> Self {
        Self { initial, ..self }
    }

    /// A database column with a default, not a JSON property.
    pub(crate) const fn column(self, column: Start) -> Self {
        Self { column, initial: column, ..self }
    }

    pub(crate) const fn until(self, major: u16, minor: u16) -> Self {
        Self { until: Some((major, minor)), ..self }
    }

    pub(crate) const fn api_only(self) -> Self {
        Self { door: Door::Api, ..self }
    }

    pub(crate) const fn form_only(self) -> Self {
        Self { door: Door::Form, ..self }
    }

    /// Whether it is of type password: a webhook is secret without being one.
    pub(crate) fn is_password(&self) -> bool {
        self.secret && self.name != "webhook"
    }

    /// Whether Grape demands it on every PUT of this server.
    pub(crate) fn is_required(&self, version: &Version) -> bool {
        match self.required {
            Required::No => false,
            Required::Always => true,
            Required::Before(major, minor) => !version.at_least(major, minor),
        }
    }

    /// Whether the API of this server declares it.
    pub(crate) fn is_declared(&self, version: &Version) -> bool {
        self.door != Door::Form && self.exists(version)
    }

    /// Whether the form of this server lists it: channels stand beside their events
    /// (contract, section 12).
    pub(crate) fn is_listed(&self, version: &Version) -> bool {
        self.door != Door::Api && !self.name.ends_with("channel") && self.exists(version)
    }

    fn exists(&self, version: &Version) -> bool {
        self.until.is_none_or(|(major, minor)| !version.at_least(major, minor))
    }
}
