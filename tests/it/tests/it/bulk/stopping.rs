//! Stopping a run that waits because GitLab asked for fewer requests (contract, section 6: a
//! throttle may ask for minutes).

use std::time::{Duration, Instant};

use heirloom_engine::change::{Bulk, Filter, Plan, Run, Secrets, Selection, Wish};
use heirloom_engine::core::ids::{Level, ScopeKey};
use heirloom_engine::core::row::State;
use heirloom_engine::{Outcome, RunState};
use heirloom_it::Lab;
use heirloom_simulator::{Config, Even, Fault, GroupSpec, Level as Place, WorldSpec};

use super::{estate, everything_below, most_overridden, own_wiki, push_defaults, typed, under_top};

/// Longer than any test waits.
const MINUTE: u32 = 60;

/// Far less than the throttle asks for, and enough for a busy computer.
const AT_ONCE: Duration = Duration::from_secs(5);

/// A run that meets a throttle, and is stopped by then.
async fn stopped(lab: &Lab, plan: &Plan, throttled: Fault, stop: impl FnOnce(&Lab)) -> Run {
    let mark = lab.mark();
    let (engine, run, confirm) = (lab.engine.clone(), plan.id, typed(plan));
    let job = tokio::spawn(async move { engine.apply(run, Secrets::default(), confirm).await });
    if throttled.method.as_deref() == Some("GET") {
        // What is read back, and not what is read before.
        answered(lab, mark, "PUT", 200).await;
    }
    lab.simulator.fail(throttled);
    answered(lab, mark, "", 429).await;
    let begun = Instant::now();
    stop(lab);
    let ended = tokio::time::timeout(AT_ONCE, job).await.expect("nobody waits it out");
    println!("stopped after {:?}", begun.elapsed());
    ended.expect("a task").expect("a run")
}

/// Waits until a request had this answer.
async fn answered(lab: &Lab, mark: u64, method: &str, status: u16) {
    let is_it = |it: &heirloom_simulator::Request| {
        it.status == status && (method.is_empty() || it.method == method)
    };
    while !lab.simulator.requests_after(mark).iter().any(is_it) {
        tokio::task::yield_now().await;
    }
}

fn cancel(lab: &Lab) {
    lab.engine.cancel_apply(lab.id());
}

fn pause(lab: &Lab) {
    lab.engine.pause_apply(lab.id());
}

#[tokio::test]
async fn cancelling_hears_no_throttle_out_and_what_was_not_sent_was_not_begun() {
    for throttled in [
        Fault::throttled("/integrations/", MINUTE),
        Fault::throttled("/integrations/", MINUTE).method("PUT"),
    ] {
        let lab = estate(60).await;
        let (slug, _) = most_overridden(&lab);
        let plan = push_defaults(&lab, &slug).await.expect("a plan");
        let mark = lab.mark();
        // From the beginning: nothing is taken.
        lab.simulator.fail(throttled.clone());
        let run = stopped(&lab, &plan, Fault::on("/nowhere"), cancel).await;
        assert_eq!(run.state, RunState::Ended, "{:?}", run.counts);
        assert_eq!(run.counts.open(), plan.total, "none has an outcome: {:?}", run.counts);
        let begun: Vec<_> = run.outcomes.iter().filter(|step| step.in_part).collect();
        assert!(begun.is_empty(), "and none was begun: {begun:#?}");
        let journal = lab.engine.journal(lab.id()).await.expect("a journal");
        assert!(journal.iter().all(|step| step.sent_at.is_none()), "nor is said to be");
        let taken = lab.writes_since(mark).into_iter().filter(|it| it.status != 429);
        assert_eq!(taken.count(), 0, "all were turned away");
    }
}

#[tokio::test]
async fn a_run_paused_in_a_throttle_is_gone_on_with_and_nothing_is_written_twice() {
    let mut lab = estate(60).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let mark = lab.mark();
    let throttled = Fault::throttled("/integrations/", MINUTE).method("GET");
    let run = stopped(&lab, &plan, throttled, pause).await;
    assert_eq!((run.state, run.counts.unknown), (RunState::Paused, 0), "{:?}", run.counts);
    assert!(run.counts.open() > 0, "{:?}", run.counts);
    lab.simulator.heal();
    // Another program knows nothing of the pause.
    lab.reopen();
    let ended = lab.engine.resume(plan.id, Secrets::default()).await.expect("a run");
    assert_eq!(ended.state, RunState::Ended, "{:?}", ended.counts);
    assert_eq!(ended.counts.applied, plan.total, "{:?}", ended.counts);
    let taken = lab.writes_since(mark).into_iter().filter(|it| it.status == 200).count();
    assert_eq!(taken, plan.total as usize, "each once");
}

