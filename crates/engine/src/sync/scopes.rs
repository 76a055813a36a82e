//! Groups and projects into the tree.

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt as _;
use heirloom_core::ids::{GitlabId, Level, ScopeKey};
use heirloom_core::row::NotRead;
use heirloom_gitlab::dto::{Group, NamespaceKind, Project};
use heirloom_gitlab::{GroupFilter, ProjectFilter};
use heirloom_store::cache::scopes::{Failure, Listed, Scope};

use super::Job;
use super::progress::Phase;
use crate::Result;

/// Guest: every membership. A list without it would hold every public group of the server.
const ANY_MEMBERSHIP: u32 = 10;

/// An administrator sees all groups; others those they are a member of.
pub(crate) fn group_filter(is_admin: bool) -> GroupFilter {
    GroupFilter {
        min_access_level: (!is_admin).then_some(ANY_MEMBERSHIP),
        ..GroupFilter::default()
    }
}

/// An administrator sees all projects; others those they are a member of.
pub(crate) fn project_filter(is_admin: bool) -> ProjectFilter {
    ProjectFilter { membership: !is_admin, ..ProjectFilter::default() }
}

impl Job {
    /// Lists groups and projects, or those of one subtree, and returns the scopes to read.
    pub(super) async fn take_scopes(&self) -> Result<Vec<Scope>> {
        let mut listed = BTreeMap::new();
        match self.root {
            None => {
                let host = self.client.base().host();
                // A demo's address says nothing to anybody.
                let name = &self.connection.details.name;
                let shown = if self.connection.details.demo { name } else { &host };
                listed.insert(ScopeKey::INSTANCE, instance(shown));
                let is_admin = self.engine.connection(self.id()).await?.details.is_admin;
                self.list_groups(group_filter(is_admin), &mut listed).await?;
                self.list_projects(project_filter(is_admin), &mut listed).await?;
            }
            Some(ScopeKey { level: Level::Instance, .. }) => {}
            Some(ScopeKey { level: Level::Group, id }) => {
                let answer = self.client.group(id).await;
                let root = self.engine.witness(self.id(), answer)?;
                listed.insert(ScopeKey { level: Level::Group, id }, group(root));
                let under = GroupFilter { under: Some(id), ..GroupFilter::default() };
                self.list_groups(under, &mut listed).await?;
                let under = ProjectFilter { under: Some(id), ..ProjectFilter::default() };
                self.list_projects(under, &mut listed).await?;
            }
            Some(ScopeKey { level: Level::Project, id }) => {
                let answer = self.client.project(id).await;
                let root = self.engine.witness(self.id(), answer)?;
                let (found, _) = project(root);
                listed.insert(found.key, found);
            }
        }
        let cancelled = self.cancel.is_cancelled();
        let whole = self.root.is_none() && !cancelled;
        self.complete_parents(&mut listed).await?;
        let (id, cause, now) = (self.id(), self.cause(), self.engine.now());
        let scopes: Vec<Listed> = listed.into_values().collect();
        self.engine.db(move |store| store.take_scopes(id, cause, scopes, whole, now)).await?;
        self.engine.changed();
        let root = self.root.unwrap_or(ScopeKey::INSTANCE);
        let scopes = self.engine.db(move |store| store.subtree(id, root)).await?;
        Ok(scopes.into_iter().filter(|scope| scope.gone_at.is_none()).collect())
    }

    async fn list_groups(
        &self,
        filter: GroupFilter,
        listed: &mut BTreeMap<ScopeKey, Listed>,
    ) -> Result<()> {
        self.enter(Phase::Groups, 0);
        let mut pages = self.client.groups(&filter);
        while let Some(page) = pages.next().await {
            let page = self.engine.witness(self.id(), page)?;
            if let (true, Some(total)) = (listed.len() <= 1, page.total) {
                self.enter(Phase::Groups, usize::try_from(total).unwrap_or_default());
            }
            self.advance(page.items.len());
            listed.extend(page.items.into_iter().map(group).map(|found| (found.key, found)));
            if self.cancel.is_cancelled() {
                break;
            }
        }
        Ok(())
    }

    async fn list_projects(
        &self,
        filter: ProjectFilter,
        listed: &mut BTreeMap<ScopeKey, Listed>,
    ) -> Result<()> {
        self.enter(Phase::Projects, 0);
        let mut pages = self.client.projects(&filter);
        while let Some(page) = pages.next().await {
            let page = self.engine.witness(self.id(), page)?;
            self.advance(page.items.len());
            for (found, above) in page.items.into_iter().map(project) {
                if let Some(above) = above {
                    listed.entry(above.key).or_insert(above);
                }
                listed.insert(found.key, found);
            }
            if self.cancel.is_cancelled() {
                break;
            }
        }
        Ok(())
    }

