//! Holding a server after an undo against what it was before the run, scope by scope.

use std::collections::{BTreeMap, BTreeSet};

use heirloom_engine::Touch;
use heirloom_engine::change::Plan;
use heirloom_engine::core::catalog::{self, FieldType};
use heirloom_engine::core::ids::{self, ScopeKey, Slug};
use heirloom_engine::core::plan::Snapshot;
use heirloom_it::{Lab, alike};
use heirloom_simulator::{Level, RowView};

/// Stored rows of one kind.
pub(super) type Rows = BTreeMap<ScopeKey, RowView>;

pub(super) fn place(key: ScopeKey) -> Level {
    if key.level == ids::Level::Group { Level::Group } else { Level::Project }
}

/// Every group and project.
pub(super) fn everybody(lab: &Lab) -> Vec<ScopeKey> {
    let world = lab.simulator.world();
    let groups = world.groups().into_iter().map(ScopeKey::group);
    groups.chain(world.projects().into_iter().map(ScopeKey::project)).collect()
}

pub(super) fn rows(lab: &Lab, slug: &Slug) -> Rows {
    let world = lab.simulator.world();
    let row = |key: ScopeKey| Some((key, world.row(place(key), key.id.0, slug.as_str())?));
    everybody(lab).into_iter().filter_map(row).collect()
}

pub(super) fn path(lab: &Lab, key: ScopeKey) -> String {
    lab.simulator.world().path(place(key), key.id.0).unwrap_or_default()
}

/// The same as far as anybody may read, and linked to the same.
pub(super) fn is_same(slug: &Slug, a: Option<&RowView>, b: Option<&RowView>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.inherit_from == b.inherit_from && alike(slug.as_str(), a, b),
        (None, None) => true,
        _ => false,
    }
}

/// A switch that was never set is off (no parameter unsets it).
fn settled(slug: &Slug, row: &RowView) -> RowView {
    let kind = catalog::find(slug).expect("known");
    let mut row = row.clone();
    for (name, value) in &mut row.fields {
        let is_switch = kind.field(name).is_some_and(|it| it.field_type == FieldType::Boolean);
        if is_switch && value.is_null() {
            *value = false.into();
        }
    }
    row
}

/// Archives a few projects, and a group with what is in it, before anything is read.
pub(super) fn archive_some(lab: &Lab) -> BTreeSet<String> {
    let world = lab.simulator.world();
    for id in world.projects().into_iter().step_by(5) {
        world.archive(Level::Project, id, true).expect("a project");
    }
    // The deepest: what others hand down still arrives everywhere else.
    let path = |id: &u64| world.path(Level::Group, *id).unwrap_or_default();
    let deepest = world.groups().into_iter().max_by_key(|id| path(id).matches('/').count());
    let deepest = deepest.expect("a group");
    world.archive(Level::Group, deepest, true).expect("a group");
    BTreeSet::from([path(&deepest)])
}

/// What came of comparing.
#[derive(Debug, Default)]
pub(super) struct AsBefore {
    /// Scopes that are as they were, those beside the plan too.
    pub(super) compared: u32,
    /// Of those, the ones that were in the plan or its blast radius.
    pub(super) concerned: u32,
    /// Scopes of the plan or its blast radius that are not compared, by reason.
    pub(super) not: BTreeMap<&'static str, u32>,
    pub(super) wrong: Vec<String>,
}

/// A plan with all whom it touches.
pub(super) struct Reaching<'a> {
    pub(super) plan: &'a Plan,
    pub(super) touched: BTreeMap<ScopeKey, Touch>,
}

impl<'a> Reaching<'a> {
    pub(super) async fn of(lab: &Lab, plan: &'a Plan) -> Self {
        let mut touched = BTreeMap::new();
        for how in Touch::ALL {
            let all = lab.engine.plan_touched(plan.id, how, 0, u32::MAX).await.expect("a list").1;
            touched.extend(all.into_iter().map(|it| (it.scope, how)));
        }
        Self { plan, touched }
    }
}

/// A run that was taken back.
pub(super) struct Back<'a> {
    pub(super) lab: &'a Lab,
    pub(super) run: Reaching<'a>,
    pub(super) undo: Reaching<'a>,
    pub(super) before: &'a Rows,
    /// What hung on something else than its default already: nothing brings that back.
    pub(super) stale: &'a BTreeSet<ScopeKey>,
}

impl Back<'_> {
    /// Every scope, held against what it was.
    pub(super) fn compare(&self, seen: &mut AsBefore) {
        let slug: Slug = self.run.plan.integration.slug.parse().expect("a slug");
        let after = rows(self.lab, &slug);
        for key in everybody(self.lab) {
            let (was, now) = (self.before.get(&key), after.get(&key));
            let concerned = self.is_own(key) || self.run.touched.contains_key(&key);
            if let Some(why) = self.cannot_be(key) {
                *seen.not.entry(why).or_default() += 1;
                continue;
            }
            let settle = |row: &RowView| settled(&slug, row);
            let (a, b) = (was.map(settle), now.map(settle));
            seen.compared += 1;
            seen.concerned += u32::from(concerned);
            if !is_same(&slug, a.as_ref(), b.as_ref()) {
                let path = path(self.lab, key);
                seen.wrong.push(format!("{slug} of {path}: it was {was:?}, and is {now:?}"));
            }
        }
    }

    fn is_own(&self, key: ScopeKey) -> bool {
        self.run.plan.steps.iter().any(|it| it.step.scope == key)
    }

    /// Why a scope cannot be as it was.
    fn cannot_be(&self, key: ScopeKey) -> Option<&'static str> {
        if self.stale.contains(&key) {
            return Some("it hung on something else already");
        }
        if let Some(why) = self.not_taken_back(key) {
            return Some(why);
        }
        let how = self.run.touched.get(&key).or_else(|| self.undo.touched.get(&key));
        match how {
            Some(Touch::SwitchOn) => return Some("rows that GitLab made stay"),
            Some(Touch::Maybe) => return Some("nobody can tell whether it is reached"),
            _ => {}
        }
        let is_group_above = |group: &str, own: &str| {
            own.strip_prefix(group).is_some_and(|rest| rest.starts_with('/'))
        };
        let own = path(self.lab, key);
        let above = self.run.plan.steps.iter().map(|it| it.step.scope).filter(|group| {
            group.level == ids::Level::Group && is_group_above(&path(self.lab, *group), &own)
        });
        let lost = above.filter_map(|group| self.not_taken_back(group)).next().is_some();
        (lost && how.is_some()).then_some("its group has no way back, and hands nothing down")
    }

    /// Why a step of the run has no exact way back.
    fn not_taken_back(&self, key: ScopeKey) -> Option<&'static str> {
        let step = &self.run.plan.steps.iter().find(|it| it.step.scope == key)?.step;
        if !self.undo.plan.steps.iter().any(|it| it.step.scope == key) {
            return Some("the undo says that it cannot take it back");
        }
        let was_blank = step.before == Snapshot::Nothing || !step.before.active();
        was_blank.then_some("what was off or not there is blank")
    }
}
