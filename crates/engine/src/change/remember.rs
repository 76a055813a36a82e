//! Secrets that a person lets the keychain remember, for undo and repeats: GitLab never gives them
//! back. Nothing but the keychain ever holds them.

use std::collections::{BTreeMap, HashSet};

use heirloom_core::ids::ScopeKey;
use heirloom_core::plan::Step;
use heirloom_secrets::{SecretName, SecretOwner, SecretStore};
use heirloom_store::Store;
use heirloom_store::app::connections::Connection;
use heirloom_store::app::journal::{RunId, RunNote};
use heirloom_store::app::remembered::Remembered;
use secrecy::SecretString;

use super::secrets::Secrets;
use crate::{Engine, Error, Result};

/// Steps taken out of the journal at once.
const WINDOW: u32 = 500;

/// A secret field that steps of a plan or run need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeededSecret {
    /// The field.
    pub field: String,
    /// Steps that need it.
    pub steps: u32,
    /// Of those, how many find it in the keychain. For the others it must be entered.
    pub remembered: u32,
}

impl Engine {
    /// Which secrets the steps of a plan or run need that are not done yet, and for how many of
    /// them the keychain remembers it. The keychain itself is not asked.
    ///
    /// # Errors
    /// When there is no such run, or the database cannot be read.
    pub async fn remembered(&self, run: RunId) -> Result<Vec<NeededSecret>> {
        self.blocking(move |engine| {
            let store = engine.store();
            let recall = Recall::of(store, &store.run(run)?)?;
            let mut needed: BTreeMap<String, NeededSecret> = BTreeMap::new();
            let mut after = 0;
            loop {
                let window = store.steps(run, after, WINDOW)?;
                let Some(last) = window.last() else { break };
                after = last.number;
                for it in window.iter().filter(|it| it.outcome.is_none()) {
                    for field in &it.step.secrets {
                        let need = needed.entry(field.clone()).or_insert_with(|| NeededSecret {
                            field: field.clone(),
                            steps: 0,
                            remembered: 0,
                        });
                        need.steps += 1;
                        need.remembered += u32::from(recall.has(&it.step, field));
                    }
                }
            }
            Ok(needed.into_values().collect())
        })
        .await
    }
}

/// With whose settings a step's secrets belong: of a step that takes a default over, the default's.
fn holder(step: &Step) -> ScopeKey {
    step.source.unwrap_or(step.scope)
}

/// What the keychain remembers of the integration that a run changes.
pub(super) struct Recall {
    fits: HashSet<(ScopeKey, String)>,
    /// Those of another time, too.
    all: HashSet<(ScopeKey, String)>,
}

impl Recall {
    /// For a run. One that takes another back wants what was there *before* that one: what it wrote
    /// itself, or what was written later, is something else.
    pub(super) fn of(store: &Store, note: &RunNote) -> Result<Self> {
        let (mut fits, mut all) = (HashSet::new(), HashSet::new());
        for it in store.remembered(note.connection)? {
            if note.slug.as_ref() != Some(&it.slug) {
                continue;
            }
            let before = |run| note.undoes.is_none_or(|undone| run < undone);
            if it.run.is_some_and(before) {
                fits.insert((it.scope, it.field.clone()));
            }
            all.insert((it.scope, it.field));
        }
        Ok(Self { fits, all })
    }

    /// Secrets of a scope's own that a step gives new values, and that the keychain has old ones
    /// of.
    fn outdated(&self, step: &Step) -> Vec<Remembered> {
        let own = step.source.is_none();
        let fields = step.secrets.iter().filter(|_| own);
        fields
            .filter(|field| self.all.contains(&(step.scope, (*field).clone())))
            .map(|field| Remembered {
                scope: step.scope,
                slug: step.slug.clone(),
                field: field.clone(),
                run: None,
            })
            .collect()
    }

    /// Whether the keychain has a step's secret.
    pub(super) fn has(&self, step: &Step, field: &str) -> bool {
        self.fits.contains(&(holder(step), field.to_owned()))
    }

    /// The first of a step's secrets that neither was given nor is remembered.
    pub(super) fn missing<'a>(&self, step: &'a Step, given: &Secrets) -> Option<&'a str> {
        let mut fields = step.secrets.iter().map(String::as_str);
        fields.find(|field| given.get(step.scope, field).is_none() && !self.has(step, field))
    }
}

/// The keychain's entries of one connection.
pub(super) struct Keeper {
    owner: SecretOwner,
    run: RunId,
}

impl Keeper {
    pub(super) fn of(engine: &Engine, connection: &Connection, run: RunId) -> Result<Self> {
        Ok(Self { owner: engine.owner(connection.id)?, run })
    }

    fn name(&self, step: &Step, field: &str) -> Result<SecretName> {
        SecretName::field(&self.owner, holder(step), &step.slug, field)
            .map_err(|why| Error::NotPossible(why.to_string()))
    }

    /// Fetches a step's secret; none: the keychain has lost it.
    pub(super) async fn recall(
        &self,
        place: &dyn SecretStore,
        step: &Step,
        field: &str,
    ) -> Result<Option<SecretString>> {
        Ok(place.get(&self.name(step, field)?).await?)
    }

    /// What was typed for a step that was applied is not to be kept: what the keychain has is not
    /// GitLab's any more.
    pub(super) async fn outdate(
        &self,
        engine: &Engine,
        connection: &Connection,
        recall: &Recall,
        step: &Step,
    ) -> Result<()> {
        let (id, outdated) = (connection.id, recall.outdated(step));
        if outdated.is_empty() {
            return Ok(());
        }
        engine.db(move |store| store.note_remembered(id, outdated)).await
    }

    /// Keeps what was typed for a step that was applied.
    pub(super) async fn keep(
        &self,
        engine: &Engine,
        connection: &Connection,
        step: &Step,
        typed: &Secrets,
    ) -> Result<()> {
        let place = engine.secret_place(&connection.details);
        for field in &step.secrets {
            let Some(value) = typed.get(step.scope, field) else { continue };
            let note = |run| {
                let slug = step.slug.clone();
                vec![Remembered { scope: holder(step), slug, field: field.clone(), run }]
            };
            let (before, after, id) = (note(None), note(Some(self.run)), connection.id);
            engine.db(move |store| store.note_remembered(id, before)).await?;
            place.set(&self.name(step, field)?, value).await?;
            engine.db(move |store| store.note_remembered(id, after)).await?;
        }
        Ok(())
    }
}
