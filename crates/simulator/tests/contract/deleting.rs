//! Section 2: DELETE.

use heirloom_simulator::Level;
use serde_json::{Value as Json, json};

use crate::harness::Server;

const PAYMENTS: &str = "acme/platform/checkout/payments-api";

#[tokio::test]
async fn delete_blanks_the_fields_and_keeps_row_events_and_link() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "harbor");
    let before = server.row(Level::Project, PAYMENTS, "harbor");
    let gone = server.delete(&path).await;
    assert_eq!((gone.status.as_u16(), gone.text.as_str()), (204, ""), "no body");
    let row = server.get(&path).await;
    assert_eq!(row.status, 200, "the row is still there");
    let row = row.json();
    assert_eq!(row["active"], false, "off");
    assert_eq!(row["properties"]["url"], Json::Null, "blank");
    assert_eq!(row["inherited"], true, "and still linked");
    let after = server.row(Level::Project, PAYMENTS, "harbor");
    assert_eq!(after.fields["password"], Json::Null, "secrets too");
    assert_eq!(after.events, before.events, "events are untouched");
    assert_eq!(after.inherit_from, before.inherit_from, "so is the link");
    assert_eq!(server.delete(&path).await.status, 204, "twice is fine");
    assert_eq!(server.simulator.world().pending_propagations(), 0, "and nothing is propagated");
}

#[tokio::test]
async fn delete_of_a_missing_row_is_404() {
    let server = Server::demo().await;
    let answer = server.delete(&server.of_project(PAYMENTS, "redmine")).await;
    assert_eq!(answer.status, 404, "nothing stored");
    assert_eq!(answer.json(), json!({ "message": "404 Integration Not Found" }), "GitLab's body");
}

#[tokio::test]
async fn delete_honours_if_unmodified_since() {
    let server = Server::demo().await;
    let path = server.of_project(PAYMENTS, "slack");
    let delete = |date: &str| {
        server
            .request(reqwest::Method::DELETE, &path)
            .bearer_auth(server.simulator.token())
            .header("if-unmodified-since", date.to_owned())
    };
    let late = server.send(delete("Sat, 01 Jan 2000 00:00:00 GMT")).await;
    assert_eq!(late.status, 412, "changed since");
    assert_eq!(late.json(), json!({ "message": "412 Precondition Failed" }), "GitLab's body");
    let in_time = server.send(delete("Thu, 01 Jan 2099 00:00:00 GMT")).await;
    assert_eq!(in_time.status, 204, "not changed since");
}
