//! A changed default whose following was cut short: what is known of it is in the local databases,
//! the rest is found again by whoever asks for the run next.

use std::time::Duration;

use heirloom_engine::RunId;
use heirloom_engine::change::{Bulk, Followed, Following, Looked, Secrets, Selection, Wish};
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use heirloom_it::Lab;
use heirloom_simulator::{Config, Fault};
use jiff::SignedDuration;

use super::handed_down::{SLUG, first_default, nothing_stored, unread};
use super::{apply, under_top};

/// As the run's view has it.
async fn shown(lab: &Lab, run: RunId) -> Option<Following> {
    lab.engine.run_view(run).await.expect("a view").following
}

fn sure(of: Following) -> (u32, u32, u32, bool) {
    (of.followed.inherit, of.followed.read, of.followed.matching, of.over)
}

/// A first default that GitLab has handed to six projects by now, and nobody looked.
async fn applied() -> (Lab, RunId) {
    let lab = nothing_stored(6).await;
    let plan = first_default(&lab).await;
    let run = apply(&lab, &plan, Secrets::default()).await;
    assert_eq!(run.counts.applied, 1, "{:?}", run.outcomes);
    lab.simulator.propagated().await;
    (lab, run.id)
}

#[tokio::test]
async fn a_run_whose_program_ended_before_it_looked_is_followed_by_the_next() {
    let (mut lab, run) = applied().await;
    lab.reopen();
    let before = shown(&lab, run).await.expect("it is handed down");
    assert_eq!(sure(before), (6, 6, 0, false), "nobody was seen to have it, and it is not over");
    lab.engine.follow_on(run).await.expect("a look");
    let after = shown(&lab, run).await.expect("it is handed down");
    assert_eq!(sure(after), (6, 6, 6, true), "each was read");

    lab.reopen();
    let kept = shown(&lab, run).await.expect("it is handed down");
    assert_eq!(kept, after, "what was seen outlives the program");
    let mark = lab.mark();
    lab.engine.follow_on(run).await.expect("a look");
    assert_eq!(lab.mark(), mark, "and nothing is read again");
}

#[tokio::test]
async fn who_was_seen_to_have_it_is_not_read_again() {
    let (mut lab, run) = applied().await;
    let third = lab.key("top/ops/p3").id.0;
    let row = format!("/projects/{third}/integrations/{SLUG}");
    lab.simulator.fail(Fault::on(row.clone()).answer(403, r#"{"message":"403 Forbidden"}"#));
    let followed = lab.engine.follow(run, Duration::ZERO).await.expect("a look");
    assert_eq!((followed.read, followed.matching), (6, 5), "one could not be read");
    lab.simulator.heal();
    lab.reopen();
    let mark = lab.mark();
    let followed = lab.engine.follow(run, Duration::ZERO).await.expect("a look");
    assert_eq!((followed.read, followed.matching), (6, 6), "now it could");
    let asked = lab.simulator.requests_after(mark);
    let others: Vec<&str> = asked
        .iter()
        .map(|it| it.path.as_str())
        .filter(|path| path.contains("/integrations/") && !path.ends_with(&row))
        .collect();
    assert_eq!(others, [] as [&str; 0], "nobody else was asked");
}

/// On such a server each opening of the run would otherwise read everything again for minutes.
#[tokio::test]
async fn what_was_not_there_when_time_was_up_is_not_looked_for_again_by_itself() {
    let (lab, top) = under_top(Config { group_put_propagates: false, ..Config::default() }).await;
    let world = lab.simulator.world();
    let spec = |path: &str| heirloom_simulator::GroupSpec {
        parent: Some(top),
        path: path.to_owned(),
        name: None,
    };
    let group = world.create_group(&spec("ops")).expect("a group");
    let spec = heirloom_simulator::ProjectSpec { group, path: "p1".to_owned(), name: None };
    world.create_project(&spec).expect("a project");
    assert!(lab.sync().await.complete, "everything can be read");
    let slug = SLUG.parse().expect("a slug");
    let everything = heirloom_engine::core::ids::ScopeKey::INSTANCE;
    lab.engine.deep_scan(lab.id(), everything, &slug).await.expect("a look");
    let plan = first_default(&lab).await;
    let run = apply(&lab, &plan, Secrets::default()).await.id;
    let mut lab = lab;
    lab.engine.follow(run, Duration::ZERO).await.expect("a look");
    lab.reopen();
    let early = shown(&lab, run).await.expect("it is handed down");
    assert_eq!(sure(early), (1, 1, 0, false), "it may still come");
    lab.clock.shift(SignedDuration::from_mins(3));
    lab.engine.follow_on(run).await.expect("a look");
    lab.reopen();
    let late = shown(&lab, run).await.expect("it is handed down");
    assert_eq!(sure(late), (1, 1, 0, true), "time is up");
    let mark = lab.mark();
    lab.engine.follow_on(run).await.expect("a look");
    assert_eq!(lab.mark(), mark, "nothing is read");
    lab.engine.follow(run, Duration::ZERO).await.expect("a look");
    assert!(lab.mark() > mark, "unless somebody wants it");
}

#[tokio::test]
async fn a_default_that_was_changed_again_is_not_followed_for_the_run_before() {
    let (lab, first) = applied().await;
    let fields = [("external_wiki_url".to_owned(), Value::Text("https://other.example".into()))];
    let settings = Settings { fields: fields.into(), ..Settings::default() };
    let wish = Wish::SetCustom { settings, typed: Vec::new() };
    let selection = Selection { scopes: vec![lab.key("top/ops")], ..Selection::default() };
    let bulk = Bulk { slug: SLUG.parse().expect("a slug"), wish, selection };
    let plan = lab.engine.plan_many(lab.id(), bulk).await.expect("a plan");
    let second = apply(&lab, &plan, Secrets::default()).await.id;
    assert_eq!(shown(&lab, first).await, None, "what it left is nobody's default any more");
    assert!(shown(&lab, second).await.is_some(), "this one's is");
}

#[tokio::test]
async fn who_may_be_reached_is_looked_at_once_and_counted_apart() {
    let mut lab = unread(4).await;
    lab.sync().await;
    let plan = first_default(&lab).await;
    // Two are archived, or in a group that is: they are given none.
    assert_eq!((plan.blast.switch_on.count, plan.blast.maybe.count), (0, 6), "{:?}", plan.blast);
    let run = apply(&lab, &plan, Secrets::default()).await.id;
    lab.simulator.propagated().await;
    let before = shown(&lab, run).await.expect("it may be handed down");
    assert_eq!(before.followed.maybe, Looked { count: 6, read: 0, matching: 0 }, "nobody looked");
    let followed = lab.engine.follow(run, Duration::ZERO).await.expect("a look");
    let maybe = Looked { count: 6, read: 6, matching: 4 };
    assert_eq!(followed, Followed { maybe, ..Followed::default() }, "nothing is promised of them");
    lab.reopen();
    assert!(shown(&lab, run).await.is_some_and(|it| it.over && it.followed.maybe == maybe));
    let mark = lab.mark();
    lab.engine.follow(run, Duration::ZERO).await.expect("a look");
    assert_eq!(lab.mark(), mark, "once");
}
