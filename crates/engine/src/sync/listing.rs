//! Groups and projects into the tree.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use futures::StreamExt as _;
use heirloom_core::ids::{ConnectionId, GitlabId, Level, ScopeKey};
use heirloom_core::row::NotRead;
use heirloom_gitlab::dto::{Group, NamespaceKind, Project};
use heirloom_gitlab::{GroupFilter, Page, ProjectFilter};
use heirloom_store::Store;
use heirloom_store::cache::census::{Of, Place};
use heirloom_store::cache::scopes::Listed;
use heirloom_store::cache::syncs::Reach;

use jiff::Timestamp;

use super::Job;
use super::progress::Phase;
use crate::Result;
use crate::engine::lock;

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

/// Why a group is not asked, though it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closed {
    /// The account is not a member.
    NotAMember,
    /// Every integrations call is refused there (contract, section 1). Archived projects stay
    /// readable.
    Archived,
    /// GitLab says that it stands below itself.
    Ring,
}

impl Closed {
    pub(super) const fn why(self) -> (NotRead, &'static str) {
        match self {
            Self::NotAMember => (
                NotRead::NoPermission,
                "Your account is not a member of this group, so its settings cannot be read",
            ),
            Self::Archived => (
                NotRead::NoPermission,
                "GitLab refuses every integrations call on an archived group. Unarchive it to \
                 read them",
            ),
            Self::Ring => (NotRead::Failed, RING),
        }
    }
}

const RING: &str = "GitLab says that this group stands below itself, so its place, and what it \
    hands down, cannot be told";

/// The scopes to read, in tree order.
pub(super) struct Tree {
    /// Groups above a subtree: its rows may inherit from them, so their lists are read with it.
    pub(super) above: Vec<Place>,
    pub(super) places: Vec<Place>,
    closed: HashMap<ScopeKey, Closed>,
}

impl Tree {
    fn new(places: Vec<Place>, above: Option<Closed>, rings: &BTreeSet<ScopeKey>) -> Self {
        let mut closed = HashMap::new();
        // Depth of the archived group that the walk is below.
        let mut archived: Option<u32> = above.map(|_| 0);
        for place in places.iter().filter(|place| place.key.level == Level::Group) {
            if archived.is_some_and(|depth| place.depth <= depth && above.is_none()) {
                archived = None;
            }
            if place.archived && archived.is_none() {
                archived = Some(place.depth);
            }
            let why = if rings.contains(&place.key) {
                Closed::Ring
            } else if place.placeholder {
                Closed::NotAMember
            } else if archived.is_some() {
                Closed::Archived
            } else {
                continue;
            };
            closed.insert(place.key, why);
        }
        Self { above: Vec::new(), places, closed }
    }

    /// The scopes to read, as the local copy has them.
    pub(super) fn of(
        store: &Store,
        id: ConnectionId,
        root: ScopeKey,
        rings: &BTreeSet<ScopeKey>,
        hidden: &BTreeSet<ScopeKey>,
    ) -> heirloom_store::Result<Self> {
        let mut places = Vec::new();
        let of = if root == ScopeKey::INSTANCE { Of::All } else { Of::Below(root) };
        store.visit_places(id, of, |place| places.push(place))?;
        places.retain(|place| !place.gone && !hidden.contains(&place.key));
        let lineage = store.lineage(id, root)?;
        let archived = lineage.iter().rev().skip(1).any(|above| above.listed.archived);
        let mut tree = Self::new(places, archived.then_some(Closed::Archived), rings);
        for scope in lineage {
            let key = scope.listed.key;
            // Below an archived group all are refused, so the walk ends there.
            if key == root || scope.listed.archived {
                break;
            }
            if key.level == Level::Group && !scope.listed.placeholder {
                store.visit_places(id, Of::Only(key), |place| tree.above.push(place))?;
            }
        }
        tree.above.retain(|place| !place.gone);
        Ok(tree)
    }

    /// The scopes whose list has to be asked for: not those that this run, or the one it goes on
    /// with, has since it began.
    pub(super) fn unlisted(
        &self,
        group_api: bool,
        since: Timestamp,
    ) -> impl Iterator<Item = &Place> {
        self.above
            .iter()
            .chain(&self.places)
            .filter(move |place| match place.key.level {
                Level::Instance => false,
                Level::Group => group_api && self.closed(&place.key).is_none(),
                Level::Project => true,
            })
            .filter(move |place| place.failed || place.listed_at.is_none_or(|at| at < since))
    }

