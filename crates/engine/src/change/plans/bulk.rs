//! Plans over many scopes, made from the local copy and written down as they are made.

use std::collections::BTreeSet;

use heirloom_core::ids::{ConnectionId, Level, ScopeKey};
use heirloom_core::plan::{Change, Skip, Step, decide};
use heirloom_core::row::{Known, State};
use heirloom_store::Store;
use heirloom_store::app::journal::{NewPlan, RunId, Skipped};

use super::{KEPT_FOR, Plan, may_write};
use crate::change::blast;
use crate::change::ground::{rival, settings_of};
use crate::change::known_kind;
use crate::change::request::{Bulk, Wish};
use crate::change::survey::Survey;
use crate::query::server_version;
use crate::{Engine, Error, Result};

/// Steps written down at once.
const BATCH: usize = 500;

impl Engine {
    /// Plans one change of many scopes, from the local copy. Each step reads its row again before
    /// it writes.
    ///
    /// # Errors
    /// When the connection may not write, nothing is left to do, or the change is possible nowhere.
    pub async fn plan_many(&self, id: ConnectionId, bulk: Bulk) -> Result<Plan> {
        let connection = self.connection(id).await?;
        may_write(&connection)?;
        let server = server_version(&connection);
        let planned_at = self.now();
        let run = self
            .blocking(move |engine| {
                let store = engine.store();
                store.forget_plans(planned_at - KEPT_FOR)?;
                let slug = bulk.slug.clone();
                let plan = NewPlan { connection: id, slug, planned_at, undoes: None };
                let run = store.begin_plan(plan)?;
                let mut making = Making::new(store, id, run, planned_at);
                let made = making.all(&bulk, server).and_then(|()| making.finish());
                if let Err(error) = made {
                    store.discard_plan(run)?;
                    return Err(error);
                }
                Ok(run)
            })
            .await?;
        self.show_unless_empty(run).await
    }

    /// A plan that has steps; one without is thrown away.
    pub(in crate::change) async fn show_unless_empty(&self, run: RunId) -> Result<Plan> {
        let plan = self.show_plan(run).await?;
        if plan.total > 0 {
            return Ok(plan);
        }
        self.discard_plan(run).await?;
        Err(Error::NotPossible(nothing(&plan)))
    }
}

fn nothing(plan: &Plan) -> String {
    match plan.skipped.first() {
        Some(first) => format!(
            "Nothing can be done: {} as wanted already, {} left out, the first being {}: {}",
            plan.same, plan.skipped_total, first.path, first.why
        ),
        None => format!("Nothing to do: {} as wanted already", plan.same),
    }
}

struct Making<'a> {
    store: &'a Store,
    id: ConnectionId,
    run: RunId,
    planned_at: jiff::Timestamp,
    steps: Vec<(Step, String)>,
    skipped: Vec<Skipped>,
    same: u32,
    /// Groups that are given settings: what inherits from them is touched.
    defaults: Vec<ScopeKey>,
    /// Scopes with a step of their own, or in a blast radius already.
    own: BTreeSet<ScopeKey>,
}

impl<'a> Making<'a> {
    const fn new(
        store: &'a Store,
        id: ConnectionId,
        run: RunId,
        planned_at: jiff::Timestamp,
    ) -> Self {
        Self {
            store,
            id,
            run,
            planned_at,
            steps: Vec::new(),
            skipped: Vec::new(),
            same: 0,
            defaults: Vec::new(),
            own: BTreeSet::new(),
        }
    }

    fn all(&mut self, bulk: &Bulk, server: (u32, u32)) -> Result<()> {
        let integration = known_kind(&bulk.slug)?;
        let change = match &bulk.wish {
            Wish::UseDefault => Change::UseDefault,
            Wish::Disable => Change::Disable,
            Wish::Enable => Change::Enable,
            Wish::SetCustom { settings, typed } => {
                Change::SetCustom { draft: settings.clone(), typed: typed.clone() }
            }
            Wish::CopyFrom { scope } => Change::SetCustom {
                draft: settings_of(self.store, self.id, *scope, &bulk.slug)?,
                typed: Vec::new(),
            },
        };
        let from = match bulk.wish {
            Wish::CopyFrom { scope } => Some(scope),
            _ => None,
        };
        let (store, id) = (self.store, self.id);
        let survey = Survey { store, id, integration, slug: &bulk.slug, server };
        let mut seen = BTreeSet::new();
        let selection = &bulk.selection;
        for root in &selection.scopes {
            let below = selection.below && root.level != Level::Project;
            survey.visit(*root, below, |scope, kept, mut ground| {
                let key = scope.listed.key;
                let itself = key == *root;
                if itself == below || from == Some(key) || !seen.insert(key) {
                    return Ok(());
                }
                let state = ground.known.state();
                if !selection.filter.holds(&scope, kept.as_ref(), state) {
                    return Ok(());
                }
                // Named, an archived project is meant; met on the way, it is left alone.
                ground.archived &= below && !selection.filter.archived;
                let skip = if below && matches!(ground.known, Known::Off | Known::NotSet) {
                    // Who has nothing is not given something because of where it stands.
                    matches!(change, Change::UseDefault | Change::Disable | Change::Enable)
                } else {
                    below && state == State::Unavailable
                };
                if skip {
                    self.same += 1;
                    return Ok(());
                }
                match decide(integration, &bulk.slug, &change, &ground) {
                    Ok(step) => {
                        self.steps.push((step, scope.listed.path));
                        if self.steps.len() >= BATCH {
                            self.without_rivals(integration)?;
                            self.write_down()?;
                        }
                    }
                    Err(skip) if skip.is_so_already() => self.same += 1,
                    Err(skip) => self.skip(key, scope.listed.path, &skip),
                }
                Ok(())
            })?;
        }
        self.without_rivals(integration)?;
        self.write_down()?;
        if matches!(change, Change::SetCustom { .. } | Change::Enable) {
            for group in std::mem::take(&mut self.defaults) {
                let lineage = store.lineage(id, group)?;
                let mut touched = blast::below(store, id, &lineage, &bulk.slug)?;
                touched.retain(|it| self.own.insert(it.scope));
                store.add_aside(self.run, Vec::new(), touched)?;
            }
        }
        Ok(())
    }

    /// Steps that GitLab would refuse because another of the family is on in the same project.
    fn without_rivals(
        &mut self,
        integration: &'static heirloom_core::catalog::Integration,
    ) -> Result<()> {
        if integration.exclusive.is_none() {
            return Ok(());
        }
        for (step, path) in std::mem::take(&mut self.steps) {
            let switches_on = step.after.active() && !step.before.active();
            let other = if switches_on {
                rival(self.store, self.id, step.scope, integration)?
            } else {
                None
            };
            match other {
                Some(title) => self.skip(step.scope, path, &Skip::Rival(title)),
                None => self.steps.push((step, path)),
            }
        }
        Ok(())
    }

    fn skip(&mut self, scope: ScopeKey, path: String, why: &Skip) {
        self.skipped.push(Skipped { scope, path, why: why.to_string() });
    }

    fn write_down(&mut self) -> Result<()> {
        let steps = std::mem::take(&mut self.steps);
        for (step, _) in &steps {
            self.own.insert(step.scope);
            if step.scope.level == Level::Group {
                self.defaults.push(step.scope);
            }
        }
        self.store.add_steps(self.run, steps, self.planned_at)?;
        let skipped = std::mem::take(&mut self.skipped);
        Ok(self.store.add_aside(self.run, skipped, Vec::new())?)
    }

    fn finish(&self) -> Result<()> {
        Ok(self.store.count_same(self.run, self.same)?)
    }
}
