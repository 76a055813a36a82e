//! Plans as files: to be read by people, reviewed in a merge request, and applied later to the
//! instance they were made for (design.md, *heirloomctl*). A file never holds a secret, and never
//! what is sent: that is worked out again from what it says, on what the local copy has.

use std::collections::BTreeSet;
use std::io::Write;

use heirloom_core::catalog::Integration;
use heirloom_core::ids::{GitlabId, Level, ScopeKey, Slug};
use heirloom_core::plan::{Action, Besides, Change, Snapshot, Step};
use heirloom_store::Store;
use heirloom_store::app::connections::Connection;
use heirloom_store::app::journal::{NewPlan, RunId, Touch};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::plans::{KEPT_FOR, Plan, may_write};
use super::survey::Survey;
use super::{blast, known_kind};
use crate::query::server_version;
use crate::{Engine, Error, Result};

/// The format this build writes and reads.
const VERSION: u32 = 1;

/// How far the clock of whoever made a file may be ahead.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Steps taken out of the journal at once.
const WINDOW: u32 = 500;

/// A plan file.
#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    instance: Instance,
    planned_at: Timestamp,
    steps: Vec<FileStep>,
    skipped: Vec<FileSkipped>,
    blast: FileBlast,
}

#[derive(Serialize, Deserialize)]
struct Instance {
    url: String,
    version: String,
}

#[derive(Serialize, Deserialize)]
struct FileStep {
    id: u32,
    level: Level,
    scope_id: u64,
    path: String,
    slug: Slug,
    action: Action,
    before: Snapshot,
    after: Snapshot,
    secrets: Vec<String>,
    /// What GitLab does besides: to be read, worked out again when the file is taken up.
    #[serde(default)]
    besides: Vec<Besides>,
}

impl FileStep {
    const fn key(&self) -> ScopeKey {
        ScopeKey { level: self.level, id: GitlabId(self.scope_id) }
    }
}

#[derive(Serialize, Deserialize)]
struct FileSkipped {
    path: String,
    slug: Slug,
    why: String,
}

/// Full paths of who else is touched.
#[derive(Default, Serialize, Deserialize)]
struct FileBlast {
    change: Vec<String>,
    keep: Vec<String>,
    switch_on: Vec<String>,
    maybe: Vec<String>,
    unseen: Vec<String>,
}

impl Engine {
    /// Writes a plan as a file.
    ///
    /// # Errors
    /// When the plan is gone, or the writer fails.
    pub async fn write_plan<W: Write + Send + 'static>(&self, run: RunId, mut out: W) -> Result<W> {
        self.blocking(move |engine| {
            let file = file(engine.store(), run)?;
            let failed = |source| Error::File { path: "the plan file".into(), source };
            serde_json::to_writer_pretty(&mut out, &file)
                .map_err(std::io::Error::from)
                .and_then(|()| out.write_all(b"\n"))
                .and_then(|()| out.flush())
                .map_err(failed)?;
            Ok(out)
        })
        .await
    }

    /// Takes up a plan from a file, for the connection to the instance it was made for.
    ///
    /// # Errors
    /// When it is no plan file, was made for another instance, or the local copy has overtaken it.
    pub async fn read_plan(&self, connection: &Connection, text: String) -> Result<Plan> {
        may_write(connection)?;
        let connection = connection.clone();
        let at = self.now();
        let run = self.blocking(move |engine| take(engine.store(), &connection, &text, at)).await?;
        self.show_plan(run).await
    }
}

fn file(store: &Store, run: RunId) -> Result<File> {
    let note = store.run(run)?;
    let slug = note.slug.ok_or_else(super::plans::gone)?;
    let connection = store.connection(note.connection)?;
    let mut steps = Vec::new();
    let mut after = 0;
    loop {
        let window = store.steps(run, after, WINDOW)?;
        let Some(last) = window.last() else { break };
        after = last.number;
        steps.extend(window.into_iter().map(|it| FileStep {
            id: it.number,
            level: it.step.scope.level,
            scope_id: it.step.scope.id.0,
            path: it.path,
            slug: it.step.slug,
            action: it.step.action,
            before: it.step.before,
            after: it.step.after,
            secrets: it.step.secrets,
            besides: it.step.besides,
        }));
    }
    let paths = |how| -> Result<Vec<String>> {
        let (_, touched) = store.touched(run, how, 0, u32::MAX)?;
        Ok(touched.into_iter().map(|it| it.path).collect())
    };
    Ok(File {
        version: VERSION,
        instance: Instance {
            url: connection.details.base_url,
            version: connection.details.version,
        },
        planned_at: note.planned_at,
        steps,
        skipped: store
            .skipped(run, 0, u32::MAX)?
            .into_iter()
            .map(|it| FileSkipped { path: it.path, slug: slug.clone(), why: it.why })
            .collect(),
        blast: FileBlast {
            change: paths(Touch::Change)?,
            keep: paths(Touch::Keep)?,
            switch_on: paths(Touch::SwitchOn)?,
            maybe: paths(Touch::Maybe)?,
            unseen: paths(Touch::Unseen)?,
        },
    })
}

