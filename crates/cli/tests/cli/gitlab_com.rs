//! GitLab.com, as met from a company's network: by its name, through a proxy, behind a certificate
//! authority of the company's own.

use std::sync::{Arc, Mutex};

use heirloom_simulator::{Config, Features, Limits, Request, Simulator, Tls, WorldSpec};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use crate::desk::{Desk, Ran, finish};

/// A proxy that leads `gitlab.com:443` to another address, and nowhere else.
struct Proxy {
    url: String,
    /// The first line of each request to it.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    async fn start(to: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let heard = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (to, heard) = (to.clone(), Arc::clone(&heard));
                // A connection that breaks off is its client's matter.
                tokio::spawn(async move { tunnel(socket, &to, &heard).await });
            }
        });
        Self { url, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("a list").clone()
    }
}

async fn tunnel(
    mut outside: TcpStream,
    to: &str,
    heard: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(outside.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    heard.lock().expect("a list").push(head.clone());
    if !head.starts_with("CONNECT gitlab.com:443 ") {
        return outside.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n").await;
    }
    let mut inside = TcpStream::connect(to).await?;
    outside.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    copy_bidirectional(&mut outside, &mut inside).await.map(drop)
}

/// GitLab.com's own limits for lists of groups and of projects, so many requests in so many
/// seconds (its page “Rate limits on GitLab.com”).
const PUBLISHED: [(&str, usize, u64); 3] =
    [("", 2_000, 60), ("/groups?", 50, 60), ("/projects?", 2_000, 600)];

/// Requests that may go at once before the pace is kept, and the time between two from then on:
/// nine tenths of 2,000 a minute.
const BURST: usize = 130;
const GAP_MS: u64 = 36;

fn is_within_the_pace(requests: &[Request]) {
    for (first, from) in requests.iter().enumerate() {
        for (more, until) in requests[first..].iter().enumerate() {
            // When they were answered: a few may have waited for each other.
            let took = until.at_ms - from.at_ms + 200;
            let allowed = BURST + usize::try_from(took / GAP_MS).expect("a number") + 1;
            assert!(more < allowed, "{} requests in {took} ms, from {from:?}", more + 1);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn gitlab_com_is_asked_within_its_published_limits_also_through_a_proxy() {
    let server = Simulator::start(Config {
        world: WorldSpec::Sized { groups: 20, projects: 260 },
        tls: Tls::Named("gitlab.com"),
        features: Features { saas: true, ..Features::default() },
        limits: Limits { endpoints: true, ..Limits::default() },
        external_origin: Some("https://gitlab.com".into()),
        ..Config::default()
    })
    .await
    .expect("a simulator on a free port");
    let proxy = Proxy::start(server.url().trim_start_matches("https://").to_owned()).await;
    let desk = Desk::new().token(Some(server.token()));
    let ca = desk.path("company-ca.pem");
    std::fs::write(&ca, server.ca_pem().expect("an authority")).expect("a file");
    let ca = ca.to_str().expect("a path");
    let run = |arguments: &[&str]| -> Ran {
        let child = desk.command(arguments).env("HTTPS_PROXY", &proxy.url).spawn();
        finish(child.expect("the program"))
    };

    let url = ["connect", "--url", "https://gitlab.com"];
    let untrusted = run(&url);
    assert_eq!(untrusted.code, 3, "nobody knows who signed the certificate: {untrusted:?}");
    assert_eq!(server.requests(), [], "and no token was sent");
    let made = run(&[&url[..], &["--name", "com", "--ca", ca]].concat());
    assert_eq!(made.code, 0, "{made:?}");
    let limits = "at most 24 requests at once; within the limits it publishes: 2000 a minute, 50 a \
                  minute for lists of groups";
    assert!(made.out.contains(limits), "it says how gently it will ask: {made:?}");
    let doctor = run(&["doctor", "--json", "--instance", "com"]).json();
    let checks = doctor["checks"].as_array().expect("checks").iter();
    let said: Vec<_> = checks.filter(|check| check["check"] == "limits").collect();
    assert_eq!((said.len(), &said[0]["status"]), (1, &"ok".into()), "{doctor}");
    assert!(said[0]["detail"].as_str().is_some_and(|it| it.contains(limits)), "{}", said[0]);

    let mark = server.requests().last().map_or(0, |request| request.number);
    let synced = run(&["sync", "--json"]);
    assert_eq!(synced.code, 0, "{synced:?}");
    let sent = server.requests_after(mark);
    assert!(sent.len() > BURST + 150, "enough to need a pace: {}", sent.len());
    is_within_the_pace(&sent);
    for (path, most, seconds) in PUBLISHED {
        let of: Vec<_> = sent.iter().filter(|request| request.path.contains(path)).collect();
        for (first, from) in of.iter().enumerate() {
            let within = of[first..].iter().filter(|it| it.at_ms < from.at_ms + seconds * 1_000);
            assert!(within.count() <= most, "more than {most} in {seconds} s of {path:?}");
        }
    }
    assert!(sent.iter().all(|request| request.status != 429), "so none is turned away");
    let took = sent.last().map_or(0, |it| it.at_ms) - sent[0].at_ms;
    assert!(took + 200 >= (sent.len() - BURST) as u64 * GAP_MS, "it took its time: {took} ms");

    let asked = proxy.asked();
    assert!(asked.len() > 1, "everything went through the proxy: {asked:?}");
    for head in asked {
        assert!(head.starts_with("CONNECT gitlab.com:443 "), "{head}");
        assert!(!head.contains(server.token()), "which never saw the token: {head}");
    }
    server.stop().await;
}
