//! Applying the steps of a plan, while GitLab hands down what is saved whenever it likes.

use std::collections::BTreeMap;

use heirloom_core::ids::Level;
use heirloom_core::plan::{Action, Step};

use super::Dice;
use crate::plan::estate::{Estate, is_below, place};

/// What came of it.
pub struct Ran {
    pub after: Estate,
    /// Steps of which something was sent, as they were done.
    pub done: Vec<Step>,
    /// Those of which nothing was sent.
    pub left: BTreeMap<usize, Left>,
}

/// Why nothing was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// Another row than it was planned on.
    Moved,
    /// Its default is another scope's than was planned.
    Elsewhere,
    /// It hangs on a group that was left.
    Hangs,
}

/// The turns of an apply: own settings before those that are taken over, groups from below before
/// they are from above.
fn in_turn(steps: &[Step]) -> Vec<&Step> {
    let turn = |step: &Step, back: bool, group: bool| {
        (step.action == Action::UseDefault) == back && (step.scope.level == Level::Group) == group
    };
    let of = |back, group| steps.iter().filter(move |step| turn(step, back, group));
    of(false, false)
        .chain(of(false, true).rev())
        .chain(of(true, true))
        .chain(of(true, false))
        .collect()
}

/// Applies the steps. `secret` is what is typed for the secrets of a scope's own settings.
pub fn run(
    estate: &Estate,
    steps: &[Step],
    secret: impl Fn(usize) -> String,
    dice: &mut Dice,
) -> Result<Ran, String> {
    let mut ran = Ran { after: estate.clone(), done: Vec::new(), left: BTreeMap::new() };
    for step in in_turn(steps) {
        let (at, kind) = (place(step.scope), estate.kind);
        let now = &mut ran.after;
        let found = now.read(at);
        if step.shows_when_done() && step.as_far_as_planned(&found).same(kind, &step.after) {
            continue;
        }
        let source = step.source.map(place);
        let hangs = |on: &usize| {
            source.is_some_and(|it| is_below(at, *on) && (*on == it || is_below(*on, it)))
        };
        let left = if ran.left.keys().any(hangs) {
            Some(Left::Hangs)
        } else if source.is_some() && now.default_of(at) != source {
            Some(Left::Elsewhere)
        } else if step.next_write(kind, &found) != Some(0) {
            Some(Left::Moved)
        } else {
            None
        };
        if let Some(why) = left {
            ran.left.insert(at, why);
            continue;
        }
        let theirs = source.and_then(|it| now.rows[it].as_ref()?.secrets.values().next().cloned());
        let secret = theirs.unwrap_or_else(|| secret(at));
        for write in &step.writes {
            now.write(step, write, &secret)?;
            while !now.jobs.is_empty() && dice.one_in(3) {
                now.hand_down(dice.below(now.jobs.len()));
            }
        }
        ran.done.push(step.clone());
    }
    while !ran.after.jobs.is_empty() {
        let job = dice.below(ran.after.jobs.len());
        ran.after.hand_down(job);
    }
    // As they were planned, so that they are taken back in the order of the plan.
    ran.done.sort_by_key(|step| steps.iter().position(|it| it.scope == step.scope));
    Ok(ran)
}