fn take(store: &Store, connection: &Connection, text: &str, now: Timestamp) -> Result<RunId> {
    let unreadable = |why: String| Error::NotPossible(format!("This is no plan file: {why}"));
    let file: File = serde_json::from_str(text).map_err(|why| unreadable(why.to_string()))?;
    if file.version != VERSION {
        return Err(unreadable(format!("its format is {}, not {VERSION}", file.version)));
    }
    if file.instance.url != connection.details.base_url {
        return Err(Error::NotPossible(format!(
            "This plan was made for {}, not for {}",
            file.instance.url, connection.details.base_url
        )));
    }
    if file.planned_at > now + SKEW {
        return Err(unreadable(format!("it says it was made at {}", file.planned_at)));
    }
    let mut met = BTreeSet::new();
    if let Some(twice) = file.steps.iter().find(|step| !met.insert(step.key())) {
        return Err(unreadable(format!("{} is in it twice", twice.path)));
    }
    let Some(slug) = file.steps.first().map(|step| step.slug.clone()) else {
        return Err(unreadable("it has no steps".into()));
    };
    store.forget_plans(now - KEPT_FOR)?;
    let plan = NewPlan {
        connection: connection.id,
        slug: slug.clone(),
        planned_at: file.planned_at,
        undoes: None,
    };
    let run = store.begin_plan(plan)?;
    let server = server_version(connection);
    let taken = known_kind(&slug).and_then(|integration| {
        let survey = Survey::new(store, connection.id, integration, &slug, server);
        let steps = file.steps.iter().map(|step| again(&survey, integration, &slug, step));
        store.add_steps(run, steps.collect::<Result<_>>()?, file.planned_at)?;
        blast::write_down(store, connection.id, &slug, run)?;
        Ok(run)
    });
    if taken.is_err() {
        store.discard_plan(run)?;
    }
    taken
}

/// Plans a step of a file again: what is sent must follow from what the file says, and what the
/// file says must still hold.
fn again(
    survey: &Survey<'_>,
    integration: &'static Integration,
    slug: &Slug,
    step: &FileStep,
) -> Result<(Step, String)> {
    let overtaken =
        |why: &str| Error::PlanOutdated(format!("{}: {why}. Make the plan again", step.path));
    if step.slug != *slug {
        return Err(Error::NotPossible("A plan file is for one integration".into()));
    }
    let key = step.key();
    let Some((scope, ground)) = survey.find(key)? else {
        return Err(overtaken("it is not in the local copy"));
    };
    // Who reviewed the file read a path; what is written to goes by its number.
    if scope.listed.path != step.path {
        let now = format!("in the local copy number {} is {}", step.scope_id, scope.listed.path);
        return Err(overtaken(&now));
    }
    if !ground.before.same(integration, &step.before) {
        return Err(overtaken("the local copy has moved on since"));
    }
    let change = match step.action {
        Action::UseDefault => Change::UseDefault,
        Action::Disable => Change::Disable,
        Action::Enable => Change::Enable,
        Action::SetCustom => {
            Change::SetCustom { draft: step.after.settings(), typed: step.secrets.clone() }
        }
    };
    let made = survey.decide(&change, &ground)?.map_err(|why| overtaken(&why.to_string()))?;
    if !made.after.same(integration, &step.after) || made.secrets != step.secrets {
        return Err(overtaken("it would come out otherwise than the file says"));
    }
    if made.action == Action::UseDefault {
        survey.takes(&made);
    }
    Ok((made, scope.listed.path))
}
