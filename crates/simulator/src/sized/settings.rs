//! Plausible values.

use serde_json::{Value as Json, json};

pub(super) fn jira(key: &str) -> Json {
    json!({
        "url": "https://jira.sized.example",
        "username": "gitlab",
        "password": "jira-password",
        "project_keys": [key],
    })
}

pub(super) fn slack(channel: &str) -> Json {
    json!({ "webhook": "https://hooks.sized.example/x", "channel": format!("#{channel}") })
}

pub(super) fn harbor(project: &str) -> Json {
    json!({
        "url": "https://harbor.sized.example",
        "project_name": project,
        "username": "robot",
        "password": "harbor-password",
    })
}

pub(super) fn emails_on_push(path: &str) -> Json {
    json!({ "recipients": format!("{path}@sized.example") })
}

pub(super) fn datadog(env: &str) -> Json {
    json!({ "api_key": "dd", "datadog_env": env })
}

/// Chat by webhook alone.
pub(super) fn webhook(name: &str) -> Json {
    json!({ "webhook": format!("https://chat.sized.example/hooks/{name}") })
}

pub(super) fn external_wiki(name: &str) -> Json {
    json!({ "external_wiki_url": format!("https://wiki.sized.example/{name}") })
}
