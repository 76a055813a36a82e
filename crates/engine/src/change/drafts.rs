//! Drafts: what stands in a form, what it amounts to, keeping it.

use heirloom_core::catalog::Integration;
use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::plan::{
    Besides, SecretNeed, Snapshot, is_shown, offered, secret_needs, set_custom,
};
use heirloom_core::settings::{Have, Known, Pair, Settings, Verdict, compare};
use heirloom_core::validation::{self, Problem, Secrets};
use heirloom_core::value::Value;
use heirloom_store::Store;
use heirloom_store::app::connections::Connection;
use heirloom_store::app::drafts::Draft;
use heirloom_store::cache::scopes::Scope;
use jiff::Timestamp;

use super::plans::{DraftSkip, drafted};
use super::remember::Recall;
use super::survey::Survey;
use super::{known_kind, snapshot};
use crate::query::{Comparison, Default, server_version};
use crate::{Engine, Error, Result};

/// The form for custom settings.
#[derive(Clone, Debug)]
pub struct Form {
    /// Scope, item, default, chain.
    pub comparison: Comparison,
    /// The catalog's entry.
    pub integration: &'static Integration,
    /// The row as it is kept now.
    pub stored: Snapshot,
    /// What stands in the controls at first.
    pub draft: Settings,
    /// When it was kept; none: it is what is stored now.
    pub kept_at: Option<Timestamp>,
    /// The row moved in GitLab since the draft was begun.
    pub outdated: bool,
    /// The server's version: what it does not take is not offered.
    pub server: (u32, u32),
}

/// What a draft amounts to.
#[derive(Clone, Debug)]
pub struct DraftReport {
    /// What must be mended.
    pub problems: Vec<Problem>,
    /// Where each secret stands.
    pub secrets: Vec<SecretNeed>,
    /// Those of them that nobody need type: the keychain remembers them for the draft's address.
    pub remembered: Vec<String>,
    /// What changes.
    pub changes: Vec<Pair>,
    /// What will still differ from the default.
    pub still_differs: Vec<Pair>,
    /// What cannot be compared with it.
    pub cannot_compare: Vec<Pair>,
    /// Settings of the form, the hidden ones left out.
    pub settings: u32,
    /// What GitLab does besides.
    pub besides: Vec<Besides>,
}

/// A kept draft, for lists.
#[derive(Clone, Debug)]
pub struct DraftNote {
    /// Where.
    pub scope: Scope,
    /// Which integration.
    pub slug: Slug,
    /// When it was kept.
    pub kept_at: Timestamp,
    /// Why nothing can be planned from it, as far as the local copy tells.
    pub why: Option<DraftSkip>,
}

/// What can be set of an integration at many scopes at once.
#[derive(Clone, Copy, Debug)]
pub struct Settable {
    /// The catalog's entry.
    pub integration: &'static Integration,
    /// The server's version: what it does not take is not offered.
    pub server: (u32, u32),
}

impl Engine {
    /// What can be set of an integration at many scopes at once.
    ///
    /// # Errors
    /// When there is no such connection, or the integration is not known well enough.
    pub async fn settable(&self, id: ConnectionId, slug: &Slug) -> Result<Settable> {
        let integration = known_kind(slug)?;
        Ok(Settable { integration, server: server_version(&self.connection(id).await?) })
    }

    /// The form for custom settings, with the kept draft if there is one.
    ///
    /// # Errors
    /// When the scope is not in the cache, or the integration cannot be changed here.
    pub async fn edit_form(&self, id: ConnectionId, scope: ScopeKey, slug: Slug) -> Result<Form> {
        let integration = known_kind(&slug)?;
        let server = server_version(&self.connection(id).await?);
        let comparison = self.compare(id, scope, slug.clone()).await?;
        let kept = self.db(move |store| store.draft(id, scope, &slug)).await?;
        let stored = snapshot(comparison.item.kept.as_ref(), &comparison.default);
        let (draft, kept_at, outdated) = match kept {
            Some(draft) => {
                let outdated = !draft.begun_on.same(integration, &stored);
                (draft.settings, Some(draft.kept_at), outdated)
            }
            None => (first_draft(integration, &stored, &comparison.default), None, false),
        };
        let draft = offered(integration, scope.level, server, draft);
        Ok(Form { comparison, integration, stored, draft, kept_at, outdated, server })
    }

