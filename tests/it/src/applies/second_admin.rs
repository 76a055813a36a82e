//! Somebody else who changes, meanwhile, what a run is about.

use std::collections::BTreeMap;

use heirloom_engine::JournalStep;
use heirloom_engine::core::ids::ScopeKey;
use heirloom_simulator::{Form, Request, RowView};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use serde_json::Value as Json;

use super::{Change, Estate, level};

/// One of so many steps is in somebody else's hands at most.
const SHARE: usize = 10;

/// Requests that may be answered between the reading of a row and its write: those of all the
/// steps that are under way beside it.
const BETWEEN: u64 = 400;

/// A second admin; or nobody, who changes nothing.
#[derive(Debug, Default)]
pub(super) struct SecondAdmin {
    dice: Option<StdRng>,
    places: Vec<ScopeKey>,
    changed: BTreeMap<ScopeKey, Theirs>,
}

/// What they made of a row.
#[derive(Debug)]
struct Theirs {
    path: String,
    /// Requests answered before.
    mark: u64,
    row: RowView,
}

/// How somebody else's change stands to a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Touched {
    /// Nobody was there.
    Not,
    /// The row is as they left it.
    Stands,
    /// A group above is as they left it, and the row is not theirs.
    Above,
    /// It was written over, within the moment between reading a row and writing it.
    WrittenOver,
    /// It was written over by what was read long before.
    Lost,
}

impl SecondAdmin {
    /// Somebody who is about the steps of an estate's plan.
    pub(super) async fn at(estate: &Estate, seed: u64) -> Self {
        let (dice, places) = (Some(StdRng::seed_from_u64(seed)), estate.places().await);
        Self { dice, places, changed: BTreeMap::new() }
    }

    pub(super) fn is_there(&self) -> bool {
        self.dice.is_some()
    }

    /// Rows they changed.
    pub(super) fn changes(&self) -> u32 {
        u32::try_from(self.changed.len()).unwrap_or(u32::MAX)
    }

    /// Now and then gives a row other settings, as the settings page does.
    pub(super) fn look_in(&mut self, estate: &Estate) {
        let Some(dice) = &mut self.dice else { return };
        if self.changed.len() >= self.places.len() / SHARE || !dice.random_ratio(1, 40) {
            return;
        }
        let Some(scope) = self.places.choose(dice).copied() else { return };
        if self.changed.contains_key(&scope) {
            return;
        }
        let name = if estate.change == Change::SetField { "external_wiki_url" } else { "username" };
        let text = format!("https://theirs.example/{}", self.changed.len());
        let mut fields = BTreeMap::from([(name.to_owned(), Json::from(text))]);
        if estate.change != Change::SetField {
            fields.insert("url".to_owned(), "https://jira.theirs.example".into());
            fields.insert("password".to_owned(), "theirs".into());
        }
        let form = Form { inherit: Some(false), active: Some(true), fields, ..Form::default() };
        let mark = estate.lab.mark();
        let world = estate.lab.simulator.world();
        let (level, id) = (level(scope), scope.id.0);
        world.save(level, id, estate.slug.as_str(), &form).expect("saved");
        let row = world.row(level, id, estate.slug.as_str()).expect("a row");
        let path = world.path(level, id).expect("a path");
        self.changed.insert(scope, Theirs { path, mark, row });
    }

    /// How their changes stand to a step, which sent these writes.
    pub(super) fn touched(&self, estate: &Estate, step: &JournalStep, sent: &[Request]) -> Touched {
        let Some(theirs) = self.changed.get(&step.step.scope) else {
            let above = |it: &Theirs| {
                step.path.strip_prefix(&it.path).is_some_and(|rest| rest.starts_with('/'))
            };
            return match self.changed.values().any(above) {
                true => Touched::Above,
                false => Touched::Not,
            };
        };
        let stands = estate.row(step.step.scope).is_some_and(|row| {
            let now = (row.active, row.inherit_from, row.fields, row.events);
            let their = &theirs.row;
            now == (their.active, their.inherit_from, their.fields.clone(), their.events.clone())
        });
        if stands {
            return Touched::Stands;
        }
        match sent.iter().find(|it| it.number > theirs.mark) {
            Some(write) if write.number <= theirs.mark + BETWEEN => Touched::WrittenOver,
            _ => Touched::Lost,
        }
    }
}
