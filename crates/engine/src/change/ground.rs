//! What a step at one scope is planned on: the row, its default, the scopes around it, all as just
//! read.

use heirloom_core::catalog::Integration;
use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::plan::{Change, Ground, Skip, Step, decide, offered, set_custom};
use heirloom_core::settings::Settings;
use heirloom_store::Store;

use super::drafts::problems;
use super::known_kind;
use super::remember::Recall;
use super::request::Request;
use super::survey::Survey;
use crate::words::sentence;
use crate::{Error, Result};

/// What a step is planned on.
pub(super) struct Place<'a> {
    pub(super) store: &'a Store,
    pub(super) id: ConnectionId,
    pub(super) scope: ScopeKey,
    pub(super) slug: &'a Slug,
    pub(super) server: (u32, u32),
}

impl Place<'_> {
    /// The step.
    pub(super) fn step(&self, request: &Request) -> Result<Step> {
        let integration = known_kind(self.slug)?;
        let ground = self.ground(integration)?;
        let change = self.change(integration, request, &ground)?;
        decide(integration, self.slug, &change, &ground).map_err(|skip| refused(integration, skip))
    }

    fn ground(&self, integration: &'static Integration) -> Result<Ground> {
        let Self { store, id, slug, server, .. } = *self;
        let survey = Survey::new(store, id, integration, slug, server);
        let (_, _, ground) = survey.one(self.scope)?;
        Ok(ground)
    }

    fn change(
        &self,
        integration: &'static Integration,
        request: &Request,
        ground: &Ground,
    ) -> Result<Change> {
        Ok(match request {
            Request::UseDefault { .. } => Change::UseDefault,
            Request::Disable { .. } => Change::Disable,
            Request::Enable { .. } => Change::Enable,
            Request::SetCustom { settings, typed, .. } => {
                let draft = match settings {
                    Some(settings) => settings.clone(),
                    None => self
                        .store
                        .draft(self.id, self.scope, self.slug)?
                        .map(|draft| draft.settings)
                        .ok_or_else(|| Error::NotFound("there is no draft here".into()))?,
                };
                let draft = offered(integration, self.scope.level, self.server, draft);
                let given = self.given(integration, ground, &draft, typed)?;
                if let Some(problem) =
                    problems(integration, &ground.before, &draft, &given).into_iter().next()
                {
                    return Err(Error::Invalid {
                        field: title_of(integration, &problem.field),
                        message: problem.message,
                    });
                }
                Change::SetCustom { draft, typed: typed.clone() }
            }
        })
    }

    /// Secrets that a draft has: what was typed, and what the keychain remembers for its address.
    fn given(
        &self,
        integration: &'static Integration,
        ground: &Ground,
        draft: &Settings,
        typed: &[String],
    ) -> Result<Vec<String>> {
        let recall = Recall::now(self.store, self.id, self.slug)?;
        let step =
            set_custom(integration, self.scope, self.slug, &ground.before, draft, typed).ok();
        let remembered = step.map(|step| recall.lends(&step, typed)).unwrap_or_default();
        Ok(typed.iter().cloned().chain(remembered).collect())
    }
}

fn refused(integration: &'static Integration, skip: Skip) -> Error {
    match skip {
        Skip::AlreadySo => {
            Error::NotPossible("Nothing would change: GitLab already has these settings".into())
        }
        Skip::NoDefault => Error::NotPossible(format!(
            "No default settings for {} can be seen above this scope",
            integration.title
        )),
        Skip::Invalid { title, message } => Error::Invalid { field: title, message },
        other => Error::NotPossible(sentence(&other.to_string())),
    }
}

fn title_of(integration: &Integration, name: &str) -> String {
    integration.field(name).map_or_else(|| name.to_owned(), |field| field.title.to_owned())
}
