//! What a plan was asked for, kept with it so that history can say so, and as a command.

use std::fmt::Write as _;

use heirloom_core::ids::{ConnectionId, Level};
use heirloom_core::plan::{Action, Step};
use heirloom_store::Store;
use heirloom_store::app::journal::{RunId, RunNote};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::older;
use super::request::{Bulk, Filter, Wish};
use crate::{Engine, Error, Result};

/// Paths that are kept by name; of a longer list only their number is.
const NAMED: usize = 20;

/// What a plan was asked for. Holds no secret: a wish has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// What was wanted; none: what a run did is taken back or done again.
    pub action: Option<Action>,
    /// The scopes that were named, if there were few.
    pub paths: Vec<String>,
    /// How many scopes were named.
    pub named: u32,
    /// Everything below them was meant in place of themselves.
    pub below: bool,
    /// Whose settings are copied.
    pub from: Option<String>,
    /// Each scope is given what was kept as its draft.
    pub drafts: bool,
    /// Of those, which.
    pub filter: Filter,
    /// The run of which this does again what did not work.
    pub again: Option<RunId>,
    /// Its secrets must be typed: it may take a run back that is not in this journal, and then
    /// nobody knows whether what the keychain has is from before that one.
    pub typed_only: bool,
    /// When the oldest row was read that a step was planned on; none: just then.
    pub read_from: Option<Timestamp>,
    /// When the oldest row was read by which is said who else is touched; none: nobody is.
    pub touched_from: Option<Timestamp>,
}

impl About {
    /// What a change of many scopes asks for.
    pub(super) fn of(bulk: &Bulk, store: &Store, id: ConnectionId) -> Result<Self> {
        let path = |key| Ok::<_, Error>(store.scope(id, key)?.listed.path);
        let scopes = &bulk.selection.scopes;
        let few = if scopes.len() > NAMED { &[][..] } else { scopes };
        Ok(Self {
            action: Some(match &bulk.wish {
                Wish::UseDefault => Action::UseDefault,
                Wish::Disable => Action::Disable,
                Wish::Enable => Action::Enable,
                Wish::SetCustom { .. } | Wish::CopyFrom { .. } | Wish::Drafts => Action::SetCustom,
            }),
            paths: few.iter().map(|key| path(*key)).collect::<Result<_>>()?,
            named: u32::try_from(scopes.len()).unwrap_or(u32::MAX),
            below: bulk.selection.below,
            from: match &bulk.wish {
                Wish::CopyFrom { scope, .. } => Some(path(*scope)?),
                _ => None,
            },
            drafts: matches!(bulk.wish, Wish::Drafts),
            filter: bulk.selection.filter.clone(),
            again: None,
            typed_only: false,
            read_from: None,
            touched_from: None,
        })
    }

    /// When the oldest row was read that a plan rests on: its steps, or what it says of others.
    pub(super) fn rests_on(&self) -> Option<Timestamp> {
        older(self.read_from, self.touched_from)
    }

    /// Writes down, with a plan, when the oldest row was read by which is said who else it touches.
    pub(super) fn note_touched(
        store: &Store,
        run: RunId,
        touched_from: Option<Timestamp>,
    ) -> Result<()> {
        let about = Self::of_note(store.about(run)?.as_deref());
        if about.touched_from == touched_from {
            return Ok(());
        }
        Self { touched_from, ..about }.note(store, run)
    }

    /// What a change of one scope asks for.
    pub(super) fn of_one(action: Action, path: String) -> Self {
        Self { action: Some(action), paths: vec![path], named: 1, ..Self::default() }
    }

    /// What was noted with a run. A note of another version says nothing.
    pub(super) fn noted(note: &RunNote) -> Self {
        Self::of_note(note.about.as_deref())
    }

