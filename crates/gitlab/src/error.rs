//! What can go wrong between us and a GitLab, in words that suggest the next step.

use std::fmt;
use std::time::Duration;

/// A call to GitLab that did not give what it should: what happened, and where.
#[derive(Debug)]
pub struct Error {
    /// What happened.
    pub problem: Problem,
    /// Which request met it.
    pub place: Box<Place>,
}

/// The request an [`Error`] belongs to. Holds no query and no body: those may carry secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `GET`, `PUT` or `DELETE`.
    pub method: &'static str,
    /// The path, with GitLab's sub-path and `/api/v4` left out.
    pub path: String,
    /// The server, with its port where that isn't the usual one.
    pub host: String,
    /// GitLab's own name for the request (`X-Request-Id`), for its administrators' logs.
    pub request_id: Option<String>,
    /// Whether the request may have reached GitLab: a write that did is re-read, never repeated.
    pub may_have_arrived: bool,
}

/// What a 429 is for, as far as it says (contract, section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateLimit {
    /// Everything, or it does not say.
    All,
    /// The endpoint that was asked, by a throttle of its own.
    Endpoint,
}

/// Kinds of trouble, told apart because different next steps follow from them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// 401 without a reason: the token is unknown there.
    #[error(
        "GitLab does not know this token: check that it was made on this server, or enter a new one"
    )]
    Unauthorized,
    /// 401 “Token is expired”.
    #[error("the token has expired: make a new one in GitLab and replace it here")]
    TokenExpired,
    /// 401 “Token was revoked”.
    #[error("the token was revoked: make a new one in GitLab and replace it here")]
    TokenRevoked,
    /// 403 `insufficient_scope` (or its fine-grained kin): the token may not do this at all.
    #[error("the token's scopes do not allow this{}: make a token with a wider scope and replace it here", needs(.needed))]
    InsufficientScope {
        /// The scopes GitLab asks for, separated by spaces; empty when it does not say.
        needed: String,
    },
    /// 403: the account may not do this here.
    #[error("this account may not do this here{}: integrations need Maintainer in a project and Owner in a group that is not archived", said(.message))]
    Forbidden {
        /// GitLab's words, where they say more than “403 Forbidden”.
        message: String,
    },
    /// 404: not there, or not visible to this account.
    #[error("{}", missing(.what))]
    NotFound {
        /// What GitLab says is missing: `Project`, `Group`, `Integration`; `page` when it doesn't.
        what: String,
    },
    /// GitLab understood and said no (400, 409, 412, 422 and their like).
    #[error("GitLab refused ({status}): {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// GitLab's own words.
        message: String,
    },
    /// 429, and the wait asked for is longer than we wait, or it did not help.
    #[error("GitLab asks for fewer requests{}", wait(.retry_after))]
    RateLimited {
        /// How long to leave the server alone, where it says.
        retry_after: Option<Duration>,
        /// Which requests it is for.
        of: RateLimit,
    },
    /// Maintenance mode, or a read-only server.
    #[error("GitLab takes no changes at the moment{}{}", said(.message), wait(.retry_after))]
    Maintenance {
        /// GitLab's own words.
        message: String,
        /// How long it expects to last, where it says.
        retry_after: Option<Duration>,
    },
    /// 5xx, also after the retries that a read gets.
    #[error("GitLab failed ({status}){}: try again, and show its administrators the request id if it stays", said(.message))]
    Server {
        /// The HTTP status.
        status: u16,
        /// GitLab's own words; empty when it sent a page.
        message: String,
    },
    /// Something answered, but not GitLab's API.
    #[error(
        "this is not GitLab's API ({found}): check the address, and whether a proxy or a sign-in page stands in front of it"
    )]
    NotGitlab {
        /// What came instead.
        found: String,
    },
    /// No trusted encrypted connection.
    #[error(
        "no trusted connection: {detail}. If the server uses your company's own certificate authority, add its certificate (PEM) to this connection"
    )]
    Tls {
        /// What is wrong with the certificate or the handshake.
        detail: String,
    },
    /// The host name is not known.
    #[error("the server's name is not known here: check the address and your network")]
    Dns,
    /// Nothing answers at that address.
    #[error("the server cannot be reached ({detail}): check the address and your network")]
    Connect {
        /// The system's words.
        detail: String,
    },
    /// Nothing came back in time.
    #[error("the server did not answer in {} s: it may be busy, or your network slow", .after.as_secs_f32())]
    Timeout {
        /// How long we waited.
        after: Duration,
    },
    /// Whatever was asked, nothing came back, for so long that it is the server and not the
    /// request.
    #[error("whatever was asked, the server has given no answer of use for {} s{}: check that it runs and can be reached", .silent_for.as_secs(), said(.last))]
    StoppedAnswering {
        /// Since the first of the requests without an answer was sent.
        silent_for: Duration,
        /// What happened to the last of them; empty when this one was not even sent.
        last: String,
    },
    /// The connection broke in the middle.
    #[error("the connection broke off ({detail}): try again")]
    Interrupted {
        /// The system's words.
        detail: String,
    },
    /// The job that this request was for was cancelled before it was sent, or sent again.
    #[error("cancelled")]
    Cancelled,
    /// The server sends us to another place, where the token must not go.
    #[error(
        "the server redirects to {to}, and the token must not follow it there: if that is your GitLab, connect to that address"
    )]
    RedirectedElsewhere {
        /// Scheme, host, port and path, without query.
        to: String,
    },
    /// The answer is larger than anything GitLab sends here.
    #[error("the answer is larger than {limit} {unit}: it was not read")]
    TooLarge {
        /// The bound.
        limit: u64,
        /// Of what: `bytes` or `pages`.
        unit: &'static str,
    },
    /// JSON that isn't what GitLab's API sends here.
    #[error("GitLab's answer cannot be understood: {field}: {detail}")]
    Decode {
        /// The field, with the way to it (`[3].namespace.id`); `.` for the whole.
        field: String,
        /// What is wrong with it. Never holds a value.
        detail: String,
    },
    /// No token reaches instance settings (contract, section 4).
    #[error("GitLab has no API for the instance's own integrations: use its settings pages")]
    NoInstanceApi,
}

