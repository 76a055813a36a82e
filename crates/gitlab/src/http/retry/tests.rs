use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::{MOST_PAUSES, Next, asked_wait, next};
use crate::http::ask::Verb;
use crate::http::send::Failure;
use crate::{ClientOptions, Problem, RateLimit};

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect()
}

fn failure(problem: Problem, may_have_arrived: bool) -> Failure {
    Failure { problem, request_id: None, may_have_arrived }
}

fn rate_limited(seconds: Option<u64>) -> Failure {
    let retry_after = seconds.map(Duration::from_secs);
    failure(Problem::RateLimited { retry_after, of: RateLimit::All }, true)
}

#[test]
fn reads_every_way_of_asking_for_a_wait() {
    let date = ("date", "Wed, 21 Oct 2015 07:28:00 GMT");
    for (pairs, seconds) in [
        (vec![("retry-after", "60")], Some(60)),
        (vec![("retry-after", " 0 ")], Some(0)),
        (vec![date, ("retry-after", "Wed, 21 Oct 2015 07:29:30 GMT")], Some(90)),
        (vec![date, ("retry-after", "Wed, 21 Oct 2015 07:00:00 GMT")], Some(0)),
        (vec![date, ("ratelimit-reset", "1445412485")], Some(5)),
        (vec![date, ("retry-after", "7"), ("ratelimit-reset", "1445412485")], Some(7)),
        (vec![date, ("retry-after", "soon"), ("ratelimit-reset", "1445412485")], Some(5)),
        (vec![("ratelimit-reset", "1445412485")], None),
        (vec![("retry-after", "Wed, 21 Oct 2015 07:29:30 GMT")], None),
        (vec![date, ("retry-after", "-5")], None),
        (vec![date, ("ratelimit-reset", "9223372036854775807")], None),
        (vec![], None),
    ] {
        assert_eq!(
            asked_wait(&headers(&pairs)),
            seconds.map(Duration::from_secs),
            "{pairs:?} asks for {seconds:?}"
        );
    }
}

#[test]
fn a_429_pauses_everything_for_as_long_as_asked() {
    let options = ClientOptions::default();
    for verb in [Verb::Get, Verb::Put, Verb::Delete] {
        assert_eq!(
            next(verb, &rate_limited(Some(60)), 1, 0, &options),
            Next::Pause(Duration::from_secs(60)),
            "a 429 did nothing, so {verb:?} is sent again after the wait"
        );
    }
}

#[test]
fn a_429_is_reported_when_the_wait_is_too_long_or_did_not_help() {
    let options = ClientOptions::default();
    assert_eq!(
        next(Verb::Get, &rate_limited(Some(3_600)), 1, 0, &options),
        Next::GiveUp,
        "coming back before the hour is over would be impolite, and waiting it out looks hung"
    );
    assert_eq!(
        next(Verb::Get, &rate_limited(Some(1)), 1, MOST_PAUSES, &options),
        Next::GiveUp,
        "a server that never lets us in is reported"
    );
}

#[test]
fn a_429_without_headers_waits_longer_each_time() {
    let options = ClientOptions::default();
    for pauses in 0..MOST_PAUSES {
        let full = options.backoff * 2_u32.pow(pauses);
        let Next::Pause(wait) = next(Verb::Get, &rate_limited(None), 1, pauses, &options) else {
            panic!("pause {pauses} should be waited out");
        };
        assert!(wait <= full && wait >= full / 2, "pause {pauses}: {wait:?} of {full:?}");
    }
}

#[test]
fn reads_are_tried_three_times_and_writes_only_if_they_never_left() {
    let options = ClientOptions::default();
    let again = |verb, arrived, tries| {
        let problem = Problem::Interrupted { detail: String::new() };
        next(verb, &failure(problem, arrived), tries, 0, &options) != Next::GiveUp
    };
    assert!(again(Verb::Get, true, 1) && again(Verb::Get, true, 2), "a read may be sent again");
    assert!(!again(Verb::Get, true, 3), "three tries in all");
    assert!(!again(Verb::Put, true, 1), "a write that may have arrived is never repeated");
    assert!(!again(Verb::Delete, true, 1), "a write that may have arrived is never repeated");
    assert!(again(Verb::Put, false, 1), "a write that never left may be sent");
    assert!(!again(Verb::Put, false, 3), "three tries in all");
}

#[test]
fn what_takes_long_or_seldom_passes_is_tried_twice() {
    let options = ClientOptions::default();
    for problem in [
        Problem::Timeout { after: Duration::from_secs(60) },
        Problem::NotGitlab { found: "a web page".to_owned() },
        Problem::TooLarge { limit: 1, unit: "bytes" },
    ] {
        let again = |tries| {
            next(Verb::Get, &failure(problem.clone(), true), tries, 0, &options) != Next::GiveUp
        };
        assert!(again(1) && !again(2), "{problem:?}: once more, and no more");
        let write = next(Verb::Put, &failure(problem.clone(), true), 1, 0, &options);
        assert_eq!(write, Next::GiveUp, "{problem:?}: a write is never repeated");
    }
}

#[test]
fn what_will_not_pass_is_not_tried_again() {
    let options = ClientOptions::default();
    for problem in [
        Problem::Unauthorized,
        Problem::NotFound { what: "Project".to_owned() },
        Problem::Tls { detail: String::new() },
        Problem::RedirectedElsewhere { to: String::new() },
        Problem::TooLarge { limit: 1, unit: "pages" },
        Problem::Maintenance { message: String::new(), retry_after: None },
    ] {
        assert_eq!(
            next(Verb::Get, &failure(problem.clone(), true), 1, 0, &options),
            Next::GiveUp,
            "{problem:?} stays as it is"
        );
    }
}
