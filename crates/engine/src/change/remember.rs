//! Secrets that a person lets the keychain remember, for undo and repeats: GitLab never gives them
//! back. Nothing but the keychain ever holds them.

use std::collections::{BTreeMap, HashMap};

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::plan::Step;
use heirloom_secrets::{SecretName, SecretOwner, SecretStore};
use heirloom_store::Store;
use heirloom_store::app::connections::Connection;
use heirloom_store::app::journal::{RunId, RunNote};
use heirloom_store::app::remembered::Remembered;
use secrecy::{ExposeSecret as _, SecretString};

use super::about::About;
use super::address::address;
use super::secrets::Secrets;
use crate::locks::{self, Work};
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

/// Steps that lack the same secrets: the keychain does not remember them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingSecrets {
    /// The fields.
    pub fields: Vec<String>,
    /// How many steps lack just these.
    pub steps: u32,
}

/// Which secrets a plan or run needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretNeeds {
    /// By field.
    pub fields: Vec<NeededSecret>,
    /// By what single steps lack: a step can be applied when all of its set is given.
    pub missing: Vec<MissingSecrets>,
}

/// A secret field whose values the keychain was given by a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptSecret {
    /// The field.
    pub field: String,
    /// Of how many scopes.
    pub scopes: u32,
}

impl Engine {
    /// Which secrets the steps of a plan or run need that are not done yet, for how many of them
    /// the keychain remembers it, and which steps lack what. The keychain itself is not asked.
    ///
    /// # Errors
    /// When there is no such run, or the database cannot be read.
    pub async fn secret_needs(&self, run: RunId) -> Result<SecretNeeds> {
        self.blocking(move |engine| secret_needs(engine.store(), &engine.store().run(run)?)).await
    }

    /// What a run gave the keychain to remember, and that is still the last it was given.
    ///
    /// # Errors
    /// When there is no such run, or the database cannot be read.
    pub async fn kept_secrets(&self, run: RunId) -> Result<Vec<KeptSecret>> {
        let kept = self.kept_by(run).await?;
        let mut found: BTreeMap<String, u32> = BTreeMap::new();
        for it in kept {
            *found.entry(it.field).or_default() += 1;
        }
        Ok(found.into_iter().map(|(field, scopes)| KeptSecret { field, scopes }).collect())
    }

    /// Takes from the keychain what a run gave it to remember.
    ///
    /// # Errors
    /// When something is being applied, or the keychain refuses: what it was taken from before
    /// that is forgotten.
    pub async fn forget_secrets(&self, run: RunId) -> Result<()> {
        let id = self.db(move |store| store.connection_of(run)).await?;
        let connection = self.connection(id).await?;
        let _held = locks::take(self.store().folder(), id, Work::Apply)?;
        let owner = self.owner(id)?;
        let place = self.secret_place(&connection.details);
        let mut gone = Vec::new();
        let mut refused = None;
        for it in self.kept_by(run).await? {
            let name = SecretName::field(&owner, it.scope, &it.slug, &it.field)
                .map_err(|why| Error::NotPossible(why.to_string()))?;
            if let Err(why) = place.delete(&name).await {
                refused = Some(why);
                break;
            }
            gone.push(it);
        }
        // The names go last: whatever is in the keychain is known here.
        self.db(move |store| store.forget_remembered(id, gone)).await?;
        self.changed();
        refused.map_or(Ok(()), |why| Err(why.into()))
    }

    async fn kept_by(&self, run: RunId) -> Result<Vec<Remembered>> {
        self.db(move |store| {
            let note = store.run(run)?;
            let mut known = store.remembered(note.connection)?;
            known.retain(|it| it.run == Some(run));
            Ok(known)
        })
        .await
    }
}

/// Which secrets open steps need. Of a run that needs some it reads all steps.
pub(super) fn secret_needs(store: &Store, note: &RunNote) -> Result<SecretNeeds> {
    if store.open_secrets(note.id)?.is_empty() {
        return Ok(SecretNeeds::default());
    }
    let recall = Recall::of(store, note)?;
    let mut needed: BTreeMap<String, NeededSecret> = BTreeMap::new();
    let mut missing: BTreeMap<Vec<String>, u32> = BTreeMap::new();
    let mut after = 0;
    loop {
        let window = store.steps(note.id, after, WINDOW)?;
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
            let lacks = recall.lacks(&it.step);
            if !lacks.is_empty() {
                *missing.entry(lacks).or_default() += 1;
            }
        }
    }
    let missing = missing.into_iter();
    Ok(SecretNeeds {
        fields: needed.into_values().collect(),
        missing: missing.map(|(fields, steps)| MissingSecrets { fields, steps }).collect(),
    })
}

/// With whose settings a step's secrets belong: of a step that takes a default over, the default's.
fn holder(step: &Step) -> ScopeKey {
    step.source.unwrap_or(step.scope)
}

/// What the keychain remembers of the integration that a run changes.
pub(super) struct Recall {
    all: HashMap<(ScopeKey, String), Entry>,
}

struct Entry {
    known: Remembered,
    /// It is what GitLab had at the time that is wanted.
    in_time: bool,
}

