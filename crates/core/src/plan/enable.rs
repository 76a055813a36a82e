//! Switching an integration on again.

use super::{Action, Refusal, Snapshot, Step, set_custom, use_default};
use crate::catalog::Integration;
use crate::ids::{ScopeKey, Slug};
use crate::settings::Settings;
use crate::validation;

/// Plans switching on a row that is stored and off, with the settings it has. Where it is linked,
/// that is its default's, and the default must be on itself.
///
/// # Errors
/// Where nothing is stored, where it is on already, where what is stored is not enough, and where
/// the API cannot do it.
pub fn enable(
    integration: &'static Integration,
    scope: ScopeKey,
    slug: &Slug,
    before: &Snapshot,
    default: Option<(ScopeKey, &Snapshot)>,
    typed: &[String],
) -> Result<Step, Refusal> {
    let Snapshot::Stored { inherited, active: false, settings } = before else {
        return Err(match before {
            Snapshot::Nothing => Refusal::NothingStored(integration.title),
            Snapshot::Stored { .. } => Refusal::OnAlready(integration.title),
        });
    };
    let step = match (inherited, default) {
        (true, Some((source, row))) if row.active() => {
            use_default(integration, scope, slug, before, source, row)?
        }
        (true, _) => return Err(Refusal::DefaultOff(integration.title)),
        (false, _) => {
            // Secrets are asked for where the plan is shown; what else is missing, nobody can give.
            let named = |required: bool| {
                let secrets = integration.fields.iter().filter(|field| field.secret);
                secrets
                    .filter(|field| field.required == required)
                    .map(|field| field.name.to_owned())
                    .collect()
            };
            let secrets = validation::Secrets {
                given: named(true),
                stored: named(false),
                let_go: named(false),
            };
            let problems =
                validation::problems(integration, &settings.fields, &settings.fields, &secrets);
            if !problems.is_empty() {
                return Err(Refusal::Incomplete(integration.title));
            }
            set_custom(integration, scope, slug, before, &Settings::default(), typed)?
        }
    };
    Ok(Step { action: Action::Enable, ..step })
}
