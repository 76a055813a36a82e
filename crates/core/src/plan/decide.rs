//! What a change of many scopes does with each of them.

use super::back::whole;
use super::use_default::can_inherit;
use super::{
    Besides, Refusal, SecretState, Snapshot, Step, Write, disable, enable, is_shown, secret_needs,
    set_custom, use_default,
};
use crate::catalog::{Integration, offers};
use crate::ids::{Level, ScopeKey, Slug};
use crate::row::{Agrees, Known, Link, NotRead, Row};
use crate::settings::Settings;
use crate::validation::{self, Secrets};

/// A change, the same for every scope of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Back to the default settings.
    UseDefault,
    /// Custom settings: those given over those stored.
    SetCustom {
        /// What is set, secrets left out.
        draft: Settings,
        /// Secret fields that will be given new values.
        typed: Vec<String>,
    },
    /// The settings of another scope, and nothing beside them.
    Copy {
        /// What is there, secrets left out.
        settings: Settings,
        /// Secret fields that will be given new values.
        typed: Vec<String>,
    },
    /// Switch off.
    Disable,
    /// Switch on again.
    Enable,
}

/// One scope, as the local copy has it.
#[derive(Clone, Debug)]
pub struct Ground {
    /// Which.
    pub scope: ScopeKey,
    /// What is known of its row.
    pub known: Known,
    /// The row.
    pub before: Snapshot,
    /// There is a row, and its settings were never read and cannot be taken from its default: what
    /// a step is planned on is not known.
    pub unread: bool,
    /// The default it has or would have, where one can be seen.
    pub default: Option<(ScopeKey, Snapshot)>,
    /// Archived, or below a group that is: left alone by changes of a whole subtree.
    pub archived: bool,
    /// Another integration of its family that is on in the same project, by title.
    pub rival: Option<&'static str>,
    /// The server's version (major, minor).
    pub server: (u32, u32),
}

