//! Who a changed default does not reach, and of whom nobody can know (contract, section 8).

use heirloom_engine::Touch;
use heirloom_engine::change::{Bulk, Plan, Selection, Wish};
use heirloom_engine::core::ids::{ScopeKey, Slug};
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use heirloom_it::Lab;
use heirloom_simulator::{Config, Even, Form, GroupSpec, Level, ProjectSpec, WorldSpec};

use super::{all_secrets, apply};

/// A secret that every kind takes.
const HOOK: &str = "https://chat.example/hooks/1";

/// One group with a group in it, and in that a project.
async fn nested() -> (Lab, [u64; 3]) {
    let even = Even { groups: 1, projects: 1, active: 1, custom_percent: 0 };
    let lab = Lab::connected_at(Config { world: WorldSpec::Even(even), ..Config::default() }).await;
    let world = lab.simulator.world();
    let top = *world.groups().first().expect("a group");
    let inner = GroupSpec { parent: Some(top), path: "inner".into(), name: None };
    let inner = world.create_group(&inner).expect("a group");
    let project = ProjectSpec { group: inner, path: "old".into(), name: None };
    let project = world.create_project(&project).expect("a project");
    (lab, [top, inner, project])
}

async fn set(lab: &Lab, slug: &str, group: u64, fields: &[(&str, &str)]) -> Plan {
    let fields = fields.iter().map(|(name, text)| ((*name).into(), Value::Text((*text).into())));
    let settings = Settings { fields: fields.collect(), ..Settings::default() };
    let selection = Selection { scopes: vec![ScopeKey::group(group)], ..Selection::default() };
    let slug: Slug = slug.parse().expect("a slug");
    let wish = Wish::SetCustom { settings, typed: Vec::new() };
    lab.engine.plan_many(lab.id(), Bulk { slug, wish, selection }).await.expect("a plan")
}

/// What a plan says of a scope beside its steps.
async fn said_of(lab: &Lab, plan: &Plan, scope: ScopeKey) -> Option<Touch> {
    for how in [Touch::Change, Touch::Keep, Touch::SwitchOn, Touch::Maybe, Touch::Unseen] {
        let (_, all) = lab.engine.plan_touched(plan.id, how, 0, u32::MAX).await.expect("a list");
        if all.iter().any(|it| it.scope == scope) {
            return Some(how);
        }
    }
    None
}

#[tokio::test]
async fn a_project_in_an_archived_group_is_given_nothing_and_promised_nothing() {
    let (lab, [top, shelf, old]) = nested().await;
    let world = lab.simulator.world();
    world.archive(Level::Group, shelf, true).expect("archived");
    lab.sync().await;
    let plan = set(&lab, "irker", top, &[("recipients", "#all")]).await;
    let project = ScopeKey::project(old);
    assert_eq!(said_of(&lab, &plan, project).await, Some(Touch::Maybe), "nobody asked yet");
    let plan = lab.engine.ask_maybe(plan.id, |_, _| ()).await.expect("an answer");
    assert_eq!(said_of(&lab, &plan, project).await, None, "it has no row, and gets none");
    let other = *world.projects().first().expect("a project");
    let other = said_of(&lab, &plan, ScopeKey::project(other)).await;
    assert_eq!(other, Some(Touch::SwitchOn), "unlike one that is not archived");
    apply(&lab, &plan, all_secrets(&plan, HOOK)).await;
    lab.simulator.propagated().await;
    assert_eq!(world.row(Level::Project, old, "irker"), None, "GitLab says so, too");
}

/// A group gives a row also to who has none below a nearer default. It changes with the outer one
/// from then on, and nothing but that it differs from the nearer one hints at it.
#[tokio::test]
async fn a_row_that_differs_from_its_nearest_default_may_come_from_one_further_up() {
    let (lab, [top, inner, old]) = nested().await;
    let world = lab.simulator.world();
    let save = |group: u64, name: &str, pushes: bool| {
        let fields = [("webhook", HOOK), ("username", name)];
        let fields = fields.map(|(name, text)| (name.to_owned(), text.into())).into();
        let events = [("push_events".to_owned(), pushes)].into();
        let form = Form { inherit: Some(false), fields, events, ..Form::default() };
        world.save(Level::Group, group, "mattermost", &form).expect("saved");
    };
    world.archive(Level::Project, old, true).expect("archived");
    save(inner, "inner", true);
    lab.simulator.propagated().await;
    world.archive(Level::Project, old, false).expect("unarchived");
    save(top, "top", false);
    lab.simulator.propagated().await;
    let has = |it: &str| {
        let row = world.row(Level::Project, old, "mattermost").expect("a row");
        row.fields["username"] == it
    };
    assert!(has("top"), "past the nearer one");
    assert!(lab.sync().await.complete, "everything can be read");
    let plan = set(&lab, "mattermost", top, &[("username", "changed")]).await;
    let said = said_of(&lab, &plan, ScopeKey::project(old)).await;
    assert_eq!(said, Some(Touch::Maybe), "GitLab does not tell what it is linked to");
    apply(&lab, &plan, all_secrets(&plan, HOOK)).await;
    lab.simulator.propagated().await;
    assert!(has("changed"), "it was handed down");
}
