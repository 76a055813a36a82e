//! Every integration of the catalog, through the engine, over HTTP, against the simulator's own
//! idea of it.

mod agreement;
mod custom;
mod defaults;
mod disable;
mod refused;
mod unknown;
mod values;
mod versions;

use std::collections::BTreeMap;

use heirloom_engine::change::{Plan, Request, Run, Secrets};
use heirloom_engine::core::catalog::{self, Edition, FieldType, Integration};
use heirloom_engine::core::ids::{ScopeKey, Slug};
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use heirloom_engine::{Outcome, Result};
use heirloom_it::Lab;
use heirloom_simulator::{
    Config, Features, GroupSpec, Level, ProjectSpec, RowEdit, RowView, WorldSpec,
};
use secrecy::SecretString;
use serde_json::Value as Json;

use self::values::Filled;

/// Replaced by the GitLab for Slack app where that is installed (contract, section 3).
const WITHOUT_THE_APP: &str = "slack-slash-commands";

/// Whom the simulator's own token belongs to.
const OWNER: &str = "d.whitfield";

/// A kind that can be changed by token, on a server that offers it, with a group and a project in
/// it of its own: one project may have only one active tracker and one wiki.
#[derive(Clone, Copy)]
struct Case<'a> {
    lab: &'a Lab,
    kind: &'static Integration,
}

/// Servers, which between them offer every kind that a server of users can have.
struct Servers(Vec<(Lab, Vec<&'static Integration>)>);

impl Servers {
    /// As few as there can be: one with the GitLab for Slack app, one without.
    async fn start(version: &str) -> Self {
        let (without, with) = editable().partition(|kind| kind.slug == WITHOUT_THE_APP);
        Self::each(version, vec![with, without]).await
    }

    /// Kinds of which only one can be on have a server of their own.
    async fn start_apart(version: &str) -> Self {
        let (alone, mut together): (Vec<_>, Vec<_>) =
            editable().partition(|kind| kind.exclusive.is_some() || kind.slug == WITHOUT_THE_APP);
        together.sort_by_key(|kind| kind.slug);
        let alone = alone.into_iter().map(|kind| vec![kind]);
        Self::each(version, std::iter::once(together).chain(alone).collect()).await
    }

    async fn each(version: &str, parts: Vec<Vec<&'static Integration>>) -> Self {
        let mut servers = Vec::new();
        for kinds in parts {
            let slack_app = kinds.iter().all(|kind| kind.slug != WITHOUT_THE_APP);
            servers.push((server(version, slack_app, &kinds).await, kinds));
        }
        Self(servers)
    }

    /// All connected and synced.
    async fn open(mut self) -> Self {
        for (lab, _) in &mut self.0 {
            let token = lab.simulator.token().to_owned();
            lab.connect(&token).await;
            let summary = lab.sync().await;
            assert!(summary.complete, "everything can be read: {:?}", summary.failed);
        }
        self
    }

    fn labs(&self) -> impl Iterator<Item = &Lab> {
        self.0.iter().map(|(lab, _)| lab)
    }

    fn cases(&self) -> impl Iterator<Item = Case<'_>> {
        self.0.iter().flat_map(|(lab, kinds)| kinds.iter().map(move |kind| Case { lab, kind }))
    }
}

/// Kinds of the catalog that a token can change on some server of users.
fn editable() -> impl Iterator<Item = &'static Integration> {
    catalog::all()
        .iter()
        .filter(|kind| kind.rest && !kind.read_only && kind.edition != Edition::Dev)
}

async fn server(version: &str, slack_app: bool, kinds: &[&Integration]) -> Lab {
    let features =
        Features { slack_app, jira_connect: true, saas: true, allowed_integrations: None };
    let world = WorldSpec::Sized { groups: 1, projects: 0 };
    let config = Config { gitlab_version: version.into(), world, features, ..Config::default() };
    let lab = Lab::empty_at(config).await;
    let world = lab.simulator.world();
    for slug in world.slugs(Level::Instance, 0) {
        world.remove_default(Level::Instance, 0, slug).expect("a default of the generated world");
    }
    for kind in kinds {
        let group = GroupSpec { parent: None, path: kind.slug.into(), name: None };
        let group = world.create_group(&group).expect("a group");
        world.set_access(OWNER, Level::Group, group, 50).expect("the owner's account");
        for path in ["own", "other"] {
            let project = ProjectSpec { group, path: path.into(), name: None };
            world.create_project(&project).expect("a project");
        }
        let sub = GroupSpec { parent: Some(group), path: "sub".into(), name: None };
        world.create_group(&sub).expect("a group");
    }
    lab
}

