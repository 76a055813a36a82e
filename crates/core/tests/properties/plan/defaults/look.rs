//! Every scope of an estate after a plan, held against what the plan says of it.

use heirloom_core::ids::Level;
use heirloom_core::plan::{Action, Snapshot, Step, Touch};
use heirloom_core::row::{Agrees, Known, Link, Row, Source};
use proptest::prelude::*;

use super::super::estate::{Estate, PARENTS, groups_above, is_below, place, scope};
use super::plans::{Plan, Wish};
use super::run::{Left, Ran};
use super::{Seen, Server};

/// Of what is out of reach: handed what it has once more, and other only where nobody can read it.
pub const UNREADABLE: &str = "out of reach, but for what cannot be read";

/// A row that inherits from elsewhere than it seems: older servers leave it linked to what once
/// was its default, and newer ones link it past a nearer one (contract, section 8). GitLab does not
/// tell which.
pub fn is_astray(estate: &Estate, at: usize) -> bool {
    estate.links[at].is_some_and(|link| Some(link) != estate.default_of(at))
}

/// Whether nobody can know what becomes of a scope below a saved group: no row is known, or not
/// where a row's settings come from.
fn cannot_be_known(known: &Known, reached: impl Fn(usize) -> bool) -> bool {
    match known {
        Known::Off => true,
        Known::Row(Row { link: Link::Inherited { source, agrees }, .. }) => match source {
            Source::NotAsked(_) | Source::NotVisible(_) => true,
            Source::Scope { key, .. } => *agrees == Agrees::No && !reached(place(*key)),
        },
        Known::Row(_) | Known::NotSet | Known::Unavailable(_) | Known::Unknown(_) => false,
    }
}

/// What a plan says of an estate, held against what became of it.
pub struct Look<'a> {
    pub server: Server,
    pub wish: &'a Wish,
    pub before: &'a Estate,
    pub known: &'a [Known],
    pub plan: &'a Plan,
    pub ran: &'a Ran,
    pub seen: &'a Seen,
}

