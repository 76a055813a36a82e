//! Finding things in the window by what they are to a person, or by the name tests know them by.

use std::fmt;

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, Locator};

use crate::Result;

/// What is sought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seek {
    /// The element with this `data-testid`.
    TestId(String),
    /// The elements a screen reader would announce with this role and name.
    Role {
        /// The ARIA role, given or implied: `button`, `treeitem`, `textbox` …
        role: String,
        /// The whole accessible name.
        name: String,
    },
    /// Anything else, by CSS selector.
    Css(String),
}

impl Seek {
    /// By `data-testid`.
    pub fn id(id: impl Into<String>) -> Self {
        Self::TestId(id.into())
    }

    /// By role and accessible name.
    pub fn role(role: impl Into<String>, name: impl Into<String>) -> Self {
        Self::Role { role: role.into(), name: name.into() }
    }

    /// By CSS selector.
    pub fn css(selector: impl Into<String>) -> Self {
        Self::Css(selector.into())
    }

    fn selector(&self) -> String {
        match self {
            Self::TestId(id) => format!("[data-testid={}]", serde_json::Value::from(id.as_str())),
            Self::Role { role, .. } => candidates(role),
            Self::Css(selector) => selector.clone(),
        }
    }
}

impl fmt::Display for Seek {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TestId(id) => write!(formatter, "the element “{id}”"),
            Self::Role { role, name } => write!(formatter, "the {role} “{name}”"),
            Self::Css(selector) => write!(formatter, "`{selector}`"),
        }
    }
}

/// All elements that match and can be seen.
pub(super) async fn visible(client: &Client, seek: &Seek) -> Result<Vec<Element>> {
    let mut found = Vec::new();
    for element in client.find_all(Locator::Css(&seek.selector())).await? {
        match is_it(client, &element, seek).await {
            Ok(true) => found.push(element),
            Ok(false) => {}
            // It went away while it was being looked at.
            Err(CmdError::Standard(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(found)
}

async fn is_it(
    client: &Client,
    element: &Element,
    seek: &Seek,
) -> std::result::Result<bool, CmdError> {
    if let Seek::Role { name, .. } = seek {
        let label = client.issue_cmd(ComputedLabel(element.element_id().to_string())).await?;
        if label.as_str().map(str::trim) != Some(name) {
            return Ok(false);
        }
    }
    element.is_displayed().await
}

/// A selector for everything that may have a role; which of them has it is for the name to tell.
fn candidates(role: &str) -> String {
    let implied = match role {
        "button" => "button:not([role]), input[type=submit], summary",
        "link" => "a[href]:not([role])",
        "textbox" => {
            "input:not([type]), input[type=text], input[type=url], input[type=email], input[type=password], textarea"
        }
        "searchbox" => "input[type=search]",
        "checkbox" => "input[type=checkbox]:not([role])",
        "radio" => "input[type=radio]:not([role])",
        "heading" => "h1, h2, h3, h4, h5, h6",
        "dialog" => "dialog",
        "combobox" => "select:not([multiple])",
        _ => return format!("[role={role}]"),
    };
    format!("[role={role}], {implied}")
}

/// The name the web view's own accessibility tree gives an element.
#[derive(Debug)]
struct ComputedLabel(String);

impl WebDriverCompatibleCommand for ComputedLabel {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> std::result::Result<url::Url, url::ParseError> {
        let Self(element) = self;
        base.join(&format!(
            "session/{}/element/{element}/computedlabel",
            session.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::GET, None)
    }
}