impl Case<'_> {
    fn slug(&self) -> Slug {
        self.kind.slug.parse().expect("a slug")
    }

    fn group(&self) -> ScopeKey {
        self.lab.key(self.kind.slug)
    }

    fn project(&self, path: &str) -> ScopeKey {
        self.lab.key(&format!("{}/{path}", self.kind.slug))
    }

    /// What the server has stored.
    fn row(&self, scope: ScopeKey) -> Option<RowView> {
        let (level, id) = place(scope);
        self.lab.simulator.world().row(level, id, self.kind.slug)
    }

    fn stored(&self, scope: ScopeKey) -> RowView {
        self.row(scope).unwrap_or_else(|| panic!("{} has no row", self.kind.slug))
    }

    /// Installs an app as its own installation would: a row, switched on, with nothing in it.
    fn install(&self, scope: ScopeKey) {
        let (level, id) = place(scope);
        let edit = RowEdit { active: Some(true), ..RowEdit::default() };
        let world = self.lab.simulator.world();
        world.overwrite(level, id, self.kind.slug, &edit).expect("a row");
    }

    async fn plan_custom(&self, scope: ScopeKey, filled: &Filled) -> Result<Plan> {
        let request = Request::SetCustom {
            scope,
            slug: self.slug(),
            settings: Some(filled.draft.clone()),
            typed: filled.secrets.keys().cloned().collect(),
        };
        self.lab.engine.plan(self.lab.id(), request).await
    }

    async fn plan_default(&self, scope: ScopeKey) -> Result<Plan> {
        self.lab.engine.plan(self.lab.id(), Request::UseDefault { scope, slug: self.slug() }).await
    }

    async fn plan_disable(&self, scope: ScopeKey) -> Result<Plan> {
        self.lab.engine.plan(self.lab.id(), Request::Disable { scope, slug: self.slug() }).await
    }

    async fn apply(&self, plan: &Plan, secrets: &BTreeMap<String, String>) -> Run {
        let secrets: Secrets = secrets
            .iter()
            .map(|(name, text)| (name.clone(), SecretString::from(text.as_str())))
            .collect();
        self.lab.engine.apply(plan.id, secrets, None).await.expect("a run")
    }

    /// Saves custom settings; they must be taken whole.
    async fn save(&self, scope: ScopeKey, filled: &Filled) -> Plan {
        let plan = self.plan_custom(scope, filled).await;
        let plan = plan.unwrap_or_else(|why| panic!("{}: {why}", self.kind.slug));
        applied(self.kind.slug, &self.apply(&plan, &filled.secrets).await);
        plan
    }

    /// Holds a stored row against what was sent: every field, every secret, every event.
    fn assert_arrived(&self, row: &RowView, filled: &Filled) {
        let slug = self.kind.slug;
        for (name, value) in &filled.draft.fields {
            let found = in_row(self.kind, row, name);
            assert!(value.same_setting(&found), "{slug} {name}: {value:?} is stored as {found:?}");
        }
        for (name, text) in &filled.secrets {
            assert_eq!(row.fields.get(name), Some(&Json::from(text.as_str())), "{slug} {name}");
        }
        for (name, on) in &filled.draft.events {
            assert_eq!(row.events.get(name), Some(on), "{slug} {name} has arrived");
        }
    }

    /// Holds the local copy against what was sent; no secret is among it.
    async fn assert_read_back(&self, scope: ScopeKey, filled: &Filled) {
        let slug = self.kind.slug;
        let found = self.lab.engine.compare(self.lab.id(), scope, self.slug()).await;
        let kept = found.expect("the scope").item.kept.expect("a row");
        let Settings { fields, events } = kept.settings().expect("its values were read");
        for (name, value) in &filled.draft.fields {
            let back = fields.get(name).cloned().unwrap_or_default();
            assert!(value.same_setting(&back), "{slug} {name}: {value:?} is read as {back:?}");
        }
        for field in self.kind.fields.iter().filter(|field| field.secret) {
            assert!(!fields.contains_key(field.name), "{slug} {} is kept nowhere", field.name);
        }
        for (name, on) in &filled.draft.events {
            assert_eq!(events.get(name), Some(on), "{slug} {name} is read back");
        }
    }
}

/// A field of a stored row, typed by the catalog.
fn in_row(kind: &Integration, row: &RowView, name: &str) -> Value {
    let field_type = kind.field(name).map_or(FieldType::String, |field| field.field_type);
    let flag = || row.events.get(name).map(|on| Value::Bool(*on));
    match row.fields.get(name) {
        Some(json) => Value::from_json(field_type, json),
        // GitLab keeps it in a column with the events, and shows it as a setting.
        None => flag().unwrap_or_else(|| panic!("{} has no {name} there", kind.slug)),
    }
}

fn applied(what: &str, run: &Run) {
    let [step] = run.outcomes.as_slice() else { panic!("one step: {run:?}") };
    assert_eq!(
        (step.outcome, step.why.as_deref()),
        (Some(Outcome::Applied), None),
        "{what}: {:?}",
        step.unexpected
    );
}

fn place(scope: ScopeKey) -> (Level, u64) {
    use heirloom_engine::core::ids;
    let level = match scope.level {
        ids::Level::Instance => Level::Instance,
        ids::Level::Group => Level::Group,
        ids::Level::Project => Level::Project,
    };
    (level, scope.id.0)
}
