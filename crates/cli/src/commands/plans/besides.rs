//! What GitLab does besides, in sentences.

use heirloom_core::catalog::Integration;
use heirloom_core::plan::Besides;

/// One sentence; none where it is as one would expect.
pub fn sentence(integration: &Integration, besides: &Besides) -> Option<String> {
    let titles = |names: &[String]| {
        let titles: Vec<&str> = names
            .iter()
            .map(|name| integration.field(name).map_or(name.as_str(), |field| field.title))
            .collect();
        titles.join(", ")
    };
    Some(match besides {
        Besides::FollowsDefault | Besides::StaysOn => return None,
        Besides::BecomesCustom => "all settings become its own".into(),
        Besides::SwitchesOn => "switches it on: saving through the API always does".into(),
        Besides::SwitchesOff => "switches it off, as the default is".into(),
        Besides::DropsSecrets { because, secrets } => format!(
            "GitLab drops {} because {} changes: give a new value with --secret-stdin when planning",
            titles(secrets),
            titles(std::slice::from_ref(because))
        ),
        Besides::LosesSecrets { secrets } => {
            format!("deletes what is stored for {}: GitLab cannot give it back", titles(secrets))
        }
        Besides::Blanks => {
            "blanks all its settings, stored secrets too: GitLab cannot give them back".into()
        }
        Besides::EventsOff => "switches its events off first, so that none fires".into(),
        Besides::SavesDefaultFirst { inferred: false } => {
            "saves the default's settings in the group first".into()
        }
        Besides::SavesDefaultFirst { inferred: true } => {
            "saves the default's settings in the group first, taken from a scope that inherits them"
                .into()
        }
        Besides::KeepsOwn { settings } => {
            format!("keeps its own {}: GitLab's API cannot set it", titles(settings))
        }
        Besides::DefaultMoved { settings } => format!(
            "the default settings are others now: what was before stays lost ({})",
            titles(settings)
        ),
        Besides::NotAsked => {
            "it was not asked: should a row that is off stand there, nothing is sent".into()
        }
        Besides::LeavesInheritors { inherit } => {
            format!("{inherit} scopes that inherit from here keep the settings they have")
        }
    })
}
