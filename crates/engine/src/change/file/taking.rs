//! Taking up a plan from a file.

use std::collections::HashSet;
use std::io::{BufReader, Read};

use heirloom_core::ids::{ScopeKey, Slug};
use heirloom_core::plan::{Action, Change, Step};
use heirloom_store::Store;
use heirloom_store::app::connections::Connection;
use heirloom_store::app::journal::{NewPlan, RunId, Touch, Writing};
use jiff::Timestamp;

use super::radius::Radius;
use super::reading::{self, Reader};
use super::{FileStep, Instance, OLDEST, Undone, VERSION};
use crate::change::about::About;
use crate::change::plans::{CLOCKS_DIFFER, KEPT_FOR, Plan, may_write, whole};
use crate::change::survey::{Around, Survey, read_at};
use crate::change::{blast, known_kind};
use crate::query::server_version;
use crate::{Engine, Error, Result};

/// Steps planned again at once.
const WINDOW: usize = 200;

impl Engine {
    /// Takes up a plan from a file, for the connection to the instance it was made for. The file is
    /// read as it is taken up; of one that is faulty, wherever, nothing is left.
    ///
    /// # Errors
    /// When it is no plan file, was made for another instance, or the local copy has overtaken it.
    pub async fn read_plan(
        &self,
        connection: &Connection,
        file: impl Read + Send + 'static,
    ) -> Result<Plan> {
        may_write(connection)?;
        let connection = connection.clone();
        let now = self.now();
        let run = self.blocking(move |engine| take(engine.store(), &connection, file, now)).await?;
        self.show_plan(run).await
    }
}

fn take(store: &Store, connection: &Connection, file: impl Read, now: Timestamp) -> Result<RunId> {
    store.forget_plans(now - KEPT_FOR)?;
    let mut taking = Taking {
        store,
        connection,
        now,
        version: VERSION,
        undone: None,
        begun: None,
        met: HashSet::new(),
        waiting: Vec::new(),
        radius: Radius::default(),
    };
    let made = match reading::read(BufReader::new(file), &mut taking) {
        Ok(read) => read.and_then(|()| taking.finish()),
        Err(why) if why.is_io() => {
            Err(Error::File { path: "the plan file".into(), source: why.into() })
        }
        Err(why) => Err(unreadable(&why.to_string())),
    };
    match taking.begun {
        // It is made again, now: it is as old as what the local copy has.
        Some(begun) => whole(store, begun.run, now, made),
        None => Err(made.err().unwrap_or_else(|| unreadable("it has no steps"))),
    }
}

fn unreadable(why: &str) -> Error {
    Error::NotPossible(format!("This is no plan file: {why}"))
}

/// A file that is being taken up.
struct Taking<'a> {
    store: &'a Store,
    connection: &'a Connection,
    now: Timestamp,
    version: u32,
    undone: Option<Undone>,
    /// From the first steps on.
    begun: Option<Begun<'a>>,
    met: HashSet<ScopeKey>,
    waiting: Vec<FileStep>,
    /// Who else is touched, as the file says.
    radius: Radius,
}

/// The plan that is made of it.
struct Begun<'a> {
    run: RunId,
    writing: Writing<'a>,
    survey: Survey<'a>,
}

impl Reader for Taking<'_> {
    fn version(&mut self, version: u32) -> Result<()> {
        if !(OLDEST..=VERSION).contains(&version) {
            return Err(unreadable(&format!("its format is {version}, not {VERSION}")));
        }
        self.version = version;
        Ok(())
    }

    fn instance(&mut self, instance: &Instance) -> Result<()> {
        let here = &self.connection.details.base_url;
        if instance.url == *here {
            return Ok(());
        }
        let there = &instance.url;
        Err(Error::NotPossible(format!("This plan was made for {there}, not for {here}")))
    }

    fn planned_at(&mut self, planned_at: Timestamp) -> Result<()> {
        if planned_at > self.now + CLOCKS_DIFFER {
            return Err(unreadable(&format!("it says it was made at {planned_at}")));
        }
        Ok(())
    }

    fn undoes(&mut self, undone: Undone) {
        self.undone = Some(undone);
    }

    fn touched(&mut self, how: Touch, path: &str) {
        self.radius.add(how, path);
    }

    fn step(&mut self, step: FileStep) -> Result<()> {
        if !self.met.insert(step.key()) {
            return Err(unreadable(&format!("{} is in it twice", step.path)));
        }
        self.waiting.push(step);
        if self.waiting.len() < WINDOW { Ok(()) } else { self.plan() }
    }
}

