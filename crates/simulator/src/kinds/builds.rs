//! Build servers, packages, stores and clouds.

use super::field::{boolean, secret, text, url};
use super::{Field, Kind, Levels, Needs};

const SSL: Field = boolean("enable_ssl_verification");
const BUILD_EVENTS: &[&str] = &["push_events", "merge_requests_events", "tag_push_events"];

const PROJECT_ONLY: Kind = Kind { levels: Levels::ProjectOnly, ..Kind::PLAIN };

pub(super) const KINDS: &[Kind] = &[
    Kind {
        slug: "jenkins",
        title: "Jenkins",
        fields: &[
            SSL,
            url("jenkins_url").required().exposes(),
            text("project_name").required(),
            text("username"),
            secret("password"),
        ],
        events: BUILD_EVENTS,
        ..PROJECT_ONLY
    },
    Kind {
        slug: "bamboo",
        title: "Atlassian Bamboo",
        fields: &[
            SSL,
            url("bamboo_url").required().exposes(),
            text("build_key").required(),
            text("username").required(),
            secret("password").required(),
        ],
        events: &["push_events"],
        ..Kind::PLAIN
    },
    Kind {
        slug: "buildkite",
        title: "Buildkite",
        fields: &[url("project_url").required().exposes(), secret("token").required(), SSL],
        events: BUILD_EVENTS,
        ..Kind::PLAIN
    },
    Kind {
        slug: "drone-ci",
        title: "Drone",
        fields: &[SSL, url("drone_url").required().exposes(), secret("token").required()],
        events: BUILD_EVENTS,
        ..Kind::PLAIN
    },
    Kind {
        slug: "teamcity",
        title: "JetBrains TeamCity",
        fields: &[
            SSL,
            url("teamcity_url").required().exposes(),
            text("build_type").required(),
            text("username").required(),
            secret("password").required(),
        ],
        events: &["push_events", "merge_requests_events"],
        ..Kind::PLAIN
    },
    Kind {
        slug: "diffblue-cover",
        title: "Diffblue Cover",
        fields: &[
            secret("diffblue_license_key").required(),
            text("diffblue_access_token_name").required(),
            secret("diffblue_access_token_secret").required(),
        ],
        ..Kind::PLAIN
    },
    Kind {
        slug: "harbor",
        title: "Harbor",
        fields: &[
            url("url").required().exposes(),
            text("project_name").required(),
            text("username").required(),
            secret("password").required(),
        ],
        ..Kind::PLAIN
    },
    Kind {
        slug: "packagist",
        title: "Packagist",
        fields: &[text("username").required(), secret("token").required(), url("server").exposes()],
        events: BUILD_EVENTS,
        ..Kind::PLAIN
    },
    Kind {
        slug: "apple-app-store",
        title: "Apple App Store Connect",
        fields: &[
            text("app_store_issuer_id").required(),
            text("app_store_key_id").required(),
            text("app_store_private_key_file_name").required(),
            // A plain field: GitLab gives the key back in clear (contract, section 2).
            text("app_store_private_key").required(),
            boolean("app_store_protected_refs"),
        ],
        ..PROJECT_ONLY
    },
    Kind {
        slug: "google-play",
        title: "Google Play",
        fields: &[
            text("package_name").required(),
            text("service_account_key_file_name").required(),
            // A plain field too.
            text("service_account_key").required(),
            boolean("google_play_protected_refs"),
        ],
        ..PROJECT_ONLY
    },
    Kind {
        slug: "github",
        title: "GitHub",
        fields: &[
            secret("token").required(),
            url("repository_url").required().exposes(),
            boolean("static_context"),
        ],
        events: &["pipeline_events"],
        enterprise: true,
        ..PROJECT_ONLY
    },
    Kind {
        slug: "google-cloud-platform-artifact-registry",
        title: "Google Artifact Management",
        fields: &[
            text("artifact_registry_project_id").required(),
            text("artifact_registry_repositories").required(),
            text("artifact_registry_location").required(),
        ],
        needs: Needs::Saas,
        enterprise: true,
        ..PROJECT_ONLY
    },
    Kind {
        slug: "google-cloud-platform-workload-identity-federation",
        title: "Google Cloud Identity and Access Management (IAM)",
        fields: &[
            text("workload_identity_federation_project_id").required(),
            text("workload_identity_federation_project_number").required(),
            text("workload_identity_pool_id").required(),
            text("workload_identity_pool_provider_id").required(),
        ],
        needs: Needs::Saas,
        enterprise: true,
        ..Kind::PLAIN
    },
];
