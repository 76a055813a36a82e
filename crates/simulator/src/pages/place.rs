//! Which page an address names (contract, section 12).

use crate::world::scope::Level;

/// Whose settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    Instance,
    /// The only organization, to which the instance's rows belong on newer servers.
    Organization,
    /// By full path.
    Group(String),
    /// By full path.
    Project(String),
}

/// What of one integration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Edit,
    Update,
    Test,
    Reset,
    Overrides { json: bool },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    SignIn,
    AdminSession,
    AdminSessionForm,
    List(Owner),
    /// Owner, underscored slug, action.
    Integration(Owner, String, Action),
}

const INSTANCE: &str = "/admin/application_settings/integrations";
const ORGANIZATION: &str = "/o/default/admin/settings/integrations";
const SETTINGS: &str = "/-/settings/integrations";

impl Owner {
    pub(super) fn level(&self) -> Level {
        match self {
            Self::Instance | Self::Organization => Level::Instance,
            Self::Group(_) => Level::Group,
            Self::Project(_) => Level::Project,
        }
    }

    /// The address of its list, below the relative URL root.
    pub(super) fn base(&self) -> String {
        match self {
            Self::Instance => INSTANCE.to_owned(),
            Self::Organization => ORGANIZATION.to_owned(),
            Self::Group(path) => format!("/groups/{path}{SETTINGS}"),
            Self::Project(path) => format!("/{path}{SETTINGS}"),
        }
    }
}

impl Place {
    pub(super) fn parse(path: &str) -> Option<Self> {
        match path {
            "/users/sign_in" => return Some(Self::SignIn),
            "/admin/session" => return Some(Self::AdminSession),
            "/admin/session/new" => return Some(Self::AdminSessionForm),
            _ => {}
        }
        let (owner, rest) = if let Some(rest) = path.strip_prefix(INSTANCE) {
            (Owner::Instance, rest)
        } else if let Some(rest) = path.strip_prefix(ORGANIZATION) {
            (Owner::Organization, rest)
        } else {
            let (before, rest) = path.split_once(SETTINGS)?;
            let owner = match before.strip_prefix("/groups/") {
                Some(group) => Owner::Group(group.to_owned()),
                None => Owner::Project(before.strip_prefix('/')?.to_owned()),
            };
            (owner, rest)
        };
        if rest.is_empty() {
            return Some(Self::List(owner));
        }
        let (slug, action) = match rest.strip_prefix('/')?.split_once('/') {
            None => (rest.strip_prefix('/')?, Action::Update),
            Some((slug, "edit")) => (slug, Action::Edit),
            Some((slug, "test")) => (slug, Action::Test),
            Some((slug, "reset")) => (slug, Action::Reset),
            Some((slug, "overrides")) => (slug, Action::Overrides { json: false }),
            Some((slug, "overrides.json")) => (slug, Action::Overrides { json: true }),
            Some(_) => return None,
        };
        let slug = slug.strip_suffix(".json").unwrap_or(slug);
        Some(Self::Integration(owner, slug.to_owned(), action))
    }
}
