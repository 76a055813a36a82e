//! Where the settings of an integration lead: a secret belongs to the address it was typed for.
//! GitLab drops what it has stored once that changes, so that nobody is sent another's secret
//! (contract, section 2); what the keychain remembers is held to the same.

use std::collections::BTreeMap;

use heirloom_core::catalog::{self, Integration};
use heirloom_core::plan::Step;

/// Where a step's settings lead once it is applied: those that make GitLab drop its secrets when
/// they change, as JSON by name. Empty where the integration has none that can be read.
pub(super) fn address(step: &Step) -> String {
    catalog::find(&step.slug).and_then(|known| leads_to(known, step)).unwrap_or_default()
}

fn leads_to(known: &Integration, step: &Step) -> Option<String> {
    let settings = step.after.settings();
    let fields = known.fields.iter().filter(|field| field.clears_secrets && !field.secret);
    let named: BTreeMap<&str, serde_json::Value> = fields
        .filter_map(|field| Some((field.name, settings.fields.get(field.name)?)))
        .filter(|(_, value)| !value.is_blank())
        .map(|(name, value)| (name, value.to_json()))
        .collect();
    serde_json::to_string(&named).ok().filter(|_| !named.is_empty())
}
