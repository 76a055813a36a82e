//! What the network's own failures mean.

use std::error::Error as _;
use std::time::Duration;

use super::text::clean;
use crate::{ClientOptions, Problem};

/// A request that got no answer: what happened, and whether it may have arrived all the same.
pub(crate) fn while_sending(why: &reqwest::Error, options: &ClientOptions) -> (Problem, bool) {
    let never_left = why.is_connect() || why.is_builder();
    let problem = if let Some(detail) = tls_detail(why) {
        Problem::Tls { detail }
    } else if why.is_dns() {
        Problem::Dns
    } else if why.is_timeout() {
        let after = if never_left { options.connect_timeout } else { options.total_timeout };
        Problem::Timeout { after }
    } else if never_left {
        Problem::Connect { detail: innermost(why) }
    } else {
        Problem::Interrupted { detail: innermost(why) }
    };
    (problem, !never_left)
}

/// A connection that broke or stalled within a body.
pub(crate) fn while_reading(why: &reqwest::Error) -> Problem {
    if why.is_timeout() {
        Problem::Timeout { after: Duration::ZERO }
    } else {
        Problem::Interrupted { detail: innermost(why) }
    }
}

/// The root of the matter, without the URL that outer errors repeat.
fn innermost(why: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = why;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    if cause.is::<reqwest::Error>() {
        return "no further reason given".to_owned();
    }
    clean(&cause.to_string())
}

/// What rustls says, if it is the one that failed.
fn tls_detail(why: &reqwest::Error) -> Option<String> {
    let mut cause = why.source();
    while let Some(error) = cause {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return Some(in_words(tls));
        }
        // An I/O error's own `source` passes over what it wraps.
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        cause = match wrapped {
            Some(wrapped) => Some(wrapped as &(dyn std::error::Error + 'static)),
            None => error.source(),
        };
    }
    None
}

fn in_words(tls: &rustls::Error) -> String {
    use rustls::CertificateError as Bad;
    match tls {
        rustls::Error::InvalidCertificate(bad) => match bad {
            Bad::Expired | Bad::ExpiredContext { .. } => {
                "the server's certificate has expired".to_owned()
            }
            Bad::NotValidYet | Bad::NotValidYetContext { .. } => {
                "the server's certificate is not valid yet: check this computer's clock".to_owned()
            }
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
                "the server's certificate is for another name".to_owned()
            }
            Bad::UnknownIssuer => {
                "the server's certificate comes from an authority this computer does not trust"
                    .to_owned()
            }
            Bad::Revoked => "the server's certificate was revoked".to_owned(),
            other => format!("the server's certificate is refused ({})", clean(&other.to_string())),
        },
        rustls::Error::InvalidMessage(_) => {
            "the server does not speak TLS at this address: it may be an http:// address".to_owned()
        }
        other => clean(&other.to_string()),
    }
}