    /// What a draft amounts to: problems, changes, secrets, side effects. `typed` names the secret
    /// fields that hold a new value.
    ///
    /// # Errors
    /// As [`Engine::edit_form`].
    pub async fn check_draft(
        &self,
        id: ConnectionId,
        scope: ScopeKey,
        slug: Slug,
        draft: Settings,
        typed: Vec<String>,
    ) -> Result<DraftReport> {
        let integration = known_kind(&slug)?;
        let server = server_version(&self.connection(id).await?);
        let comparison = self.compare(id, scope, slug).await?;
        let stored = snapshot(comparison.item.kept.as_ref(), &comparison.default);
        let slug = comparison.item.slug.clone();
        let recall = self.blocking(move |engine| Recall::now(engine.store(), id, &slug)).await?;
        Ok(report(integration, server, &comparison, &stored, (draft, &typed), &recall))
    }

    /// Keeps a draft; returns when. Anything the catalog calls secret is dropped here, whatever
    /// the caller sent.
    ///
    /// # Errors
    /// As [`Engine::edit_form`], and when the disk refuses.
    pub async fn keep_draft(
        &self,
        id: ConnectionId,
        scope: ScopeKey,
        slug: Slug,
        draft: Settings,
    ) -> Result<Timestamp> {
        let integration = known_kind(&slug)?;
        let comparison = self.compare(id, scope, slug.clone()).await?;
        let begun_on = snapshot(comparison.item.kept.as_ref(), &comparison.default);
        let kept_at = self.now();
        let draft =
            Draft { scope, slug, settings: without_secrets(integration, draft), begun_on, kept_at };
        self.db(move |store| store.keep_draft(id, draft)).await?;
        self.changed();
        Ok(kept_at)
    }

    /// Discards a draft.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn discard_draft(&self, id: ConnectionId, scope: ScopeKey, slug: Slug) -> Result<()> {
        self.db(move |store| store.discard_draft(id, scope, &slug)).await?;
        self.changed();
        Ok(())
    }

    /// Discards a draft that was sent: it says nothing that one of these rows, what was planned and
    /// what was read back, does not have. Any other is somebody's work, and stays.
    pub(super) async fn discard_sent_draft(
        &self,
        connection: &Connection,
        scope: ScopeKey,
        slug: Slug,
        rows: Vec<Snapshot>,
    ) -> Result<()> {
        let (id, server) = (connection.id, server_version(connection));
        let integration = known_kind(&slug)?;
        let was_sent = self
            .db(move |store| {
                let Some(draft) = store.draft(id, scope, &slug)? else { return Ok(false) };
                let draft = offered(integration, scope.level, server, draft.settings);
                let has_it = |row: &Snapshot| {
                    let saved = set_custom(integration, scope, &slug, row, &draft, &[]);
                    saved.is_ok_and(|step| step.changes(integration).is_empty())
                };
                let was_sent = rows.iter().any(has_it);
                if was_sent {
                    store.discard_draft(id, scope, &slug)?;
                }
                Ok(was_sent)
            })
            .await?;
        if was_sent {
            self.changed();
        }
        Ok(())
    }

    /// Every kept draft whose scope is still there, latest first.
    ///
    /// # Errors
    /// When the local databases cannot be read.
    pub async fn drafts(&self, id: ConnectionId) -> Result<Vec<DraftNote>> {
        let server = server_version(&self.connection(id).await?);
        self.blocking(move |engine| {
            let store = engine.store();
            let mut notes = Vec::new();
            for (scope, slug, kept_at) in store.drafts(id)? {
                match store.scope(id, scope) {
                    Ok(scope) => {
                        let why = why_not(store, id, server, &scope, &slug)?;
                        notes.push(DraftNote { scope, slug, kept_at, why });
                    }
                    Err(heirloom_store::Error::Missing(_)) => {}
                    Err(error) => return Err(Error::from(error)),
                }
            }
            Ok(notes)
        })
        .await
    }
}

/// Why nothing can be planned from a draft, by the rules that plan it.
fn why_not(
    store: &Store,
    id: ConnectionId,
    server: (u32, u32),
    scope: &Scope,
    slug: &Slug,
) -> Result<Option<DraftSkip>> {
    let Ok(integration) = known_kind(slug) else { return Ok(None) };
    let survey = Survey::new(store, id, integration, slug, server);
    let (_, _, ground) = survey.one(scope.listed.key)?;
    Ok(drafted(&survey, scope, &ground)?.err())
}

