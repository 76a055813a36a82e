//! What single projects and subgroups have set for themselves, and what time has done to them.

use serde_json::json;

use super::{Office, custom, pairs};
use crate::world::{Form, RowEdit, UnknownTarget};

const CHECKOUT: &str = "acme/platform/checkout";

pub(super) fn set(office: &mut Office<'_>) -> Result<(), UnknownTarget> {
    payments(office)?;
    rest_of_checkout(office)?;
    rest_of_platform(office)?;
    elsewhere(office)?;
    switched_off(office)?;
    out_of_step(office)
}

fn payments(office: &mut Office<'_>) -> Result<(), UnknownTarget> {
    let path = format!("{CHECKOUT}/payments-api");
    let jira = custom(json!({
        "url": "https://jira-old.acme.example",
        "api_url": "https://jira-old.acme.example:8443",
        "username": "svc-gitlab-payments",
        "password": "payments-jira-password",
        "jira_issue_regex": "PAY-\\d+",
        "issues_enabled": "false",
        "project_keys": [],
    }));
    office.save(&path, "jira", 254, &jira.events(&[("merge_requests_events", false)]))?;

    let slack = custom(json!({
        "webhook": "https://hooks.slack.example/services/T0ACME/B0PAY/payments",
        "channel": "#payments",
        "pipeline_channel": "#payments-ci",
    }));
    office.save(&path, "slack", 118, &slack)?;

    let jenkins = custom(json!({
        "jenkins_url": "https://jenkins.acme.example",
        "project_name": "checkout/payments-api",
        "username": "gitlab-trigger",
        "password": "payments-jenkins-password",
        "enable_ssl_verification": "true",
    }));
    office.save(&path, "jenkins", 201, &jenkins.events(&[("tag_push_events", false)]))?;

    let pipelines = custom(json!({ "recipients": "payments-team@acme.example" }));
    office.save(&path, "pipelines-email", 378, &pipelines.switched_off())
}

fn rest_of_checkout(office: &mut Office<'_>) -> Result<(), UnknownTarget> {
    let slack = custom(json!({ "channel": "#payments", "pipeline_channel": "#payments-ci" }));
    office.save(&format!("{CHECKOUT}/payments-api-contract-tests"), "slack", 117, &slack)?;

    let jira = custom(json!({
        "url": "https://jira-old.acme.example",
        "api_url": "https://jira-old.acme.example:8443",
        "username": "svc-gitlab-payments",
        "password": "refunds-jira-password",
        "jira_issue_regex": "REF-\\d+",
        "project_keys": ["REF"],
    }));
    office.save(&format!("{CHECKOUT}/refunds-worker"), "jira", 253, &jira)?;

    let jenkins = custom(json!({
        "jenkins_url": "https://jenkins.acme.example",
        "project_name": "checkout/fraud-rules-engine",
    }));
    office.save(&format!("{CHECKOUT}/fraud-rules-engine"), "jenkins", 90, &jenkins)?;

    let wiki = custom(json!({ "external_wiki_url": "https://wiki.acme.example/tax" }));
    office.save(&format!("{CHECKOUT}/tax-tables-2019"), "external-wiki", 170, &wiki)
}

fn rest_of_platform(office: &mut Office<'_>) -> Result<(), UnknownTarget> {
    for (path, key, days) in [
        ("identity/token-service", "IDM", 160),
        ("identity/login-ui", "IDM", 158),
        ("observability/alert-rules", "OBS", 140),
        ("web/storefront", "SHOP", 133),
        ("web/search-ui", "SRCH", 131),
    ] {
        let jira = custom(json!({
            "jira_issue_regex": format!("{key}-\\d+"),
            "jira_issue_prefix": format!("{key}-"),
            "project_keys": [key],
        }));
        office.save(&format!("acme/platform/{path}"), "jira", days, &jira)?;
    }
    for (path, channel, days) in [
        ("identity/token-service", "#identity", 99),
        ("observability/dashboards", "#observability", 98),
        ("runtime/image-promoter", "#images", 97),
        ("web/storefront", "#storefront", 41),
    ] {
        let slack = custom(json!({ "channel": channel }));
        office.save(&format!("acme/platform/{path}"), "slack", days, &slack)?;
    }
    let datadog = custom(json!({
        "datadog_site": "datadoghq.com",
        "api_key": "dd-observability-api-key",
        "datadog_service": "trace-sampler",
        "datadog_env": "staging",
    }));
    office.save("acme/platform/observability/trace-sampler", "datadog", 77, &datadog)?;

    let jenkins = custom(json!({
        "jenkins_url": "https://jenkins-old.acme.example",
        "project_name": "runtime/image-promoter",
        "username": "gitlab-trigger",
        "password": "runtime-jenkins-password",
    }));
    office.save("acme/platform/runtime/image-promoter", "jenkins", 320, &jenkins)?;

    let emails = custom(json!({
        "recipients": "release-managers@acme.example platform-leads@acme.example",
        "disable_diffs": false,
    }));
    office.save("acme/platform/service-template", "emails-on-push", 60, &emails)?;

    let harbor = custom(json!({ "project_name": "base", "password": "base-harbor-password" }));
    office.save("acme/platform/runtime/base-images", "harbor", 58, &harbor)
}

