//! Requests whose answer is given up before they are done: a proxy's patience, or the client's, is
//! at its end, and the server is still at work.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use tokio::sync::watch;

use crate::site::Site;

/// What is still to be done.
pub(crate) struct Late {
    waiting: watch::Sender<usize>,
    /// How often all of it was to be done at once.
    hurried: watch::Sender<u64>,
}

impl Default for Late {
    fn default() -> Self {
        Self { waiting: watch::Sender::new(0), hurried: watch::Sender::new(0) }
    }
}

impl Late {
    /// Does what a request asks so long after, or when it is to be hurried.
    pub(crate) async fn put_off(site: &Arc<Site>, request: Request, next: Next, after: Duration) {
        let (parts, body) = request.into_parts();
        // Whole: the connection it comes over is about to go.
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let request = Request::from_parts(parts, Body::from(body));
        let mut hurried = site.late.hurried.subscribe();
        site.late.waiting.send_modify(|waiting| *waiting += 1);
        let site = Arc::clone(site);
        tokio::spawn(async move {
            tokio::select! {
                () = tokio::time::sleep(after) => {}
                _ = hurried.changed() => {}
            }
            drop(next.run(request).await);
            site.late.waiting.send_modify(|waiting| *waiting -= 1);
        });
    }

    /// Does all of it now, and waits until it is done.
    pub(crate) async fn hurry(&self) {
        self.hurried.send_modify(|times| *times += 1);
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = self.waiting.subscribe().wait_for(|waiting| *waiting == 0).await;
    }
}