impl Look<'_> {
    /// The same for whoever may read it, and linked to the same.
    fn is_unmoved(&self, at: usize) -> bool {
        self.before.rows[at] == self.ran.after.rows[at]
            && self.before.links[at] == self.ran.after.links[at]
    }

    /// The same as far as it can be read: it inherits, and was handed once more what it has. A
    /// secret that it may not have had and a blank where nothing stood are not seen.
    fn looks_unmoved(&self, at: usize) -> bool {
        let (before, after) = (self.before.read(at), self.ran.after.read(at));
        before.inherited() && before.same(self.before.kind, &after)
    }

    /// It has what the nearest changed group above it has by the plan.
    fn was_handed(&self, at: usize) -> bool {
        let Some(step) = self.plan.above(at) else { return false };
        let Snapshot::Stored { active, settings, .. } = step.after.clone() else { return false };
        let wanted = Snapshot::Stored { inherited: true, active, settings };
        step.as_far_as_planned(&self.ran.after.read(at)).same(self.before.kind, &wanted)
    }

    fn agrees(&self, at: usize) -> bool {
        let agrees = Agrees::Yes;
        matches!(
            self.known[at],
            Known::Row(Row { link: Link::Inherited { agrees: it, .. }, .. }) if it == agrees
        )
    }

    /// Everything is as the plan says.
    pub fn holds(&self) -> Result<(), TestCaseError> {
        let kind = self.before.kind;
        for step in &self.plan.steps {
            let at = place(step.scope);
            if let Some(why) = self.ran.left.get(&at) {
                prop_assert!(
                    self.is_left_rightly(step, *why),
                    "{} {} {why:?}: {:?}",
                    kind.slug,
                    step.scope,
                    self.wish
                );
                self.seen.add(format!("steps left alone: {why:?}"), 1);
                continue;
            }
            let read = step.as_far_as_planned(&self.ran.after.read(at));
            prop_assert!(
                read.same(kind, &step.after),
                "{} {} {:?}: {read:?} and not {:?}, {:?}",
                kind.slug,
                step.scope,
                step.action,
                step.after,
                self.wish
            );
            self.seen.add(format!("steps {:?} {}", step.action, step.scope.level.name()), 1);
        }
        let own = self.plan.own();
        for at in (1..PARENTS.len()).filter(|at| !own.contains(at)) {
            self.seen.add("scopes compared", 1);
            self.beside(at)?;
        }
        Ok(())
    }

    /// A step is left alone only where something happened, or was not known, that the plan could
    /// not say.
    fn is_left_rightly(&self, step: &Step, why: Left) -> bool {
        let at = place(step.scope);
        match why {
            // A group above it gave it a row.
            Left::Moved => self.before.rows[at].is_none(),
            // Nobody asked a group on the way.
            Left::Elsewhere => groups_above(at).any(|group| self.known[group] == Known::Off),
            Left::Hangs => true,
        }
    }

    /// A scope without a step.
    fn beside(&self, at: usize) -> Result<(), TestCaseError> {
        let how = self.plan.touched.get(&at);
        if groups_above(at).any(|group| self.ran.left.contains_key(&group)) {
            self.seen.add("below steps left alone", 1);
            return Ok(());
        }
        let unmoved = self.is_unmoved(at);
        let handed = how.is_some() && self.was_handed(at);
        let newer = self.before.newer;
        let right = match how {
            None | Some(Touch::Keep) => unmoved,
            // What agrees now has something new in the end.
            Some(Touch::Change) if newer => handed && !(unmoved && self.agrees(at)),
            Some(Touch::SwitchOn) if newer => {
                handed && self.before.rows[at].is_none() && self.ran.after.read(at).active()
            }
            Some(Touch::Change | Touch::SwitchOn) => unmoved,
            Some(Touch::Maybe) => unmoved || (newer && handed),
            Some(Touch::Unseen) => matches!(self.known[at], Known::Unknown(_)),
        };
        let class = how.map_or("out of reach".to_owned(), |how| format!("{how:?}"));
        if !right && how.is_none() && self.looks_unmoved(at) {
            self.seen.add(UNREADABLE, 1);
            return Ok(());
        }
        if !right && is_astray(self.before, at) {
            // What it is linked to cannot be told, and nothing hints at it: where it differs from
            // what seems to be its default, only servers that were upgraded keep that.
            let differs = matches!(
                self.known[at],
                Known::Row(Row { link: Link::Inherited { agrees: Agrees::No, .. }, .. })
            );
            prop_assert!(
                self.server.upgraded || !differs,
                "{} {}: {how:?}, {:?}",
                self.before.kind.slug,
                scope(at),
                self.known[at]
            );
            self.seen.add(format!("astray, {class}"), 1);
            return Ok(());
        }
        prop_assert!(
            right,
            "{} {} {how:?}: known {:?}, it was {:?} and is {:?}, {:?}",
            self.before.kind.slug,
            scope(at),
            self.known[at],
            self.before.rows[at],
            self.ran.after.rows[at],
            (self.server, self.wish)
        );
        let became = match how {
            Some(Touch::Maybe) if handed && !unmoved => ", and did",
            Some(Touch::Maybe) => ", and did not",
            _ if !newer => ", nothing handed down",
            _ => "",
        };
        self.seen.add(format!("{class}{became}"), 1);
        self.exactly_maybe(at, how)
    }

    /// *Maybe* is said of exactly those of whom nobody can know.
    fn exactly_maybe(&self, at: usize, how: Option<&Touch>) -> Result<(), TestCaseError> {
        let saved = self
            .plan
            .steps
            .iter()
            .filter(|it| it.scope.level == Level::Group && it.action != Action::Disable);
        let groups: Vec<usize> =
            saved.map(|it| place(it.scope)).filter(|group| is_below(at, *group)).collect();
        if groups.is_empty() {
            prop_assert!(how.is_none(), "{}: nothing above it is saved, {how:?}", scope(at));
            return Ok(());
        }
        // Out of one group's reach, it may be in another's.
        let reached =
            |source: usize| groups.iter().any(|group| source == *group || is_below(*group, source));
        let cannot = cannot_be_known(&self.known[at], reached);
        prop_assert_eq!(
            how == Some(&Touch::Maybe),
            cannot,
            "{} {}: {:?}, known {:?}",
            self.before.kind.slug,
            scope(at),
            how,
            self.known[at]
        );
        Ok(())
    }
}
