//! Drafts planned together: each scope is given what was kept for it.

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::plan::{Change, Ground};
use heirloom_store::app::journal::Skipped;
use heirloom_store::cache::scopes::Scope;

use super::Plan;
use crate::change::request::{Bulk, Selection, Wish};
use crate::change::survey::Survey;
use crate::{Engine, Result};

/// What came of drafts that were planned together.
#[derive(Clone, Debug)]
pub struct DraftsPlanned {
    /// The plan; none: no draft is possible, and nothing is kept of it.
    pub plan: Option<Plan>,
    /// Scopes that get no step. Their drafts stay, like all others, until they are in GitLab.
    pub left: Vec<Skipped>,
}

/// Why a draft gets no step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DraftSkip {
    /// Discarded, or sent, meanwhile.
    #[error("its draft is no longer there")]
    NoDraft,
    /// What a person saw beside the draft is not what GitLab has now.
    #[error(
        "its settings changed in GitLab after the draft was begun: open it, compare, and review it by itself"
    )]
    Outdated,
    /// The scope is gone.
    #[error("GitLab does not have it any more")]
    Gone,
}

impl Engine {
    /// Plans the drafts of one integration at some scopes together, from the local copy. Each step
    /// reads its row again before it writes. Secrets are no part of a draft: those that GitLab
    /// insists on are asked for where the plan is shown.
    ///
    /// # Errors
    /// When the connection may not write, or the local databases cannot be used. That a draft gets
    /// no step is no error.
    pub async fn plan_drafts(
        &self,
        id: ConnectionId,
        slug: Slug,
        scopes: Vec<ScopeKey>,
    ) -> Result<DraftsPlanned> {
        let most = u32::try_from(scopes.len()).unwrap_or(u32::MAX);
        let selection = Selection { scopes, ..Selection::default() };
        let run = self.make_many(id, Bulk { slug, wish: Wish::Drafts, selection }).await?;
        let left = self.plan_skipped(run, 0, most).await?;
        let plan = self.show_plan(run).await?;
        if plan.total == 0 {
            self.discard_plan(run).await?;
            return Ok(DraftsPlanned { plan: None, left });
        }
        self.changed();
        Ok(DraftsPlanned { plan: Some(plan), left })
    }
}

/// What a scope's draft asks for, or why nothing is planned from it.
pub(in crate::change) fn drafted(
    survey: &Survey<'_>,
    scope: &Scope,
    ground: &Ground,
) -> Result<std::result::Result<Change, DraftSkip>> {
    if scope.gone_at.is_some() {
        return Ok(Err(DraftSkip::Gone));
    }
    let Some(draft) = survey.store.draft(survey.id, ground.scope, &survey.slug)? else {
        return Ok(Err(DraftSkip::NoDraft));
    };
    if !draft.begun_on.same(survey.integration, &ground.before) {
        return Ok(Err(DraftSkip::Outdated));
    }
    Ok(Ok(Change::SetCustom { draft: draft.settings, typed: Vec::new() }))
}
