//! The checks made here against those of the simulator, which was written from the contract alone:
//! what passes here is taken there, and what is refused there was refused here, field by field.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Mutex;

use heirloom_engine::core::catalog::Integration;
use heirloom_engine::core::ids::ScopeKey;
use heirloom_engine::core::plan::{Snapshot, is_shown, set_custom};
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::validation::{Secrets, problems, secret_problem};
use heirloom_engine::core::value::Value;
use heirloom_gitlab::{BaseUrl, Client, ClientOptions, PlainHttp, Problem};
use heirloom_simulator::{ProjectSpec, RowView};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use secrecy::SecretString;
use serde_json::Value as Json;

use super::values::{any_value, good, text_of};
use super::{WITHOUT_THE_APP, editable, in_row, server};

const CASES: u32 = 1024;

/// What somebody does to a form.
#[derive(Clone)]
struct Attempt {
    kind: &'static Integration,
    /// What is stored before; none = no row yet.
    stored: Option<Draft>,
    draft: Draft,
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} over {:?}: {:?}", self.kind.slug, self.stored, self.draft)
    }
}

#[derive(Clone, Debug, Default)]
struct Draft {
    fields: BTreeMap<String, Value>,
    secrets: BTreeMap<String, String>,
}

/// Fields filled in well, or left out, or filled with anything: mostly well, so that many drafts
/// have one flaw and some have none.
fn draft(kind: &'static Integration, flawed: bool) -> BoxedStrategy<Draft> {
    let weight = if flawed { 1 } else { 0 };
    let names = kind.fields.iter().filter(|field| field.rest);
    let values: Vec<_> = names
        .map(|field| {
            let any = if field.secret {
                any_value().prop_map(|it| Value::Text(text_of(it))).boxed()
            } else {
                any_value().boxed()
            };
            let value = prop_oneof![
                12 => good(field).prop_map(Some),
                weight => Just(None),
                weight => any.prop_map(Some),
            ];
            (Just(field), value)
        })
        .collect();
    values
        .prop_map(|values| {
            let mut draft = Draft::default();
            for (field, value) in values {
                let Some(value) = value else { continue };
                if field.secret {
                    draft.secrets.insert(field.name.into(), text_of(value));
                } else {
                    draft.fields.insert(field.name.into(), value);
                }
            }
            draft
        })
        .boxed()
}

/// Apps installed elsewhere have no first row to make.
fn kinds() -> Vec<&'static Integration> {
    editable().filter(|kind| kind.creatable && kind.slug != WITHOUT_THE_APP).collect()
}

fn attempt() -> impl Strategy<Value = Attempt> {
    select(kinds()).prop_flat_map(|kind| {
        (option::of(draft(kind, false)), draft(kind, true))
            .prop_map(move |(stored, draft)| Attempt { kind, stored, draft })
    })
}

/// The fields that a refusal names, in either of GitLab's shapes (contract, section 2).
fn named(kind: &Integration, message: &str) -> BTreeSet<&'static str> {
    let words: BTreeSet<&str> =
        message.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).collect();
    let grape = message.split(", ").filter_map(|part| part.split(' ').next()).collect();
    let words = if message.starts_with("Failed to update") { words } else { grape };
    kind.fields.iter().map(|field| field.name).filter(|name| words.contains(name)).collect()
}

fn without_blanks(secrets: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut secrets = secrets.clone();
    secrets.retain(|_, text| !text.is_empty());
    secrets
}

/// What stands at the fields of a form, by name: the draft's problems and those of typed secrets.
fn refused_here(kind: &Integration, stored: &Snapshot, draft: &Draft) -> BTreeSet<String> {
    let names = || kind.fields.iter().filter(|field| field.secret).map(|it| it.name.to_owned());
    let secrets = Secrets {
        given: draft.secrets.keys().cloned().collect(),
        stored: if *stored == Snapshot::Nothing { BTreeSet::new() } else { names().collect() },
        let_go: names().collect(),
    };
    let found = problems(kind, &stored.settings().fields, &draft.fields, &secrets);
    let mut fields: BTreeSet<String> = found.into_iter().map(|it| it.field).collect();
    let mut form = stored.settings().fields;
    form.extend(draft.fields.clone());
    for (name, text) in &draft.secrets {
        let field = kind.field(name).expect("a known secret");
        fields.extend(
            secret_problem(field, text).filter(|_| is_shown(field, &form)).map(|it| it.field),
        );
    }
    fields
}

fn snapshot(kind: &Integration, row: Option<&RowView>) -> Snapshot {
    let Some(row) = row else { return Snapshot::Nothing };
    let fields = kind.fields.iter().filter(|field| field.rest && !field.secret);
    Snapshot::Stored {
        inherited: row.inherit_from.is_some(),
        active: row.active,
        settings: Settings {
            fields: fields.map(|it| (it.name.to_owned(), in_row(kind, row, it.name))).collect(),
            events: row.events.clone(),
        },
    }
}

