//! The integrations GitLab knows, and what each accepts: the simulator's own table, written from
//! the contract (sections 2, 3 and 9) and GitLab's API description. It shares nothing with the
//! catalog of the product, so that each can be checked against the other.

mod builds;
mod chat;
mod events;
mod field;
mod services;
mod trackers;

pub(crate) use events::{Event, Events};
pub(crate) use field::{Field, FieldType, Start};

use crate::version::Version;
use crate::world::scope::Level;

/// At which levels an integration exists (contract, section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Levels {
    Everywhere,
    ProjectOnly,
    ProjectAndGroup,
    InstanceOnly,
}

/// Of some categories a project may have one active integration only (contract, section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Category {
    Common,
    IssueTracker,
    ThirdPartyWiki,
}

/// What a server must have for an integration to be offered (contract, section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    Nothing,
    SlackApp,
    NoSlackApp,
    JiraConnect,
    Saas,
    /// Hidden from projects outside development.
    Development,
}

/// One integration.
#[derive(Debug)]
pub(crate) struct Kind {
    pub slug: &'static str,
    pub title: &'static str,
    pub levels: Levels,
    pub category: Category,
    pub needs: Needs,
    pub fields: &'static [Field],
    /// Every event parameter that PUT declares.
    pub events: &'static [&'static str],
    /// Further events that only the form of a group sets.
    pub group_events: &'static [&'static str],
    /// Whether the values live in a table beside the row, so that changing them leaves the row's
    /// `updated_at` alone.
    pub beside: bool,
    /// Whether a person switches it on, as against an app that does.
    pub manual: bool,
    pub enterprise: bool,
    /// The release that no longer has it.
    pub gone_in: Option<(u16, u16)>,
}

impl Kind {
    /// The part that most kinds share; the tables override what differs.
    pub(crate) const PLAIN: Self = Self {
        slug: "",
        title: "",
        levels: Levels::Everywhere,
        category: Category::Common,
        needs: Needs::Nothing,
        fields: &[],
        events: &[],
        group_events: &[],
        beside: false,
        manual: true,
        enterprise: false,
        gone_in: None,
    };

    pub(crate) fn field(&self, name: &str) -> Option<(usize, &'static Field)> {
        self.fields.iter().enumerate().find(|(_, field)| field.name == name)
    }

    /// Whether rows of this kind can be stored at a level.
    pub(crate) fn exists_at(&self, level: Level) -> bool {
        match self.levels {
            Levels::Everywhere => true,
            Levels::ProjectOnly => level == Level::Project,
            Levels::ProjectAndGroup => level != Level::Instance,
            Levels::InstanceOnly => level == Level::Instance,
        }
    }

    /// Whether the REST slug map of this server has it (contract, section 9).
    pub(crate) fn in_rest(&self, version: &Version) -> bool {
        self.levels != Levels::InstanceOnly
            && (!self.enterprise || version.enterprise())
            && self.gone_in.is_none_or(|(major, minor)| !version.at_least(major, minor))
    }

    /// Whether it works by a webhook of GitLab's own, which testing saves (contract, section 12).
    pub(crate) fn has_own_webhook(&self) -> bool {
        matches!(self.slug, "buildkite" | "datadog" | "drone-ci" | "jenkins" | "packagist")
    }

    /// Discord's per-event channels are webhook addresses, and masked (contract, section 2).
    pub(crate) fn masks_channels(&self) -> bool {
        self.slug == "discord"
    }
}

/// A kind's place in the table: one byte in every stored row instead of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct KindId(u8);

impl KindId {
    pub(crate) fn kind(self) -> &'static Kind {
        all().nth(usize::from(self.0)).unwrap_or(&trackers::KINDS[0])
    }
}

/// All kinds, in an order that never changes while the process runs.
pub(crate) fn all() -> impl Iterator<Item = &'static Kind> {
    trackers::KINDS.iter().chain(chat::KINDS).chain(builds::KINDS).chain(services::KINDS)
}

/// The kind with this dashed slug.
pub(crate) fn by_slug(slug: &str) -> Option<(KindId, &'static Kind)> {
    all()
        .enumerate()
        .find(|(_, kind)| kind.slug == slug)
        .and_then(|(position, kind)| Some((KindId(u8::try_from(position).ok()?), kind)))
}