    /// Gives every listed scope something to stand under: a group this account is not a member
    /// of can still hold groups and projects it is a member of.
    async fn complete_parents(&self, listed: &mut BTreeMap<ScopeKey, Listed>) -> Result<()> {
        let mut missing = BTreeSet::new();
        for scope in listed.values() {
            if let Some(parent) = scope.parent
                && !listed.contains_key(&parent)
            {
                missing.insert((parent, parent_path(&scope.path)));
            }
        }
        let id = self.id();
        let known = self.engine.db(move |store| store.scopes(id)).await?;
        for (key, path) in missing {
            let kept = known.iter().any(|scope| scope.listed.key == key);
            // Within a subtree the scopes above were listed before.
            if kept && self.root.is_some() {
                continue;
            }
            listed.insert(key, placeholder(key, ScopeKey::INSTANCE, path));
        }
        Ok(())
    }

    /// What is known without asking: groups that nobody may read.
    pub(super) async fn note_unreadable(&self, scopes: &[Scope]) -> Result<()> {
        let at = self.engine.now();
        let archived = archived_groups(scopes);
        let failures: Vec<_> = scopes
            .iter()
            .filter_map(|scope| {
                let why = if scope.listed.placeholder {
                    "Your account is not a member of this group, so its settings cannot be read"
                } else if closed_by_archive(scope, &archived) {
                    "GitLab refuses every integrations call on an archived group. Unarchive it to \
                     read them"
                } else {
                    return None;
                };
                let failure = Failure { kind: NotRead::NoPermission, why: why.to_owned(), at };
                Some((scope.listed.key, failure))
            })
            .collect();
        let id = self.id();
        self.engine.db(move |store| store.note_failures(id, failures)).await
    }
}

/// Paths of archived groups.
pub(super) fn archived_groups(scopes: &[Scope]) -> Vec<&str> {
    scopes
        .iter()
        .filter(|scope| scope.listed.key.level == Level::Group && scope.listed.archived)
        .map(|scope| scope.listed.path.as_str())
        .collect()
}

/// An archived group, or one below it: every integrations call is refused there (contract,
/// section 1). Archived projects stay readable.
pub(super) fn closed_by_archive(scope: &Scope, archived: &[&str]) -> bool {
    scope.listed.key.level == Level::Group
        && archived.iter().any(|above| {
            scope
                .listed
                .path
                .strip_prefix(above)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
}

fn instance(host: &str) -> Listed {
    Listed {
        key: ScopeKey::INSTANCE,
        parent: None,
        name: host.to_owned(),
        path: host.to_owned(),
        visibility: None,
        personal: false,
        archived: false,
        pending_deletion: false,
        placeholder: false,
    }
}

fn group(found: Group) -> Listed {
    Listed {
        key: ScopeKey { level: Level::Group, id: found.id },
        parent: Some(found.parent_id.map_or(ScopeKey::INSTANCE, group_key)),
        name: found.name,
        path: found.full_path,
        visibility: Some(found.visibility).filter(|text| !text.is_empty()),
        personal: false,
        archived: found.archived,
        pending_deletion: found.marked_for_deletion_on.is_some(),
        placeholder: false,
    }
}

/// A project, and its group in case that was not listed itself.
fn project(found: Project) -> (Listed, Option<Listed>) {
    let personal = found.namespace.kind == NamespaceKind::User;
    let parent = if personal { ScopeKey::INSTANCE } else { group_key(found.namespace.id) };
    let above = (!personal).then(|| {
        let above = found.namespace.parent_id.map_or(ScopeKey::INSTANCE, group_key);
        placeholder(parent, above, found.namespace.full_path.clone())
    });
    let pending_deletion = found.marked_for_deletion().is_some();
    let listed = Listed {
        key: ScopeKey { level: Level::Project, id: found.id },
        parent: Some(parent),
        name: found.name,
        path: found.path_with_namespace,
        visibility: Some(found.visibility).filter(|text| !text.is_empty()),
        personal,
        archived: found.archived,
        pending_deletion,
        placeholder: false,
    };
    (listed, above)
}

/// A group that is known only because something below it was listed.
fn placeholder(key: ScopeKey, parent: ScopeKey, path: String) -> Listed {
    Listed {
        key,
        parent: Some(parent),
        name: path.rsplit('/').next().unwrap_or_default().to_owned(),
        path,
        visibility: None,
        personal: false,
        archived: false,
        pending_deletion: false,
        placeholder: true,
    }
}

fn group_key(id: GitlabId) -> ScopeKey {
    ScopeKey { level: Level::Group, id }
}

fn parent_path(path: &str) -> String {
    path.rsplit_once('/').map_or_else(String::new, |(above, _)| above.to_owned())
}
