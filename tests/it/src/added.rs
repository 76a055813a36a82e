//! A front before the simulator that adds rows of kinds the simulator itself does not have.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Passes everything on, but knows of more integrations, at every group and project.
pub async fn with_added_rows(url: &str, rows: Vec<Json>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let own = format!("http://{}", listener.local_addr().expect("an address"));
    let behind = url.trim_start_matches("http://").to_owned();
    let rows: BTreeMap<String, Json> = rows
        .into_iter()
        .map(|row| (row["slug"].as_str().expect("a slug").to_owned(), row))
        .collect();
    let rows = Arc::new(rows);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let (behind, rows) = (behind.clone(), Arc::clone(&rows));
            tokio::spawn(async move {
                // A connection that breaks off is its client's matter.
                let _ = answer(socket, &behind, &rows).await;
            });
        }
    });
    own
}

async fn answer(
    mut outside: TcpStream,
    behind: &str,
    rows: &BTreeMap<String, Json>,
) -> std::io::Result<()> {
    // Reads have no body: their head ends them. Others are refused, so that none gets through.
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(outside.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default().to_owned();
    if !head.starts_with("GET ") {
        return outside
            .write_all(b"HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\n\r\n")
            .await;
    }
    if let Some(row) = path.split_once("/integrations/").and_then(|(_, slug)| rows.get(slug)) {
        return outside.write_all(&json(row)).await;
    }
    let mut inside = TcpStream::connect(behind).await?;
    let closing = head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    inside.write_all(closing.as_bytes()).await?;
    let mut whole = Vec::new();
    inside.read_to_end(&mut whole).await?;
    let end = whole.windows(4).position(|it| it == b"\r\n\r\n").map_or(whole.len(), |at| at + 4);
    if path.ends_with("/integrations")
        && let Ok(Json::Array(mut list)) = serde_json::from_slice(&whole[end..])
    {
        for row in rows.values() {
            let mut basic = row.clone();
            basic.as_object_mut().expect("a row").remove("properties");
            list.push(basic);
        }
        whole = json(&Json::Array(list));
    }
    outside.write_all(&whole).await
}

fn json(body: &Json) -> Vec<u8> {
    let body = body.to_string();
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