    fn of_note(noted: Option<&str>) -> Self {
        noted.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// Writes it down with a plan.
    pub(super) fn note(&self, store: &Store, run: RunId) -> Result<()> {
        let text = serde_json::to_string(self).map_err(|why| {
            Error::NotPossible(format!("what was asked for cannot be written down: {why}"))
        })?;
        Ok(store.note_about(run, text)?)
    }
}

impl Engine {
    /// The command of heirloomctl that makes the same plan; none: only the plan's file says it.
    ///
    /// # Errors
    /// When the databases cannot be read.
    pub async fn plan_command(&self, run: RunId) -> Result<Option<String>> {
        self.blocking(move |engine| {
            let store = engine.store();
            let note = store.run(run)?;
            let about = About::noted(&note);
            let connection = store.connection(note.connection)?;
            let several = store.connections()?.len() > 1;
            let instance = several.then_some(connection.details.name);
            let settings = match about.action {
                Some(Action::SetCustom) => {
                    let first = store.steps(run, 0, 1)?;
                    // What is copied is not typed.
                    let body = |step: &Step| match about.from {
                        Some(_) => Some(Body::new()),
                        None => step.body().cloned(),
                    };
                    first.first().map(|it| (body(&it.step), it.step.secrets.clone()))
                }
                _ => None,
            };
            // Those of a plan of thousands are not read to find that none is left out.
            let all = if note.left_out > 0 { store.standings(run)? } else { Vec::new() };
            let wished = all.into_iter().filter(|it| it.left_out == Some(it.number));
            let left_out: Vec<String> = wished.map(|it| it.path).collect();
            if left_out.len() > NAMED {
                return Ok(None);
            }
            Ok(command(&note, &about, instance.as_deref(), settings)
                .and_then(|line| without(line, &note, &left_out)))
        })
        .await
    }
}

type Body = serde_json::Map<String, serde_json::Value>;

fn command(
    note: &RunNote,
    about: &About,
    instance: Option<&str>,
    settings: Option<(Option<Body>, Vec<String>)>,
) -> Option<String> {
    let mut line = String::from("heirloomctl");
    let mut add = |word: &str| {
        line.push(' ');
        line.push_str(&quoted(word));
    };
    if let Some(name) = instance {
        add("--instance");
        add(name);
    }
    if let Some(undone) = note.undoes.filter(|_| about.again.is_none()) {
        add("undo");
        add(&undone.0.to_string());
        add("--dry-run");
        return Some(line);
    }
    let what = match about.action? {
        Action::UseDefault => "use-default",
        Action::Disable => "disable",
        Action::Enable => "enable",
        Action::SetCustom if about.from.is_some() => "copy",
        Action::SetCustom => "set",
    };
    if about.paths.len() != about.named as usize || about.paths.is_empty() {
        return None;
    }
    // Each has settings of its own, and one line sets the same in all.
    if about.drafts && about.named > 1 {
        return None;
    }
    add("plan");
    add(what);
    about.paths.iter().for_each(|path| add(path));
    add(note.slug.as_ref()?.as_str());
    let mut option = |name: &str, value: &str| {
        add(name);
        add(value);
    };
    if let Some(from) = &about.from {
        option("--from", from);
    }
    if let Some((body, secrets)) = settings {
        for (name, value) in body? {
            if name != "use_inherited_settings" && !secrets.contains(&name) {
                option("--field", &format!("{name}={}", as_typed(&value)));
            }
        }
        for name in secrets {
            option("--secret-stdin", &name);
        }
    }
    let filter = &about.filter;
    for state in &filter.states {
        let name = serde_json::to_value(state).ok()?;
        option("--state", name.as_str()?);
    }
    if let Some(level) = filter.level {
        option("--only", if level == Level::Group { "group" } else { "project" });
    }
    for (name, text) in
        [("--visibility", &filter.visibility), ("--name", &filter.text), ("--value", &filter.value)]
    {
        if let Some(text) = text {
            option(name, text);
        }
    }
    for (name, is) in [("--recursive", about.below), ("--archived", filter.archived)] {
        if is {
            let _ = write!(line, " {name}");
        }
    }
    line.push_str(" --output plan.json");
    Some(line)
}

/// The command with what is left out of the plan; none: it has no way to say so.
fn without(mut line: String, note: &RunNote, left_out: &[String]) -> Option<String> {
    if note.undoes.is_some() && !left_out.is_empty() {
        return None;
    }
    for path in left_out {
        let _ = write!(line, " --leave-out {}", quoted(path));
    }
    Some(line)
}

/// A value as one types it: lists are given with commas, texts as they are.
fn as_typed(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => String::new(),
        serde_json::Value::Array(items) => {
            let items: Vec<String> = items.iter().map(as_typed).collect();
            items.join(",")
        }
        other => other.to_string(),
    }
}

