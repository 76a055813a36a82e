//! Everything the project claims about GitLab rests on the simulator being true, so clients that
//! others wrote have to take it for a GitLab.

#![allow(clippy::expect_used, reason = "a test stops at its first surprise")]

use std::path::Path;
use std::time::Duration;

use heirloom_compat::{CLIENTS, Outcome, prepare, run, table};
use heirloom_simulator::{Config, Simulator};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_peoples_clients_take_the_simulator_for_gitlab() {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients");
    let mut outcomes: Vec<Outcome> = Vec::new();
    for client in CLIENTS {
        // Skipping in silence would be a green light that nobody earned.
        let home =
            prepare(client.kit, &cache).unwrap_or_else(|error| panic!("{}: {error}", client.name));
        let config = Config { propagation_delay: Duration::from_millis(20), ..Config::default() };
        let simulator = Simulator::start(config).await.expect("the simulator starts");
        let outcome = run(*client, &home, &simulator.url(), simulator.token())
            .await
            .expect("the client's script starts");
        simulator.stop().await;
        outcomes.push(outcome);
    }
    let table = table(&outcomes);
    println!("{table}");
    assert!(
        outcomes.iter().all(Outcome::is_green),
        "a client met something that it does not know from GitLab:\n{table}"
    );
}
