use heirloom_core::catalog::{self, FieldType, Integration};
use heirloom_core::ids::{Level, ScopeKey};
use heirloom_core::plan::{Besides, Refusal, Snapshot, Write, disable};
use heirloom_core::settings::Settings;
use heirloom_core::validation::secret_problem;
use heirloom_core::value::Value;
use proptest::prelude::*;

use super::gitlab::{Row, delete, put};
use super::{body, slug};
use crate::strategies::{stored, writable};

fn case() -> impl Strategy<Value = (&'static Integration, bool, Settings)> {
    let kinds = writable().prop_filter("can be switched off", |it| it.supports_delete);
    kinds.prop_flat_map(|it| (Just(it), any::<bool>(), stored(it)))
}

proptest! {
    #![proptest_config(crate::strategies::cases(1500))]

    #[test]
    fn gitlab_ends_with_the_row_that_was_predicted((it, inherited, settings) in case()) {
        prop_assume!(it.levels.project);
        let before = Snapshot::Stored { inherited, active: true, settings };
        let step = disable(it, ScopeKey::project(5), &slug(it), &before).unwrap();
        let mut row = Row::behind(it, &before, "stored").unwrap();
        for write in &step.writes {
            row = match write {
                Write::Put { body } => match put(it, Some(&row), body, None) {
                    Ok(row) => row,
                    Err(said) => return Err(TestCaseError::fail(format!("{}: refused: {said}", it.slug))),
                },
                Write::Delete => delete(&row),
            };
            if row.active {
                // The moment between: linked to nothing, placeholders for secrets, and silent.
                let firing = it.events.iter().filter(|it| it.rest).find(|it| row.events.get(it.name) == Some(&true));
                prop_assert!(firing.is_none(), "{}: {:?} could fire with placeholders", it.slug, firing);
                let sending = it.fields.iter().filter(|it| it.sends);
                let sending = sending.map(|it| it.name).find(|name| row.fields.get(*name) == Some(&true.into()));
                prop_assert!(sending.is_none() || !inherited, "{}: {:?} could send with placeholders", it.slug, sending);
            }
        }
        let read = row.read(it);
        prop_assert!(!read.active() && !read.inherited(), "{}: off, and nothing switches it on again", it.slug);
        prop_assert!(step.as_far_as_planned(&read).same(it, &step.after), "{}: {:?} {:?}", it.slug, step.after, read);
        prop_assert!(row.secrets.is_empty(), "nothing is left of them");
        prop_assert!(step.secrets.is_empty(), "nobody is asked for what is thrown away");
        prop_assert!(step.besides.contains(&Besides::Blanks), "said");
        prop_assert_eq!(step.besides.contains(&Besides::BecomesCustom), inherited, "said");
        prop_assert_eq!(step.writes.len(), 1 + usize::from(inherited), "a custom row needs no PUT");
        let again = disable(it, ScopeKey::project(5), &slug(it), &read);
        prop_assert_eq!(again.map(drop), Err(Refusal::OffAlready(it.title)), "twice is once");
    }

    #[test]
    fn a_step_cut_short_goes_on_from_its_own_row_and_from_no_other(
        ((it, _, settings), other, on) in (case(), any::<prop::sample::Index>(), any::<bool>())
    ) {
        prop_assume!(it.levels.project && it.supports_inherit);
        let before = Snapshot::Stored { inherited: true, active: true, settings };
        let step = disable(it, ScopeKey::project(5), &slug(it), &before).unwrap();
        let row = Row::behind(it, &before, "stored").unwrap();
        prop_assert_eq!(step.next_write(it, &row.read(it)), Some(0), "{}: not begun", it.slug);
        let cut = put(it, Some(&row), body(&step), None).map_err(TestCaseError::fail)?;
        prop_assert_eq!(step.next_write(it, &cut.read(it)), Some(1), "{}: its own", it.slug);
        prop_assert_eq!(step.next_write(it, &delete(&cut).read(it)), None, "{}: over", it.slug);
        // Somebody else saves one setting meanwhile.
        let texts: Vec<_> = it
            .fields
            .iter()
            .filter(|field| !field.secret && field.rest && field.field_type == FieldType::String)
            .collect();
        let events: Vec<_> = it.events.iter().filter(|event| cut.events.contains_key(event.name)).collect();
        let mut theirs = cut.clone();
        if !texts.is_empty() && (events.is_empty() || on) {
            theirs.fields.insert(other.get(&texts).name.to_owned(), "https://theirs.example".into());
        } else if !events.is_empty() {
            let flag = theirs.events.entry(other.get(&events).name.to_owned()).or_default();
            *flag = !*flag;
        } else {
            return Ok(());
        }
        prop_assert_eq!(step.next_write(it, &theirs.read(it)), None, "{}: somebody else's", it.slug);
    }

    #[test]
    fn placeholders_never_stand_where_a_value_is_known((it, _, settings) in case()) {
        prop_assume!(it.levels.project);
        let before = Snapshot::Stored { inherited: true, active: true, settings: settings.clone() };
        let step = disable(it, ScopeKey::project(5), &slug(it), &before).unwrap();
        for field in it.required_fields().filter(|field| field.rest) {
            let sent = step.body().unwrap().get(field.name);
            let sent = sent.ok_or_else(|| TestCaseError::fail(format!("{} {} is missing", it.slug, field.name)))?;
            match settings.fields.get(field.name).filter(|value| !field.secret && !value.is_blank()) {
                // Off, whatever it was: it would send.
                Some(_) if field.sends => prop_assert_eq!(sent, false, "{} {}", it.slug, field.name),
                Some(value) => prop_assert_eq!(sent, &value.to_json(), "{} {}", it.slug, field.name),
                None => {
                    let text = sent.as_str().unwrap_or("not a text");
                    let wrong = field.secret.then(|| secret_problem(field, text)).flatten();
                    prop_assert!(wrong.is_none(), "{} {}: {:?}", it.slug, field.name, wrong);
                    prop_assert!(!sent.is_null() && sent != "", "{} {}", it.slug, field.name);
                }
            }
        }
    }
}