impl Recall {
    /// For a run. One that takes another back wants what was there *before* that one: what it wrote
    /// itself, or what was written later, is something else. Nothing fits where that run is not
    /// known here.
    pub(super) fn of(store: &Store, note: &RunNote) -> Result<Self> {
        let Some(slug) = &note.slug else { return Ok(Self { all: HashMap::new() }) };
        let typed_only = About::noted(note).typed_only;
        let before = |run| !typed_only && note.undoes.is_none_or(|undone| run < undone);
        Self::when(store, note.connection, slug, before)
    }

    /// For what changes an integration now.
    pub(super) fn now(store: &Store, id: ConnectionId, slug: &Slug) -> Result<Self> {
        Self::when(store, id, slug, |_| true)
    }

    fn when(
        store: &Store,
        id: ConnectionId,
        slug: &Slug,
        in_time: impl Fn(RunId) -> bool,
    ) -> Result<Self> {
        let all = store.remembered(id)?.into_iter().filter(|known| known.slug == *slug);
        let entry = |known: Remembered| {
            let in_time = known.run.is_some_and(&in_time);
            ((known.scope, known.field.clone()), Entry { known, in_time })
        };
        Ok(Self { all: all.map(entry).collect() })
    }

    /// What the keychain has of a scope's own secrets that a step writes.
    fn own<'a>(&'a self, step: &'a Step) -> impl Iterator<Item = Remembered> + 'a {
        // What a step takes over with a default is the default's.
        let fields = step.secrets.iter().filter(|_| step.source.is_none());
        let found = fields.filter_map(|field| self.all.get(&(step.scope, field.clone())));
        found.map(|entry| entry.known.clone())
    }

    /// Whether the keychain has a step's secret, for the address that the step leaves.
    pub(super) fn has(&self, step: &Step, field: &str) -> bool {
        let entry = self.all.get(&(holder(step), field.to_owned()));
        entry.is_some_and(|it| it.in_time && it.known.address == address(step))
    }

    /// A step's secrets that nobody typed and it has.
    pub(super) fn lends(&self, step: &Step, typed: &[String]) -> Vec<String> {
        let untyped = step.secrets.iter().filter(|field| !typed.contains(field));
        untyped.filter(|field| self.has(step, field)).cloned().collect()
    }

    /// A step's secrets that it does not have.
    pub(super) fn lacks(&self, step: &Step) -> Vec<String> {
        step.secrets.iter().filter(|field| !self.has(step, field)).cloned().collect()
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

    /// Before a step is sent: notes that what the keychain has is not to be used any more, where
    /// something else was typed. Whatever comes of the step, nobody takes it for GitLab's then.
    /// Returns what it was before.
    pub(super) async fn doubt(
        &self,
        engine: &Engine,
        connection: &Connection,
        recall: &Recall,
        step: &Step,
        typed: &Secrets,
    ) -> Result<Vec<Remembered>> {
        let place = engine.secret_place(&connection.details);
        let mut doubted = Vec::new();
        for known in recall.own(step) {
            let Some(typed) = typed.get(step.scope, &known.field) else { continue };
            // A keychain that cannot be asked may have anything.
            let kept = self.recall(place, step, &known.field).await.ok().flatten();
            if kept.is_none_or(|kept| kept.expose_secret() != typed.expose_secret()) {
                doubted.push(known);
            }
        }
        self.note(engine, connection, &doubted, |_| None).await?;
        Ok(doubted)
    }

    /// Nothing was sent after all: takes doubts back.
    pub(super) async fn trust(
        &self,
        engine: &Engine,
        connection: &Connection,
        doubted: &[Remembered],
    ) -> Result<()> {
        self.note(engine, connection, doubted, |it| it.run).await
    }

    /// A step ended: takes from the keychain what it has of its secrets and nobody uses any more.
    /// What it does not give away stays noted, and goes with the connection.
    pub(super) async fn clear(
        &self,
        engine: &Engine,
        connection: &Connection,
        recall: &Recall,
        step: &Step,
    ) -> Result<()> {
        if recall.own(step).next().is_none() {
            return Ok(());
        }
        let (id, scope, slug) = (connection.id, step.scope, step.slug.clone());
        let mut known = engine.db(move |store| store.remembered_at(id, scope, &slug)).await?;
        known.retain(|it| it.run.is_none() && step.secrets.contains(&it.field));
        let place = engine.secret_place(&connection.details);
        let mut gone = Vec::new();
        for it in known {
            if place.delete(&self.name(step, &it.field)?).await.is_ok() {
                gone.push(it);
            }
        }
        if gone.is_empty() {
            return Ok(());
        }
        engine.db(move |store| store.forget_remembered(id, gone)).await
    }

    async fn note(
        &self,
        engine: &Engine,
        connection: &Connection,
        secrets: &[Remembered],
        run: impl Fn(&Remembered) -> Option<RunId>,
    ) -> Result<()> {
        if secrets.is_empty() {
            return Ok(());
        }
        let id = connection.id;
        let noted = secrets.iter().map(|it| Remembered { run: run(it), ..it.clone() }).collect();
        engine.db(move |store| store.note_remembered(id, noted)).await
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
            let (scope, slug) = (holder(step), step.slug.clone());
            let (run, address) = (Some(self.run), address(step));
            let kept = [Remembered { scope, slug, field: field.clone(), run, address }];
            self.note(engine, connection, &kept, |_| None).await?;
            place.set(&self.name(step, field)?, value).await?;
            self.note(engine, connection, &kept, |it| it.run).await?;
        }
        Ok(())
    }
}
