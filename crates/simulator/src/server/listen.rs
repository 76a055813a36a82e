//! Accepting connections on loopback, in a way that can be cut off at once.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::TokioExecutor;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// How long a graceful end waits for requests under way.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    Serve,
    /// Let requests under way finish.
    Stop,
    /// Cut every connection.
    Cut,
}

/// A bound port and the task that serves it.
pub(crate) struct Listener {
    wish: watch::Sender<Wish>,
    task: JoinHandle<()>,
}

impl Listener {
    /// Binds a port of 127.0.0.1; 0 = any free one.
    pub(crate) async fn bind(port: u16) -> io::Result<TcpListener> {
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
    }

    /// Serves a bound port.
    pub(crate) fn serve(listener: TcpListener, router: Router) -> Self {
        let (wish, wished) = watch::channel(Wish::Serve);
        let task = tokio::spawn(accept(listener, router, wished));
        Self { wish, task }
    }

    /// Stops taking requests and lets those under way finish.
    pub(crate) async fn stop(self) {
        self.end(Wish::Stop).await;
    }

    /// Drops the port and every connection, as a server that went away.
    pub(crate) async fn cut(self) {
        self.end(Wish::Cut).await;
    }

    async fn end(self, wish: Wish) {
        self.wish.send_replace(wish);
        if let Err(error) = self.task.await {
            tracing::warn!(%error, "the simulator's listener ended badly");
        }
    }
}

async fn accept(listener: TcpListener, router: Router, mut wished: watch::Receiver<Wish>) {
    let mut server = auto::Builder::new(TokioExecutor::new());
    server.http1().pipeline_flush(true);
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    if let Err(error) = stream.set_nodelay(true) {
                        tracing::debug!(%error, "small answers may be held back");
                    }
                    let service = TowerToHyperService::new(router.clone());
                    let connection = server.serve_connection(TokioIo::new(stream), service);
                    let connection = graceful.watch(connection.into_owned());
                    connections.spawn(async move {
                        if let Err(error) = connection.await {
                            tracing::debug!(error, "a connection ended badly");
                        }
                    });
                }
                Err(error) => tracing::warn!(%error, "could not accept a connection"),
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            _ = wished.changed() => break,
        }
    }
    drop(listener);
    // A dropped sender, too, means that nobody wants the server any longer.
    if *wished.borrow() == Wish::Stop {
        let _ = tokio::time::timeout(PATIENCE, graceful.shutdown()).await;
    }
    connections.shutdown().await;
}