/// What stands in an untouched form: the stored settings; for a new row the default's, as in
/// GitLab's form; else what the catalog says an unset one means.
fn first_draft(integration: &Integration, stored: &Snapshot, default: &Default) -> Settings {
    let mut draft = match (stored, default.row.as_ref()) {
        (Snapshot::Stored { settings, .. }, _) => settings.clone(),
        (Snapshot::Nothing, Some(row)) => row.settings().unwrap_or_default(),
        (Snapshot::Nothing, None) => Settings::default(),
    };
    if draft == Settings::default() {
        for field in integration.fields.iter().filter(|field| !field.secret) {
            if let Some(text) = field.default {
                draft
                    .fields
                    .insert(field.name.to_owned(), Value::from_text(field.field_type, text));
            }
        }
        for event in integration.events {
            draft.events.insert(event.name.to_owned(), event.default);
        }
    }
    draft
}

fn without_secrets(integration: &Integration, mut draft: Settings) -> Settings {
    draft.fields.retain(|name, _| integration.field(name).is_some_and(|field| !field.secret));
    draft.events.retain(|name, _| integration.event(name).is_some());
    draft
}

fn report(
    integration: &'static Integration,
    server: (u32, u32),
    comparison: &Comparison,
    stored: &Snapshot,
    (draft, typed): (Settings, &[String]),
    recall: &Recall,
) -> DraftReport {
    let (scope, slug) = (comparison.scope.listed.key, &comparison.item.slug);
    let default = &comparison.default;
    let draft = offered(integration, scope.level, server, without_secrets(integration, draft));
    let secrets = secret_needs(integration, stored, &draft, typed);
    let step = set_custom(integration, scope, slug, stored, &draft, typed).ok();
    let remembered = step.as_ref().map(|step| recall.lends(step, typed)).unwrap_or_default();
    let given: Vec<String> = typed.iter().chain(&remembered).cloned().collect();
    let (changes, after, besides) = match step {
        Some(step) => (step.changes(integration), step.after.settings(), step.besides),
        None => (Vec::new(), draft.clone(), Vec::new()),
    };
    let against =
        default.row.as_ref().and_then(heirloom_store::cache::integrations::Kept::settings);
    let pairs = match &against {
        Some(theirs) => compare(Some(integration), Have::Read(theirs), Have::Read(&after)),
        None => Vec::new(),
    };
    // What the form does not have at this level is nothing to tell apart.
    let in_form = |pair: &&Pair| match pair.known {
        Some(Known::Field(field)) => field.rest && field.offered(scope.level, server),
        Some(Known::Event(event)) => event.rest && event.offered(scope.level, server),
        None => true,
    };
    let of = |verdict: Verdict| {
        let found = pairs.iter().filter(|pair| pair.verdict == verdict);
        found.filter(in_form).cloned().collect::<Vec<_>>()
    };
    // As many as the form has: what only GitLab's own page can set is not among them.
    let fields = integration.fields.iter().filter(|it| it.rest && is_shown(it, &draft.fields));
    let fields = fields.filter(|it| it.offered(scope.level, server)).count();
    let events = integration.events.iter().filter(|it| it.rest);
    let events = events.filter(|it| it.offered(scope.level, server)).count();
    DraftReport {
        problems: problems(integration, stored, &draft, &given),
        secrets,
        remembered,
        changes,
        still_differs: of(Verdict::Differs),
        cannot_compare: of(Verdict::CannotCompare),
        settings: u32::try_from(fields + events).unwrap_or(u32::MAX),
        besides,
    }
}

/// Everything wrong with a draft, missing secrets included: those that were neither typed nor are
/// remembered.
pub(super) fn problems(
    integration: &'static Integration,
    stored: &Snapshot,
    draft: &Settings,
    given: &[String],
) -> Vec<Problem> {
    let secrets = || integration.fields.iter().filter(|field| field.secret);
    let names = |fields: &mut dyn Iterator<Item = &'static heirloom_core::catalog::Field>| {
        fields.map(|field| field.name.to_owned()).collect()
    };
    let secrets = Secrets {
        given: given.iter().cloned().collect(),
        stored: if *stored == Snapshot::Nothing {
            names(&mut secrets().take(0))
        } else {
            names(&mut secrets())
        },
        // That an optional secret goes is shown beside the form, and is no mistake.
        let_go: names(&mut secrets().filter(|field| !field.required)),
    };
    validation::problems(integration, &stored.settings().fields, &draft.fields, &secrets)
}
