//! Where inherited settings come from, against a model that links rows as GitLab does.

use heirloom_core::ids::ScopeKey;
use heirloom_core::inheritance::{Ancestor, questions, source};
use heirloom_core::row::{Agrees, Basis, Known, Link, NotRead, Row, Source, Unavailable};
use proptest::prelude::*;

/// GitLab nests groups 20 deep.
const DEEPEST: usize = 20;

/// What a row's link names in the model: one of the groups, by depth, or the instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Default {
    Instance,
    Group(usize),
}

/// GitLab's row in the model.
#[derive(Clone, Copy, Debug)]
struct Stored {
    /// `inherit_from_id`; none: custom.
    from: Option<Default>,
    active: bool,
}

/// One kind on one chain: groups outermost first, a project at the end (contract, section 8).
#[derive(Debug)]
struct Chain {
    instance: bool,
    rows: Vec<Option<Stored>>,
}

#[derive(Clone, Copy, Debug)]
enum Change {
    SaveInstance,
    SetCustom(usize),
    UseDefault(usize),
    Delete(usize),
}

impl Chain {
    fn new(groups: usize) -> Self {
        Self { instance: false, rows: vec![None; groups + 1] }
    }

    fn project(&self) -> usize {
        self.rows.len() - 1
    }

    fn apply(&mut self, change: Change) {
        let at = |index: usize| index % self.rows.len();
        match change {
            Change::SaveInstance => {
                self.instance = true;
                self.create_below(0, Default::Instance);
            }
            Change::SetCustom(index) => {
                let index = at(index);
                self.rows[index] = Some(Stored { from: None, active: true });
                if index != self.project() {
                    self.hand_down(index, Default::Group(index));
                }
            }
            Change::UseDefault(index) => {
                let index = at(index);
                // “Default integration not found.”
                let Some(default) = self.nearest_default(index) else { return };
                let active = match default {
                    Default::Group(above) if index == self.project() => {
                        self.rows[above].is_some_and(|row| row.active)
                    }
                    // Groups are linked without a copy; the instance's default is on here.
                    Default::Group(_) => self.rows[index].is_some_and(|row| row.active),
                    Default::Instance => true,
                };
                self.rows[index] = Some(Stored { from: Some(default), active });
                if index != self.project() {
                    self.hand_down(index, default);
                }
            }
            // The row stays, with its link.
            Change::Delete(index) => {
                let index = at(index);
                if let Some(row) = &mut self.rows[index] {
                    row.active = false;
                }
            }
        }
    }

    /// The nearest group above whose row is custom, on or off, else the instance's.
    fn nearest_default(&self, index: usize) -> Option<Default> {
        let custom = |above: &usize| self.rows[*above].is_some_and(|row| row.from.is_none());
        (0..index)
            .rev()
            .find(custom)
            .map(Default::Group)
            .or(self.instance.then_some(Default::Instance))
    }

    /// Saving a group links what inherits below it to `default` where it was linked to the group,
    /// a group above it or the instance, and creates what is missing.
    fn hand_down(&mut self, index: usize, default: Default) {
        for row in self.rows[index + 1..].iter_mut().flatten() {
            let nearer = matches!(row.from, Some(Default::Group(from)) if from > index);
            if row.from.is_some() && !nearer {
                row.from = Some(default);
            }
        }
        self.create_below(index + 1, default);
    }

    fn create_below(&mut self, first: usize, default: Default) {
        for row in self.rows[first..].iter_mut().filter(|row| row.is_none()) {
            *row = Some(Stored { from: Some(default), active: true });
        }
    }
}

/// What a token sees of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sight {
    Forbidden,
    ListOnly,
    AskedByName,
}

fn key(group: usize) -> ScopeKey {
    ScopeKey::group(1000 + group as u64)
}

