//! What an older GitLab does not tell: said by name wherever an answer rests on it, never guessed.

use heirloom_gitlab::Version;

/// What a GitLab of this version keeps to itself, each as a sentence without its full stop (contract,
/// sections 1 and 2); empty for newer ones, and where the version cannot be made out.
pub fn untold(version: &str) -> Vec<String> {
    let Ok(known) = version.parse::<Version>() else { return Vec::new() };
    let mut found = Vec::new();
    if !known.has_inherited() {
        found.push(format!(
            "GitLab {known} does not tell inherited from custom settings (17.3 and newer do): of \
             rows that are on, only that is known"
        ));
    }
    if !known.has_group_api() {
        found.push(format!(
            "GitLab {known} has no API for group integrations (17.9 and newer do): what groups \
             set, and what comes from them, is not known"
        ));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::untold;

    #[test]
    fn each_release_is_said_to_keep_what_it_keeps() {
        assert_eq!(untold("17.2.9-ee").len(), 2, "neither links nor groups");
        let [groups] = &untold("17.8.4-ee")[..] else { panic!("groups alone") };
        assert!(groups.contains("17.8.4-ee") && groups.contains("17.9"), "{groups}");
        assert!(untold("17.9.0").is_empty() && untold("19.3.0-pre").is_empty(), "nothing");
    }
}
