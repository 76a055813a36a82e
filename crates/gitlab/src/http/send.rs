//! The one way a request is sent.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, LOCATION};
use reqwest::{Response, StatusCode};
use serde_json::Value as Json;
use tokio::time::{Instant, sleep, sleep_until};
use url::Url;

use super::ask::{Ask, Verb};
use super::gate::circuit::Finding;
use super::gate::pace::Slot;
use super::gate::throttle::Throttle;
use super::gate::{Outcome, Turn};
use super::retry::{Next, hold, next};
use super::text::clean;
use super::{body, refusal, trouble};
use crate::{Client, Error, Problem, RateLimit};

/// Redirects followed for one read; a moved project takes one.
const MOST_REDIRECTS: u32 = 5;
/// Who is in a hurry still waits so long for a slot.
const A_MOMENT: Duration = Duration::from_millis(500);
/// As much of a failure's explanation as is read.
const EXPLANATION: usize = 64 << 10;

/// A successful answer.
pub(crate) struct Answer {
    /// The body; null where there is none.
    pub(crate) json: Json,
    pub(crate) headers: HeaderMap,
}

/// An attempt that failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) problem: Problem,
    pub(crate) request_id: Option<String>,
    pub(crate) may_have_arrived: bool,
}

impl Client {
    /// Sends a request by the rules that hold for all: as many at once as the server bears, at
    /// the pace it allows, one pause for all whom a 429 is meant for; reads again after failures that may
    /// pass, writes only if they surely did nothing.
    pub(crate) async fn send(&self, ask: &Ask) -> Result<Answer, Error> {
        self.send_and_read(ask, |json, headers| Ok(Answer { json, headers: headers.clone() })).await
    }

    /// The same, with the answer read: one that makes no sense is a failure like any other, and
    /// asked for again where that is allowed.
    pub(crate) async fn send_and_read<T>(
        &self,
        ask: &Ask,
        read: impl Fn(Json, &HeaderMap) -> Result<T, Problem>,
    ) -> Result<T, Error> {
        let options = &self.shared.options;
        let (mut tries, mut pauses, mut sent) = (1, 0, false);
        loop {
            let (failure, finding) = match self.attempt(ask, &mut sent, &read).await {
                Ok(found) => return Ok(found),
                Err(failed) => failed,
            };
            let may_repeat = ask.verb.is_read() || !failure.may_have_arrived;
            let in_words = is_in_words(&failure.problem);
            let finding = if in_words { self.confirm(ask, finding).await } else { finding };
            match finding {
                Finding::Trouble(found) if in_words => {
                    let wait = hold(found, options);
                    tracing::info!(?wait, "one scope after another fails: holding back");
                    self.shared.pause.all(wait);
                }
                Finding::Trouble(found) if may_repeat => {
                    let wait = hold(found, options);
                    tracing::info!(?wait, "the server fails whatever it is asked: holding back");
                    self.shared.pause.all(wait);
                    continue;
                }
                Finding::Down(silent_for) if may_repeat => {
                    let last = failure.problem.to_string();
                    let problem = Problem::StoppedAnswering { silent_for, last };
                    return Err(self.error(ask, Failure { problem, ..failure }));
                }
                Finding::Alone | Finding::Trouble(_) | Finding::Down(_) => {}
            }
            match next(ask.verb, &failure, tries, pauses, options) {
                Next::Pause(wait) => {
                    match self.throttle(ask, &failure.problem) {
                        Some(throttle) => {
                            tracing::info!(?throttle, ?wait, "rate limited: this endpoint pauses");
                            self.shared.pause.only(throttle, wait);
                        }
                        None => {
                            tracing::info!(kind = ask.kind, ?wait, "rate limited: all pause");
                            self.shared.pause.all(wait);
                        }
                    }
                    pauses += 1;
                }
                Next::Wait(wait) => {
                    tracing::debug!(kind = ask.kind, tries, ?wait, "sending again");
                    // Cancelled meanwhile: the next turn says so.
                    let _ = self.cancel.run_until_cancelled(sleep(wait)).await;
                    tries += 1;
                }
                Next::GiveUp => return Err(self.error(ask, failure)),
            }
        }
    }

    /// Looks closer where one row after another cannot be read, in GitLab's own words: what is
    /// stored in rows can be broken for many scopes at once (lost encryption keys) on a server
    /// that is well. A list of one of those scopes tells.
    async fn confirm(&self, ask: &Ask, finding: Finding) -> Finding {
        let list = ask.list_of_row(&self.shared.base).filter(|_| finding != Finding::Alone);
        let Some(list) = list else { return finding };
        let answer = self.attempt(&list, &mut false, |_, _| Ok(())).await;
        self.shared.circuit.looked();
        match answer {
            Ok(()) => Finding::Alone,
            Err((failure, found)) if is_in_words(&failure.problem) => found,
            Err(_) => finding,
        }
    }

