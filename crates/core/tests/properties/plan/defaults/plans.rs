//! Plans that change defaults: their steps, who else they touch, and the plans that take them back.

use std::collections::{BTreeMap, BTreeSet};

use heirloom_core::ids::{Level, ScopeKey};
use heirloom_core::plan::{
    Action, Below, Change, Ground, HandedDown, Snapshot, Step, Touch, back, decide,
};
use heirloom_core::row::{Known, State};

use super::knowledge::default_for;
use crate::plan::estate::{Estate, PARENTS, groups_above, is_below, place, scope};
use crate::plan::slug;

/// What a person asks for.
#[derive(Clone, Debug)]
pub struct Wish {
    pub change: Change,
    /// The scopes named, by place.
    pub scopes: BTreeSet<usize>,
    /// Overridden scopes below them in place of themselves.
    pub below: bool,
}

impl Wish {
    /// The scopes that are meant, outermost first.
    fn scopes(&self, known: &[Known]) -> Vec<usize> {
        let overridden = |at: &usize| {
            matches!(known[*at].state(), State::Custom | State::InheritedDiffers)
                && self.scopes.iter().any(|root| is_below(*at, *root))
        };
        if self.below {
            (1..PARENTS.len()).filter(overridden).collect()
        } else {
            self.scopes.iter().copied().collect()
        }
    }

    /// The scopes that are read by name before the plan is made, with the groups above them.
    pub fn asked(&self) -> BTreeSet<usize> {
        let above = self.scopes.iter().flat_map(|at| groups_above(*at));
        let mut asked: BTreeSet<usize> = above.collect();
        if !self.below {
            asked.extend(&self.scopes);
        }
        asked
    }
}

/// A plan, as it is shown.
#[derive(Debug, Default)]
pub struct Plan {
    pub steps: Vec<Step>,
    /// Why scopes got no step, but for those that are as wanted.
    pub skipped: Vec<String>,
    pub touched: BTreeMap<usize, Touch>,
}

impl Plan {
    pub fn own(&self) -> BTreeSet<usize> {
        self.steps.iter().map(|step| place(step.scope)).collect()
    }

    /// The step of the nearest group above that hands anything down.
    pub fn above(&self, at: usize) -> Option<&Step> {
        groups_above(at).find_map(|group| {
            self.steps.iter().find(|it| it.scope == scope(group) && it.action != Action::Disable)
        })
    }
}

/// Makes plans from what is known.
pub struct Planner<'a> {
    pub estate: &'a Estate,
    pub known: &'a [Known],
    pub server: (u32, u32),
}

impl Planner<'_> {
    pub fn plan(&self, wish: &Wish) -> Plan {
        let mut plan = Plan::default();
        for at in wish.scopes(self.known) {
            // Whoever goes back to default comes last (`run`), and finds what groups above went to.
            let before = if wish.change == Change::UseDefault { &plan.steps[..] } else { &[] };
            let ground = self.ground(at, before, wish.below && self.estate.archived[at]);
            self.take(&mut plan, &wish.change, &ground);
        }
        self.draw(&mut plan);
        plan
    }

    /// The way back from steps that were done.
    pub fn undo(&self, done: &[Step]) -> Plan {
        let kind = self.estate.kind;
        let mut plan = Plan::default();
        for step in done {
            let ground = self.ground(place(step.scope), &plan.steps, false);
            let default = ground.default.as_ref().map(|(_, row)| row);
            match back(kind, &step.before, &ground.before, default) {
                Ok(change) => self.take(&mut plan, &change, &ground),
                Err(why) => plan.skipped.push(why.to_string()),
            }
        }
        self.draw(&mut plan);
        plan
    }

    fn take(&self, plan: &mut Plan, change: &Change, ground: &Ground) {
        let kind = self.estate.kind;
        match decide(kind, &slug(kind), change, ground) {
            Ok(step) => plan.steps.push(step),
            Err(why) if why.is_so_already() => {}
            Err(why) => plan.skipped.push(why.to_string()),
        }
    }

    fn ground(&self, at: usize, before: &[Step], archived: bool) -> Ground {
        // What a group has in the end is the default of what is below it.
        let planned = |group| before.iter().find(|it| it.scope == group).map(|it| &it.after);
        let source =
            default_for(at, self.known, |group| planned(scope(group)).map(Snapshot::inherited));
        let default = source.map(|key| {
            let row = planned(key).cloned();
            (key, row.unwrap_or_else(|| self.estate.read(place(key))))
        });
        Ground {
            scope: scope(at),
            known: if at == 0 { Known::NotSet } else { self.known[at].clone() },
            before: match self.known[at] {
                Known::Row(_) => self.estate.read(at),
                _ => Snapshot::Nothing,
            },
            unread: false,
            default: default.filter(|(_, row)| *row != Snapshot::Nothing),
            archived,
            rival: None,
            server: self.server,
        }
    }

    /// Who else is touched.
    fn draw(&self, plan: &mut Plan) {
        let own = plan.own();
        let groups = plan.steps.iter().filter(|it| it.scope.level == Level::Group);
        for step in groups.rev().filter(|it| it.action != Action::Disable) {
            let group = place(step.scope);
            let mut above: Vec<ScopeKey> = groups_above(group).map(scope).collect();
            above.push(ScopeKey::INSTANCE);
            let handed_down = HandedDown {
                integration: self.estate.kind,
                group: step.scope,
                above: &above,
                action: step.action,
                active: step.after.active(),
                inherits: step.after.inherited(),
            };
            for at in (1..PARENTS.len()).filter(|at| is_below(*at, group) && !own.contains(at)) {
                let (known, archived) = (self.known[at].clone(), self.estate.is_archived(at));
                if let Some(how) = handed_down.touches(&Below { scope: scope(at), known, archived })
                {
                    plan.touched.entry(at).or_insert(how);
                }
            }
        }
    }
}
