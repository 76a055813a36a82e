//! Deep scan: asking by name for one kind, wherever a list shows it neither on nor read: what
//! hides behind *off* (nothing stored, or a row that is off).

use heirloom_core::catalog;
use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_gitlab::Version;
use heirloom_store::cache::census::{Of, Stored, Words};
use jiff::Timestamp;

use super::cost::Cost;
use super::estate::Target;
use super::{Errand, RESUMABLE, Summary};
use crate::{Engine, Error, Result};

impl Engine {
    /// What a deep scan of one kind over a subtree would cost: one request for each scope that
    /// has to be asked.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn deep_scan_cost(
        &self,
        id: ConnectionId,
        root: ScopeKey,
        slug: &Slug,
    ) -> Result<Cost> {
        let targets = self.hidden(id, root, slug).await?;
        let asked = u32::try_from(targets.len()).unwrap_or(u32::MAX);
        let client = self.limits(id).await?;
        Ok(Cost::within(client.as_ref(), &[("integration", asked)]))
    }

    /// Asks every scope at or below `root` whose list was read and does not show the kind, by
    /// name. What was asked within the last hour is not asked again, so a scan that was stopped
    /// goes on where it was. Progress and cancelling are those of a sync.
    ///
    /// # Errors
    /// As [`Engine::sync`].
    pub async fn deep_scan(
        &self,
        id: ConnectionId,
        root: ScopeKey,
        slug: &Slug,
    ) -> Result<Summary> {
        let held = self.begin(id, root, false, Errand::Scan).await?;
        let targets = self.hidden(id, root, slug).await?;
        held.run(async |job| {
            job.read_rows(targets).await?;
            let estate = job.estate().await?;
            // A row that is off and inherits may need a group above it that nobody asked yet.
            let questions: Vec<Target> =
                estate.questions().into_iter().filter(|(_, kind)| kind == slug).collect();
            let estate = job.read_into(estate, questions).await?;
            job.link(estate).await
        })
        .await
    }

    /// The scopes to ask.
    async fn hidden(&self, id: ConnectionId, root: ScopeKey, slug: &Slug) -> Result<Vec<Target>> {
        let version = self.connection(id).await?.details.version;
        let group_api = version.parse::<Version>().is_ok_and(|version| version.has_group_api());
        let levels = catalog::find(slug).map(|integration| integration.levels);
        let is_asked = move |level: Level| match level {
            Level::Instance => false,
            Level::Group => group_api && levels.is_none_or(|levels| levels.group),
            Level::Project => levels.is_none_or(|levels| levels.project),
        };
        let (slug, now) = (slug.clone(), self.now());
        self.blocking(move |engine| {
            let store = engine.store();
            let of = if root == ScopeKey::INSTANCE { Of::All } else { Of::Below(root) };
            let mut words = Words::default();
            let mut known = std::collections::HashSet::new();
            let mut asked: Vec<(ScopeKey, u32)> = Vec::new();
            store.visit_facts(id, of, &mut words, |fact| {
                let stands = fact.stored != Stored::NotSet && fact.active;
                if stands || is_recent(fact.flags_at, now) {
                    asked.push((fact.scope, fact.kind));
                }
            })?;
            if let Some(kind) = words.kind(&slug) {
                known.extend(asked.iter().filter(|(_, it)| *it == kind).map(|(scope, _)| *scope));
            }
            drop(asked);
            let mut targets = Vec::new();
            store.visit_places(id, of, |place| {
                let readable = !place.gone && !place.failed && place.listed_at.is_some();
                if readable && is_asked(place.key.level) && !known.contains(&place.key) {
                    targets.push((place.key, slug.clone()));
                }
            })?;
            Ok::<_, Error>(targets)
        })
        .await
    }
}

fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    at <= now && now.duration_since(at) < RESUMABLE
}
