use std::path::Path;

use heirloom_it::kill_again_and_again;

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
