//! The way out: draft, check, plan, apply. No write reaches GitLab that was not in a plan, and
//! nothing is reported done that was not read back.

mod about;
mod address;
mod again;
pub(crate) mod apply;
mod ask;
mod blast;
mod drafts;
mod file;
mod follow;
mod ground;
mod journal;
mod leave;
mod look;
pub mod plans;
mod refresh;
mod remember;
mod request;
mod secrets;
mod sums;
mod survey;
mod undo;

pub use about::About;
pub use apply::progress::Status as ApplyStatus;
pub use apply::{Begun, DEFAULT_PLAN_DATA_HOURS, PLAN_DATA_HOURS, Run, StepOutcome};
pub use ask::Asking;
pub(crate) use ask::UnderAsk;
pub use blast::{Blast, BlastGroup};
pub use drafts::{DraftNote, DraftReport, Form, Settable};
pub use follow::{FOLLOWED_FOR, Followed, Following, Looked};
pub use leave::{Along, Steps};
pub use look::{RunSummary, RunView, StepLine, StepView, Tray};
pub use plans::{
    Confirm, DraftSkip, DraftsPlanned, Plan, PlannedStep, may_write, plan_expires, unasked,
};
pub use remember::{KeptSecret, MissingSecrets, NeededSecret, SecretNeeds};
pub use request::{Bulk, Filter, Request, Selection, Wish};
pub use secrets::Secrets;
pub use sums::{SettingSum, Sums};

use heirloom_core::catalog::{self, Integration};
use heirloom_core::ids::Slug;
use heirloom_core::plan::Snapshot;
use heirloom_core::row::{Agrees, Known, Link, Row};
use heirloom_core::settings::Settings;
use heirloom_store::cache::integrations::Kept;
use jiff::Timestamp;

use crate::query::Default;
use crate::{Error, Result};

/// The catalog's entry, without which nothing can be changed: what GitLab wants is not known.
pub(crate) fn known_kind(slug: &Slug) -> Result<&'static Integration> {
    catalog::find(slug).ok_or_else(|| {
        Error::NotPossible(format!("Heirloom does not know “{slug}” well enough to change it"))
    })
}

/// The older of two readings, where there are any.
fn older(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    [one, other].into_iter().flatten().min()
}

/// The paths of the groups above a path, nearest first, up to the source of its settings; none:
/// they come from the instance.
fn groups_above<'a>(path: &'a str, source: Option<&'a str>) -> impl Iterator<Item = &'a str> {
    let mut below = Some(path);
    std::iter::from_fn(move || {
        let (above, _) = below?.rsplit_once('/')?;
        below = Some(above).filter(|it| Some(*it) != source);
        Some(above)
    })
}

/// A kept row as a plan sees it. Inherited values that were not read are the source's.
pub(crate) fn snapshot(kept: Option<&Kept>, default: &Default) -> Snapshot {
    let Some(kept) = kept else { return Snapshot::Nothing };
    let Known::Row(Row { link, active }) = kept.known else { return Snapshot::Nothing };
    let settings = settings(kept, default)
        .unwrap_or_else(|| Settings { events: kept.events.clone(), ..Settings::default() });
    Snapshot::Stored { inherited: matches!(link, Link::Inherited { .. }), active, settings }
}

/// There is a row, and what it holds is not known.
pub(crate) fn is_unread(kept: Option<&Kept>, default: &Default) -> bool {
    kept.is_some_and(|kept| kept.known.row().is_some() && settings(kept, default).is_none())
}

/// What a row holds, as read, or as assumed of what agrees with its source.
fn settings(kept: &Kept, default: &Default) -> Option<Settings> {
    let assumed = || {
        let Known::Row(Row { link, .. }) = kept.known else { return None };
        let unread = matches!(link, Link::Inherited { agrees: Agrees::Yes | Agrees::Unread, .. });
        let fields = default.row.as_ref().filter(|_| unread)?.fields.clone()?;
        Some(Settings { fields, events: kept.events.clone() })
    };
    kept.settings().or_else(assumed)
}
