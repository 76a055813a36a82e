//! Which rows need a reading, where inherited settings come from, and whether they agree with it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use heirloom_core::catalog;
use heirloom_core::ids::{Level, ScopeKey, Slug};
use heirloom_core::inheritance::{self, Ancestor};
use heirloom_core::row::{Agrees, Basis, Known, Link, NotRead, Row, Source};
use heirloom_core::settings::{agree, flags_agree};
use heirloom_store::cache::facts::Events;
use heirloom_store::cache::integrations::{Flags, Kept, Linked, ValuesRead};
use heirloom_store::cache::scopes::Scope;

use super::Job;
use super::progress::Phase;
use crate::{Error, Result};

/// Everything known of a connection's rows and the scopes above them.
struct Estate {
    rows: BTreeMap<(ScopeKey, Slug), Kept>,
    above: HashMap<ScopeKey, Option<ScopeKey>>,
    /// Groups whose list was read: what it does not show is off.
    listed: BTreeSet<ScopeKey>,
    paths: HashMap<ScopeKey, String>,
}

impl Job {
    /// Reads what lists do not tell, in three rounds: own settings and chain questions; then,
    /// with the sources known, the rows that stand for instance defaults; then inheritors that
    /// may differ.
    pub(super) async fn take_settings(&self, scopes: &[Scope]) -> Result<()> {
        let within: BTreeSet<ScopeKey> = scopes.iter().map(|scope| scope.listed.key).collect();
        let estate = self.estate().await?;
        let mut targets = estate.own_settings(&within, self.full);
        targets.extend(estate.questions(&within));
        self.enter(Phase::Settings, targets.len());
        self.read_rows(targets.into_iter().collect(), &estate.paths).await?;
        if self.cancel.is_cancelled() {
            return Ok(());
        }
        let estate = self.estate().await?;
        self.infer_instance(&estate).await?;
        if self.cancel.is_cancelled() {
            return Ok(());
        }
        let estate = self.estate().await?;
        let doubtful = estate.doubtful(&within);
        self.enter(Phase::Settings, doubtful.len());
        self.read_rows(doubtful, &estate.paths).await?;
        let estate = self.estate().await?;
        let (id, cause, links) = (self.id(), self.cause(), estate.links());
        let now = self.engine.now();
        self.engine.db(move |store| store.link_rows(id, cause, links, now)).await?;
        self.engine.changed();
        Ok(())
    }

    async fn estate(&self) -> Result<Estate> {
        let id = self.id();
        self.engine
            .blocking(move |engine| {
                let store = engine.store();
                let scopes = store.scopes(id)?;
                // What GitLab no longer has is asked nothing, and stands for nothing.
                let gone: BTreeSet<ScopeKey> = scopes
                    .iter()
                    .filter(|scope| scope.gone_at.is_some())
                    .map(|scope| scope.listed.key)
                    .collect();
                let mut rows = BTreeMap::new();
                store.visit_integrations(id, |kept| {
                    if !gone.contains(&kept.scope) {
                        rows.insert((kept.scope, kept.slug.clone()), kept);
                    }
                    Ok(())
                })?;
                Ok::<_, Error>(Estate {
                    rows,
                    above: scopes
                        .iter()
                        .map(|scope| (scope.listed.key, scope.listed.parent))
                        .collect(),
                    listed: scopes
                        .iter()
                        .filter(|scope| scope.failure.is_none() && scope.listed_at.is_some())
                        .map(|scope| scope.listed.key)
                        .collect(),
                    paths: scopes
                        .into_iter()
                        .map(|scope| (scope.listed.key, scope.listed.path))
                        .collect(),
                })
            })
            .await
    }