impl Error {
    /// Nothing was heard from the server: show what is stored and say that it is offline.
    pub fn is_offline(&self) -> bool {
        matches!(
            self.problem,
            Problem::Dns
                | Problem::Connect { .. }
                | Problem::Timeout { .. }
                | Problem::Interrupted { .. }
                | Problem::StoppedAnswering { .. }
        )
    }

    /// An answer came, and makes no sense: what else the server says may still do.
    pub fn is_about_answer(&self) -> bool {
        matches!(
            self.problem,
            Problem::Decode { .. } | Problem::NotGitlab { .. } | Problem::TooLarge { .. }
        )
    }

    /// The job that asked was cancelled: this says nothing of the server.
    pub fn is_cancelled(&self) -> bool {
        matches!(self.problem, Problem::Cancelled)
    }

    /// The token itself is the trouble: nothing will work until it is replaced.
    pub fn is_about_token(&self) -> bool {
        matches!(
            self.problem,
            Problem::Unauthorized | Problem::TokenExpired | Problem::TokenRevoked
        )
    }

    /// Whether a write may have changed something all the same: it was sent, and no clear “no”
    /// came back. Such a scope is re-read before anything else is said about it.
    pub fn outcome_unknown(&self) -> bool {
        self.place.method != "GET"
            && self.place.may_have_arrived
            && matches!(
                self.problem,
                Problem::Connect { .. }
                    | Problem::Timeout { .. }
                    | Problem::Interrupted { .. }
                    | Problem::StoppedAnswering { .. }
                    | Problem::Server { .. }
                    | Problem::NotGitlab { .. }
                    | Problem::TooLarge { .. }
                    | Problem::Decode { .. }
            )
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { method, path, host, request_id, .. } = &*self.place;
        write!(f, "{} [{method} {path} on {host}", self.problem)?;
        if let Some(id) = request_id {
            write!(f, ", request {id}")?;
        }
        f.write_str("]")
    }
}

impl std::error::Error for Error {}

fn missing(what: &str) -> String {
    match what {
        "page" => "the server does not offer this (404 Not Found): check its version, and whether \
                   a proxy in front of it lets everything below /api through"
            .to_owned(),
        what => format!("GitLab has no such {what}, or this account may not see it"),
    }
}

fn needs(scopes: &str) -> String {
    if scopes.is_empty() { String::new() } else { format!(" (it needs one of: {scopes})") }
}

fn said(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(" (it says: {message})") }
}

fn wait(time: &Option<Duration>) -> String {
    time.map_or_else(
        || ": try again later".to_owned(),
        |time| format!(": try again in {} s", time.as_secs()),
    )
}
