//! What is said of a run while GitLab has asked to wait (contract, section 6).

use std::time::Duration;

use heirloom_engine::change::{SecretNeeds, Secrets};
use heirloom_engine::{Pause, RunState};
use heirloom_it::Lab;
use heirloom_simulator::Fault;

use super::remembering::{set, webhook};
use super::{estate, most_overridden, push_defaults, typed};

/// Far more than it takes to meet a throttle, also on a busy computer.
const PATIENCE: Duration = Duration::from_secs(20);

async fn paused(lab: &Lab) -> Pause {
    let met = async {
        loop {
            if let Some(pause) = lab.engine.server_pause(lab.id()) {
                return pause;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, met).await.expect("it waits, since GitLab asked for it")
}

#[tokio::test]
async fn a_pause_that_gitlab_asks_for_is_told_while_it_lasts_and_gone_after() {
    const SECONDS: u32 = 2;
    let lab = estate(20).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    assert_eq!(lab.engine.server_pause(lab.id()), None, "nothing waits");
    let throttled = Fault::throttled("/integrations/", SECONDS).method("PUT").times(1);
    lab.simulator.fail(throttled);
    let mark = lab.mark();
    let (engine, run, confirm) = (lab.engine.clone(), plan.id, typed(&plan));
    let job = tokio::spawn(async move { engine.apply(run, Secrets::default(), confirm).await });
    let pause = paused(&lab).await;
    assert!(pause.all, "the throttle is the whole server's: {pause:?}");
    assert!(pause.left <= Duration::from_secs(SECONDS.into()), "as long as asked: {pause:?}");
    assert!(!job.is_finished(), "the run waits");
    let ended = job.await.expect("a task").expect("a run");
    assert_eq!((ended.state, ended.counts.applied), (RunState::Ended, plan.total), "all of it");
    assert_eq!(lab.engine.server_pause(lab.id()), None, "the wait is over");
    let refused = lab.writes_since(mark).into_iter().filter(|it| it.status == 429).count();
    assert_eq!(refused, 1, "one was turned away, and the others waited");
}

#[tokio::test]
async fn a_run_under_way_is_not_looked_through_for_its_secrets_and_a_paused_one_is() {
    let lab = Lab::synced().await;
    let plan = set(&lab, "#one").await;
    lab.simulator.fail(Fault::throttled("/integrations/", 600).method("PUT"));
    let (engine, run) = (lab.engine.clone(), plan.id);
    let job = tokio::spawn(async move {
        engine.apply(run, webhook("https://hooks.slack.example/typed"), None).await
    });
    paused(&lab).await;
    let view = lab.engine.run_view(plan.id).await.expect("a view");
    assert!(view.status.is_some(), "it runs");
    assert_eq!(view.secrets, SecretNeeds::default(), "what was typed is there");
    lab.engine.pause_apply(lab.id());
    let held = job.await.expect("a task").expect("a run");
    assert_eq!(held.state, RunState::Paused, "{:?}", held.counts);
    let view = lab.engine.run_view(plan.id).await.expect("a view");
    let needed: Vec<_> = view.secrets.fields.iter().map(|it| (it.steps, it.remembered)).collect();
    assert_eq!(needed, [(plan.total, 0)], "it is forgotten, and asked for again");
}
