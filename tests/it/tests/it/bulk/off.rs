//! Scopes that list no active row and were not asked further (contract, section 2: no list shows a
//! row that is off). Nobody says of them what was not looked up.

use heirloom_engine::change::{Bulk, Filter, Plan, Secrets, Selection, Wish};
use heirloom_engine::core::ids::Level as At;
use heirloom_engine::core::plan::Besides;
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use heirloom_engine::{Outcome, Result};
use heirloom_it::Lab;
use heirloom_simulator::{Config, GroupSpec, Level, ProjectSpec, RowEdit, RowView};

use super::handed_down::nothing_stored;
use super::{apply, everything_below, own_wiki, under_top};

const SLUG: &str = "external-wiki";

/// Projects with settings of their own that are off, and as many with some that are on.
const EACH: u32 = 3;

/// `top/wiki` with a default, and below it projects with their own: `off1`… and `on1`…
async fn world() -> Lab {
    let (lab, top) = under_top(Config::default()).await;
    let world = lab.simulator.world();
    let spec = GroupSpec { parent: Some(top), path: "wiki".to_owned(), name: None };
    let group = world.create_group(&spec).expect("a group");
    world.save(Level::Group, group, SLUG, &own_wiki("https://default.example")).expect("saved");
    lab.simulator.propagated().await;
    for number in 1..=EACH {
        for on in [true, false] {
            let path = format!("{}{number}", if on { "on" } else { "off" });
            let spec = ProjectSpec { group, path, name: None };
            let project = world.create_project(&spec).expect("a project");
            world
                .save(Level::Project, project, SLUG, &own_wiki("https://own.example"))
                .expect("saved");
            let edit = RowEdit { active: Some(on), ..RowEdit::default() };
            world.overwrite(Level::Project, project, SLUG, &edit).expect("written");
        }
    }
    assert!(lab.sync().await.complete, "everything can be read");
    lab
}

async fn plan(lab: &Lab, wish: Wish, selection: Selection) -> Result<Plan> {
    let bulk = Bulk { slug: SLUG.parse().expect("a slug"), wish, selection };
    lab.engine.plan_many(lab.id(), bulk).await
}

fn below(lab: &Lab) -> Selection {
    let filter = Filter { level: Some(At::Project), ..Filter::default() };
    Selection { filter, ..everything_below(vec![lab.key("top/wiki")]) }
}

fn named(lab: &Lab, path: &str) -> Selection {
    Selection { scopes: vec![lab.key(path)], ..Selection::default() }
}

fn set(url: &str) -> Wish {
    let fields = [("external_wiki_url".to_owned(), Value::Text(url.into()))].into();
    Wish::SetCustom { settings: Settings { fields, ..Settings::default() }, typed: Vec::new() }
}

fn stored(lab: &Lab, path: &str) -> RowView {
    lab.row(path, SLUG).expect("a row")
}

#[tokio::test]
async fn scopes_that_are_off_and_were_not_asked_are_not_taken_for_wanted() {
    let lab = world().await;
    // Whatever is on is so already; the others may be what is asked for.
    let said = plan(&lab, Wish::Enable, below(&lab)).await.expect_err("nothing that is known");
    let said = said.to_string();
    assert!(said.contains(&format!("{EACH} as wanted already")), "those that are on: {said}");
    assert!(said.contains(&format!("{EACH} are off and were not asked")), "and no more: {said}");
    assert!(said.contains("sync --deep"), "what to do about it: {said}");

    let back = plan(&lab, Wish::UseDefault, below(&lab)).await.expect("those that are on go back");
    assert_eq!((back.total, back.same, back.unasked), (EACH, 0, EACH), "{:?}", back.skipped);
    assert_eq!(back.skipped_total, EACH, "each of them is listed, with the reason");
    let why = back.skipped.iter().all(|it| it.why.contains("it may hold a row that is off"));
    assert!(why, "{:?}", back.skipped);
    lab.engine.discard_plan(back.id).await.expect("thrown away");

    let slug = SLUG.parse().expect("a slug");
    lab.engine.deep_scan(lab.id(), lab.key("top/wiki"), &slug).await.expect("a look");
    let on = plan(&lab, Wish::Enable, below(&lab)).await.expect("rows that are off");
    assert_eq!((on.total, on.unasked), (EACH, 0), "they were there: {:?}", on.skipped);
    let back = plan(&lab, Wish::UseDefault, below(&lab)).await.expect("a plan");
    assert_eq!((back.total, back.unasked), (2 * EACH, 0), "and go back to their default, too");
}

