//! A front before the simulator that changes what it says: proxies, and servers gone strange.

use std::sync::Arc;

use serde_json::Value as Json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// An answer on its way.
pub struct Said {
    /// Its status line, such as `HTTP/1.1 200 OK`.
    pub status: String,
    /// What it says.
    pub body: Json,
}

/// Passes reads on and shows each answer, with the path and query it is for, to whoever changes
/// it. Writes are refused, so that none gets through. Gives the front's address.
pub async fn changed(
    url: &str,
    change: impl Fn(&str, &mut Said) + Send + Sync + 'static,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let own = format!("http://{}", listener.local_addr().expect("an address"));
    let behind = url.trim_start_matches("http://").to_owned();
    let change = Arc::new(change);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let (behind, change) = (behind.clone(), Arc::clone(&change));
            tokio::spawn(async move {
                // A connection that breaks off is its client's matter.
                let _ = answer(socket, &behind, change.as_ref()).await;
            });
        }
    });
    own
}

async fn answer(
    mut outside: TcpStream,
    behind: &str,
    change: &(impl Fn(&str, &mut Said) + Send + Sync),
) -> std::io::Result<()> {
    // Reads have no body: their head ends them.
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(outside.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    if !head.starts_with("GET ") {
        return outside
            .write_all(b"HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\n\r\n")
            .await;
    }
    let path = head.split(' ').nth(1).unwrap_or_default();
    let mut inside = TcpStream::connect(behind).await?;
    let closing = head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    inside.write_all(closing.as_bytes()).await?;
    let mut whole = Vec::new();
    inside.read_to_end(&mut whole).await?;
    let end = whole.windows(4).position(|it| it == b"\r\n\r\n").map_or(whole.len(), |at| at + 4);
    let Ok(body) = serde_json::from_slice::<Json>(&whole[end..]) else {
        return outside.write_all(&whole).await;
    };
    let lines = String::from_utf8_lossy(&whole[..end]).into_owned();
    let mut lines = lines.trim_end().split("\r\n");
    let mut said = Said { status: lines.next().unwrap_or_default().to_owned(), body };
    change(path, &mut said);
    let body = said.body.to_string();
    let mut answer = format!("{}\r\n", said.status);
    for line in lines {
        let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
        if !["content-length", "connection", "transfer-encoding", "etag"].contains(&name.as_str()) {
            answer.push_str(line);
            answer.push_str("\r\n");
        }
    }
    let length = body.len();
    answer.push_str(&format!("content-length: {length}\r\nconnection: close\r\n\r\n{body}"));
    outside.write_all(answer.as_bytes()).await
}
