//! Single steps left out of a plan, and taken in again.

use heirloom_engine::change::{Along, Filter, Secrets, Steps};
use heirloom_engine::{Kind, Outcome, StepFilter, Which};

use super::groups::{nested, plan};
use super::{all_secrets, apply, estate, most_overridden, push_defaults};

#[tokio::test]
async fn a_group_that_is_left_out_takes_along_what_needs_it_and_stays_so_over_a_restart() {
    let mut lab = nested(true).await;
    let whole = plan(&lab, "top", Filter::default()).await.expect("a plan");
    let group = Steps::Of(vec![lab.key("top/a")]);
    let along = lab.engine.leave_out(whole.id, group, true).await.expect("left out");
    // The group in it, and three projects in each of the two.
    assert_eq!(along.steps, 7, "they take their default through it: {along:?}");
    lab.reopen();
    let left = lab.engine.show_plan(whole.id).await.expect("still a plan");
    assert_eq!((left.total, left.left_out), (whole.total - 8, 8), "kept with the plan");
    assert!(left.requests < whole.requests, "the cost follows");
    let paths: Vec<_> = left.steps.iter().map(|it| it.scope.listed.path.as_str()).collect();
    assert!(!paths.iter().any(|path| path.starts_with("top/a")), "{paths:?}");

    let mark = lab.mark();
    let run = apply(&lab, &left, all_secrets(&left, "the company's")).await;
    assert_eq!(run.counts.applied + run.counts.already, left.total, "{:?}", run.outcomes);
    let written = lab.writes_since(mark);
    let a = lab.key("top/a").id.0;
    let of_a = format!("/groups/{a}/");
    assert!(!written.iter().any(|it| it.path.contains(&of_a)), "nothing of it was sent");
    let reasons = lab.engine.skip_reasons(run.id).await.expect("reasons");
    assert!(
        reasons.iter().any(|(why, n)| why.contains("with the step it needs: top/a") && *n == 7),
        "the run says why: {reasons:?}"
    );
    assert!(reasons.iter().any(|(why, n)| why == "Left out in the review" && *n == 1));
}

#[tokio::test]
async fn a_project_that_is_taken_in_brings_its_group_and_the_plan_is_the_same_as_before() {
    let lab = nested(true).await;
    let whole = plan(&lab, "top", Filter::default()).await.expect("a plan");
    let group = Steps::Of(vec![lab.key("top/a")]);
    lab.engine.leave_out(whole.id, group, true).await.expect("left out");
    let (_, lines) = lab
        .engine
        .step_lines(whole.id, StepFilter { which: Which::LeftOut, ..StepFilter::default() }, 0, 20)
        .await
        .expect("lines");
    let with: Vec<_> = lines.iter().filter_map(|it| it.left_out_with.as_deref()).collect();
    assert_eq!(with, ["top/a"; 7], "each says which step it needs");
    let project = Steps::Of(vec![lab.key("top/a/own")]);
    let along = lab.engine.leave_out(whole.id, project, false).await.expect("in again");
    assert_eq!(along.steps, 7, "the group, and what had gone with it: {along:?}");
    let again = lab.engine.show_plan(whole.id).await.expect("a plan");
    assert_eq!((again.total, again.left_out), (whole.total, 0), "all of it");
    assert_eq!(again.requests, whole.requests);
}

#[tokio::test]
async fn a_plan_without_any_step_left_is_not_begun() {
    let lab = estate(30).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let all = || Steps::Matching(StepFilter::default());
    let along = lab.engine.leave_out(plan.id, all(), true).await.expect("left out");
    assert_eq!(along, Along::default(), "all were named");
    let mark = lab.mark();
    let refused = lab.engine.apply(plan.id, Secrets::default(), None).await.map(drop);
    assert_eq!(refused.expect_err("nothing to do").kind(), Kind::Other);
    assert_eq!(lab.writes_since(mark), [], "nothing was sent");
    lab.engine.leave_out(plan.id, Steps::Numbers(vec![2]), false).await.expect("in again");
    let one = lab.engine.show_plan(plan.id).await.expect("a plan");
    let run = apply(&lab, &one, Secrets::default()).await;
    assert_eq!(run.counts.applied, 1, "that one alone: {:?}", run.outcomes);
    assert_eq!(run.outcomes[0].outcome, Some(Outcome::Applied));
    let late = lab.engine.leave_out(plan.id, all(), true).await.map(drop);
    assert!(late.is_err(), "it is a plan no more");
}

#[tokio::test]
async fn sums_count_each_setting_over_the_steps_that_are_in() {
    let lab = estate(30).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let sums = lab.engine.plan_sums(plan.id).await.expect("sums");
    let mut counted = std::collections::BTreeMap::<String, u32>::new();
    for step in &plan.steps {
        for pair in step.step.changes(plan.integration) {
            *counted.entry(pair.name).or_default() += 1;
        }
    }
    let said: std::collections::BTreeMap<_, _> =
        sums.settings.iter().map(|it| (it.first.name.clone(), it.steps)).collect();
    assert_eq!(said, counted, "each as often as it changes");
    assert!(sums.settings.is_sorted_by(|a, b| a.steps >= b.steps), "most first");
    let keep_one = StepFilter::default();
    lab.engine.leave_out(plan.id, Steps::Matching(keep_one), true).await.expect("left out");
    let none = lab.engine.plan_sums(plan.id).await.expect("sums");
    assert!(none.settings.is_empty(), "what is left out counts no more");
}