    /// The error that a call gives for a problem with its request.
    pub(crate) fn error(&self, ask: &Ask, failure: Failure) -> Error {
        let mut place = ask.place(&self.shared.base);
        place.request_id = failure.request_id;
        place.may_have_arrived = failure.may_have_arrived;
        Error { problem: failure.problem, place: Box::new(place) }
    }

    /// The error for an answer that arrived but says what it should not.
    pub(crate) fn bad_answer(&self, ask: &Ask, headers: &HeaderMap, problem: Problem) -> Error {
        self.error(
            ask,
            Failure { problem, request_id: request_id(headers), may_have_arrived: true },
        )
    }

    /// One try, from its turn at the gate to the answer read. `sent`: it was sent before.
    async fn attempt<T>(
        &self,
        ask: &Ask,
        sent: &mut bool,
        read: impl Fn(Json, &HeaderMap) -> Result<T, Problem>,
    ) -> Result<T, (Failure, Finding)> {
        let shared = &self.shared;
        let turn = self.turn(ask).await.map_err(|problem| (never_sent(problem), Finding::Alone))?;
        let begun = Instant::now();
        let answer = self.exchange(ask, std::mem::replace(sent, true)).await;
        let now = Instant::now();
        let failed = match answer {
            Ok(answer) => {
                shared.pace.learn(&answer.headers, shared.gate.under_way(), now);
                turn.back(Outcome::Answered);
                shared.circuit.answered();
                match read(answer.json, &answer.headers) {
                    Ok(found) => return Ok(found),
                    Err(problem) => {
                        let request_id = request_id(&answer.headers);
                        let failure = Failure { problem, request_id, may_have_arrived: true };
                        return Err((failure, Finding::Alone));
                    }
                }
            }
            Err(failure) => failure,
        };
        let outcome = outcome(&failed.problem);
        if self.throttle(ask, &failed.problem).is_some() {
            // One endpoint was asked too often in its minute: that says nothing of how many
            // requests the server bears at once, nor how quickly it refuses.
            drop(turn);
        } else {
            turn.back(outcome);
        }
        let finding = if outcome == Outcome::Failed {
            let patience = shared.options.patience;
            let scope = ask.scope(&shared.base);
            match is_in_words(&failed.problem) {
                true if ask.list_of_row(&shared.base).is_some() => {
                    shared.circuit.row_failed_in_words(scope, begun)
                }
                true => shared.circuit.failed_in_words(scope, begun, now, patience),
                false => shared.circuit.failed(begun, now, patience),
            }
        } else {
            shared.circuit.answered();
            Finding::Alone
        };
        Err((failed, finding))
    }

    /// The endpoint's own throttle that turned a request away; none: it was not turned away, or
    /// not by a throttle that is known to be for this endpoint alone.
    fn throttle(&self, ask: &Ask, problem: &Problem) -> Option<Throttle> {
        match problem {
            Problem::RateLimited { of: RateLimit::Endpoint, .. } => ask.throttle(&self.shared.base),
            _ => None,
        }
    }