    /// Why a group is not asked, if it isn't.
    pub(super) fn closed(&self, key: &ScopeKey) -> Option<Closed> {
        self.closed.get(key).copied()
    }
}

/// What listing gave.
#[derive(Default)]
struct Listing {
    found: BTreeMap<ScopeKey, Listed>,
    /// Nothing is missing, as far as can be told: what is not in it is gone.
    whole: bool,
}

impl Job {
    /// Lists groups and projects, or those of one subtree, unless the run that this one goes on
    /// with has done so; and returns the scopes to read.
    pub(super) async fn take_tree(&self, known: bool) -> Result<Tree> {
        let (mut rings, mut hidden) = (BTreeSet::new(), BTreeSet::new());
        if !known {
            let mut listing = Listing { whole: true, ..Listing::default() };
            match self.root {
                ScopeKey::INSTANCE => self.list_all(&mut listing).await?,
                ScopeKey { level: Level::Group, .. } => self.list_group(&mut listing).await?,
                ScopeKey { level: _, id } => {
                    let answer = self.client.project(id).await;
                    let root = self.engine.witness(self.id(), answer)?;
                    let (found, _) = project(root);
                    listing.found.insert(found.key, found);
                }
            }
            let cancelled = self.cancel.is_cancelled();
            let whole = self.root == ScopeKey::INSTANCE && !cancelled && listing.whole;
            let mut is_all = !cancelled && listing.whole;
            let (id, reach) = (self.id(), self.reach());
            let before = self.engine.db(move |store| store.last_reach(id)).await?;
            let moved = before.is_some_and(|before| before != reach);
            let mut confirmed = false;
            self.complete_parents(&mut listing.found).await?;
            if whole {
                let vanished = self.look_after(&mut listing.found, reach, moved).await?;
                confirmed = vanished.confirmed;
                is_all &= vanished.hidden.is_empty();
                hidden = vanished.hidden;
                // What was asked for by itself may stand where nobody is known yet.
                self.complete_parents(&mut listing.found).await?;
                let kept = vanished.kept;
                listing.found.retain(|key, it| !(it.placeholder && kept.contains(key)));
            }
            rings = self.open_rings(&mut listing.found);
            let (cause, run, now) = (self.cause(), self.run, self.engine.now());
            let scopes: Vec<Listed> = listing.found.into_values().collect();
            self.engine
                .db(move |store| {
                    if whole && moved {
                        // What one sees with other eyes was there all the time.
                        store.forget_reach(id)?;
                    }
                    store.take_scopes(id, cause, scopes, confirmed, now)?;
                    if whole { store.note_reach(run, reach) } else { Ok(()) }
                })
                .await?;
            self.engine.changed();
            if is_all && rings.is_empty() {
                self.note_tree().await?;
            }
        }
        self.tree(rings, hidden).await
    }

    /// Which list this run asks for: all there are, or those of the account's memberships.
    fn reach(&self) -> Reach {
        *lock(&self.reach)
    }

    async fn tree(&self, rings: BTreeSet<ScopeKey>, hidden: BTreeSet<ScopeKey>) -> Result<Tree> {
        let (id, root) = (self.id(), self.root);
        self.engine.db(move |store| Tree::of(store, id, root, &rings, &hidden)).await
    }

    async fn list_all(&self, listing: &mut Listing) -> Result<()> {
        let host = self.client.base().host();
        // A demo's address says nothing to anybody.
        let name = &self.connection.details.name;
        let shown = if self.connection.details.demo { name } else { &host };
        listing.found.insert(ScopeKey::INSTANCE, instance(shown));
        let sees_all = self.reach() == Reach::Everything;
        self.list_groups(group_filter(sees_all), listing).await?;
        self.list_projects(project_filter(sees_all), listing).await
    }

    async fn list_group(&self, listing: &mut Listing) -> Result<()> {
        let answer = self.client.group(self.root.id).await;
        let root = self.engine.witness(self.id(), answer)?;
        listing.found.insert(self.root, group(root));
        let under = Some(self.root.id);
        self.list_groups(GroupFilter { under, ..GroupFilter::default() }, listing).await?;
        self.list_projects(ProjectFilter { under, ..ProjectFilter::default() }, listing).await
    }

