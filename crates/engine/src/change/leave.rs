//! Leaving single steps out of a plan, and taking them in again. A step that takes settings over
//! needs the steps of the groups on the way to where they come from: without those, GitLab would
//! take them from elsewhere (contract, section 2). Such steps go and come together.

use std::collections::{BTreeMap, BTreeSet};

use heirloom_core::ids::{ConnectionId, Level, ScopeKey};
use heirloom_core::plan::Action;
use heirloom_store::Store;
use heirloom_store::app::journal::{RunId, RunState, Standing, StepFilter};

use super::plans::gone;
use super::{blast, groups_above};
use crate::{Engine, Result};

/// Paths that are named of those that went along.
const NAMED: usize = 3;

/// Some steps of a plan.
#[derive(Clone, Debug)]
pub enum Steps {
    /// By number.
    Numbers(Vec<u32>),
    /// All that a look for them finds.
    Matching(StepFilter),
    /// Of these scopes; those without a step are no matter.
    Of(Vec<ScopeKey>),
}

/// Steps that nobody named, and that went along with those that were: they need them, or are
/// needed by them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Along {
    /// How many.
    pub steps: u32,
    /// The paths of the first.
    pub first: Vec<String>,
}

impl Engine {
    /// Whether a plan has a step at a scope, also one that is left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn has_step(&self, run: RunId, scope: ScopeKey) -> Result<bool> {
        self.db(move |store| store.has_open_step(run, scope)).await
    }

    /// Leaves steps out of a plan, or takes them in again, and finds anew who else it touches.
    /// That is kept with the plan.
    ///
    /// # Errors
    /// When it is a plan no more, or the databases cannot be used.
    pub async fn leave_out(&self, run: RunId, which: Steps, out: bool) -> Result<Along> {
        let along = self
            .blocking(move |engine| {
                let store = engine.store();
                let note = store.run(run)?;
                let slug =
                    note.slug.filter(|_| note.state == RunState::Planned).ok_or_else(gone)?;
                let standings = store.standings(run)?;
                let chosen = match which {
                    Steps::Numbers(numbers) => numbers.into_iter().collect(),
                    Steps::Matching(filter) => {
                        store.step_numbers(run, &filter)?.into_iter().collect()
                    }
                    Steps::Of(scopes) => {
                        let scopes: BTreeSet<_> = scopes.into_iter().collect();
                        let of = standings.iter().filter(|it| scopes.contains(&it.scope));
                        of.map(|it| it.number).collect()
                    }
                };
                let needs = needs(store, note.connection, &standings)?;
                let moved = moved(&standings, &needs, &chosen, out);
                let along = along(&standings, &chosen, &moved);
                if !store.leave_out(run, moved)? {
                    return Err(gone());
                }
                blast::draw_again(store, note.connection, &slug, run)?;
                Ok(along)
            })
            .await?;
        self.changed();
        Ok(along)
    }
}

/// Numbers of the group steps that each step needs, nearest first; none for most.
type Needs = BTreeMap<u32, Vec<u32>>;

fn needs(store: &Store, id: ConnectionId, steps: &[Standing]) -> Result<Needs> {
    let groups: BTreeMap<&str, u32> = steps
        .iter()
        .filter(|it| it.scope.level == Level::Group)
        .map(|it| (it.path.as_str(), it.number))
        .collect();
    let mut needs = Needs::new();
    if groups.is_empty() {
        return Ok(needs);
    }
    let mut paths: BTreeMap<ScopeKey, String> = BTreeMap::new();
    for step in steps.iter().filter(|it| it.action == Action::UseDefault) {
        let Some(source) = step.source else { continue };
        if source != ScopeKey::INSTANCE && !paths.contains_key(&source) {
            paths.insert(source, store.scope(id, source)?.listed.path);
        }
        let source = paths.get(&source).map(String::as_str);
        let found = on_the_way(&step.path, source, &groups);
        if !found.is_empty() {
            needs.insert(step.number, found);
        }
    }
    Ok(needs)
}

/// The groups above a path that have steps, up to the source.
fn on_the_way(path: &str, source: Option<&str>, groups: &BTreeMap<&str, u32>) -> Vec<u32> {
    groups_above(path, source).filter_map(|above| groups.get(above)).copied().collect()
}

/// What changes when some steps are left out, or taken in: each that is out is so by a person's
/// wish, or since one that it needs is.
fn moved(
    steps: &[Standing],
    needs: &Needs,
    chosen: &BTreeSet<u32>,
    out: bool,
) -> Vec<(u32, Option<u32>)> {
    let wished = steps.iter().filter(|it| it.left_out == Some(it.number));
    let mut wished: BTreeSet<u32> = wished.map(|it| it.number).collect();
    if out {
        wished.extend(chosen);
    } else {
        for number in chosen {
            wished.remove(number);
            for needed in needs.get(number).into_iter().flatten() {
                wished.remove(needed);
            }
        }
    }
    let cause = |number: u32| {
        let needed = || needs.get(&number)?.iter().find(|it| wished.contains(it)).copied();
        if wished.contains(&number) { Some(number) } else { needed() }
    };
    let each = steps.iter().map(|it| (it, cause(it.number)));
    each.filter(|(it, now)| it.left_out != *now).map(|(it, now)| (it.number, now)).collect()
}

