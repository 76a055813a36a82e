//! What all steps of a plan come to, setting by setting, and why scopes were left out of it.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use heirloom_core::plan::Besides;
use heirloom_core::settings::{Pair, Side};
use heirloom_store::app::journal::RunId;

use super::known_kind;
use super::plans::gone;
use crate::{Engine, Result};

/// Steps taken out of the journal at once.
const WINDOW: u32 = 500;

/// Reasons that are told; what is left of scopes was left out for others.
const REASONS: u32 = 12;

/// What the steps of a plan come to, without those left out.
#[derive(Clone, Debug, Default)]
pub struct Sums {
    /// Settings that change, those that change most often first.
    pub settings: Vec<SettingSum>,
    /// Steps after which secrets are gone that GitLab never gives back.
    pub losing: u32,
}

/// One setting over all steps.
#[derive(Clone, Debug)]
pub struct SettingSum {
    /// As the first of the steps changes it.
    pub first: Pair,
    /// How many change it.
    pub steps: u32,
    /// How many different values it has before.
    pub befores: u32,
    /// And after.
    pub afters: u32,
}

struct Tally {
    first: Pair,
    steps: u32,
    befores: HashSet<u64>,
    afters: HashSet<u64>,
}

impl Engine {
    /// What a plan's steps come to. It reads all of them.
    ///
    /// # Errors
    /// When there is no such plan, or the database cannot be read.
    pub async fn plan_sums(&self, run: RunId) -> Result<Sums> {
        self.blocking(move |engine| {
            let store = engine.store();
            let integration = known_kind(&store.run(run)?.slug.ok_or_else(gone)?)?;
            let mut found: BTreeMap<String, Tally> = BTreeMap::new();
            let (mut past, mut losing) = (0, 0);
            loop {
                let window = store.steps(run, past, WINDOW)?;
                let Some(last) = window.last() else { break };
                past = last.number;
                for it in window {
                    losing += u32::from(it.step.besides.iter().any(loses));
                    for pair in it.step.changes(integration) {
                        let (before, after) = (mark(&pair.sides.default), mark(&pair.sides.own));
                        let sum = found.entry(pair.name.clone()).or_insert_with(|| Tally {
                            first: pair,
                            steps: 0,
                            befores: HashSet::new(),
                            afters: HashSet::new(),
                        });
                        sum.steps += 1;
                        sum.befores.insert(before);
                        sum.afters.insert(after);
                    }
                }
            }
            let count = |marks: HashSet<u64>| u32::try_from(marks.len()).unwrap_or(u32::MAX);
            let mut settings: Vec<SettingSum> = found
                .into_values()
                .map(|it| SettingSum {
                    first: it.first,
                    steps: it.steps,
                    befores: count(it.befores),
                    afters: count(it.afters),
                })
                .collect();
            settings.sort_by_key(|it| std::cmp::Reverse(it.steps));
            Ok(Sums { settings, losing })
        })
        .await
    }

    /// Why scopes were left out of a plan or run, with how many for each reason, most first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn skip_reasons(&self, run: RunId) -> Result<Vec<(String, u32)>> {
        self.db(move |store| store.skip_reasons(run, REASONS)).await
    }
}

const fn loses(besides: &Besides) -> bool {
    matches!(besides, Besides::LosesSecrets { .. } | Besides::Blanks | Besides::DropsSecrets { .. })
}

/// Tells values apart without keeping them.
fn mark(side: &Side) -> u64 {
    let mut hasher = DefaultHasher::new();
    match side {
        Side::Value(value) => value.to_json().to_string().hash(&mut hasher),
        Side::Flag(on) => on.hash(&mut hasher),
        Side::Hidden | Side::Unread | Side::Absent => {
            std::mem::discriminant(side).hash(&mut hasher);
        }
    }
    hasher.finish()
}
