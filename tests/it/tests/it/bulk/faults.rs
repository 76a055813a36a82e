use futures::{StreamExt as _, stream};
use heirloom_it::{ALL_FAULTS, Change, apply_under_faults};

/// Every fault at random and a second admin at once, twelve seeds: what the journal says of a step
/// is what the server has, and only what could not be read back is unknown.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_all_faults_at_random_the_outcomes_are_true() {
    let runs = (1..=12_u64).zip(Change::ALL.into_iter().cycle());
    let mut runs = stream::iter(runs)
        .map(|(seed, change)| async move {
            (seed, change, apply_under_faults(ALL_FAULTS, change, 100, seed).await)
        })
        .buffer_unordered(5);
    let (mut applied, mut others, mut wrong) = (0, 0, Vec::new());
    let (mut theirs, mut conflicts, mut written_over) = (0, 0, 0);
    while let Some((seed, change, run)) = runs.next().await {
        println!("seed {seed}, {change:?}: {:?}, held {}", run.outcomes, run.held);
        let done = run.outcomes.get("applied").copied().unwrap_or_default();
        applied += done;
        theirs += run.theirs;
        conflicts += run.outcomes.get("conflict").copied().unwrap_or_default();
        written_over += run.written_over;
        others += run.outcomes.values().sum::<u32>() - done;
        wrong.extend(run.wrong.into_iter().map(|it| format!("seed {seed}, {change:?}: {it}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    println!(
        "{applied} applied, {others} others; {theirs} rows changed by the second admin: \
        {conflicts} conflicts, {written_over} written over between a reading and its write"
    );
    assert_eq!(applied + others, 1_200, "every step has an outcome");
    assert!(theirs > 50 && conflicts > 0, "somebody else was there: {theirs}, {conflicts}");
    assert!(written_over * 5 < theirs, "hardly ever written over: {written_over} of {theirs}");
    assert!(applied > 500 && others > 0, "faults were met, and most got over: {applied}, {others}");
}