fn seen(row: Option<Stored>, sight: Sight) -> Known {
    match (sight, row) {
        (Sight::Forbidden, _) => Known::Unknown(NotRead::NoPermission),
        // The list holds active rows alone.
        (Sight::ListOnly, None | Some(Stored { active: false, .. })) => Known::Off,
        (Sight::AskedByName, None) => Known::NotSet,
        (_, Some(row)) => {
            let link = match row.from {
                None => Link::Custom,
                // GitLab does not say from where, so nothing may depend on what stands here.
                Some(_) => Link::Inherited {
                    source: Source::NotAsked(ScopeKey::INSTANCE),
                    agrees: Agrees::Unread,
                },
            };
            Known::Row(Row { link, active: row.active })
        }
    }
}

fn ancestors(chain: &Chain, scope: usize, sights: &[Sight]) -> Vec<(ScopeKey, Ancestor)> {
    (0..scope)
        .rev()
        .map(|above| (key(above), Ancestor::of(&seen(chain.rows[above], sights[above]))))
        .collect()
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        1 => Just(Change::SaveInstance),
        4 => any::<usize>().prop_map(Change::SetCustom),
        3 => any::<usize>().prop_map(Change::UseDefault),
        2 => any::<usize>().prop_map(Change::Delete),
    ]
}

fn sight() -> impl Strategy<Value = Sight> {
    prop_oneof![
        1 => Just(Sight::Forbidden),
        4 => Just(Sight::ListOnly),
        4 => Just(Sight::AskedByName),
    ]
}

fn world() -> impl Strategy<Value = (Chain, Vec<Sight>)> {
    (
        0..=DEEPEST,
        proptest::collection::vec(change(), 1..30),
        proptest::collection::vec(sight(), DEEPEST),
    )
        .prop_map(|(groups, changes, sights)| {
            let mut chain = Chain::new(groups);
            changes.into_iter().for_each(|change| chain.apply(change));
            (chain, sights)
        })
}

fn linked_to(default: Default) -> Source {
    match default {
        Default::Instance => Source::Scope { key: ScopeKey::INSTANCE, basis: Basis::Inferred },
        Default::Group(group) => Source::Scope { key: key(group), basis: Basis::Read },
    }
}

fn depth(key: ScopeKey) -> usize {
    (key.id.0 - 1000) as usize
}

