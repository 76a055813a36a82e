//! Signing in and Admin Mode with a second factor (contract, section 12).

use heirloom_simulator::Config;
use reqwest::Method;

use crate::browser::Browser;
use crate::harness::Server;

const INSTANCE: &str = "/admin/application_settings/integrations";

async fn guarded(admin_mode: bool) -> Server {
    Server::start(Config { two_factor: true, admin_mode, ..Config::default() }).await
}

#[tokio::test]
async fn a_second_factor_is_asked_for_after_the_password() {
    let server = guarded(false).await;
    let mut browser = Browser::new(&server);
    browser.get(INSTANCE).await;
    let asked = browser.sign_in("root", server.simulator.password()).await;
    assert_eq!(asked.status, 200, "not yet signed in");
    assert!(asked.text.contains("user[otp_attempt]"), "the code is asked for");
    assert_eq!(browser.get(INSTANCE).await.status, 302, "the password alone opens nothing");
    let sign_in = "/users/sign_in";
    let wrong = [("user[otp_attempt]", "no")];
    let refused = browser.send(Method::POST, sign_in, &wrong).await;
    assert_eq!(refused.status, 200, "the form again");
    assert!(refused.text.contains("Invalid two-factor code."), "and why");
    let right = [("user[otp_attempt]", server.simulator.code())];
    let entered = browser.send(Method::POST, sign_in, &right).await;
    assert_eq!((entered.status.as_u16(), entered.header("location")), (302, Some(INSTANCE)));
    assert_eq!(browser.get(INSTANCE).await.status, 200, "signed in");
    let mut other = Browser::new(&server);
    other.get(sign_in).await;
    let skipped = other.send(Method::POST, sign_in, &right).await;
    assert_eq!(skipped.status, 200, "a code without a password is nothing");
    assert_eq!(other.get(INSTANCE).await.status, 302, "not signed in");
}

#[tokio::test]
async fn admin_mode_takes_the_second_factor_too_and_has_to_be_asked_for() {
    let server = guarded(true).await;
    let mut browser = Browser::new(&server);
    browser.sign_in("root", server.simulator.password()).await;
    let code = [("user[otp_attempt]", server.simulator.code())];
    browser.send(Method::POST, "/users/sign_in", &code).await;
    browser.get("/users/sign_in").await;
    let (session, form) = ("/admin/session", "/admin/session/new");
    let password = [("user[password]", server.simulator.password())];
    let unasked = browser.send(Method::POST, session, &password).await;
    assert_eq!((unasked.status.as_u16(), unasked.header("location")), (302, Some(form)), "first");
    assert_eq!(browser.get(INSTANCE).await.header("location"), Some(form), "not in Admin Mode");
    let asked = browser.send(Method::POST, session, &password).await;
    assert!(asked.text.contains("user[otp_attempt]"), "the code is asked for");
    assert_eq!(browser.get(INSTANCE).await.status, 302, "the password alone is not enough");
    let entered = browser.send(Method::POST, session, &code).await;
    assert_eq!((entered.status.as_u16(), entered.header("location")), (302, Some(INSTANCE)));
    assert_eq!(browser.get(INSTANCE).await.status, 200, "in Admin Mode");
}
