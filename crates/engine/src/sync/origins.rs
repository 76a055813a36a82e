//! Where inherited rows come from, as far as the lists of this run tell it while they come: such a
//! row is written once, with its source. What lists cannot tell is found out in the end, over all
//! rows ([`super::estate`]), and noted then.

use std::collections::HashMap;
use std::iter::successors;

use heirloom_core::catalog::{self, Integration};
use heirloom_core::ids::{Level, ScopeKey, Slug};
use heirloom_core::inheritance::{self, Ancestor};
use heirloom_core::row::{Agrees, Source};
use heirloom_core::settings::flags_agree;
use heirloom_store::cache::census::Place;
use heirloom_store::cache::integrations::{Flags, Linked, ListRead};

use super::estate::DEEPEST;

/// What a group's list shows of a kind.
enum Held {
    /// Its own settings: the default of what is below.
    Sets(Box<Flags>),
    /// A link further up.
    Inherits,
    /// A row; this server does not tell links.
    Row,
}

/// The groups listed so far.
#[derive(Default)]
pub(super) struct Origins {
    /// What each scope stands in.
    above: HashMap<ScopeKey, ScopeKey>,
    /// Kinds by number: few differ.
    kinds: HashMap<Slug, u32>,
    groups: HashMap<ScopeKey, Vec<(u32, Held)>>,
}

impl Origins {
    /// With the scopes whose lists are going to come, and those above them.
    pub(super) fn of<'a>(places: impl IntoIterator<Item = &'a Place>) -> Self {
        let above = places.into_iter().filter_map(|place| Some((place.key, place.above?)));
        Self { above: above.collect(), ..Self::default() }
    }

    /// Takes lists as they come, and notes with each row what is known of it by now.
    pub(super) fn take(&mut self, lists: &mut [ListRead]) {
        for list in lists.iter().filter(|list| list.scope.level == Level::Group) {
            let rows = list.rows.iter().map(|row| (self.kind(&row.slug), Held::of(row))).collect();
            self.groups.insert(list.scope, rows);
        }
        for list in lists {
            list.links = list.rows.iter().map(|row| self.link(list.scope, row)).collect();
        }
    }

    fn kind(&mut self, slug: &Slug) -> u32 {
        if let Some(known) = self.kinds.get(slug) {
            return *known;
        }
        let number = u32::try_from(self.kinds.len()).unwrap_or(u32::MAX);
        self.kinds.insert(slug.clone(), number);
        number
    }

    fn link(&self, scope: ScopeKey, row: &Flags) -> Option<Linked> {
        if row.inherited != Some(true) {
            return None;
        }
        let known = catalog::find(&row.slug);
        let group_level = known.is_none_or(|integration| integration.levels.group);
        let above = |at: &ScopeKey| self.above.get(at).copied();
        let groups = successors(Some(above(&scope)?), above)
            .take_while(|at| at.level == Level::Group)
            .take(DEEPEST);
        let ancestors = groups.map(|group| match self.held(group, &row.slug) {
            _ if !group_level => (group, Ancestor::NotSet),
            Some(Held::Sets(_)) => (group, Ancestor::SetsDefault),
            Some(Held::Inherits) => (group, Ancestor::Inherits),
            // Perhaps it is asked by name later.
            Some(Held::Row) | None => (group, Ancestor::NotVisible),
        });
        let source = inheritance::source(ancestors);
        let Source::Scope { key, .. } = source else { return None };
        let agrees = match self.held(key, &row.slug) {
            Some(Held::Sets(default)) if scope.level == Level::Project => {
                agreement(known, row, default)
            }
            _ => Agrees::Unread,
        };
        Some(Linked { source, agrees })
    }

    fn held(&self, group: ScopeKey, slug: &Slug) -> Option<&Held> {
        let kind = self.kinds.get(slug)?;
        let rows = self.groups.get(&group)?;
        rows.iter().find(|(known, _)| known == kind).map(|(_, held)| held)
    }
}

impl Held {
    fn of(row: &Flags) -> Self {
        match row.inherited {
            Some(false) => Self::Sets(Box::new(row.clone())),
            Some(true) => Self::Inherits,
            None => Self::Row,
        }
    }
}