    /// Waits until this request may go, or the job that it is for is cancelled.
    async fn turn(&self, ask: &Ask) -> Result<Turn<'_>, Problem> {
        let turn = self.cancel.run_until_cancelled(self.wait_for_turn(ask)).await;
        turn.unwrap_or(Err(Problem::Cancelled))
    }

    /// Waits because the server asked for it, or because of its published limits, unless nobody
    /// has time for that any more.
    async fn unhurried(&self, wait: impl Future<Output = ()>) -> Result<(), Problem> {
        self.hurry.run_until_cancelled(wait).await.ok_or(Problem::Cancelled)
    }

    /// Waits until this request may go: no pause runs, the pace allows it, and a place is free.
    async fn wait_for_turn(&self, ask: &Ask) -> Result<Turn<'_>, Problem> {
        let shared = &self.shared;
        let throttle = ask.throttle(&shared.base);
        loop {
            if shared.pause.left_for(throttle).is_some() {
                self.unhurried(shared.pause.over(throttle)).await?;
            }
            let now = Instant::now();
            match shared.pace.take(ask.kind, now) {
                Slot::At(at) if at > now + A_MOMENT => self.unhurried(sleep_until(at)).await?,
                Slot::At(at) if at > now => sleep_until(at).await,
                Slot::At(_) => {}
                Slot::AfterWindow(ends) => {
                    let left = ends.saturating_duration_since(now);
                    if left > shared.options.longest_pause {
                        let (retry_after, of) = (Some(left), RateLimit::All);
                        return Err(Problem::RateLimited { retry_after, of });
                    }
                    tracing::info!(?left, "the server's limit is nearly used up: all pause");
                    shared.pause.all(left);
                    continue;
                }
            }
            // Without a turn nothing is sent; the gate never closes.
            let Some(turn) = shared.gate.enter(ask.kind).await else {
                return Err(Problem::Interrupted { detail: "shutting down".into() });
            };
            if let Some(silent_for) = shared.circuit.down(Instant::now()) {
                return Err(Problem::StoppedAnswering { silent_for, last: String::new() });
            }
            // A pause may have begun while this request waited.
            if shared.pause.left_for(throttle).is_none() {
                return Ok(turn);
            }
        }
    }

    /// Sends, and follows redirects within the origin.
    async fn exchange(&self, ask: &Ask, again: bool) -> Result<Answer, Failure> {
        let shared = &self.shared;
        let mut url = ask.url.clone();
        for _ in 0..=MOST_REDIRECTS {
            shared.counters.sent(ask.kind, again);
            let mut response = self.transmit(ask, url).await?;
            let headers = std::mem::take(response.headers_mut());
            match self.judge(ask, &mut response, &headers).await {
                Ok(Judged::Answer(json)) => return Ok(Answer { json, headers }),
                Ok(Judged::Redirect(to)) => url = to,
                Err(problem) => {
                    return Err(Failure {
                        problem,
                        request_id: request_id(&headers),
                        may_have_arrived: true,
                    });
                }
            }
        }
        Err(Failure {
            problem: Problem::RedirectedElsewhere { to: "one place after another".to_owned() },
            request_id: None,
            may_have_arrived: true,
        })
    }

    async fn transmit(&self, ask: &Ask, url: Url) -> Result<Response, Failure> {
        let shared = &self.shared;
        if !shared.base.same_origin(&url) {
            return Err(never_sent(Problem::RedirectedElsewhere { to: shown(&url) }));
        }
        let mut request = shared
            .http
            .request(ask.verb.method(), url)
            .header(AUTHORIZATION, shared.authorization.clone());
        if let Some(body) = &ask.body {
            request = request.json(body);
        }
        request.send().await.map_err(|why| {
            let (problem, may_have_arrived) = trouble::while_sending(&why, &shared.options);
            Failure { problem, request_id: None, may_have_arrived }
        })
    }

    async fn judge(
        &self,
        ask: &Ask,
        response: &mut Response,
        headers: &HeaderMap,
    ) -> Result<Judged, Problem> {
        let status = response.status();
        if is_redirect(status) && headers.contains_key(LOCATION) {
            return self.redirect(ask.verb, response.url(), headers).map(Judged::Redirect);
        }
        if !status.is_success() {
            let explanation = body::read_some(response, EXPLANATION).await;
            return Err(refusal::explain(status, headers, &explanation));
        }
        let options = &self.shared.options;
        let bytes =
            body::read(response, options.max_body).await.map_err(|problem| match problem {
                Problem::Timeout { .. } => Problem::Timeout { after: options.total_timeout },
                other => other,
            })?;
        if status == StatusCode::NO_CONTENT || (ask.verb == Verb::Delete && bytes.is_empty()) {
            return Ok(Judged::Answer(Json::Null));
        }
        let content_type =
            headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        body::json(content_type, &bytes).map(Judged::Answer)
    }

    /// Where a redirect leads, if the token may go there: reads only, same origin only.
    fn redirect(&self, verb: Verb, from: &Url, headers: &HeaderMap) -> Result<Url, Problem> {
        let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
        let to = location.and_then(|location| from.join(location).ok());
        match to {
            Some(to) if verb.is_read() && self.shared.base.same_origin(&to) => Ok(to),
            Some(to) => Err(Problem::RedirectedElsewhere { to: shown(&to) }),
            None => Err(Problem::NotGitlab { found: "a redirect to nowhere".to_owned() }),
        }
    }
}

enum Judged {
    Answer(Json),
    Redirect(Url),
}

/// Whether GitLab itself said that it failed: one scope that it cannot answer for is mostly that
/// scope's trouble.
fn is_in_words(problem: &Problem) -> bool {
    matches!(problem, Problem::Server { message, .. } if !message.is_empty())
}

/// What a failed try says of the server.
fn outcome(problem: &Problem) -> Outcome {
    match problem {
        Problem::RateLimited { .. } => Outcome::TurnedAway,
        Problem::Server { .. }
        | Problem::Timeout { .. }
        | Problem::Dns
        | Problem::Connect { .. }
        | Problem::Interrupted { .. }
        | Problem::NotGitlab { .. } => Outcome::Failed,
        _ => Outcome::Answered,
    }
}

fn never_sent(problem: Problem) -> Failure {
    Failure { problem, request_id: None, may_have_arrived: false }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// A foreign address as an error shows it: without credentials, query and fragment.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // These fail only for addresses that can't hold credentials.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    clean(url.as_str())
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get("x-request-id")?.to_str().ok()?;
    Some(clean(id).chars().take(100).collect()).filter(|id: &String| !id.is_empty())
}
