//! Looking up whom a plan may switch on, stopped half way (design, *Plan and apply*).

use std::time::Duration;

use heirloom_engine::Touch;
use heirloom_engine::change::{Bulk, Plan, Selection, Wish};
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use heirloom_it::Lab;
use heirloom_simulator::{Config, Fault, Form, GroupSpec, Level, ProjectSpec};

use super::under_top;

/// Projects of the group.
const PROJECTS: u32 = 24;

/// How many of them are asked before somebody stops it.
const ASKED: u32 = 3;

const SLUG: &str = "external-wiki";

/// A group with a default, and projects in which it is switched off by a row of their own.
async fn switched_off() -> (Lab, Plan) {
    let (lab, top) = under_top(Config::default()).await;
    let world = lab.simulator.world();
    let spec = GroupSpec { parent: Some(top), path: "wiki".to_owned(), name: None };
    let group = world.create_group(&spec).expect("a group");
    let form = |url: &str| Form {
        inherit: Some(false),
        fields: [("external_wiki_url".to_owned(), url.into())].into(),
        ..Form::default()
    };
    for number in 1..=PROJECTS {
        let spec = ProjectSpec { group, path: format!("p{number}"), name: None };
        let project = world.create_project(&spec).expect("a project");
        world.save(Level::Project, project, SLUG, &form("https://own.example")).expect("saved");
        let off = heirloom_simulator::RowEdit { active: Some(false), ..Default::default() };
        world.overwrite(Level::Project, project, SLUG, &off).expect("switched off");
    }
    lab.simulator.propagated().await;
    assert!(lab.sync().await.complete, "everything can be read");
    let settings = Settings {
        fields: [("external_wiki_url".to_owned(), Value::Text("https://new.example".into()))]
            .into(),
        ..Settings::default()
    };
    let bulk = Bulk {
        slug: SLUG.parse().expect("a slug"),
        wish: Wish::SetCustom { settings, typed: Vec::new() },
        selection: Selection { scopes: vec![lab.key("top/wiki")], ..Selection::default() },
    };
    let plan = lab.engine.plan_many(lab.id(), bulk).await.expect("a plan");
    (lab, plan)
}

#[tokio::test]
async fn who_was_asked_before_it_was_stopped_stays_known_and_going_on_asks_the_others() {
    let (lab, plan) = switched_off().await;
    assert_eq!(plan.blast.maybe.count, PROJECTS, "off, and nobody knows why: {:?}", plan.blast);
    let (_, maybe) = lab
        .engine
        .plan_touched(plan.id, Touch::Maybe, 0, PROJECTS)
        .await
        .expect("those who may be switched on");
    let mut projects: Vec<u64> = maybe.iter().map(|it| it.scope.id.0).collect();
    projects.sort_unstable();
    // Only the first answer; the others would take for ever.
    for project in &projects[ASKED as usize..] {
        let row = format!("/projects/{project}/integrations/");
        lab.simulator.fail(Fault::on(row).delay(Duration::from_secs(3_600)));
    }
    let heard = std::sync::Mutex::new(Vec::new());
    let (engine, id) = (lab.engine.clone(), lab.id());
    let hear = |read, of| {
        heard.lock().expect("a list").push((read, of));
        if read == ASKED {
            engine.cancel_ask(id);
        }
    };
    let stopped = lab.engine.ask_maybe(plan.id, hear).await.expect("a plan");
    let heard = heard.into_inner().expect("a list");
    assert_eq!(heard.last(), Some(&(ASKED, PROJECTS)), "how many were asked, of how many");
    assert_eq!(stopped.blast.maybe.count, PROJECTS - ASKED, "these were not: {:?}", stopped.blast);
    assert_eq!(stopped.blast.keep.count, ASKED, "these have a row of their own, and keep it");
    let view = lab.engine.run_view(plan.id).await.expect("a view");
    assert_eq!(view.asking, None, "nobody is asked any more");

    lab.simulator.heal();
    let mark = lab.mark();
    let asked = lab.engine.ask_maybe(plan.id, |_, _| ()).await.expect("a plan");
    let requests = lab.simulator.requests_after(mark);
    let again = |project: &u64| {
        let row = format!("/projects/{project}/integrations/");
        requests.iter().any(|it| it.path.contains(&row))
    };
    assert_eq!(requests.len() as u32, PROJECTS - ASKED, "a request for each of the others");
    let known: Vec<&u64> = projects[..ASKED as usize].iter().filter(|it| again(it)).collect();
    assert!(known.is_empty(), "what is known is not asked again: {known:?}");
    assert_eq!((asked.blast.maybe.count, asked.blast.keep.count), (0, PROJECTS), "all of them");
}