    /// An instance default cannot be read. One row that inherits from it stands for it: the one
    /// whose flags most others share.
    async fn infer_instance(&self, estate: &Estate) -> Result<()> {
        let witnesses = estate.instance_witnesses();
        let missing: Vec<(ScopeKey, Slug)> = witnesses
            .iter()
            .filter(|kept| kept.fields.is_none() || kept.fields_outdated || self.full)
            .map(|kept| (kept.scope, kept.slug.clone()))
            .collect();
        self.enter(Phase::Settings, missing.len());
        self.read_rows(missing, &estate.paths).await?;
        let keys: Vec<(ScopeKey, Slug)> =
            witnesses.iter().map(|kept| (kept.scope, kept.slug.clone())).collect();
        let (id, cause) = (self.id(), self.cause());
        self.engine
            .blocking(move |engine| {
                let store = engine.store();
                let mut readings = Vec::with_capacity(keys.len());
                for (scope, slug) in &keys {
                    let Some(kept) = store.integration(id, *scope, slug)? else { continue };
                    let (Some(fields), Some(at)) = (kept.fields.clone(), kept.fields_at) else {
                        continue;
                    };
                    let flags = Flags {
                        slug: slug.clone(),
                        title: kept.title.clone().unwrap_or_else(|| slug.to_string()),
                        active: kept.active,
                        inherited: Some(false),
                        updated_at: kept.updated_at,
                        events: kept.events.clone(),
                    };
                    readings.push(ValuesRead {
                        scope: ScopeKey::INSTANCE,
                        slug: slug.clone(),
                        at,
                        basis: Basis::Inferred,
                        row: Some((flags, fields)),
                    });
                }
                let keep = readings.iter().map(|reading| reading.slug.clone()).collect();
                store.take_values(id, cause, readings)?;
                store.forget_instance_rows(id, keep)?;
                Ok(())
            })
            .await
    }
}

impl Estate {
    /// Rows whose own settings must be read: custom ones, and inherited ones of groups (a group
    /// can be linked without its values being copied), when new or moved. Where the data lives
    /// beside the row its time proves nothing, so custom rows are read each time.
    fn own_settings(&self, within: &BTreeSet<ScopeKey>, full: bool) -> BTreeSet<(ScopeKey, Slug)> {
        self.rows
            .values()
            .filter(|kept| within.contains(&kept.scope) && kept.scope != ScopeKey::INSTANCE)
            .filter(|kept| {
                let unread = kept.fields.is_none() || kept.fields_outdated;
                match (kept.known.row(), kept.scope.level) {
                    (Some(Row { link: Link::Custom, .. }), _) => {
                        full || unread || is_beside_row(&kept.slug)
                    }
                    (Some(Row { link: Link::Inherited { .. }, .. }), Level::Group) => {
                        full || unread
                    }
                    (Some(Row { link: Link::Inherited { .. }, .. }), _) => false,
                    // The server does not tell links: settings are all there is.
                    (None, _) => matches!(kept.known, Known::Unknown(NotRead::Version)) && unread,
                }
            })
            .map(|kept| (kept.scope, kept.slug.clone()))
            .collect()
    }

    /// Groups on inheriting chains that show no active row, once per kind.
    fn questions(&self, within: &BTreeSet<ScopeKey>) -> BTreeSet<(ScopeKey, Slug)> {
        self.inherited()
            .filter(|kept| within.contains(&kept.scope))
            .flat_map(|kept| {
                inheritance::questions(self.ancestors(kept.scope, &kept.slug))
                    .into_iter()
                    .map(|group| (group, kept.slug.clone()))
            })
            .collect()
    }

    /// For each kind, the row that stands for the instance default.
    fn instance_witnesses(&self) -> Vec<Kept> {
        let mut by_kind: BTreeMap<&Slug, Vec<&Kept>> = BTreeMap::new();
        for kept in self.inherited() {
            let source = self.source(kept);
            if matches!(source, Source::Scope { key: ScopeKey::INSTANCE, .. }) && kept.active {
                by_kind.entry(&kept.slug).or_default().push(kept);
            }
        }
        by_kind
            .into_values()
            .filter_map(|inheritors| {
                let mut shared: HashMap<&Events, usize> = HashMap::new();
                for kept in &inheritors {
                    *shared.entry(&kept.events).or_default() += 1;
                }
                // Projects are given copies; groups may be linked without one. The latest row was
                // written last, and the smallest key keeps the choice stable.
                inheritors
                    .into_iter()
                    .max_by_key(|kept| {
                        let copied = kept.scope.level == Level::Project;
                        let votes = shared.get(&kept.events).copied().unwrap_or_default();
                        (copied, votes, std::cmp::Reverse(kept.scope))
                    })
                    .cloned()
            })
            .collect()
    }