/// Datadog's switches are settings, not events: they send logs and traces all the same.
#[test]
fn an_inheriting_datadog_sends_nothing_while_a_placeholder_key_stands() {
    let datadog = catalog::find(&"datadog".parse().unwrap()).unwrap();
    let on = ["datadog_ci_visibility", "archive_trace_events"];
    let fields = on.map(|name| (name.to_owned(), Value::Bool(true))).into();
    let settings = Settings { fields, ..Settings::default() };
    let before = Snapshot::Stored { inherited: true, active: true, settings };
    let step = disable(datadog, ScopeKey::project(5), &slug(datadog), &before).unwrap();
    let row = Row::behind(datadog, &before, "stored").unwrap();
    let cut = put(datadog, Some(&row), body(&step), None).unwrap();
    assert!(cut.active && cut.secrets["api_key"] != "stored", "on, with a stand-in: {cut:?}");
    for name in on {
        assert_eq!(cut.fields[name], false, "{name} sends nothing to a stranger's key");
    }
    assert!(step.besides.contains(&Besides::EventsOff), "and that is said");
    assert_eq!(step.next_write(datadog, &cut.read(datadog)), Some(1), "cut short, it goes on");
}

#[test]
fn where_it_cannot_work_it_is_refused() {
    let row =
        |inherited, active| Snapshot::Stored { inherited, active, settings: Settings::default() };
    for it in catalog::all() {
        for scope in [ScopeKey::INSTANCE, ScopeKey::group(1), ScopeKey::project(2)] {
            let on = disable(it, scope, &slug(it), &row(false, true)).map(drop);
            let expected = match (scope.level, it.levels.contains(scope.level)) {
                _ if !it.rest => Err(Refusal::NoApi(it.title)),
                (_, false) => Err(Refusal::Level(it.title)),
                (Level::Instance, true) => Err(Refusal::Instance),
                _ if !it.supports_delete => Err(Refusal::NotDeletable(it.title)),
                _ => Ok(()),
            };
            assert_eq!(on, expected, "{} at {scope}", it.slug);
            if expected.is_err() {
                continue;
            }
            for off in [Snapshot::Nothing, row(false, false), row(true, false)] {
                let refused = disable(it, scope, &slug(it), &off).map(drop);
                assert_eq!(refused, Err(Refusal::OffAlready(it.title)), "{}", it.slug);
            }
            if scope.level == Level::Group {
                let inherits = disable(it, scope, &slug(it), &row(true, true)).map(drop);
                assert!(inherits.is_err(), "{}: its placeholders would be handed down", it.slug);
            }
        }
    }
}
