//! The window itself.

use serde::{Deserialize, Serialize};
use specta::Type;

/// What the window remembers of itself: these, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Preference {
    /// Light, dark, or as the system has it.
    Theme,
    /// How close rows stand.
    Density,
    /// Whether keys without Ctrl act.
    SingleLetters,
    /// The tree's width, in pixels.
    TreeWidth,
    /// The list's.
    ListWidth,
    /// The draft panel's.
    DraftWidth,
    /// What was shown last.
    Last,
    /// Open nodes of the tree, by connection.
    Expanded,
}

impl Preference {
    /// Its name in the file, as the page calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Theme => "theme",
            Self::Density => "density",
            Self::SingleLetters => "singleLetters",
            Self::TreeWidth => "treeWidth",
            Self::ListWidth => "listWidth",
            Self::DraftWidth => "draftWidth",
            Self::Last => "last",
            Self::Expanded => "expanded",
        }
    }

    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::Theme,
        Self::Density,
        Self::SingleLetters,
        Self::TreeWidth,
        Self::ListWidth,
        Self::DraftWidth,
        Self::Last,
        Self::Expanded,
    ];
}

#[cfg(test)]
mod tests {
    use super::Preference;

    #[test]
    fn a_preference_is_called_the_same_on_both_sides() {
        for each in Preference::ALL {
            let crossing = serde_json::to_value(each).expect("it crosses");
            assert_eq!(crossing, each.name(), "its name in the file");
        }
        let other = serde_json::from_str::<Preference>("\"../../.bashrc\"");
        assert!(other.is_err(), "nothing else can be named");
    }
}