    /// Inheriting project rows whose flags differ from their source's, or that are older than it,
    /// and whose settings were not read as they are now.
    fn doubtful(&self, within: &BTreeSet<ScopeKey>) -> Vec<(ScopeKey, Slug)> {
        self.inherited()
            .filter(|kept| within.contains(&kept.scope) && kept.scope.level == Level::Project)
            .filter(|kept| kept.fields.is_none() || kept.fields_outdated)
            .filter(|kept| self.origin(kept).is_some_and(|origin| is_doubtful(kept, origin)))
            .map(|kept| (kept.scope, kept.slug.clone()))
            .collect()
    }

    /// Source and agreement of every inherited row where they are not yet noted so.
    fn links(&self) -> Vec<(ScopeKey, Slug, Linked)> {
        self.inherited()
            .filter_map(|kept| {
                let source = self.source(kept);
                let linked = Linked { source, agrees: self.agreement(kept) };
                let noted = match kept.known.row().map(|row| row.link) {
                    Some(Link::Inherited { source, agrees }) => Linked { source, agrees },
                    Some(Link::Custom) | None => return None,
                };
                // Values read before the row moved are no longer its own, and it agrees again.
                let overtaken = kept.fields_outdated && linked.agrees != Agrees::No;
                (noted != linked || overtaken).then(|| (kept.scope, kept.slug.clone(), linked))
            })
            .collect()
    }

    fn agreement(&self, kept: &Kept) -> Agrees {
        let Some(origin) = self.origin(kept) else { return Agrees::Unread };
        let integration = catalog::find(&kept.slug);
        let read = kept.settings().filter(|_| !kept.fields_outdated);
        match (read, origin.settings()) {
            (Some(own), Some(default)) => {
                let same = agree(integration, &default, &own);
                if same && kept.active == origin.active { Agrees::Yes } else { Agrees::No }
            }
            // Flags equal and not older: agreement is established without reading, unless the
            // data lives beside the row or the source itself was only inferred. Groups can be
            // linked without being copied, so theirs proves nothing.
            (None, _)
                if kept.scope.level == Level::Project
                    && !is_doubtful(kept, origin)
                    && !is_beside_row(&kept.slug)
                    && origin.basis == Basis::Read =>
            {
                Agrees::Yes
            }
            (None, _) | (_, None) => Agrees::Unread,
        }
    }

    fn inherited(&self) -> impl Iterator<Item = &Kept> {
        self.rows.values().filter(|kept| kept.inherited() == Some(true))
    }

    /// The row that a row's settings come from, where it is known.
    fn origin(&self, kept: &Kept) -> Option<&Kept> {
        match self.source(kept) {
            Source::Scope { key, .. } => self.rows.get(&(key, kept.slug.clone())),
            Source::NotVisible(_) | Source::NotAsked(_) => None,
        }
    }

    fn source(&self, kept: &Kept) -> Source {
        inheritance::source(self.ancestors(kept.scope, &kept.slug))
    }

    /// The groups above a scope, nearest first, with what each contributes.
    fn ancestors(&self, scope: ScopeKey, slug: &Slug) -> Vec<(ScopeKey, Ancestor)> {
        let group_level = catalog::find(slug).is_none_or(|known| known.levels.group);
        let mut found = Vec::new();
        let mut at = self.above.get(&scope).copied().flatten();
        while let Some(key) = at
            && key.level == Level::Group
            && found.len() <= 64
        {
            let ancestor = match self.rows.get(&(key, slug.clone())) {
                Some(kept) => Ancestor::of(&kept.known),
                None if !group_level => Ancestor::NotSet,
                None if self.listed.contains(&key) => Ancestor::NotAsked,
                None => Ancestor::NotVisible,
            };
            found.push((key, ancestor));
            at = self.above.get(&key).copied().flatten();
        }
        found
    }
}

/// A row that may not have its source's values: other flags, or older than the source.
fn is_doubtful(kept: &Kept, origin: &Kept) -> bool {
    let older = match (kept.updated_at, origin.updated_at) {
        (Some(own), Some(theirs)) => origin.basis == Basis::Read && own < theirs,
        _ => false,
    };
    older
        || kept.active != origin.active
        || !flags_agree(catalog::find(&kept.slug), &kept.events, &origin.events)
}

fn is_beside_row(slug: &Slug) -> bool {
    catalog::find(slug).is_some_and(|integration| integration.data_beside_row)
}
