//! GraphQL, as far as it tells about integrations: which are active in a project (contract,
//! section 5).

mod answer;
mod check;
mod schema;

use std::sync::Arc;

use async_graphql_parser::parse_query;
use async_graphql_parser::types::{DocumentOperations, OperationDefinition, OperationType};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::api::{Demand, Refusal, authenticate};
use crate::site::Site;
use crate::world::{Viewer, World};
use answer::{Answer, Node};
use check::{Check, DEPTH};

/// So long all queries of a request may be together, in characters.
const MOST_TEXT: usize = 10_000;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Query {
    query: String,
    variables: Option<Value>,
    operation_name: Option<String>,
}

/// One query, or several at once.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Sent {
    Many(Vec<Query>),
    One(Query),
}

fn refused(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "errors": [{ "message": message }] }))).into_response()
}

/// Answers `/api/graphql`.
pub(crate) async fn answer(
    State(site): State<Arc<Site>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let sent = if method == Method::GET {
        let text = uri.query().unwrap_or_default();
        let mut pairs = form_urlencoded::parse(text.as_bytes());
        let query = pairs.find(|(name, _)| name == "query").map(|(_, query)| query.into_owned());
        Sent::One(Query { query: query.unwrap_or_default(), ..Query::default() })
    } else {
        match serde_json::from_slice(&body) {
            Ok(sent) => sent,
            Err(_) => return refused(StatusCode::BAD_REQUEST, "Invalid request body"),
        }
    };
    let world = site.read();
    // Queries only read, and are sent by POST all the same.
    let caller = match authenticate(&site, &world, &headers, &Method::GET, Demand::GRAPHQL) {
        Ok(caller) => caller,
        Err(Refusal::Blocked) => {
            return refused(StatusCode::FORBIDDEN, "API not accessible for user");
        }
        Err(_) => return refused(StatusCode::UNAUTHORIZED, "Invalid token"),
    };
    let queries = match &sent {
        Sent::One(query) => std::slice::from_ref(query),
        Sent::Many(queries) => queries,
    };
    if queries.iter().map(|query| query.query.chars().count()).sum::<usize>() > MOST_TEXT {
        return refused(StatusCode::UNPROCESSABLE_ENTITY, "Query too large");
    }
    let mut results = queries.iter().map(|query| run(&site, &world, caller.viewer, query));
    match &sent {
        Sent::One(_) => Json(results.next()).into_response(),
        Sent::Many(_) => Json(results.collect::<Vec<_>>()).into_response(),
    }
}

fn run(site: &Site, world: &World, viewer: Viewer, query: &Query) -> Value {
    let document = match parse_query(&query.query) {
        Ok(document) => document,
        Err(error) => {
            let places: Vec<_> = error
                .positions()
                .map(|at| json!({ "line": at.line, "column": at.column }))
                .collect();
            return json!({ "errors": [{ "message": error.to_string(), "locations": places }] });
        }
    };
    let Some(operation) = operation(&document.operations, query.operation_name.as_deref()) else {
        return json!({ "errors": [{ "message": "An operation name is required" }] });
    };
    let (root, name) = match operation.ty {
        OperationType::Query => ("Query", "query"),
        OperationType::Mutation => ("Mutation", "mutation"),
        OperationType::Subscription => ("Subscription", "subscription"),
    };
    let Some(root) = schema::named(root) else {
        return json!({ "errors": [{ "message": "Schema is not configured for subscriptions" }] });
    };
    let variables = with_defaults(operation, query.variables.as_ref());
    let mut check = Check::new(&document, &variables);
    let selection = &operation.selection_set.node;
    let complexity = check.selection(root, selection, &mut vec![name.to_owned()]);
    if check.too_deep {
        let message = format!("Query exceeds max depth of {DEPTH}");
        return json!({ "errors": [{ "message": message }] });
    }
    if !check.errors.is_empty() {
        return json!({ "errors": check.errors });
    }
    let most = most_complexity(viewer);
    if complexity > most {
        let message =
            format!("Query has complexity of {complexity}, which exceeds max complexity of {most}");
        return json!({ "errors": [{ "message": message }] });
    }
    let answer = Answer { site, world, viewer, document: &document, variables: &variables };
    json!({ "data": answer.object(&Node::Query, selection) })
}

fn most_complexity(viewer: Viewer) -> i64 {
    match viewer {
        Viewer { admin: true, .. } => 300,
        Viewer { user: Some(_), .. } => 250,
        Viewer { user: None, .. } => 200,
    }
}

fn operation<'a>(
    operations: &'a DocumentOperations,
    name: Option<&str>,
) -> Option<&'a OperationDefinition> {
    match operations {
        DocumentOperations::Single(operation) => Some(&operation.node),
        DocumentOperations::Multiple(all) => {
            let mut found =
                all.iter().filter(|(known, _)| name.is_none_or(|n| known.as_str() == n));
            let (_, operation) = found.next()?;
            found.next().is_none().then_some(&operation.node)
        }
    }
}

/// The variables sent, and the defaults of those that were not.
fn with_defaults(operation: &OperationDefinition, sent: Option<&Value>) -> Value {
    let mut variables = sent.and_then(Value::as_object).cloned().unwrap_or_default();
    for definition in &operation.variable_definitions {
        let default = definition.node.default_value.as_ref();
        if let Some(default) = default.and_then(|value| value.node.clone().into_json().ok()) {
            variables.entry(definition.node.name.node.as_str()).or_insert(default);
        }
    }
    Value::Object(variables)
}