/// Inherited, it is cut off from its default first, and blanked by a second request.
#[tokio::test]
async fn what_a_throttle_left_half_done_is_said_and_can_be_gone_on_with() {
    for cancelled in [false, true] {
        let even = Even { groups: 4, projects: 40, active: 1, custom_percent: 0 };
        let config = Config { world: WorldSpec::Even(even), ..Config::default() };
        let mut lab = Lab::connected_at(config).await;
        assert!(lab.sync().await.complete, "everything can be read");
        let slug = "jira".parse().expect("a slug");
        let filter = Filter {
            states: vec![State::Inherited],
            level: Some(Level::Project),
            ..Filter::default()
        };
        let selection = Selection { filter, ..everything_below(vec![ScopeKey::INSTANCE]) };
        let bulk = Bulk { slug, wish: Wish::Disable, selection };
        let plan = lab.engine.plan_many(lab.id(), bulk).await.expect("a plan");
        let throttled = Fault::throttled("/integrations/", MINUTE).method("DELETE");
        let stop = if cancelled { cancel } else { pause };
        let run = stopped(&lab, &plan, throttled, stop).await;
        let half: Vec<_> = run.outcomes.iter().filter(|step| step.in_part).collect();
        assert!(!half.is_empty(), "some were cut off, and not yet blanked: {:?}", run.counts);
        if cancelled {
            let said = |step: &&&heirloom_engine::change::StepOutcome| {
                matches!(step.outcome, Some(Outcome::Failed | Outcome::Unknown))
                    && step.why.is_some()
            };
            assert_eq!(half.iter().filter(said).count(), half.len(), "each says so: {half:#?}");
            continue;
        }
        assert!(half.iter().all(|step| step.outcome.is_none()), "they stay open: {half:#?}");
        lab.simulator.heal();
        lab.reopen();
        let ended = lab.engine.resume(plan.id, Secrets::default()).await.expect("a run");
        assert_eq!(ended.counts.applied, plan.total, "{:?}", ended.counts);
    }
}

/// Its default's settings are saved in a group before it is linked. Stopped in between, and with
/// the default out of sight when it goes on, part of it is there.
#[tokio::test]
async fn of_what_was_sent_in_part_nobody_says_that_nothing_was_sent() {
    let (mut lab, top) = under_top(Config::default()).await;
    let world = lab.simulator.world();
    world
        .save(Place::Group, top, "external-wiki", &own_wiki("https://default.example"))
        .expect("saved");
    for number in 1..=3 {
        let spec = GroupSpec { parent: Some(top), path: format!("g{number}"), name: None };
        let group = world.create_group(&spec).expect("a group");
        world
            .save(Place::Group, group, "external-wiki", &own_wiki("https://own.example"))
            .expect("saved");
    }
    lab.simulator.propagated().await;
    assert!(lab.sync().await.complete, "everything can be read");
    let slug = "external-wiki".parse().expect("a slug");
    let selection = everything_below(vec![lab.key("top")]);
    let bulk = Bulk { slug, wish: Wish::UseDefault, selection };
    let plan = lab.engine.plan_many(lab.id(), bulk).await.expect("a plan");
    let writes = plan.steps.iter().map(|it| it.step.writes.len());
    assert_eq!(writes.collect::<Vec<_>>(), [2, 2, 2], "saved, then linked");
    // The first is let through.
    lab.simulator.fail(Fault::on("/integrations/").method("PUT").times(1));
    let throttled = Fault::throttled("/integrations/", MINUTE).method("PUT");
    let run = stopped(&lab, &plan, throttled, pause).await;
    let begun = run.outcomes.iter().find(|it| it.in_part).expect("one was cut off").number;
    lab.simulator.heal();
    // Another program knows nothing of the pause.
    lab.reopen();
    let default = format!("/groups/{top}/integrations/external-wiki");
    lab.simulator.fail(Fault::on(default).answer(200, "<html>please sign in</html>"));
    let ended = lab.engine.resume(plan.id, Secrets::default()).await.expect("a run");
    let it = ended.outcomes.iter().find(|it| it.number == begun).expect("its outcome");
    assert_eq!(it.outcome, Some(Outcome::Failed), "{it:?}");
    let why = it.why.as_deref().unwrap_or_default();
    assert!(why.starts_with("Only part of it was sent: the default settings"), "{why}");
}
