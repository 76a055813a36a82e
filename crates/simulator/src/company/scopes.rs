//! The company's groups, projects and who belongs where.

use super::Office;
use crate::clock::{DAY, Millis};
use crate::tokens::Accounts;
use crate::world::{Namespace, NewScope, Scope, Visibility, World, access};

/// Groups by full path, parents first: name, visibility.
const GROUPS: &[(&str, &str, Visibility)] = &[
    ("acme", "Acme", Visibility::Private),
    ("acme/data", "Data", Visibility::Private),
    ("acme/data/ingest", "Ingest", Visibility::Private),
    ("acme/data/lakehouse-and-reporting", "Lakehouse and reporting", Visibility::Private),
    ("acme/data/warehouse", "Warehouse", Visibility::Private),
    ("acme/data/warehouse/marts", "Marts", Visibility::Private),
    ("acme/legacy-2019", "Legacy (2019)", Visibility::Private),
    ("acme/mobile", "Mobile", Visibility::Private),
    ("acme/mobile/android", "Android", Visibility::Private),
    ("acme/mobile/ios", "iOS", Visibility::Private),
    ("acme/platform", "Platform", Visibility::Private),
    ("acme/platform/checkout", "Checkout", Visibility::Private),
    ("acme/platform/identity", "Identity", Visibility::Private),
    ("acme/platform/identity/directory", "Directory", Visibility::Private),
    ("acme/platform/observability", "Observability", Visibility::Private),
    ("acme/platform/runtime", "Runtime", Visibility::Private),
    ("acme/platform/runtime/edge", "Edge", Visibility::Private),
    ("acme/platform/runtime/edge/proxies", "Proxies", Visibility::Private),
    ("acme/platform/web", "Web", Visibility::Private),
    ("acme-labs", "Acme Labs", Visibility::Private),
    ("acme-labs/prototypes", "🧪 Prototypes", Visibility::Private),
    ("acme-labs/research", "Research", Visibility::Private),
    ("acme-oss", "Acme Open Source", Visibility::Public),
    ("acme-security", "Acme Security", Visibility::Internal),
    ("vendors", "Vendors", Visibility::Private),
    ("vendors/northstar", "Northstar Logistics", Visibility::Private),
    ("vendors/payment-partners", "Payment partners", Visibility::Private),
];

/// Projects by group: path and name, which is the path where it is empty.
const PROJECTS: &[(&str, &[(&str, &str)])] = &[
    ("acme", &[("handbook", "Handbook"), ("gitlab-profile", "")]),
    ("acme/data", &[("data-contracts", "")]),
    (
        "acme/data/ingest",
        &[("clickstream-collector", ""), ("erp-bridge", "ERP bridge"), ("pos-importer", "")],
    ),
    (
        "acme/data/lakehouse-and-reporting",
        &[("board-report", "Vorstandsbericht – Umsätze"), ("lakehouse-jobs", "")],
    ),
    ("acme/data/warehouse", &[("dbt-models", "dbt models"), ("warehouse-loader", "")]),
    ("acme/data/warehouse/marts", &[("finance-mart", ""), ("stores-mart", "")]),
    ("acme/legacy-2019", &[("catalog-soap", ""), ("till-firmware", "")]),
    ("acme/mobile", &[("matjar-aljawwal", "متجر-الجوّال"), ("design-tokens", "")]),
    ("acme/mobile/android", &[("shop-android", ""), ("scanner-android", ""), ("wear-os", "")]),
    ("acme/mobile/ios", &[("shop-ios", ""), ("wallet", ""), ("store-associate", "")]),
    (
        "acme/platform",
        &[("platform-docs", ""), ("service-template", ""), ("terraform-modules", "")],
    ),
    (
        "acme/platform/checkout",
        &[
            ("cart-service", ""),
            ("fraud-rules-engine", ""),
            ("loyalty-v1", ""),
            ("payments-api", ""),
            ("payments-api-contract-tests", ""),
            ("receipt-renderer", "🧾 receipt-renderer"),
            ("refunds-worker", ""),
            ("settlement-batch", ""),
            ("tax-tables-2019", ""),
        ],
    ),
    ("acme/platform/identity", &[("login-ui", ""), ("session-store", ""), ("token-service", "")]),
    ("acme/platform/identity/directory", &[("ldap-sync", "LDAP sync"), ("scim-gateway", "")]),
    (
        "acme/platform/observability",
        &[("alert-rules", ""), ("dashboards", ""), ("log-shipper", ""), ("trace-sampler", "")],
    ),
    (
        "acme/platform/runtime",
        &[("base-images", ""), ("cluster-config", ""), ("image-promoter", "")],
    ),
    ("acme/platform/runtime/edge", &[("cdn-rules", ""), ("geo-router", ""), ("waf-policies", "")]),
    ("acme/platform/runtime/edge/proxies", &[("envoy-filters", ""), ("nginx-config", "")]),
    (
        "acme/platform/web",
        &[
            ("storefront", ""),
            ("search-ui", ""),
            ("a11y-checks", ""),
            ("component-library", ""),
            ("campaign-pages", "Campaign pages"),
        ],
    ),
    ("acme-labs", &[("lab-notes", "")]),
    ("acme-labs/prototypes", &[("shelf-camera", "📷 shelf-camera"), ("voice-cart", "")]),
    ("acme-labs/research", &[("demand-forecast", ""), ("price-elasticity", "")]),
    ("acme-oss", &[("barcode-rs", ""), ("receipt-schema", "")]),
    ("acme-security", &[("incident-playbooks", ""), ("key-rotation", "")]),
    ("vendors", &[("onboarding-kit", "")]),
    ("vendors/northstar", &[("label-printing", ""), ("tracking-webhooks", "")]),
    ("vendors/payment-partners", &[("acquirer-sandbox", ""), ("iso-8583-samples", "")]),
];