fn along(steps: &[Standing], chosen: &BTreeSet<u32>, moved: &[(u32, Option<u32>)]) -> Along {
    let now: BTreeMap<u32, bool> =
        moved.iter().map(|(number, cause)| (*number, cause.is_some())).collect();
    let went = |it: &&Standing| {
        let flipped = now.get(&it.number).is_some_and(|out| *out != it.left_out.is_some());
        flipped && !chosen.contains(&it.number)
    };
    let went: Vec<&Standing> = steps.iter().filter(went).collect();
    Along {
        steps: u32::try_from(went.len()).unwrap_or(u32::MAX),
        first: went.into_iter().take(NAMED).map(|it| it.path.clone()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two groups within one another that go back to their default, and a project in each; one
    /// more beside them.
    fn plan() -> (Vec<Standing>, Needs) {
        let step = |number: u32, level, path: &str| Standing {
            number,
            scope: ScopeKey { level, id: heirloom_core::ids::GitlabId(u64::from(number)) },
            path: path.into(),
            action: Action::UseDefault,
            source: Some(ScopeKey::group(99)),
            left_out: None,
        };
        let steps = vec![
            step(1, Level::Group, "acme/web"),
            step(2, Level::Group, "acme/web/shop"),
            step(3, Level::Project, "acme/web/site"),
            step(4, Level::Project, "acme/web/shop/cart"),
            step(5, Level::Project, "acme/other"),
        ];
        let groups = [("acme/web", 1), ("acme/web/shop", 2)].into_iter().collect();
        let needs = steps.iter().map(|it| (it.number, on_the_way(&it.path, Some("acme"), &groups)));
        (steps.clone(), needs.collect())
    }

    fn after(steps: &[Standing], moved: &[(u32, Option<u32>)]) -> Vec<Standing> {
        let mut steps = steps.to_vec();
        for (number, cause) in moved {
            for it in steps.iter_mut().filter(|it| it.number == *number) {
                it.left_out = *cause;
            }
        }
        steps
    }

    fn out(steps: &[Standing]) -> Vec<u32> {
        steps.iter().filter(|it| it.left_out.is_some()).map(|it| it.number).collect()
    }

    #[test]
    fn a_group_takes_with_it_what_has_its_default_through_it() {
        let (steps, needs) = plan();
        let chosen = BTreeSet::from([1]);
        let gone = moved(&steps, &needs, &chosen, true);
        let went = along(&steps, &chosen, &gone);
        let steps = after(&steps, &gone);
        assert_eq!(out(&steps), [1, 2, 3, 4], "the one beside it stays");
        assert_eq!(went.steps, 3, "those nobody named");
        assert_eq!(went.first, ["acme/web/shop", "acme/web/site", "acme/web/shop/cart"]);
        let back = moved(&steps, &needs, &chosen, false);
        assert_eq!(out(&after(&steps, &back)), [] as [u32; 0], "and they come back with it");
    }

    #[test]
    fn a_project_that_comes_back_brings_the_groups_it_needs() {
        let (steps, needs) = plan();
        let steps = after(&steps, &moved(&steps, &needs, &BTreeSet::from([2]), true));
        assert_eq!(out(&steps), [2, 4], "the inner group and what is in it");
        let chosen = BTreeSet::from([4]);
        let back = moved(&steps, &needs, &chosen, false);
        assert_eq!(along(&steps, &chosen, &back).first, ["acme/web/shop"], "said by name");
        assert_eq!(out(&after(&steps, &back)), [] as [u32; 0]);
    }

    #[test]
    fn a_project_that_was_left_out_by_itself_stays_out_when_its_group_comes_back() {
        let (steps, needs) = plan();
        let steps = after(&steps, &moved(&steps, &needs, &BTreeSet::from([3]), true));
        let steps = after(&steps, &moved(&steps, &needs, &BTreeSet::from([1]), true));
        let steps = after(&steps, &moved(&steps, &needs, &BTreeSet::from([1]), false));
        assert_eq!(out(&steps), [3], "a person wished so");
    }

    #[test]
    fn a_source_below_a_group_does_not_hang_on_it() {
        let groups = [("acme", 1), ("acme/web", 2)].into_iter().collect();
        assert_eq!(on_the_way("acme/web/site", Some("acme/web"), &groups), [2], "and no further");
        assert_eq!(on_the_way("acme/web/site", None, &groups), [2, 1], "up to the instance");
    }
}