    async fn list_groups(&self, filter: GroupFilter, listing: &mut Listing) -> Result<()> {
        self.enter(Phase::Groups, 0);
        let mut pages = self.client.groups(&filter);
        // A page under way is not waited for: a list that was cut short is read anew.
        while let Some(Some(page)) = self.cancel.run_until_cancelled(pages.next()).await {
            let Some(page) = self.page("groups", page, listing)? else { break };
            if let (true, Some(total)) = (listing.found.len() <= 1, page.total) {
                self.enter(Phase::Groups, usize::try_from(total).unwrap_or_default());
            }
            self.advance(page.items.len());
            listing.found.extend(page.items.into_iter().map(group).map(|found| (found.key, found)));
        }
        Ok(())
    }

    async fn list_projects(&self, filter: ProjectFilter, listing: &mut Listing) -> Result<()> {
        self.enter(Phase::Projects, 0);
        let mut pages = self.client.projects(&filter);
        // A page under way is not waited for: a list that was cut short is read anew.
        while let Some(Some(page)) = self.cancel.run_until_cancelled(pages.next()).await {
            let Some(page) = self.page("projects", page, listing)? else { break };
            self.advance(page.items.len());
            for (found, above) in page.items.into_iter().map(project) {
                if let Some(above) = above {
                    listing.found.entry(above.key).or_insert(above);
                }
                listing.found.insert(found.key, found);
            }
        }
        Ok(())
    }

    /// A page, or none if the list broke off there. What is missing is reported, what was known
    /// of it stays, and the rest of the sync goes on.
    fn page<T>(
        &self,
        what: &str,
        page: heirloom_gitlab::Result<Page<T>>,
        listing: &mut Listing,
    ) -> Result<Option<Page<T>>> {
        match page {
            Ok(page) => {
                self.engine.saw(self.id(), None);
                for problem in &page.unreadable {
                    listing.whole = false;
                    self.fail_words(self.root, &format!("the list of {what}"), problem.to_string());
                }
                Ok(Some(page))
            }
            Err(error) if error.is_cancelled() => Ok(None),
            Err(error) => {
                self.engine.saw(self.id(), Some(&error));
                let error = super::fatal(error)?;
                // Without a single scope there is nothing to go on with.
                if listing.found.len() <= 1 && !error.is_about_answer() {
                    return Err(error.into());
                }
                listing.whole = false;
                let path = format!("the list of {what}");
                self.fail_words(self.root, &path, error.problem.to_string());
                Ok(None)
            }
        }
    }

    /// Groups that stand below themselves are put under the instance, so that what they hold is
    /// not lost with them; and named, since that is not where they are.
    fn open_rings(&self, found: &mut BTreeMap<ScopeKey, Listed>) -> BTreeSet<ScopeKey> {
        let mut rings = BTreeSet::new();
        let mut sound = HashSet::new();
        for key in found.keys().filter(|key| key.level == Level::Group) {
            let mut walked = Vec::new();
            let mut at = Some(*key);
            while let Some(here) = at
                && !sound.contains(&here)
            {
                if let Some(begin) = walked.iter().position(|it| *it == here) {
                    rings.extend(&walked[begin..]);
                    break;
                }
                walked.push(here);
                at = found.get(&here).and_then(|scope| scope.parent);
            }
            sound.extend(walked);
        }
        for key in &rings {
            if let Some(scope) = found.get_mut(key) {
                scope.parent = Some(ScopeKey::INSTANCE);
                self.fail_words(*key, &scope.path, RING.to_owned());
            }
        }
        rings
    }

    /// Gives every listed scope something to stand under: a group this account is not a member
    /// of can still hold groups and projects it is a member of.
    async fn complete_parents(&self, listed: &mut BTreeMap<ScopeKey, Listed>) -> Result<()> {
        let mut missing = BTreeMap::new();
        for scope in listed.values() {
            if let Some(parent) = scope.parent
                && !listed.contains_key(&parent)
            {
                missing.insert(parent, parent_path(&scope.path));
            }
        }
        if self.root != ScopeKey::INSTANCE {
            // Within a subtree the scopes above were listed before.
            let (id, keys) = (self.id(), missing.keys().copied().collect::<Vec<_>>());
            let kept = self.engine.db(move |store| {
                Ok(keys.into_iter().filter(|key| store.scope(id, *key).is_ok()).collect::<Vec<_>>())
            });
            for key in kept.await? {
                missing.remove(&key);
            }
        }
        for (key, path) in missing {
            listed.insert(key, placeholder(key, ScopeKey::INSTANCE, path));
        }
        Ok(())
    }
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

pub(super) fn group(found: Group) -> Listed {
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
pub(super) fn project(found: Project) -> (Listed, Option<Listed>) {
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
