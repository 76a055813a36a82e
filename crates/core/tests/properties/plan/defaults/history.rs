//! How an estate came to be what it is: only what GitLab lets happen.

use heirloom_core::catalog::{Event, Integration};
use heirloom_core::ids::Level;
use heirloom_core::plan::Snapshot;
use heirloom_core::settings::Settings;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::plan::estate::{Estate, PARENTS, scope};
use crate::plan::gitlab::Row;

/// What somebody did.
#[derive(Clone, Copy, Debug)]
pub enum Did {
    /// Saved settings of their own on the settings page, on or off.
    Saved { on: bool },
    /// The same through the API, which switches on.
    Put,
    /// Went back to the default.
    Linked,
    /// Disabled it through the API.
    Deleted,
    /// Took the default away on the settings page.
    Reset,
    /// Archived it, or took that back.
    Archived,
}

/// One of them, somewhere, with some settings.
pub type Deed = (Did, Index, Index);

pub fn history() -> impl Strategy<Value = Vec<Deed>> {
    let did = prop_oneof![
        6 => proptest::bool::weighted(0.8).prop_map(|on| Did::Saved { on }),
        4 => Just(Did::Put),
        3 => Just(Did::Linked),
        2 => Just(Did::Deleted),
        2 => Just(Did::Reset),
        2 => Just(Did::Archived),
    ];
    proptest::collection::vec((did, any::<Index>(), any::<Index>()), 3..16)
}

/// Settings as a server of this version stores them: no setting that came later or is gone, and
/// every event, since GitLab tells all of them.
pub fn known_to(kind: &'static Integration, server: (u32, u32), mut it: Settings) -> Settings {
    let levels = [Level::Group, Level::Project].into_iter().filter(|it| kind.levels.contains(*it));
    let levels: Vec<Level> = levels.collect();
    let fits = |offered: &dyn Fn(Level) -> bool| levels.iter().all(|level| offered(*level));
    it.fields.retain(|name, _| {
        kind.field(name).is_some_and(|field| fits(&|level| field.offered(level, server)))
    });
    let known = |event: &Event| event.rest && fits(&|level| event.offered(level, server));
    it.events.retain(|name, _| kind.event(name).is_some_and(known));
    for event in kind.events.iter().filter(|event| known(event)) {
        it.events.entry(event.name.to_owned()).or_insert(false);
    }
    it
}

/// Lets it all happen, and GitLab hand down what it does in between.
pub fn play(estate: &mut Estate, deeds: &[Deed], settings: &[Settings], server: (u32, u32)) {
    for (did, at, own) in deeds {
        let at = at.index(PARENTS.len());
        happen(estate, *did, at, own.get(settings), server);
        estate.settle();
    }
}

fn happen(estate: &mut Estate, did: Did, at: usize, settings: &Settings, server: (u32, u32)) {
    let (kind, level) = (estate.kind, scope(at).level);
    let archived_group = level == Level::Group && estate.is_archived(at);
    // No token changes the instance, nor a group before 17.9 (contract, sections 1 and 4).
    let by_api = level == Level::Project || (level == Level::Group && server >= (17, 9));
    let own = |active| {
        let row = Snapshot::Stored { inherited: false, active, settings: settings.clone() };
        Row::behind(kind, &row, &format!("of {at}")).unwrap()
    };
    match did {
        Did::Archived if level != Level::Instance => estate.archived[at] = !estate.archived[at],
        // Its pages are not there, and the API refuses (contract, section 1).
        _ if archived_group || !kind.levels.contains(level) => {}
        Did::Saved { on } => estate.save(at, own(on)),
        Did::Put if by_api => {
            let was_on = estate.rows[at].as_ref().map(|row| row.active);
            let on = if kind.creatable { Some(true) } else { was_on };
            let Some(on) = on else { return };
            estate.rows[at] = Some(own(on));
            estate.links[at] = None;
            saved(estate, at);
        }
        Did::Linked if by_api => {
            let Some(from) = estate.default_of(at) else { return };
            let row = if level == Level::Group {
                estate.rows[at].clone().unwrap_or_default()
            } else {
                estate.rows[from].clone().unwrap()
            };
            estate.rows[at] = Some(Row { inherits: true, ..row });
            estate.links[at] = Some(from);
            saved(estate, at);
        }
        Did::Deleted if by_api => {
            estate.delete(at);
        }
        Did::Reset if level != Level::Project => estate.reset(at),
        Did::Archived | Did::Put | Did::Linked | Did::Deleted | Did::Reset => {}
    }
}

fn saved(estate: &mut Estate, at: usize) {
    if estate.newer && scope(at).level == Level::Group {
        estate.jobs.push(at);
    }
}