impl<'a> Taking<'a> {
    /// Plans the steps that wait.
    fn plan(&mut self) -> Result<()> {
        let steps = std::mem::take(&mut self.waiting);
        let Some(first) = steps.first() else { return Ok(()) };
        let Begun { writing, survey, .. } = match &mut self.begun {
            Some(begun) => begun,
            none => none.insert(begin(self.store, self.connection, &first.slug, self.now)?),
        };
        let scopes: Vec<ScopeKey> = steps.iter().map(FileStep::key).collect();
        let around = survey.around(&scopes)?;
        for step in &steps {
            let (step, path) = again(survey, &around, step)?;
            writing.step(step, path)?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        self.plan()?;
        if let Some(begun) = &mut self.begun {
            begun.writing.finish()?;
        }
        let Some(Begun { run, survey, .. }) = &self.begun else { return Ok(()) };
        let (store, run) = (self.store, *run);
        let undone = self.taken_back(&survey.slug)?;
        if let Some(undone) = undone {
            store.note_undoes(run, undone)?;
        }
        // What an older file takes back, if anything, it does not say.
        let typed_only = undone.is_none() && (self.undone.is_some() || self.version < VERSION);
        About { read_from: survey.read_from(), typed_only, ..About::default() }.note(store, run)?;
        blast::write_down(store, self.connection.id, &survey.slug, run)?;
        match Radius::of(store, run)?.other_than(&self.radius) {
            Some(moved) => Err(Error::PlanOutdated(format!(
                "The local copy has moved on since, and others are touched than the file says: \
                 {moved}. Make the plan again"
            ))),
            None => Ok(()),
        }
    }

    /// The run that the file takes back, if this journal has it.
    fn taken_back(&self, slug: &Slug) -> Result<Option<RunId>> {
        let Some(undone) = &self.undone else { return Ok(None) };
        let note = match self.store.run(undone.run) {
            Ok(note) => note,
            Err(heirloom_store::Error::Missing(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let is_it = note.connection == self.connection.id
            && note.slug.as_ref() == Some(slug)
            && note.started_at == undone.started_at;
        Ok(is_it.then_some(undone.run))
    }
}

fn begin<'a>(
    store: &'a Store,
    connection: &Connection,
    slug: &Slug,
    now: Timestamp,
) -> Result<Begun<'a>> {
    let integration = known_kind(slug)?;
    let server = server_version(connection);
    let survey = Survey::new(store, connection.id, integration, slug, server);
    let plan =
        NewPlan { connection: connection.id, slug: slug.clone(), begun_at: now, undoes: None };
    let run = store.begin_plan(plan)?;
    Ok(Begun { run, writing: store.write_plan(run, now), survey })
}

/// Plans a step of a file again: what is sent must follow from what the file says, and what the
/// file says must still hold.
fn again(survey: &Survey<'_>, around: &Around<'_>, step: &FileStep) -> Result<(Step, String)> {
    let integration = survey.integration;
    let overtaken =
        |why: &str| Error::PlanOutdated(format!("{}: {why}. Make the plan again", step.path));
    if step.slug != survey.slug {
        return Err(Error::NotPossible("A plan file is for one integration".into()));
    }
    let Some((scope, ground)) = around.find(step.key())? else {
        return Err(overtaken("it is not in the local copy"));
    };
    if scope.gone_at.is_some() {
        return Err(overtaken("GitLab no longer has it"));
    }
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
    let made = survey.decide(&change, &ground).map_err(|why| overtaken(&why.to_string()))?;
    if !made.after.same(integration, &step.after) || made.secrets != step.secrets {
        return Err(overtaken("it would come out otherwise than the file says"));
    }
    // Whatever it does to a group: those below that use default settings, too, are given what it
    // leaves.
    survey.takes(&made);
    survey.rests_on(read_at(scope, around.kept(step.key())));
    Ok((made, scope.listed.path.clone()))
}