pub(super) fn build(world: &mut World, accounts: Accounts, now: Millis) {
    let mut age = 1_900;
    for (full_path, name, visibility) in GROUPS {
        age -= 7;
        let (parent, path) = match full_path.rsplit_once('/') {
            Some((above, path)) => (world.group_by_path(above).map(|group| group.id), path),
            None => (None, *full_path),
        };
        let created_at = now - age * DAY;
        let new = NewScope { name, path, description: "", visibility: *visibility, created_at };
        world.add_group(parent, &new);
    }
    for (group, projects) in PROJECTS {
        let Some((id, visibility)) = world.group_by_path(group).map(|g| (g.id, g.visibility))
        else {
            continue;
        };
        for (path, name) in *projects {
            age -= 11;
            let name = if name.is_empty() { path } else { name };
            let created_at = now - age * DAY;
            let new = NewScope { name, path, description: "", visibility, created_at };
            world.add_project(Namespace::Group(id), &new);
        }
    }
    let personal = [
        (accounts.owner, "dotfiles", Visibility::Private),
        (accounts.owner, "gitlab-housekeeping", Visibility::Private),
        (accounts.maintainer, "kata", Visibility::Internal),
        (accounts.developer, "polar-lights", Visibility::Private),
    ];
    for (user, path, visibility) in personal {
        let created_at = now - 300 * DAY;
        let new = NewScope { name: path, path, description: "", visibility, created_at };
        world.add_project(Namespace::User(user), &new);
    }
    let members = [
        ("acme", accounts.owner, access::OWNER),
        ("acme-labs", accounts.owner, access::OWNER),
        ("vendors", accounts.owner, access::MAINTAINER),
        ("acme-security", accounts.owner, access::REPORTER),
        ("acme", accounts.maintainer, access::MAINTAINER),
        ("acme-labs", accounts.maintainer, access::MAINTAINER),
        ("acme", accounts.developer, access::DEVELOPER),
        ("acme", accounts.blocked, access::DEVELOPER),
        ("acme-oss", accounts.admin, access::OWNER),
    ];
    for (path, user, level) in members {
        if let Some(id) = world.group_by_path(path).map(|group| group.id) {
            world.people.join(user, Scope::Group(id), level);
        }
    }
}

/// What was given up after everything else was set.
pub(super) fn retire(office: &mut Office<'_>) {
    let (world, now) = (&mut *office.world, office.now);
    if let Some(id) = world.group_by_path("acme/legacy-2019").map(|group| group.id)
        && let Some(group) = world.groups.get_mut(&id)
    {
        group.archived = true;
    }
    let find = |world: &World, name: &str| {
        world.project_by_path(&format!("acme/platform/checkout/{name}")).map(|project| project.id)
    };
    if let Some(id) = find(world, "tax-tables-2019")
        && let Some(project) = world.projects.get_mut(&id)
    {
        project.archived = true;
    }
    if let Some(id) = find(world, "loyalty-v1") {
        if let Some(project) = world.projects.get_mut(&id) {
            project.deletion_marked_at = Some(now - 2 * DAY);
        }
        // GitLab renames what waits for its deletion.
        world.rename_project(id, &format!("loyalty-v1-deletion_scheduled-{id}"));
    }
}
