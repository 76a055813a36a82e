use futures::{StreamExt as _, stream};
use heirloom_it::{FaultRun, under_faults};

/// Runs under way at the same time: they mostly wait.
const AT_ONCE: usize = 10;

async fn all(plans: Vec<(String, u64)>) -> Vec<(String, u64, FaultRun)> {
    stream::iter(plans)
        .map(|(plan, seed)| async move {
            let run = under_faults(&plan, seed).await;
            (plan, seed, run)
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await
}

fn check(runs: &[(String, u64, FaultRun)]) {
    for (plan, seed, run) in runs {
        assert!(
            run.unsaid.is_empty(),
            "{plan} (seed {seed}): wrong, and nobody says so: {:#?}",
            run.unsaid
        );
        assert!(run.left.is_empty(), "{plan} (seed {seed}): still wrong after: {:#?}", run.left);
    }
    let count = |of: fn(&FaultRun) -> bool| runs.iter().filter(|(_, _, run)| of(run)).count();
    println!(
        "{} runs: {} whole, {} with scopes that could not be read, {} ended early; {} retries",
        runs.len(),
        count(|run| run.failed == 0 && run.stopped.is_none()),
        count(|run| run.failed > 0),
        count(|run| run.stopped.is_some()),
        runs.iter().map(|(_, _, run)| run.retries).sum::<u64>()
    );
}

#[tokio::test]
async fn with_each_fault_the_copy_is_the_servers_state_or_says_where_it_is_not() {
    let plans = [
        "429=0.02;retry-after=1",
        "429json=0.02;retry-after=1",
        "429bare=0.02",
        "html500=0.1",
        "html502=0.1",
        "html503=0.1",
        "json500=0.1",
        "truncate=0.1",
        "cut=0.1",
        "drop=0.1",
        "lose=0.1",
        "slow=0.03",
        "type=0.1",
        "restart=0.01",
        "latency=0..20",
    ];
    let runs = all(plans.iter().map(|plan| ((*plan).to_owned(), 1)).collect()).await;
    let of = |name: &str| {
        let run = runs.iter().find(|(plan, ..)| plan.starts_with(name));
        &run.expect("it was played").2
    };
    assert!(of("html502").retries > 0, "faults were met: {:?}", of("html502"));
    check(&runs);
}

#[tokio::test]
async fn with_all_faults_at_random_the_copy_is_the_servers_state_or_says_where_it_is_not() {
    let plan = heirloom_it::ALL_FAULTS;
    let runs = all((1..=20).map(|seed| (plan.to_owned(), seed)).collect()).await;
    assert!(runs.iter().all(|(.., run)| run.retries > 0 || run.stopped.is_some()), "all met some");
    check(&runs);
}