#[tokio::test]
async fn switching_off_takes_for_wanted_what_lists_no_active_row() {
    let lab = world().await;
    let off = plan(&lab, Wish::Disable, below(&lab)).await.expect("those that are on");
    assert_eq!(
        (off.total, off.same, off.unasked),
        (EACH, EACH, 0),
        "off is off: {:?}",
        off.skipped
    );
}

/// Each was asked, and has nothing: that is no row that is on.
#[tokio::test]
async fn where_nothing_is_stored_nobody_is_said_to_be_on_already() {
    let lab = nothing_stored(4).await;
    let text = Some("OPS/p".to_owned());
    let filter = Filter { text, level: Some(At::Project), ..Filter::default() };
    let of = || Selection { filter: filter.clone(), ..everything_below(vec![lab.key("top/ops")]) };
    let below = |wish| plan(&lab, wish, of());
    let said = below(Wish::Enable).await.expect_err("nothing to switch on").to_string();
    assert!(said.contains("0 as wanted already, 4 without a step"), "nobody is: {said}");
    assert!(said.contains("nothing is stored for External wiki"), "that is why: {said}");
    for wish in [Wish::UseDefault, Wish::Disable] {
        let said = below(wish).await.expect_err("nothing to do").to_string();
        assert!(said.starts_with("Nothing to do"), "off, and without settings of its own: {said}");
    }
}

#[tokio::test]
async fn of_a_named_scope_that_is_off_nobody_says_that_nothing_is_stored() {
    let lab = world().await;
    let said = plan(&lab, Wish::Enable, named(&lab, "top/wiki/off1")).await.expect_err("not known");
    let said = said.to_string();
    assert!(!said.contains("nothing is stored"), "nobody looked: {said}");
    assert!(said.contains("1 are off and were not asked"), "but that nobody did: {said}");
}

#[tokio::test]
async fn a_row_that_was_off_where_a_plan_saw_none_is_a_conflict_that_says_so() {
    let lab = world().await;
    for wish in [set("https://new.example"), Wish::UseDefault] {
        let planned = plan(&lab, wish, named(&lab, "top/wiki/off1")).await.expect("a plan");
        let [step] = planned.steps.as_slice() else { panic!("one step: {:?}", planned.steps) };
        assert!(step.step.besides.contains(&Besides::NotAsked), "the plan says what it rests on");
        let (before, mark) = (stored(&lab, "top/wiki/off1"), lab.mark());
        let run = apply(&lab, &planned, Secrets::default()).await;
        let [done] = run.outcomes.as_slice() else { panic!("one: {:?}", run.outcomes) };
        assert_eq!(done.outcome, Some(Outcome::Conflict), "{done:?}");
        let why = done.why.as_deref().unwrap_or_default();
        assert!(why.contains("A row that was off stood there, which no list shows"), "{why}");
        assert!(!why.contains("made"), "nobody made one: {why}");
        assert_eq!(lab.writes_since(mark), [], "nothing was sent");
        assert_eq!(stored(&lab, "top/wiki/off1"), before, "and it is as it was");
        // Planned again, it is seen with what it holds.
        let again = lab.engine.plan_again(run.id, None).await.expect("a plan");
        let had = again.steps[0].step.before.settings();
        let own = Value::Text("https://own.example".into());
        assert_eq!(had.fields.get("external_wiki_url"), Some(&own), "what it has");
        assert!(!again.steps[0].step.besides.contains(&Besides::NotAsked), "it was asked now");
        lab.engine.discard_plan(again.id).await.expect("thrown away");
        // As if nobody had looked.
        let switch = |on| RowEdit { active: Some(on), ..RowEdit::default() };
        let (world, id) = (lab.simulator.world(), lab.key("top/wiki/off1").id.0);
        world.overwrite(Level::Project, id, SLUG, &switch(true)).expect("on");
        lab.sync().await;
        world.overwrite(Level::Project, id, SLUG, &switch(false)).expect("and off");
        lab.sync().await;
    }
}
