//! Browser sessions: the cookie, the token against forged forms, signing in, Admin Mode.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use rand::Rng;
use rand::distr::Alphanumeric;

use crate::clock::Millis;
use crate::site::Site;
use crate::world::{Viewer, World};

const COOKIE_NAME: &str = "_gitlab_session";
/// How long Admin Mode lasts (contract, section 12).
const ADMIN_MODE: Millis = 6 * 60 * 60 * 1_000;
/// How long one may take to enter it.
const ADMIN_REQUEST: Millis = 5 * 60 * 1_000;

/// One browser.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub id: String,
    /// One token serves all forms of the session.
    pub csrf: String,
    pub user: Option<u64>,
    /// Whose password was right, before the second factor.
    pub awaits_code: Option<u64>,
    admin_until: Millis,
    admin_requested: Option<Millis>,
    /// Where the browser wanted to go before it had to sign in.
    pub return_to: Option<String>,
    /// Told once, on the next page.
    pub flash: Option<String>,
}

impl Session {
    fn new() -> Self {
        Self {
            id: random(32),
            csrf: random(43),
            user: None,
            awaits_code: None,
            admin_until: 0,
            admin_requested: None,
            return_to: None,
            flash: None,
        }
    }

    /// The account that is signed in, unless it is blocked.
    pub(crate) fn viewer(&self, site: &Site, world: &World) -> Option<Viewer> {
        let user = world.people.user(self.user?).filter(|user| !user.blocked)?;
        let admin = user.admin && (!site.admin_mode || self.in_admin_mode(site.clock.shown()));
        Some(Viewer { user: Some(user.id), admin })
    }

    pub(crate) fn in_admin_mode(&self, now: Millis) -> bool {
        now < self.admin_until
    }

    pub(crate) fn enter_admin_mode(&mut self, now: Millis) {
        self.admin_until = now + ADMIN_MODE;
        self.admin_requested = None;
    }

    /// Remembers when Admin Mode was asked for.
    pub(crate) fn request_admin_mode(&mut self, now: Millis) {
        self.admin_requested = Some(now);
    }

    /// Whether Admin Mode was asked for just now.
    pub(crate) fn has_requested_admin_mode(&self, now: Millis) -> bool {
        self.admin_requested.is_some_and(|at| now < at + ADMIN_REQUEST)
    }

    /// A session that is signed in has another id than before, so that nobody can plant one.
    pub(crate) fn sign_in(&mut self, user: u64) {
        *self = Self { user: Some(user), ..Self::new() };
    }

    pub(crate) fn cookie(&self) -> String {
        format!("{COOKIE_NAME}={}; path=/; HttpOnly; SameSite=Lax", self.id)
    }
}

fn random(length: usize) -> String {
    rand::rng().sample_iter(Alphanumeric).take(length).map(char::from).collect()
}

/// All sessions of a server.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<HashMap<String, Session>>);

impl Sessions {
    /// The browser's session, or a new one.
    pub(crate) fn of(&self, headers: &HeaderMap) -> Session {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let id = cookies
            .flat_map(|line| line.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='))
            .find_map(|(name, id)| (name == COOKIE_NAME).then_some(id));
        let sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        id.and_then(|id| sessions.get(id).cloned()).unwrap_or_else(Session::new)
    }

    /// Remembers a session under its id; an id it had before is forgotten.
    pub(crate) fn keep(&self, before: &str, session: &Session) {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if before != session.id {
            sessions.remove(before);
        }
        sessions.insert(session.id.clone(), session.clone());
    }

    /// Ends every session, as an idle limit or a restart with another key would.
    pub(crate) fn end(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
