//! The allow-list: which of the `properties` GitLab returns may be stored or shown.
//!
//! GitLab returns some secrets in clear (contract, section 2), so nothing passes that this list
//! does not let through.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};
use url::Url;

use super::{FieldType, all, find};
use crate::ids::Slug;
use crate::value::Value;

/// Parts of names that GitLab's own rule took for secrets before it flagged each field by itself
/// (contract, section 2). All there is to go by for kinds that the catalog does not hold.
const SECRET_PARTS: [&str; 7] =
    ["token", "key", "password", "passphrase", "secret", "webhook", "credential"];

/// What of a row's `properties` may be stored or shown, typed by the catalog and under the
/// catalog's names. Secrets go, and so does whatever the catalog does not know.
///
/// Of a kind outside the catalog, a value stays as text unless its name is one of a secret (see
/// [`sounds_secret`]) or it holds an address with a user, a password or a secret parameter in it;
/// nested objects go, since their insides have no names to judge by.
pub fn readable(slug: &Slug, properties: &Map<String, Json>) -> BTreeMap<String, Value> {
    match find(slug) {
        Some(integration) => properties
            .iter()
            .filter_map(|(name, json)| {
                let field = integration.field(name).filter(|field| !field.secret)?;
                Some((field.name.to_owned(), Value::from_json(field.field_type, json)))
            })
            .collect(),
        None => properties
            .iter()
            .filter(|(name, json)| !sounds_secret(name) && is_harmless(json))
            .map(|(name, json)| (name.clone(), Value::from_json(FieldType::String, json)))
            .collect(),
    }
}

/// Every secret of the catalog: slug and field. These are write-only, whatever GitLab returns.
pub fn secret_fields() -> impl Iterator<Item = (&'static str, &'static str)> {
    all().iter().flat_map(|integration| {
        let secrets = integration.fields.iter().filter(|field| field.secret);
        secrets.map(|field| (integration.slug, field.name))
    })
}

/// The names of all secrets, for whatever must be kept out of logs without knowing the
/// integration. Some are harmless elsewhere (`url` is a secret of Squash TM alone): where the
/// integration is known, ask its fields instead.
pub fn secret_names() -> BTreeSet<&'static str> {
    secret_fields().map(|(_, name)| name).collect()
}

/// Whether a field of an unknown integration must be taken for a secret, by its name.
pub fn sounds_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_PARTS.iter().any(|part| name.contains(part))
}

fn is_harmless(json: &Json) -> bool {
    match json {
        Json::Null | Json::Bool(_) | Json::Number(_) => true,
        Json::String(text) => !text.split_whitespace().any(holds_credentials),
        Json::Array(items) => items.iter().all(|item| !item.is_array() && is_harmless(item)),
        Json::Object(_) => false,
    }
}

