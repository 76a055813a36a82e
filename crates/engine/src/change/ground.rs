//! What a step is planned on: the row, its default, the scopes around it, all as just read.

use heirloom_core::catalog::Integration;
use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::plan::{Besides, Refusal, Snapshot, Step, disable, set_custom, use_default};
use heirloom_core::row::{Known, NotRead};
use heirloom_core::settings::Settings;
use heirloom_store::Store;
use heirloom_store::cache::integrations::Kept;
use heirloom_store::cache::scopes::Scope;

use super::blast::Blast;
use super::drafts::{offered, problems};
use super::plans::PlannedStep;
use super::refresh::{by_key, named};
use super::{known_kind, snapshot};
use crate::query::Default;
use crate::query::defaults::default_of;
use crate::{Error, Result};

/// What a step is planned on.
pub(super) struct Ground<'a> {
    store: &'a Store,
    id: ConnectionId,
    integration: &'static Integration,
    scope: ScopeKey,
    slug: Slug,
    server: (u32, u32),
    lineage: Vec<Scope>,
    default: Default,
    before: Snapshot,
}

impl<'a> Ground<'a> {
    /// Takes what the cache holds right after it was refreshed.
    pub(super) fn survey(
        store: &'a Store,
        id: ConnectionId,
        scope: ScopeKey,
        slug: Slug,
        lineage: Vec<Scope>,
        server: (u32, u32),
    ) -> Result<Self> {
        let kept = store.integration(id, scope, &slug)?;
        if let Some(Kept { known: Known::Unknown(NotRead::Version), .. }) = &kept {
            return Err(Error::NotPossible(
                "Before 17.3 GitLab does not tell inherited from custom settings: saving could \
                 cut a link that nobody sees"
                    .into(),
            ));
        }
        let default = default_of(store, id, &lineage, &slug)?;
        let before = snapshot(kept.as_ref(), &default);
        let integration = known_kind(&slug)?;
        Ok(Self { store, id, integration, scope, slug, server, lineage, default, before })
    }

    /// Back to the default settings.
    pub(super) fn use_default(&self) -> Result<Step> {
        let source = named(self.default.source).zip(self.default.row.as_ref());
        let (source, row) = source.ok_or_else(|| no_default(self.integration))?;
        let default = snapshot(Some(row), &self.default);
        self.effective(use_default(
            self.integration,
            self.scope,
            &self.slug,
            &self.before,
            source,
            &default,
        ))
    }

    /// Custom settings: those given, or the kept draft.
    pub(super) fn set_custom(&self, settings: Option<Settings>, typed: &[String]) -> Result<Step> {
        let draft = match settings {
            Some(settings) => settings,
            None => self
                .store
                .draft(self.id, self.scope, &self.slug)?
                .map(|draft| draft.settings)
                .ok_or_else(|| Error::NotFound("there is no draft here".into()))?,
        };
        let draft = offered(self.integration, self.scope.level, self.server, draft);
        let problem = problems(self.integration, &self.before, &draft, typed).into_iter().next();
        if let Some(problem) = problem {
            return Err(Error::Invalid {
                field: title_of(self.integration, &problem.field),
                message: problem.message,
            });
        }
        self.effective(set_custom(
            self.integration,
            self.scope,
            &self.slug,
            &self.before,
            &draft,
            typed,
        ))
    }

    /// Switched off. What inherits from a group's default keeps what it was given.
    pub(super) fn disable(&self) -> Result<Step> {
        let mut step =
            self.effective(disable(self.integration, self.scope, &self.slug, &self.before))?;
        let inherit = self.blast()?.change.count;
        if inherit > 0 {
            step.besides.push(Besides::LeavesInheritors { inherit });
        }
        Ok(step)
    }

    /// Who is touched when custom settings are saved here: at a group they are a default.
    pub(super) fn blast(&self) -> Result<Blast> {
        match self.scope.level {
            Level::Group => Blast::below(self.store, self.id, &self.lineage, &self.slug),
            Level::Project | Level::Instance => Ok(Blast::default()),
        }
    }

    /// The step with what is needed to show it.
    pub(super) fn planned(self, step: Step) -> Result<PlannedStep> {
        let places = by_key(&self.lineage);
        let at = |key: ScopeKey| places.get(&key).map(|found| (*found).clone());
        let missing = || Error::NotFound("this scope is not in the local copy".into());
        Ok(PlannedStep {
            integration: self.integration,
            scope: at(self.scope).ok_or_else(missing)?,
            source: step.source.and_then(at),
            step,
        })
    }

    fn effective(&self, step: std::result::Result<Step, Refusal>) -> Result<Step> {
        let step = step.map_err(|refusal| Error::NotPossible(refusal.to_string()))?;
        if step.is_no_op(self.integration) {
            let same = "Nothing would change: GitLab already has these settings";
            return Err(Error::NotPossible(same.into()));
        }
        Ok(step)
    }
}

fn title_of(integration: &Integration, name: &str) -> String {
    integration.field(name).map_or_else(|| name.to_owned(), |field| field.title.to_owned())
}

fn no_default(integration: &Integration) -> Error {
    Error::NotPossible(format!(
        "No default settings for {} can be seen above this scope",
        integration.title
    ))
}
