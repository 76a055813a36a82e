//! Writing a plan as a file.

use std::io::{self, Write};
use std::path::PathBuf;

use heirloom_core::ids::Slug;
use heirloom_store::Store;
use heirloom_store::app::journal::{JournalStep, RunId, Touch};
use jiff::Timestamp;
use serde::ser::{SerializeMap as _, SerializeStruct as _};
use serde::{Serialize, Serializer};

use super::{FileSkipped, FileStep, Instance, Undone, VERSION};
use crate::json::{self, Rows};
use crate::{Engine, Error, Result};

/// Rows taken out of the journal at once.
const WINDOW: u32 = 200;

impl Engine {
    /// Writes a plan as a file.
    ///
    /// # Errors
    /// When the plan is gone, or the writer fails.
    pub async fn write_plan<W: Write + Send + 'static>(&self, run: RunId, out: W) -> Result<W> {
        self.put_plan(run, out, pretty).await
    }

    /// The same to a file that only its owner can read. A failure leaves no half a file, and an
    /// earlier one as it was.
    ///
    /// # Errors
    /// When the plan is gone, or the file cannot be written.
    pub async fn write_plan_to(&self, run: RunId, path: PathBuf) -> Result<()> {
        self.blocking(move |engine| {
            crate::export::file::write(&path, |out| {
                let file = File::of(engine.store(), run)?;
                pretty(out, &file).map_err(failed)
            })
        })
        .await
    }

    /// Writes the same on one line, safe for a terminal.
    ///
    /// # Errors
    /// When the plan is gone, or the writer fails.
    pub async fn print_plan<W: Write + Send + 'static>(&self, run: RunId, out: W) -> Result<W> {
        self.put_plan(run, out, |out, plan| {
            json::write(out, plan)?;
            out.write_all(b"\n")
        })
        .await
    }

    async fn put_plan<W: Write + Send + 'static>(
        &self,
        run: RunId,
        mut out: W,
        put: fn(&mut W, &File<'_>) -> io::Result<()>,
    ) -> Result<W> {
        self.blocking(move |engine| {
            let file = File::of(engine.store(), run)?;
            put(&mut out, &file).and_then(|()| out.flush()).map_err(failed)?;
            Ok(out)
        })
        .await
    }
}

fn pretty<W: Write>(out: &mut W, plan: &File<'_>) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, plan)?;
    out.write_all(b"\n")
}

fn failed(source: io::Error) -> Error {
    Error::File { path: "the plan file".into(), source }
}

/// A plan file. What there may be many of is taken out of the journal while it is written.
struct File<'a> {
    store: &'a Store,
    run: RunId,
    slug: Slug,
    instance: Instance,
    planned_at: Timestamp,
    undoes: Option<Undone>,
}

impl<'a> File<'a> {
    fn of(store: &'a Store, run: RunId) -> Result<Self> {
        let note = store.run(run)?;
        let slug = note.slug.ok_or_else(crate::change::plans::gone)?;
        let details = store.connection(note.connection)?.details;
        let instance = Instance { url: details.base_url, version: details.version };
        let undone = note.undoes.map(|undone| store.run(undone)).transpose()?;
        let undoes = undone.map(|it| Undone { run: it.id, started_at: it.started_at });
        Ok(Self { store, run, slug, instance, planned_at: note.planned_at, undoes })
    }
}

impl Serialize for File<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let (store, run) = (self.store, self.run);
        let step = |it: JournalStep| FileStep {
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
        };
        // Numbers have gaps where steps are left out.
        let mut past = 0;
        let steps = Rows::new(|_| {
            let window = store.steps(run, past, WINDOW)?;
            past = window.last().map_or(past, |it| it.number);
            Ok::<_, heirloom_store::Error>(window.into_iter().map(step).collect())
        });
        let mut left_out = None;
        let skipped = Rows::new(|read| {
            let mut window = store.skipped(run, read, WINDOW)?;
            if window.is_empty() {
                let left = match &mut left_out {
                    Some(left) => left,
                    none => none.insert(store.left_out(run)?.into_iter()),
                };
                window = left.take(WINDOW as usize).collect();
            }
            let window = window.into_iter();
            let skipped = |path, why| FileSkipped { path, slug: self.slug.clone(), why };
            Ok::<_, heirloom_store::Error>(window.map(|it| skipped(it.path, it.why)).collect())
        });
        let keys = 6 + usize::from(self.undoes.is_some());
        let mut file = serializer.serialize_struct("File", keys)?;
        file.serialize_field("version", &VERSION)?;
        file.serialize_field("instance", &self.instance)?;
        file.serialize_field("planned_at", &self.planned_at)?;
        if let Some(undone) = &self.undoes {
            file.serialize_field("undoes", undone)?;
        }
        file.serialize_field("steps", &steps)?;
        file.serialize_field("skipped", &skipped)?;
        file.serialize_field("blast", &Blast { store, run })?;
        file.end()
    }
}

/// Full paths of who else is touched.
struct Blast<'a> {
    store: &'a Store,
    run: RunId,
}

impl Serialize for Blast<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut blast = serializer.serialize_map(Some(Touch::ALL.len()))?;
        for how in Touch::ALL {
            let paths = Rows::new(|read| {
                let (_, window) = self.store.touched(self.run, how, read, WINDOW)?;
                Ok::<_, heirloom_store::Error>(window.into_iter().map(|it| it.path).collect())
            });
            blast.serialize_entry(&how, &paths)?;
        }
        blast.end()
    }
}
