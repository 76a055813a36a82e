//! Signing in and entering Admin Mode, with a second factor where accounts have one.

use axum::http::StatusCode;
use axum::response::Response;

use super::Visit;
use super::html::{self, not_found, redirect};

const WRONG: &str = "Invalid login or password.";
const WRONG_CODE: &str = "Invalid two-factor code.";

pub(super) fn sign_in(visit: &mut Visit<'_>) -> Response {
    let action = visit.full("/users/sign_in");
    if visit.method != "POST" {
        return html::sign_in(&visit.session, &action, None);
    }
    if let Some(user) = visit.session.awaits_code {
        if visit.sends_code() {
            return welcome(visit, user);
        }
        if visit.sent.get("user[otp_attempt]").is_some() {
            return html::code(&visit.session, &action, Some(WRONG_CODE));
        }
    }
    let login = visit.sent.get("user[login]").unwrap_or_default();
    let user = {
        let world = visit.site.read();
        world.people.by_username(login).filter(|user| !user.blocked).map(|user| user.id)
    };
    match user {
        Some(user) if visit.sends_password() => {
            if visit.site.two_factor {
                visit.session.awaits_code = Some(user);
                return html::code(&visit.session, &action, None);
            }
            welcome(visit, user)
        }
        _ => html::sign_in(&visit.session, &action, Some(WRONG)),
    }
}

fn welcome(visit: &mut Visit<'_>, user: u64) -> Response {
    let home = visit.full("/");
    let to = visit.session.return_to.take().unwrap_or(home);
    visit.session.sign_in(user);
    redirect(StatusCode::FOUND, &to)
}

/// Whether the signed-in account is an administrator's, in Admin Mode or not.
fn is_admin(visit: &Visit<'_>) -> bool {
    let world = visit.site.read();
    let user = visit.session.user.and_then(|id| world.people.user(id));
    user.is_some_and(|user| user.admin)
}

pub(super) fn admin_mode_form(visit: &mut Visit<'_>) -> Response {
    if !is_admin(visit) {
        return not_found();
    }
    visit.session.request_admin_mode(visit.site.clock.shown());
    html::admin_mode(&visit.session, &visit.full("/admin/session"), None)
}

pub(super) fn enter_admin_mode(visit: &mut Visit<'_>) -> Response {
    if visit.method != "POST" {
        return not_found();
    }
    if visit.session.user.is_none() {
        return redirect(StatusCode::FOUND, &visit.full("/users/sign_in"));
    }
    if !is_admin(visit) {
        return not_found();
    }
    let (now, action) = (visit.site.clock.shown(), visit.full("/admin/session"));
    if !visit.session.has_requested_admin_mode(now) {
        visit.session.flash = Some(
            "Re-authentication period expired or never requested. Please try again".to_owned(),
        );
        return redirect(StatusCode::FOUND, &visit.full("/admin/session/new"));
    }
    if visit.site.two_factor {
        let asked = visit.session.awaits_code == visit.session.user;
        if !(asked && visit.sends_code()) {
            if visit.sends_password() {
                visit.session.awaits_code = visit.session.user;
                return html::code(&visit.session, &action, None);
            }
            return if asked && visit.sent.get("user[otp_attempt]").is_some() {
                html::code(&visit.session, &action, Some(WRONG_CODE))
            } else {
                html::admin_mode(&visit.session, &action, Some(WRONG))
            };
        }
        visit.session.awaits_code = None;
    } else if !visit.sends_password() {
        return html::admin_mode(&visit.session, &action, Some(WRONG));
    }
    visit.session.enter_admin_mode(now);
    let home = visit.full("/admin");
    let to = visit.session.return_to.take().unwrap_or(home);
    redirect(StatusCode::FOUND, &to)
}
