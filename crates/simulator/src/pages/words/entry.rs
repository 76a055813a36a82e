//! One field's words.

/// Label and value of each choice.
pub(super) type Choices = &'static [(&'static str, &'static str)];

/// What a form says about one field; none = GitLab's default.
#[derive(Debug, Clone, Copy)]
pub(in crate::pages) struct Entry {
    pub title: &'static str,
    /// In place of the input that the field's type suggests.
    pub input: Option<&'static str>,
    pub section: &'static str,
    pub placeholder: Option<&'static str>,
    /// HTML.
    pub help: Option<&'static str>,
    pub checkbox_label: Option<&'static str>,
    pub choices: Choices,
}

pub(super) const fn entry(title: &'static str) -> Entry {
    Entry {
        title,
        input: None,
        section: "connection",
        placeholder: None,
        help: None,
        checkbox_label: None,
        choices: &[],
    }
}

impl Entry {
    pub(super) const fn placeholder(self, text: &'static str) -> Self {
        Self { placeholder: Some(text), ..self }
    }

    pub(super) const fn help(self, html: &'static str) -> Self {
        Self { help: Some(html), ..self }
    }

    pub(super) const fn label(self, text: &'static str) -> Self {
        Self { checkbox_label: Some(text), ..self }
    }

    pub(super) const fn textarea(self) -> Self {
        Self { input: Some("textarea"), ..self }
    }

    pub(super) const fn select(self, choices: Choices) -> Self {
        Self { input: Some("select"), choices, ..self }
    }

    /// In the section of that type.
    pub(super) const fn within(self, section: &'static str) -> Self {
        Self { section, ..self }
    }
}