/// A word as a shell takes it for one.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./:=@,+".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use heirloom_core::row::State;
    use heirloom_store::app::journal::{Counts, RunState};

    use super::*;

    fn note() -> RunNote {
        let now = jiff::Timestamp::UNIX_EPOCH;
        RunNote {
            id: RunId(4),
            connection: ConnectionId(1),
            state: RunState::Planned,
            slug: Some("jira".parse().expect("a slug")),
            planned_at: now,
            started_at: now,
            finished_at: None,
            undoes: None,
            counts: Counts::default(),
            same: 0,
            left_out: 0,
            skipped: 0,
            about: None,
        }
    }

    #[test]
    fn a_subtree_with_its_filter_is_one_line() {
        let about = About {
            action: Some(Action::UseDefault),
            paths: vec!["acme/web team".into()],
            named: 1,
            below: true,
            filter: Filter {
                states: vec![State::Custom],
                value: Some("it's old".into()),
                ..Filter::default()
            },
            ..About::default()
        };
        assert_eq!(
            command(&note(), &about, Some("Acme GitLab"), None).as_deref(),
            Some(
                "heirloomctl --instance 'Acme GitLab' plan use-default 'acme/web team' jira \
                 --state custom --value 'it'\\''s old' --recursive --output plan.json"
            ),
            "what a shell would cut in two is quoted"
        );
    }

    #[test]
    fn what_is_left_out_is_named_or_only_the_file_says_it() {
        let line = || "heirloomctl plan".to_owned();
        let left = ["acme/web team".to_owned()];
        let said = without(line(), &note(), &left);
        assert_eq!(said.as_deref(), Some("heirloomctl plan --leave-out 'acme/web team'"));
        let undo = RunNote { undoes: Some(RunId(3)), ..note() };
        assert_eq!(without(line(), &undo, &left), None, "undo has no such option");
        assert!(without(line(), &undo, &[]).is_some(), "and needs none where nothing is left out");
    }

    #[test]
    fn drafts_are_a_command_as_long_as_there_is_one() {
        let drafts = |paths: &[&str]| About {
            action: Some(Action::SetCustom),
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
            named: u32::try_from(paths.len()).expect("few"),
            drafts: true,
            ..About::default()
        };
        let body = serde_json::json!({ "push_events": true, "use_inherited_settings": false });
        let settings = || Some((body.as_object().cloned(), Vec::new()));
        assert_eq!(
            command(&note(), &drafts(&["acme/web"]), None, settings()).as_deref(),
            Some("heirloomctl plan set acme/web jira --field push_events=true --output plan.json"),
            "one draft is what it sets"
        );
        let two = drafts(&["acme/web", "acme/api"]);
        assert_eq!(command(&note(), &two, None, settings()), None, "two may set different things");
    }

    #[test]
    fn a_long_list_of_scopes_is_no_command() {
        let about = About { action: Some(Action::Disable), named: 300, ..About::default() };
        assert_eq!(command(&note(), &about, None, None), None, "the plan’s file says it");
    }

    #[test]
    fn taking_back_is_a_command_of_its_own() {
        let note = RunNote { undoes: Some(RunId(3)), ..note() };
        let said = command(&note, &About::default(), None, None);
        assert_eq!(said.as_deref(), Some("heirloomctl undo 3 --dry-run"), "shown first");
    }
}
