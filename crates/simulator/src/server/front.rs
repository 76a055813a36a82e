//! What happens around each API answer: the log, faults, latency and the pool of workers.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::DATE;
use axum::http::{HeaderValue, Uri};
use axum::middleware::Next;
use axum::response::Response;
use url::form_urlencoded;

use crate::clock::as_http_date;
use crate::fault::{Fault, Harm, Late, NoAnswer, hurt};
use crate::site::Site;

pub(super) async fn front(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let _under_way = UnderWay::new(&site);
    let method = request.method().to_string();
    let path = without_tokens(request.uri());
    // A server's pool: who comes when all workers are busy waits in line.
    let worker = match &site.workers {
        Some(workers) => workers.acquire().await.ok(),
        None => None,
    };
    let (late, rolled) =
        site.dice().map_or((Duration::ZERO, None), |dice| dice.roll(&method, &path));
    let fault = site.faults.take(&method, &path).or(rolled);
    let delay = site.latency + late + fault.as_ref().map_or(Duration::ZERO, |fault| fault.delay);
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let mut response = answer(&site, fault, request, next).await;
    drop(worker);
    let number = site.requests.record(&method, path, response.status().as_u16());
    let id = HeaderValue::from(number);
    response.headers_mut().insert("x-request-id", id);
    if let Ok(date) = HeaderValue::from_str(&as_http_date(site.clock.shown())) {
        response.headers_mut().insert(DATE, date);
    }
    response
}

/// The true answer, or what a fault makes of it.
async fn answer(site: &Arc<Site>, fault: Option<Fault>, request: Request, next: Next) -> Response {
    let Some(fault) = fault else { return next.run(request).await };
    if let Some(Harm::Late(after)) = fault.harm {
        Late::put_off(site, request, next, after).await;
        return fault.response().unwrap_or_else(NoAnswer::response);
    }
    // These come before anything is done.
    let nothing_done = match &fault.harm {
        Some(Harm::Drop) => true,
        Some(Harm::Restart(down)) => site.restarts.send(*down).is_ok(),
        _ => false,
    };
    let response = match fault.response() {
        Some(response) => response,
        None if nothing_done => Response::default(),
        None => next.run(request).await,
    };
    match &fault.harm {
        Some(harm) => hurt(response, harm).await,
        None => response,
    }
}

/// Counts a request until it is answered or given up.
struct UnderWay(Arc<Site>);

impl UnderWay {
    fn new(site: &Arc<Site>) -> Self {
        site.under_way.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(site))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Path and query as sent, but never a token.
fn without_tokens(uri: &Uri) -> String {
    let Some(query) = uri.query() else { return uri.path().to_owned() };
    let secret = |name: &str| matches!(name, "private_token" | "access_token" | "job_token");
    if form_urlencoded::parse(query.as_bytes()).any(|(name, _)| secret(&name)) {
        let mut kept = form_urlencoded::Serializer::new(String::new());
        kept.extend_pairs(
            form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| !secret(name)),
        );
        return format!("{}?{}", uri.path(), kept.finish());
    }
    format!("{}?{query}", uri.path())
}