/// Why a scope has no step.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Skip {
    /// It is as wanted.
    #[error("it is so already")]
    AlreadySo,
    /// Archived.
    #[error("it is archived, or stands in an archived group")]
    Archived,
    /// It could not be read, so nothing can be said of it.
    #[error("it could not be read: sync it first")]
    NotRead,
    /// It inherits, and whether it has the default's values is not known.
    #[error(
        "it inherits, and its settings were not read, so they may be other than the default: read \
         them with a full sync first"
    )]
    Unread,
    /// Nobody asked for it by name, so a row that is off may stand there (contract, section 2: no
    /// list shows one).
    #[error(
        "it is off and was not asked: it may hold a row that is off (heirloomctl sync --deep asks)"
    )]
    NotAsked,
    /// The link is not told by this server (contract, section 2).
    #[error(
        "before 17.3 GitLab does not tell inherited from custom settings: saving could cut a link \
         that nobody sees"
    )]
    LinkUnknown,
    /// The flag that links a row came with 17.3: sent to an older server, the stand-ins beside it
    /// would be saved as settings.
    #[error("before 17.3 GitLab’s API cannot send a scope back to default settings")]
    NoInheritFlag,
    /// This server shows nothing of groups (contract, section 1).
    #[error("before 17.9 GitLab’s API neither shows nor changes the integrations of groups")]
    GroupsUnknown,
    /// This server does not have the kind.
    #[error("this GitLab does not have {0}")]
    Version(&'static str),
    /// No default can be seen above it.
    #[error("no default settings can be seen above it")]
    NoDefault,
    /// One active integration of the family per project (contract, section 2).
    #[error("{0} is on there, and GitLab allows one of its kind per project: switch it off first")]
    Rival(&'static str),
    /// The settings would not be taken.
    #[error("{title}: {message}")]
    Invalid {
        /// The field's label.
        title: String,
        /// The rule.
        message: String,
    },
    /// It cannot be done there.
    #[error("{0}")]
    Refused(Refusal),
}

impl Skip {
    /// Nothing needs doing there.
    pub const fn is_so_already(&self) -> bool {
        matches!(
            self,
            Self::AlreadySo | Self::Refused(Refusal::OffAlready(_) | Refusal::OnAlready(_))
        )
    }
}

impl From<Refusal> for Skip {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// The version (major, minor) that brought `use_inherited_settings` (contract, section 2).
const INHERIT_FLAG_SINCE: (u32, u32) = (17, 3);

/// The step for one scope, or why there is none.
///
/// # Errors
/// Why there is none.
pub fn decide(
    integration: &'static Integration,
    slug: &Slug,
    change: &Change,
    ground: &Ground,
) -> Result<Step, Skip> {
    if !offers(integration.since, integration.removed, ground.server) {
        return Err(Skip::Version(integration.title));
    }
    let has_flag = ground.server >= INHERIT_FLAG_SINCE;
    if matches!(change, Change::UseDefault) && !has_flag {
        return Err(Skip::NoInheritFlag);
    }
    match ground.known {
        Known::Unknown(NotRead::Version) => {
            let groups = ground.scope.level == Level::Group && ground.server >= (17, 3);
            return Err(if groups { Skip::GroupsUnknown } else { Skip::LinkUnknown });
        }
        Known::Unknown(_) => return Err(Skip::NotRead),
        Known::Row(_) | Known::NotSet | Known::Off | Known::Unavailable(_) => {}
    }
    if ground.archived {
        return Err(Skip::Archived);
    }
    if ground.unread {
        let inherits = matches!(ground.known, Known::Row(Row { link: Link::Inherited { .. }, .. }));
        return Err(if inherits { Skip::Unread } else { Skip::NotRead });
    }
    let mut step = match made(integration, slug, change, ground) {
        // That nothing is stored was not looked up.
        Err(Skip::Refused(Refusal::NothingStored(_) | Refusal::NotCreatable(_)))
            if ground.known == Known::Off =>
        {
            return Err(Skip::NotAsked);
        }
        made => made?,
    };
    if ground.known == Known::Off {
        step.besides.push(Besides::NotAsked);
    }
    if !has_flag {
        if step.source.is_some() {
            return Err(Skip::NoInheritFlag);
        }
        step.writes.iter_mut().for_each(Write::without_inherit_flag);
    }
    if step.is_no_op(integration) {
        // What it would come to may only have been assumed to be there.
        return Err(if is_unread(&ground.known) { Skip::Unread } else { Skip::AlreadySo });
    }
    match ground.rival {
        Some(rival) if step.is_checked_as_on() && step.scope.level == Level::Project => {
            Err(Skip::Rival(rival))
        }
        _ => Ok(step),
    }
}

/// What a change comes to where it can be planned at all.
fn made(
    integration: &'static Integration,
    slug: &Slug,
    change: &Change,
    ground: &Ground,
) -> Result<Step, Skip> {
    let (scope, before) = (ground.scope, &ground.before);
    let default = ground.default.as_ref().map(|(source, row)| (*source, row));
    Ok(match change {
        Change::UseDefault => {
            let Some((source, row)) = default else {
                // What cannot be done anywhere is said before what is missing here.
                can_inherit(integration, scope.level)?;
                return Err(Skip::NoDefault);
            };
            use_default(integration, scope, slug, before, source, row)?
        }
        Change::SetCustom { draft, typed } => {
            custom(integration, slug, ground, draft.clone(), typed)?
        }
        Change::Copy { settings, typed } => {
            let draft = whole(integration, settings, &before.settings());
            custom(integration, slug, ground, draft, typed)?
        }
        Change::Disable => disable(integration, scope, slug, before)?,
        Change::Enable => enable(integration, scope, slug, before, default, &[])?,
    })
}

const fn is_unread(known: &Known) -> bool {
    matches!(known, Known::Row(Row { link: Link::Inherited { agrees: Agrees::Unread, .. }, .. }))
}

fn custom(
    integration: &'static Integration,
    slug: &Slug,
    ground: &Ground,
    draft: Settings,
    typed: &[String],
) -> Result<Step, Skip> {
    let scope = ground.scope;
    let draft = offered(integration, scope.level, ground.server, draft);
    invalid(integration, &ground.before, &draft, typed)?;
    Ok(set_custom(integration, scope, slug, &ground.before, &draft, typed)?)
}

/// A draft without what this server's version does not take, or not at this level: GitLab drops
/// such parameters without a word, and they would be missing when read back.
pub fn offered(
    integration: &Integration,
    level: Level,
    server: (u32, u32),
    mut draft: Settings,
) -> Settings {
    draft
        .fields
        .retain(|name, _| integration.field(name).is_none_or(|field| field.offered(level, server)));
    draft
        .events
        .retain(|name, _| integration.event(name).is_none_or(|event| event.offered(level, server)));
    draft
}

/// The first rule that the settings break. Secrets that GitLab wants are asked for where the plan
/// is shown, so that one is missing is no mistake.
fn invalid(
    integration: &'static Integration,
    before: &Snapshot,
    draft: &Settings,
    typed: &[String],
) -> Result<(), Skip> {
    let stored = before.settings();
    let mut given: std::collections::BTreeSet<String> = typed.iter().cloned().collect();
    let needs = secret_needs(integration, before, draft, typed);
    let asked =
        |need: &&super::SecretNeed| matches!(need.state, SecretState::New | SecretState::Needed);
    given.extend(needs.iter().filter(asked).map(|need| need.field.to_owned()));
    let shown = integration.fields.iter().filter(|field| field.secret);
    let secrets = Secrets {
        given,
        stored: shown.clone().map(|field| field.name.to_owned()).collect(),
        let_go: shown
            .filter(|field| !field.required || !is_shown(field, &stored.fields))
            .map(|field| field.name.to_owned())
            .collect(),
    };
    match validation::problems(integration, &stored.fields, &draft.fields, &secrets)
        .into_iter()
        .next()
    {
        Some(problem) => Err(Skip::Invalid {
            title: integration
                .field(&problem.field)
                .map_or(problem.field.clone(), |field| field.title.to_owned()),
            message: problem.message,
        }),
        None => Ok(()),
    }
}