/// Equal flags and a row that is not older prove that a project has the default's values, unless
/// they lie beside the row.
fn agreement(known: Option<&Integration>, own: &Flags, default: &Flags) -> Agrees {
    let is_beside_row = known.is_some_and(|integration| integration.data_beside_row);
    let is_older = own.updated_at.zip(default.updated_at).is_some_and(|(own, default)| {
        // As both are kept.
        own.as_millisecond() < default.as_millisecond()
    });
    let is_same = own.active == default.active && flags_agree(known, &own.events, &default.events);
    if is_same && !is_older && !is_beside_row { Agrees::Yes } else { Agrees::Unread }
}

#[cfg(test)]
mod tests {
    use heirloom_core::row::Basis;
    use jiff::Timestamp;

    use super::*;

    const TOP: ScopeKey = ScopeKey::group(1);
    const MIDDLE: ScopeKey = ScopeKey::group(2);
    const API: ScopeKey = ScopeKey::project(3);

    fn origins() -> Origins {
        let above = [(TOP, ScopeKey::INSTANCE), (MIDDLE, TOP), (API, MIDDLE)];
        Origins { above: above.into(), ..Origins::default() }
    }

    fn row(slug: &str, inherited: bool, second: i64) -> Flags {
        Flags {
            slug: Slug::new(slug).unwrap(),
            title: slug.to_owned(),
            active: true,
            inherited: Some(inherited),
            updated_at: Some(Timestamp::from_second(second).unwrap()),
            events: [("push_events".to_owned(), true)].into(),
        }
    }

    fn list(scope: ScopeKey, row: Flags) -> ListRead {
        ListRead { scope, at: Timestamp::UNIX_EPOCH, rows: vec![row], links: Vec::new() }
    }

    /// What is known of a project's row once the groups above it were listed.
    fn linked(top: Flags, middle: Flags, own: Flags) -> Option<Linked> {
        let mut lists = [list(API, own), list(MIDDLE, middle), list(TOP, top)];
        origins().take(&mut lists);
        lists[0].links[0]
    }

    fn from(key: ScopeKey, basis: Basis, agrees: Agrees) -> Option<Linked> {
        Some(Linked { source: Source::Scope { key, basis }, agrees })
    }

    #[test]
    fn the_nearest_group_with_its_own_settings_is_the_source() {
        let slack = |inherited, second| row("slack", inherited, second);
        let found = linked(slack(false, 5), slack(true, 5), slack(true, 5));
        assert_eq!(found, from(TOP, Basis::Read, Agrees::Yes), "past one that inherits");
        let found = linked(slack(false, 5), slack(false, 5), slack(true, 4));
        assert_eq!(found, from(MIDDLE, Basis::Read, Agrees::Unread), "older: proves nothing");
        let quiet = Flags { events: [("push_events".to_owned(), false)].into(), ..slack(true, 5) };
        let found = linked(slack(true, 5), slack(false, 5), quiet);
        assert_eq!(found, from(MIDDLE, Basis::Read, Agrees::Unread), "other flags");
        let off = Flags { active: false, ..slack(true, 5) };
        let found = linked(slack(true, 5), slack(false, 5), off);
        assert_eq!(found, from(MIDDLE, Basis::Read, Agrees::Unread), "switched off");
        let found = linked(slack(true, 5), slack(true, 5), slack(true, 5));
        let instance = from(ScopeKey::INSTANCE, Basis::Inferred, Agrees::Unread);
        assert_eq!(found, instance, "all inherit: an instance's default cannot be read");
    }

    #[test]
    fn equal_flags_prove_nothing_where_settings_lie_beside_the_row() {
        let jira = |inherited| row("jira", inherited, 5);
        let found = linked(jira(true), jira(false), jira(true));
        assert_eq!(found, from(MIDDLE, Basis::Read, Agrees::Unread), "the source alone");
    }

    #[test]
    fn what_a_group_may_still_hold_is_left_to_the_end() {
        let slack = |inherited| row("slack", inherited, 5);
        let found = linked(slack(false), row("jira", true, 5), slack(true));
        assert_eq!(found, None, "no active row: it may have one that is off");
        let silent = Flags { inherited: None, ..slack(true) };
        assert_eq!(linked(slack(false), silent, slack(true)), None, "links are not told");
        let mut lists = [list(API, slack(true)), list(MIDDLE, slack(true))];
        let mut origins = origins();
        origins.take(&mut lists);
        assert_eq!(lists[0].links, [None], "the group above was not listed yet");
        let mut lists = [list(TOP, slack(false)), list(API, slack(true))];
        origins.take(&mut lists);
        assert_eq!(lists[1].links, [from(TOP, Basis::Read, Agrees::Yes)], "by now it was");
        assert_eq!(lists[0].links, [None], "a default has no source");
    }
}
