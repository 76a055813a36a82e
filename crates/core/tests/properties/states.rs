//! The label of everything that can be known.

use heirloom_core::ids::ScopeKey;
use heirloom_core::row::{Agrees, Basis, Known, Link, NotRead, Row, Source, State, Unavailable};

#[test]
fn every_combination_of_link_active_and_agreement_has_its_label() {
    let key = ScopeKey::group(7);
    let sources = [
        Source::Scope { key, basis: Basis::Read },
        Source::Scope { key: ScopeKey::INSTANCE, basis: Basis::Inferred },
        Source::NotVisible(key),
        Source::NotAsked(key),
    ];
    for source in sources {
        for (agrees, on) in [
            (Agrees::Yes, State::Inherited),
            (Agrees::Unread, State::Inherited),
            (Agrees::No, State::InheritedDiffers),
        ] {
            let link = Link::Inherited { source, agrees };
            let label = |active| Known::Row(Row { link, active }).state();
            assert_eq!(label(true), on, "{source:?} {agrees:?}: the link names it while it is on");
            assert_eq!(label(false), State::Disabled, "{source:?} {agrees:?}: off comes first");
        }
    }
    let custom = |active| Known::Row(Row { link: Link::Custom, active }).state();
    assert_eq!(custom(true), State::Custom, "own settings, on");
    assert_eq!(custom(false), State::Disabled, "own settings, off");
    assert_eq!(Known::NotSet.state(), State::NotSet, "asked, nothing stored");
    assert_eq!(Known::Off.state(), State::Off, "not asked");
    for why in [Unavailable::Level, Unavailable::NoApi, Unavailable::Version] {
        assert_eq!(Known::Unavailable(why).state(), State::Unavailable, "{why:?}");
    }
    for why in [NotRead::NotYet, NotRead::NoPermission, NotRead::Failed, NotRead::Version] {
        assert_eq!(Known::Unknown(why).state(), State::Unknown, "{why:?}");
    }
}

#[test]
fn names_are_those_other_programs_rely_on() {
    let names = State::ALL.map(State::name);
    assert_eq!(
        names,
        [
            "inherited",
            "inherited_differs",
            "custom",
            "disabled",
            "off",
            "not_set",
            "unavailable",
            "unknown"
        ],
        "the order is also the store's numbering"
    );
    for state in State::ALL {
        let json = serde_json::to_value(state).unwrap();
        assert_eq!(json, state.name(), "serde and the name are one");
        assert_eq!(serde_json::from_value::<State>(json).unwrap(), state, "and read back");
    }
    let labels = State::ALL.map(State::label);
    assert_eq!(labels[1], "inherited, differs", "a state of its own, in words");
    assert!(labels.iter().all(|label| !label.contains('_')), "labels are for people");
}

#[test]
fn only_a_row_is_a_row() {
    let row = Row { link: Link::Custom, active: false };
    assert_eq!(Known::Row(row).row(), Some(row), "what is stored is shown");
    for other in [
        Known::NotSet,
        Known::Off,
        Known::Unavailable(Unavailable::Level),
        Known::Unknown(NotRead::Failed),
    ] {
        assert_eq!(other.row(), None, "{other:?} is not taken for one");
    }
}