fn holds_credentials(word: &str) -> bool {
    Url::parse(word).is_ok_and(|url| {
        !url.username().is_empty()
            || url.password().is_some()
            || url.query_pairs().any(|(name, _)| sounds_secret(&name))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(slug: &str, properties: &Json) -> BTreeMap<String, Value> {
        readable(&slug.parse().unwrap(), properties.as_object().unwrap())
    }

    #[test]
    fn values_come_back_typed_by_the_catalog() {
        let values = read(
            "jira",
            &json!({
                "url": "https://jira.example.com", "api_url": "", "jira_auth_type": "0",
                "issues_enabled": "true", "project_keys": ["AB", "CD"], "username": null,
            }),
        );
        assert_eq!(values["url"], Value::Text("https://jira.example.com".into()), "text as it is");
        assert_eq!(values["api_url"], Value::Empty, "a blank is not the same as nothing");
        assert_eq!(values["jira_auth_type"], Value::Integer(0), "numbers may come as text");
        assert_eq!(values["issues_enabled"], Value::Bool(true), "booleans may come as text");
        assert_eq!(values["project_keys"], Value::List(vec!["AB".into(), "CD".into()]), "a list");
        assert_eq!(values["username"], Value::Unset, "null is nothing stored");
    }

    #[test]
    fn secrets_that_gitlab_returns_in_clear_are_dropped() {
        let apple = read(
            "apple-app-store",
            &json!({"app_store_key_id": "AB1", "app_store_private_key": "-----BEGIN"}),
        );
        assert_eq!(apple.keys().collect::<Vec<_>>(), ["app_store_key_id"], "the key itself goes");
        let google =
            read("google-play", &json!({"package_name": "com.a.b", "service_account_key": "{}"}));
        assert_eq!(google.keys().collect::<Vec<_>>(), ["package_name"], "so does Google's");
        let squash = read("squash-tm", &json!({"url": "https://squash.example.com/hook/issue"}));
        assert!(squash.is_empty(), "its address is a webhook");
        let discord =
            read("discord", &json!({"push_channel": "https://discord.com/api/webhooks/1"}));
        assert!(discord.is_empty(), "its channels are webhooks");
        let slack = read("slack", &json!({"push_channel": "#general"}));
        assert_eq!(slack.len(), 1, "Slack's channels are plain names");
    }

    #[test]
    fn no_secret_of_any_integration_passes() {
        for integration in all() {
            let everything: Map<String, Json> = integration
                .fields
                .iter()
                .map(|field| (field.name.to_owned(), Json::from("canary")))
                .collect();
            let kept = readable(&integration.slug.parse().unwrap(), &everything);
            for field in integration.fields {
                assert_eq!(
                    kept.contains_key(field.name),
                    !field.secret,
                    "{} {}: kept exactly if it is no secret",
                    integration.slug,
                    field.name
                );
            }
        }
    }

    #[test]
    fn what_a_known_integration_does_not_have_is_dropped() {
        let values = read("jenkins", &json!({"jenkins_url": "http://j", "brand_new": "x"}));
        assert_eq!(values.keys().collect::<Vec<_>>(), ["jenkins_url"], "unknown keys go");
    }

    #[test]
    fn documented_spellings_are_stored_under_gitlabs_name() {
        let discord = find(&"discord".parse().unwrap()).unwrap();
        let field = discord.field("group_mentions_channel").unwrap();
        assert_eq!(field.name, "group_mention_channel", "the documentation's plural leads here");
    }

    #[test]
    fn unknown_integrations_keep_what_cannot_be_a_secret() {
        let values = read(
            "brand-new",
            &json!({
                "host": "example.com", "enabled": true, "port": 80, "empty": null,
                "api_token": "a", "API_Key": "b", "Password": "c", "webhook": "d",
                "client_secret": "e", "ssh_passphrase": "f", "credentials_json": "g",
                "mirror": "https://user:pass@example.com", "login": "https://user@example.com",
                "hook": "https://example.com/hook?private_token=abc", "site": "https://example.com",
                "nested": {"token": "x"}, "list": ["a", "https://u:p@example.com"],
                "names": ["a", "b"], "pairs": [["token", "x"]],
            }),
        );
        let kept: Vec<_> = values.keys().map(String::as_str).collect();
        assert_eq!(
            kept,
            ["empty", "enabled", "host", "names", "port", "site"],
            "names of secrets, addresses with credentials and nested values go"
        );
        assert_eq!(values["enabled"], Value::Text("true".into()), "kept as text: no type is known");
    }

    #[test]
    fn the_list_of_secrets_names_those_that_must_never_be_written_down() {
        let names = secret_names();
        for name in [
            "password",
            "token",
            "webhook",
            "api_key",
            "api_token",
            "user_key",
            "build_key",
            "url",
            "app_store_private_key",
            "service_account_key",
            "diffblue_license_key",
            "diffblue_access_token_secret",
            "google_iap_service_account_json",
            "push_channel",
        ] {
            assert!(names.contains(name), "{name} is a secret somewhere");
        }
        for name in ["username", "jenkins_url", "app_store_key_id", "diffblue_access_token_name"] {
            assert!(!names.contains(name), "{name} is a secret nowhere");
        }
        assert!(
            secret_fields().any(|pair| pair == ("squash-tm", "url")),
            "a secret is told with its integration"
        );
        assert!(!secret_fields().any(|pair| pair == ("harbor", "url")), "and only with that");
    }
}