#[derive(Default)]
struct Tally {
    cases: usize,
    taken: usize,
    refused: usize,
    stricter: usize,
    kinds: BTreeSet<&'static str>,
}

#[test]
fn what_passes_here_is_taken_there_and_what_is_refused_there_was_refused_here() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let lab = runtime.block_on(server("18.10.2-ee", true, &kinds()));
    let base = BaseUrl::parse(&lab.simulator.url(), PlainHttp::LoopbackOnly).expect("an address");
    let token = SecretString::from(lab.simulator.token());
    let client = Client::new(base, &token, ClientOptions::default()).expect("a client");
    let world = lab.simulator.world();
    let tally = Mutex::new(Tally::default());

    let put = |scope: ScopeKey, kind: &'static Integration, before: &Snapshot, draft: &Draft| {
        let slug = kind.slug.parse().expect("a slug");
        let settings = Settings { fields: draft.fields.clone(), ..Settings::default() };
        let typed: Vec<String> = draft.secrets.keys().cloned().collect();
        let step = set_custom(kind, scope, &slug, before, &settings, &typed).expect("a step");
        let mut body = step.body().expect("a PUT").clone();
        for name in &step.secrets {
            if let Some(text) = draft.secrets.get(name) {
                body.insert(name.clone(), Json::from(text.as_str()));
            }
        }
        (step, runtime.block_on(client.put_integration(scope, &slug, &body)))
    };
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    // The same drafts each time, so that a failure points at a change; HEIRLOOM_RANDOM=1 draws
    // others.
    let mut runner = if std::env::var_os("HEIRLOOM_RANDOM").is_some() {
        TestRunner::new(config)
    } else {
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
    };
    let outcome = runner.run(&attempt(), |attempt| {
        let Attempt { kind, stored, mut draft } = attempt;
        // A project for each attempt: nothing is left over from the last.
        let mut tally = tally.lock().expect("one thread");
        tally.cases += 1;
        tally.kinds.insert(kind.slug);
        let group = world.group(kind.slug).expect("a group");
        let spec = ProjectSpec { group, path: format!("try-{}", tally.cases), name: None };
        let id = world.create_project(&spec).expect("a project");
        let scope = ScopeKey::project(id);
        let row = || world.row(heirloom_simulator::Level::Project, id, kind.slug);

        let mut before = Snapshot::Nothing;
        if let Some(mut first) = stored {
            first.secrets = without_blanks(&first.secrets);
            let (_, answer) = put(scope, kind, &before, &first);
            prop_assert!(answer.is_ok(), "{}: everything filled in well: {answer:?}", kind.slug);
            before = snapshot(kind, row().as_ref());
        }
        draft.secrets = without_blanks(&draft.secrets);
        let here = refused_here(kind, &before, &draft);
        let (step, answer) = put(scope, kind, &before, &draft);
        match answer {
            Ok(_) => {
                if here.is_empty() {
                    tally.taken += 1;
                    let row = row().expect("it was just saved");
                    // A new row has GitLab's own defaults where the draft says nothing.
                    for (name, planned) in &step.after.settings().fields {
                        let found = in_row(kind, &row, name);
                        prop_assert!(
                            found.same_setting(planned),
                            "{} {name}: {planned:?} was planned, and {found:?} is stored",
                            kind.slug
                        );
                    }
                } else {
                    // Formats that the simulator does not look at.
                    tally.stricter += 1;
                }
            }
            Err(error) => {
                tally.refused += 1;
                let Problem::Refused { status: 400, message } = &error.problem else {
                    return Err(TestCaseError::fail(format!("{}: {error:?}", kind.slug)));
                };
                let there = named(kind, message);
                prop_assert!(!there.is_empty(), "{}: it names a field: {message}", kind.slug);
                for name in there {
                    prop_assert!(
                        here.contains(name),
                        "{} {name}: refused there ({message}), and here only {here:?}",
                        kind.slug
                    );
                }
            }
        }
        Ok(())
    });
    let Tally { cases, taken, refused, stricter, kinds } = tally.into_inner().expect("one thread");
    println!(
        "{cases} drafts of {} integrations: {taken} taken, {refused} refused by both, {stricter} \
         refused here alone",
        kinds.len()
    );
    outcome.expect("both checks agree");
    assert!(taken > CASES as usize / 8 && refused > CASES as usize / 8, "both ways were seen");
    assert!(cases >= CASES as usize && kinds.len() > 40, "and nearly every kind");
}