fn elsewhere(office: &mut Office<'_>) -> Result<(), UnknownTarget> {
    let apple = custom(json!({
        "app_store_issuer_id": "69a6de7c-03a4-47e3-e053-5b8c7c11a4d1",
        "app_store_key_id": "2X9R4HXF34",
        "app_store_private_key_file_name": "AuthKey_2X9R4HXF34.p8",
        "app_store_private_key": "-----BEGIN PRIVATE KEY-----\nMHcCAQ\n-----END PRIVATE KEY-----",
        "app_store_protected_refs": true,
    }));
    office.save("acme/mobile/ios/shop-ios", "apple-app-store", 88, &apple)?;

    let play = custom(json!({
        "package_name": "example.acme.shop",
        "service_account_key_file_name": "shop-android.json",
        "service_account_key": "{\"type\":\"service_account\"}",
        "google_play_protected_refs": true,
    }));
    office.save("acme/mobile/android/shop-android", "google-play", 87, &play)?;

    let arabic = custom(json!({ "jira_issue_regex": "JWL-\\d+", "project_keys": ["JWL"] }));
    office.save("acme/mobile/matjar-aljawwal", "jira", 66, &arabic)?;

    let discord = custom(json!({
        "webhook": "https://discord.example/api/webhooks/42/labs",
        "push_channel": "https://discord.example/api/webhooks/43/pushes",
        "branches_to_be_notified": "all",
    }));
    office.save("acme-labs/prototypes/voice-cart", "discord", 30, &discord)?;

    let wiki = custom(json!({ "confluence_url": "https://acme.atlassian.net/wiki/spaces/FIN" }));
    office.save("acme/data/warehouse/marts/finance-mart", "confluence", 45, &wiki)?;

    let redmine = custom(json!({
        "project_url": "https://redmine.northstar.example/projects/labels",
        "issues_url": "https://redmine.northstar.example/issues/:id",
        "new_issue_url": "https://redmine.northstar.example/projects/labels/issues/new",
    }));
    office.save(
        "vendors/northstar/label-printing",
        "jira",
        240,
        &custom(json!({})).switched_off(),
    )?;
    office.save("vendors/northstar/label-printing", "redmine", 239, &redmine)?;

    let external = custom(json!({ "external_wiki_url": "https://dotfiles.example/wiki" }));
    office.save("d.whitfield/dotfiles", "external-wiki", 20, &external)
}

/// Rows that are off: custom ones with their settings kept, inherited ones blanked by a DELETE.
fn switched_off(office: &mut Office<'_>) -> Result<(), UnknownTarget> {
    for path in ["acme/data/ingest/erp-bridge", "acme/data/ingest/pos-importer"] {
        let pipelines = custom(json!({ "recipients": "ingest-oncall@acme.example" }));
        office.save(path, "pipelines-email", 205, &pipelines.switched_off())?;
    }
    for name in ["cdn-rules", "geo-router", "waf-policies"] {
        let blanked = RowEdit {
            active: Some(false),
            fields: pairs(json!({
                "datadog_site": null,
                "api_key": null,
                "datadog_ci_visibility": null,
                "datadog_service": null,
                "datadog_env": null,
                "datadog_tags": null,
            })),
            ..RowEdit::default()
        };
        office.leave(&format!("acme/platform/runtime/edge/{name}"), "datadog", 35, &blanked)?;
    }
    let teams = Form { inherit: Some(false), active: Some(false), ..Form::default() };
    office.save("acme/data/data-contracts", "microsoft-teams", 15, &teams)
}

/// Rows that inherit, but hold what their default held once.
fn out_of_step(office: &mut Office<'_>) -> Result<(), UnknownTarget> {
    let older = RowEdit {
        fields: pairs(json!({
            "url": "https://registry.acme.example",
            "username": "robot$checkout",
        })),
        ..RowEdit::default()
    };
    // Older than its default, which was saved 210 days ago.
    office.leave(&format!("{CHECKOUT}/fraud-rules-engine"), "harbor", 290, &older)?;

    let quiet =
        RowEdit { events: [("tag_push_events".to_owned(), false)].into(), ..RowEdit::default() };
    office.leave("acme/mobile/ios/wallet", "emails-on-push", 75, &quiet)
}
