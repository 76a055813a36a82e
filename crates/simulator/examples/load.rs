//! How big a world may get and how fast it answers: `cargo run --release --example load`.
//!
//! Builds 10,000 groups with 100,000 projects and a million rows, then asks for integration
//! lists over real connections for five seconds. `-- GROUPS PROJECTS` takes another size.

#![allow(clippy::expect_used, reason = "a measurement stops at its first surprise")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use heirloom_simulator::{Config, Simulator, WorldSpec};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 32;
const DURATION: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() {
    let mut sizes = std::env::args().skip(1).filter_map(|size| size.parse().ok());
    let (groups, projects) = (sizes.next().unwrap_or(10_000), sizes.next().unwrap_or(100_000));
    let world = WorldSpec::Sized { groups, projects };
    let start = Instant::now();
    let simulator = Simulator::start(Config { world, ..Config::default() }).await.expect("starts");
    let built = start.elapsed();
    let rows = simulator.world().row_count();
    println!(
        "{groups} groups, {projects} projects, {rows} rows: built in {built:.1?}, {}",
        memory()
    );

    let served = Arc::new(AtomicUsize::new(0));
    let until = Instant::now() + DURATION;
    let ids = Arc::new(simulator.world().projects());
    let mut tasks = tokio::task::JoinSet::new();
    for first in 0..CONNECTIONS {
        let (served, ids) = (Arc::clone(&served), Arc::clone(&ids));
        let address = simulator.url().replace("http://", "");
        let token = simulator.token().to_owned();
        tasks.spawn(async move {
            let mut stream = TcpStream::connect(&address).await.expect("a connection");
            stream.set_nodelay(true).expect("no delay");
            let mut buffer = Vec::with_capacity(64 * 1024);
            let mut position = first;
            while Instant::now() < until {
                let id = ids[position % ids.len()];
                position += CONNECTIONS;
                let request = format!(
                    "GET /api/v4/projects/{id}/integrations HTTP/1.1\r\nHost: {address}\r\n\
                     PRIVATE-TOKEN: {token}\r\n\r\n"
                );
                stream.write_all(request.as_bytes()).await.expect("sent");
                answer(&mut stream, &mut buffer).await;
                served.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    tasks.join_all().await;
    let rate = served.load(Ordering::Relaxed) as f64 / DURATION.as_secs_f64();
    println!("{rate:.0} integration lists a second on {CONNECTIONS} connections, {}", memory());
}

/// Reads one answer to its end.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) {
    buffer.clear();
    loop {
        let read = stream.read_buf(buffer).await.expect("an answer");
        assert!(read > 0, "the connection ended");
        let Some(end) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&buffer[..end]).expect("a head");
        assert!(head.starts_with("HTTP/1.1 200"), "not served: {head}");
        let length: usize = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .and_then(|length| length.parse().ok())
            .expect("a length");
        if buffer.len() >= end + 4 + length {
            return;
        }
    }
}

/// The most memory this process has used.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let megabytes = peak
        .and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok())
        .map_or("?".to_owned(), |kilobytes| (kilobytes / 1024).to_string());
    format!("{megabytes} MB at most")
}