proptest! {
    #![proptest_config(crate::strategies::cases(3000))]

    #[test]
    fn a_source_is_right_or_says_what_is_not_known((chain, mut sights) in world()) {
        for scope in 0..chain.rows.len() {
            let Some(Stored { from: Some(truth), .. }) = chain.rows[scope] else { continue };
            let nearest = match truth {
                Default::Instance => 0,
                Default::Group(group) => group,
            };
            match source(ancestors(&chain, scope, &sights)) {
                Source::NotVisible(at) => {
                    prop_assert_eq!(sights[depth(at)], Sight::Forbidden, "it is named because it cannot be read");
                    prop_assert!(depth(at) >= nearest, "only what may be the source is named");
                }
                Source::NotAsked(at) => {
                    prop_assert_eq!(sights[depth(at)], Sight::ListOnly, "it is named because asking would tell");
                    prop_assert!(depth(at) >= nearest, "only what may be the source is named");
                }
                definite @ Source::Scope { .. } => {
                    prop_assert_eq!(definite, linked_to(truth), "a named source is the row's link");
                }
            }
            for asked in questions(ancestors(&chain, scope, &sights)) {
                prop_assert_eq!(sights[depth(asked)], Sight::ListOnly, "what is known is not asked again");
                sights[depth(asked)] = Sight::AskedByName;
            }
            let above = ancestors(&chain, scope, &sights);
            prop_assert!(questions(above.clone()).is_empty(), "one round of questions is enough");
            match source(above) {
                Source::NotAsked(at) => prop_assert!(false, "{at} was never put as a question"),
                Source::NotVisible(at) => {
                    prop_assert_eq!(sights[depth(at)], Sight::Forbidden, "only permission is left to miss");
                    prop_assert!(depth(at) >= nearest, "only what may be the source is named");
                }
                definite @ Source::Scope { .. } => {
                    prop_assert_eq!(definite, linked_to(truth), "asking never makes an answer wrong");
                }
            }
        }
    }

    #[test]
    fn the_first_that_decides_decides(
        chain in proptest::collection::vec(
            proptest::sample::select(vec![
                Ancestor::SetsDefault, Ancestor::Inherits, Ancestor::NotSet,
                Ancestor::NotAsked, Ancestor::NotVisible,
            ]),
            0..=DEEPEST,
        ),
    ) {
        let above: Vec<_> = chain.iter().enumerate().map(|(at, it)| (key(at), *it)).collect();
        let decides = |it: &&(ScopeKey, Ancestor)| !matches!(it.1, Ancestor::Inherits | Ancestor::NotSet);
        let expected = match above.iter().find(decides) {
            None => Source::Scope { key: ScopeKey::INSTANCE, basis: Basis::Inferred },
            Some((key, Ancestor::SetsDefault)) => Source::Scope { key: *key, basis: Basis::Read },
            Some((key, Ancestor::NotVisible)) => Source::NotVisible(*key),
            Some((key, _)) => Source::NotAsked(*key),
        };
        prop_assert_eq!(source(above.clone()), expected, "whatever is farther away does not matter");
        let end = chain
            .iter()
            .position(|it| matches!(it, Ancestor::SetsDefault | Ancestor::NotVisible))
            .unwrap_or(chain.len());
        let open: Vec<_> = (0..end).filter(|at| chain[*at] == Ancestor::NotAsked).map(key).collect();
        prop_assert_eq!(questions(above), open, "asked are those before the first that ends the walk");
    }
}

#[test]
fn a_custom_ancestor_that_is_off_is_still_the_source() {
    let mut chain = Chain::new(2);
    for change in
        [Change::SaveInstance, Change::SetCustom(0), Change::Delete(0), Change::UseDefault(2)]
    {
        chain.apply(change);
    }
    let sights = [Sight::AskedByName; 2];
    let found = source(ancestors(&chain, chain.project(), &sights));
    assert_eq!(found, linked_to(Default::Group(0)), "GitLab does not ask whether it is on");
    assert_eq!(
        source(ancestors(&chain, chain.project(), &[Sight::ListOnly; 2])),
        Source::NotAsked(key(0)),
        "absent from the list, it is not taken for nothing"
    );
}

#[test]
fn every_kind_of_knowledge_of_an_ancestor_has_its_part() {
    let row = |link, active| Known::Row(Row { link, active });
    let inherited = Link::Inherited { source: Source::NotVisible(key(1)), agrees: Agrees::No };
    for active in [true, false] {
        assert_eq!(Ancestor::of(&row(Link::Custom, active)), Ancestor::SetsDefault, "on or off");
        assert_eq!(Ancestor::of(&row(inherited, active)), Ancestor::Inherits, "on or off");
    }
    assert_eq!(Ancestor::of(&Known::NotSet), Ancestor::NotSet, "asked, nothing there");
    assert_eq!(Ancestor::of(&Known::Off), Ancestor::NotAsked, "may be a row that is off");
    let level = Known::Unavailable(Unavailable::Level);
    assert_eq!(Ancestor::of(&level), Ancestor::NotSet, "groups cannot hold such a kind");
    for why in [Unavailable::NoApi, Unavailable::Version] {
        let found = Ancestor::of(&Known::Unavailable(why));
        assert_eq!(found, Ancestor::NotVisible, "there may be a row that the API hides");
    }
    for why in [NotRead::NotYet, NotRead::NoPermission, NotRead::Failed, NotRead::Version] {
        assert_eq!(Ancestor::of(&Known::Unknown(why)), Ancestor::NotVisible, "nothing is assumed");
    }
}
