//! What the tests share.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use heirloom_core::ids::{ScopeKey, Slug};
use heirloom_gitlab::{Client, ClientOptions, Problem};
use secrecy::SecretString;
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::{MockServer, Request, ResponseTemplate};

/// A token whose text must never show up anywhere but in the header.
pub const TOKEN: &str = "glpat-canary-0123456789";

/// Options under which failing again and again takes no time.
pub fn quick() -> ClientOptions {
    ClientOptions { backoff: Duration::from_millis(1), ..ClientOptions::default() }
}

pub fn client_at(url: &str, options: ClientOptions) -> Client {
    let base = url.parse().expect("the address of a test server");
    Client::new(base, &SecretString::from(TOKEN), options).expect("a client")
}

pub fn client(server: &MockServer) -> Client {
    client_at(&server.uri(), quick())
}

pub fn slug(text: &str) -> Slug {
    Slug::new(text).expect("a slug")
}

pub const PROJECT: ScopeKey = ScopeKey::project(7);

/// A row as GitLab sends it.
pub fn row(id: u64, slug: &str) -> Json {
    json!({
        "id": id, "title": "Slack notifications", "slug": slug,
        "created_at": "2024-05-01T10:00:00.000Z", "updated_at": "2024-05-02T11:00:00.000+02:00",
        "active": true, "push_events": true, "issues_events": false, "vulnerability_events": null,
        "comment_on_event_enabled": true, "inherited": true
    })
}

pub fn group(id: u64) -> Json {
    json!({ "id": id, "name": format!("Group {id}"), "full_path": format!("g{id}"),
            "parent_id": null, "visibility": "private" })
}

pub fn project(id: u64) -> Json {
    json!({ "id": id, "name": format!("Project {id}"), "path_with_namespace": format!("g/p{id}"),
            "namespace": { "id": 1, "kind": "group", "full_path": "g", "parent_id": null },
            "archived": false, "visibility": "private" })
}

pub fn user() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({ "id": 1, "username": "root" }))
}

/// The requests a server received.
pub async fn received(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.expect("the server records requests")
}

pub async fn problem_of_user(client: &Client) -> Problem {
    client.current_user().await.expect_err("this call should fail").problem
}

/// A server below HTTP: answers every connection with the same bytes, closes it, and counts.
pub struct Raw {
    pub url: String,
    pub connections: Arc<AtomicUsize>,
}

impl Raw {
    pub async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                let answer = answer.clone();
                tokio::spawn(async move {
                    read_request(&mut socket).await;
                    let _ = socket.write_all(&answer).await;
                    let _ = socket.shutdown().await;
                });
            }
        });
        Self { url, connections }
    }

    pub fn count(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// Reads a request's head and body, so that closing afterwards does not reset the connection.
async fn read_request(socket: &mut tokio::net::TcpStream) {
    let mut seen = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let read = socket.read(&mut buffer).await.unwrap_or(0);
        seen.extend_from_slice(&buffer[..read]);
        // A TLS greeting has no end that could be waited for.
        if seen.first() == Some(&0x16) {
            return;
        }
        let text = String::from_utf8_lossy(&seen);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_lowercase().strip_prefix("content-length:").map(str::to_owned)
                })
                .and_then(|length| length.trim().parse::<usize>().ok())
                .unwrap_or(0);
            if body.len() >= length {
                return;
            }
        }
        if read == 0 {
            return;
        }
    }
}
