use std::path::Path;

#[cfg(unix)]
use heirloom_it::apply_on_full_disks;
use heirloom_it::{kill_again_and_again, kill_applies};

/// A sync killed at any moment leaves whole databases, and the next run goes on where it was and
/// ends with the server's own state. The soak does the same a thousand times.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_killed_at_any_moment_is_gone_on_with() {
    let program = Path::new(env!("CARGO_BIN_EXE_heirloomctl"));
    let seen = kill_again_and_again(program, 25, 1).await;
    println!("{seen:?}");
    assert!(seen.wrong.is_empty(), "{:#?}", seen.wrong);
    assert_eq!(seen.killed, 25, "so many were killed at work");
    assert!(seen.resumed > 0, "and gone on with");
    assert_eq!(seen.asked_again, 0, "what had been read was not asked again");
}

/// An apply killed at any moment: what its journal says is true, the rest is gone on with to its
/// end, and nothing is sent twice but what a kill left in doubt. The soak does it a thousand times.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_apply_killed_at_any_moment_is_gone_on_with() {
    let program = Path::new(env!("CARGO_BIN_EXE_heirloomctl"));
    let seen = kill_applies(program, 20, 300, 1).await;
    println!("{seen:?}");
    assert!(seen.wrong.is_empty(), "{:#?}", seen.wrong);
    assert_eq!(seen.killed, 20, "so many were killed at work");
    assert!(seen.cut_short > 0, "some steps were under way");
    assert_eq!(seen.steps, seen.runs * 300, "none was lost");
}

/// A disk that fills up while a plan is applied: a step that cannot be marked first is not sent,
/// what the journal says is true, and with room again the run goes on to its end.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_apply_on_a_full_disk_is_held_and_gone_on_with() {
    let program = Path::new(env!("CARGO_BIN_EXE_heirloomctl"));
    let rooms = [16, 300, 700].map(|kibibytes| kibibytes * 1024);
    let seen = apply_on_full_disks(program, 60, &rooms).await;
    println!("{seen:#?}");
    assert!(seen.applies.wrong.is_empty(), "{:#?}", seen.applies.wrong);
    assert!(!seen.held.is_empty(), "some were held on the way: {:?}", seen.said);
    assert_eq!(seen.applies.steps, seen.applies.runs * 60, "none was lost");
}
