//! Accepting connections on loopback, in a way that can be cut off at once.

use std::error::Error;
use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use axum::response::Response;
use futures::future::BoxFuture;
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::rt::TokioExecutor;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use crate::fault::NoAnswer;

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
    pub(crate) fn serve(listener: TcpListener, router: Router, tls: Option<TlsAcceptor>) -> Self {
        let (wish, wished) = watch::channel(Wish::Serve);
        let task = tokio::spawn(accept(listener, router, tls, wished));
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

async fn accept(
    listener: TcpListener,
    router: Router,
    tls: Option<TlsAcceptor>,
    mut wished: watch::Receiver<Wish>,
) {
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
                    let service = Droppable(TowerToHyperService::new(router.clone()));
                    let (server, watcher) = (server.clone(), graceful.watcher());
                    match tls.clone() {
                        None => {
                            let connection = server.serve_connection(TokioIo::new(stream), service);
                            let connection = watcher.watch(connection.into_owned());
                            connections.spawn(async move { over(connection.await) });
                        }
                        Some(tls) => {
                            connections.spawn(async move {
                                let stream = match tls.accept(stream).await {
                                    Ok(stream) => TokioIo::new(stream),
                                    // A client that does not trust us leaves here.
                                    Err(error) => return tracing::debug!(%error, "no handshake"),
                                };
                                let connection = server.serve_connection(stream, service);
                                over(watcher.watch(connection.into_owned()).await);
                            });
                        }
                    }
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

fn over(result: Result<(), Box<dyn Error + Send + Sync>>) {
    if let Err(error) = result {
        tracing::debug!(error, "a connection ended badly");
    }
}

/// The router, except that an answer marked [`NoAnswer`] ends the connection.
struct Droppable(TowerToHyperService<Router>);

/// The connection is dropped on purpose.
#[derive(Debug, thiserror::Error)]
#[error("dropped on purpose")]
struct Dropped;

impl Service<Request<Incoming>> for Droppable {
    type Response = Response;
    type Error = Dropped;
    type Future = BoxFuture<'static, Result<Response, Dropped>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let answer = self.0.call(request);
        Box::pin(async move {
            match answer.await {
                Ok(response) if response.extensions().get::<NoAnswer>().is_none() => Ok(response),
                _ => Err(Dropped),
            }
        })
    }
}
