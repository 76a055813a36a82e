//! Faults at random, the same for the same seed and the same order of requests.

use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::{Fault, Harm};

/// How often which fault shows, and how late answers are.
///
/// As text: faults with their rates, and after semicolons what they are bound to, such as
/// `429=0.05,latency=20..80,truncate=0.01,drop=0.01,html502=0.02;path=/integrations;seed=7`.
///
/// | text | fault |
/// |---|---|
/// | `429` | instance-wide throttle: plain text, `Retry-After` |
/// | `429json` | endpoint throttle: JSON, `Retry-After` |
/// | `429bare` | throttle without any header |
/// | `html500` … `html599` | a page in HTML with that status |
/// | `json500` … `json599` | GitLab's own words for a failure, in JSON, with that status |
/// | `truncate` | half the JSON |
/// | `cut` | the connection ends within the body |
/// | `drop` | the connection is dropped before anything is done |
/// | `lose` | it is done, but the answer is lost |
/// | `late` | the connection is dropped, and it is done two seconds after |
/// | `slow` | the body takes a second |
/// | `type` | the body is called `text/html` |
/// | `restart` | the server goes away for half a second |
/// | `latency=MS`, `latency=LOW..HIGH` | every answer is so late |
///
/// Bound by `path=TEXT` (the path contains it), `method=NAME`, `retry-after=SECONDS`, `seed=N`.
#[derive(Debug, Clone)]
pub struct FaultPlan {
    faults: Vec<(f64, Fault)>,
    latency: (u64, u64),
    method: Option<String>,
    path: String,
    seed: u64,
}

/// A text that is no fault plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a fault: {1}")]
pub struct NotAPlan(String, &'static str);

const RATE: &str = "a rate is a number from 0 to 1";
const UNKNOWN: &str = "known are 429, 429json, 429bare, html500 to html599, json500 to json599, truncate, cut, drop, \
                       lose, late, slow, type, restart and latency";
const BOUND: &str = "after a semicolon path, method, retry-after or seed are known";

impl FromStr for FaultPlan {
    type Err = NotAPlan;

    fn from_str(text: &str) -> Result<Self, NotAPlan> {
        let (faults, bounds) = text.split_once(';').unwrap_or((text, ""));
        let mut plan = Self {
            faults: Vec::new(),
            latency: (0, 0),
            method: None,
            path: String::new(),
            seed: 1,
        };
        let mut retry_after = 1;
        for part in bounds.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let refuse = || NotAPlan(part.to_owned(), BOUND);
            let (name, value) = part.split_once('=').ok_or_else(refuse)?;
            match name.trim() {
                "path" => plan.path = value.to_owned(),
                "method" => plan.method = Some(value.to_owned()),
                "seed" => plan.seed = value.parse().map_err(|_| refuse())?,
                "retry-after" => retry_after = value.parse().map_err(|_| refuse())?,
                _ => return Err(refuse()),
            }
        }
        for part in faults.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let refuse = |why| NotAPlan(part.to_owned(), why);
            let (name, value) = part.split_once('=').ok_or_else(|| refuse(RATE))?;
            if name == "latency" {
                let (low, high) = value.split_once("..").unwrap_or((value, value));
                let millis =
                    |text: &str| text.parse().map_err(|_| refuse("latency is in milliseconds"));
                plan.latency = (millis(low)?, millis(high)?);
                if plan.latency.0 > plan.latency.1 {
                    return Err(refuse("the lower bound comes first"));
                }
                continue;
            }
            let rate: f64 = value.parse().map_err(|_| refuse(RATE))?;
            if !(0.0..=1.0).contains(&rate) {
                return Err(refuse(RATE));
            }
            let fault = fault(name, retry_after).ok_or_else(|| refuse(UNKNOWN))?;
            plan.faults.push((rate, fault));
        }
        if plan.faults.iter().map(|(rate, _)| rate).sum::<f64>() > 1.0 {
            return Err(NotAPlan(text.to_owned(), "the rates together are above 1"));
        }
        Ok(plan)
    }
}

fn fault(name: &str, retry_after: u32) -> Option<Fault> {
    let harm = |harm| Fault::on("").harm(harm);
    Some(match name {
        "429" => Fault::throttled("", retry_after),
        "429json" => Fault::throttled_endpoint("", retry_after),
        "429bare" => Fault::throttled_without_headers(""),
        "truncate" => harm(Harm::Truncate),
        "cut" => harm(Harm::Cut),
        "drop" => harm(Harm::Drop),
        "lose" => harm(Harm::Lose),
        "late" => harm(Harm::Late(Duration::from_secs(2))),
        "slow" => harm(Harm::Slow(Duration::from_secs(1))),
        "type" => harm(Harm::ContentType("text/html".to_owned())),
        "restart" => harm(Harm::Restart(Duration::from_millis(500))),
        _ => {
            let (page, status) = match name.strip_prefix("html") {
                Some(status) => (true, status),
                None => (false, name.strip_prefix("json")?),
            };
            let status = status.parse().ok().filter(|status| (500..600).contains(status))?;
            if page { Fault::html("", status) } else { Fault::in_words("", status) }
        }
    })
}

/// A plan that is being played.
pub(crate) struct Dice {
    plan: FaultPlan,
    rng: Mutex<StdRng>,
}

impl Dice {
    pub(crate) fn new(plan: FaultPlan) -> Self {
        Self { rng: Mutex::new(StdRng::seed_from_u64(plan.seed)), plan }
    }

    /// What happens to the next request: how late, and at most one fault.
    pub(crate) fn roll(&self, method: &str, path: &str) -> (Duration, Option<Fault>) {
        let plan = &self.plan;
        let bound = plan.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && path.contains(&plan.path);
        if !bound {
            return (Duration::ZERO, None);
        }
        let mut rng = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
        let late = Duration::from_millis(rng.random_range(plan.latency.0..=plan.latency.1));
        let mut left: f64 = rng.random();
        let fault = plan.faults.iter().find(|(rate, _)| {
            left -= rate;
            left < 0.0
        });
        (late, fault.map(|(_, fault)| fault.clone()))
    }
}
