//! What a list has no longer. Absence proves nothing: lists paged by number lose a group when another
//! is deleted meanwhile, and an account may see less than it did. So what is missing is asked for
//! by itself before it is called anything.

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt as _;
use heirloom_core::ids::{Level, ScopeKey};
use heirloom_gitlab::Problem;
use heirloom_store::cache::census::Of;
use heirloom_store::cache::scopes::Listed;
use heirloom_store::cache::syncs::Reach;

use super::Job;
use super::listing::{group, project};
use crate::Result;

/// So many that are missing are always asked for.
const FEW: usize = 20;

/// Of more, one in so many of those known, and no more than [`MOST`].
const ONE_IN: usize = 20;

/// The most that are asked for by themselves.
const MOST: usize = 500;

/// How many are asked for at the same time.
const AT_ONCE: usize = 8;

/// What became of known scopes that a list has no longer.
#[derive(Default)]
pub(super) struct Vanished {
    /// They stay, and are not asked: this account does not see them.
    pub(super) hidden: BTreeSet<ScopeKey>,
    /// Nothing new is known of them: what was known of them stays.
    pub(super) kept: BTreeSet<ScopeKey>,
    /// What the list lacks now is gone: GitLab said so of each.
    pub(super) confirmed: bool,
}

/// What GitLab says of one scope.
enum There {
    Yes(Box<Listed>),
    /// Nor is what it held.
    No,
    /// It could not be asked.
    Unknown(heirloom_gitlab::Error),
}

impl Job {
    /// Looks after known scopes that a whole list lacks, and after groups known only by what they
    /// hold. `moved`: the list is another than the last sync's, so that it tells nothing of those.
    pub(super) async fn look_after(
        &self,
        found: &mut BTreeMap<ScopeKey, Listed>,
        reach: Reach,
        moved: bool,
    ) -> Result<Vanished> {
        let known = self.known().await?;
        let is_listed = |key: &ScopeKey| found.get(key).is_some_and(|it| !it.placeholder);
        let mut left: BTreeMap<ScopeKey, Option<ScopeKey>> =
            known.iter().filter(|(key, _)| !is_listed(key)).map(|(key, up)| (*key, *up)).collect();
        if reach == Reach::Everything {
            // All there are were listed, and yet these hold something: they were missed.
            let held = found.values().filter(|listed| listed.placeholder);
            left.extend(held.map(|listed| (listed.key, listed.parent)));
        }
        let bound = FEW.max(MOST.min(known.len() / ONE_IN));
        let narrowed = moved && reach == Reach::Membership;
        let mut came = Vanished { confirmed: true, ..Vanished::default() };
        let mut asked = 0;
        // From the top down: with a group, all that it held is gone.
        while !left.is_empty() {
            let tops: Vec<ScopeKey> = left
                .iter()
                .filter(|(_, up)| up.is_none_or(|up| !left.contains_key(&up)))
                .map(|(key, _)| *key)
                .collect();
            asked += tops.len();
            if narrowed || asked > bound || tops.is_empty() || self.cancel.is_cancelled() {
                self.doubt(&left, known.len(), reach, &mut came);
                break;
            }
            let mut answers = futures::stream::iter(tops)
                .map(async |key| (key, self.there(key).await))
                .buffer_unordered(AT_ONCE);
            while let Some((key, there)) = answers.next().await {
                left.remove(&key);
                match there {
                    There::Yes(listed) => {
                        found.insert(key, *listed);
                    }
                    There::No => {
                        found.remove(&key);
                        drop_below(&mut left, key);
                    }
                    There::Unknown(error) => {
                        let error = super::fatal(error)?;
                        came.confirmed = false;
                        came.kept.insert(key);
                        let path = found.get(&key).map(|it| it.path.clone());
                        self.fail(key, &path.unwrap_or_else(|| key.to_string()), &error);
                    }
                }
            }
        }
        Ok(came)
    }

    /// Too many are missing to call them gone. An administrator is told of each by its own list;
    /// to others GitLab says of what they may not see that it is not there.
    fn doubt(
        &self,
        left: &BTreeMap<ScopeKey, Option<ScopeKey>>,
        total: usize,
        reach: Reach,
        came: &mut Vanished,
    ) {
        let count = left.len();
        came.confirmed = false;
        came.kept.extend(left.keys());
        let why = match reach {
            Reach::Everything => {
                format!(
                    "{count} of {total} known ones are missing from it: each was asked by itself"
                )
            }
            Reach::Membership => {
                came.hidden.extend(left.keys());
                format!(
                    "{count} of {total} known ones are no longer visible to this account: what \
                     was read of them is kept, and they are not called gone. Check its \
                     memberships, and whether it lost administrator rights"
                )
            }
        };
        self.fail_words(self.root, "the list of groups and projects", why);
    }

    /// What was listed before and is there, as far as is known, with what it stands in.
    async fn known(&self) -> Result<BTreeMap<ScopeKey, Option<ScopeKey>>> {
        let id = self.id();
        self.engine
            .db(move |store| {
                let mut known = BTreeMap::new();
                store.visit_places(id, Of::All, |place| {
                    if place.key.level != Level::Instance && !place.gone && !place.placeholder {
                        known.insert(place.key, place.above);
                    }
                })?;
                Ok(known)
            })
            .await
    }

    async fn there(&self, key: ScopeKey) -> There {
        let (answer, named) = match key.level {
            Level::Instance => return There::No,
            Level::Group => (self.client.group(key.id).await.map(group), "Group"),
            Level::Project => {
                (self.client.project(key.id).await.map(|found| project(found).0), "Project")
            }
        };
        match answer {
            Ok(listed) => There::Yes(Box::new(listed)),
            Err(error) => match &error.problem {
                Problem::NotFound { what } if what == named => There::No,
                _ => There::Unknown(error),
            },
        }
    }
}

/// Takes out what a scope held.
fn drop_below(left: &mut BTreeMap<ScopeKey, Option<ScopeKey>>, top: ScopeKey) {
    let mut gone = vec![top];
    while let Some(above) = gone.pop() {
        let below = left.iter().filter(|(_, up)| **up == Some(above)).map(|(key, _)| *key);
        let below: Vec<ScopeKey> = below.collect();
        for key in below {
            left.remove(&key);
            gone.push(key);
        }
    }
}
