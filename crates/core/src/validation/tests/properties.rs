use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::catalog::{FieldType, Format, all};

/// A value that keeps to every rule of a field.
fn good(field: &'static Field) -> BoxedStrategy<Value> {
    if let Some(pattern) = &field.pattern {
        return match field.format {
            // Their patterns leave room for what is no address.
            Some(Format::Url) => Just(Value::Text(field.placeholder.to_owned())).boxed(),
            Some(_) | None => proptest::string::string_regex(pattern.regex)
                .unwrap()
                .prop_filter("longer than GitLab takes", |it| {
                    it.len() <= field.max_length.unwrap_or(u32::MAX) as usize
                })
                .prop_map(|it| Value::from_text(FieldType::String, &it))
                .boxed(),
        };
    }
    if !field.choices.is_empty() {
        let texts: Vec<_> = field.choices.iter().map(|choice| choice.value).collect();
        return select(texts).prop_map(|it| Value::from_text(field.field_type, it)).boxed();
    }
    match (field.field_type, field.format) {
        (FieldType::Boolean, _) => any::<bool>().prop_map(Value::Bool).boxed(),
        (FieldType::Integer, _) => any::<i64>().prop_map(Value::Integer).boxed(),
        (FieldType::StringArray, _) => {
            proptest::collection::vec("[A-Z]{2,5}", 1..9).prop_map(Value::List).boxed()
        }
        (FieldType::String, Some(Format::Url)) => {
            "https?://[a-z]{1,9}(\\.[a-z]{2,9}){0,2}(:[1-9][0-9]{0,3})?(/[a-z:]{0,9}){0,3}"
                .prop_map(Value::Text)
                .boxed()
        }
        (FieldType::String, Some(Format::Emails)) => {
            "[a-z.+]{1,9}@[a-z.]{1,9}( [a-z]{1,9}@[a-z]{1,9}){0,9}".prop_map(Value::Text).boxed()
        }
        (FieldType::String, Some(Format::EmailsOrCommas)) => {
            "[a-z.+]{1,9}@[a-z.]{1,9}(, ?[a-z]{1,9}@[a-z]{1,9}){0,9}".prop_map(Value::Text).boxed()
        }
        (FieldType::String, Some(Format::Regex)) => {
            ".{1,20}".prop_map(|it| Value::Text(::regex::escape(&it))).boxed()
        }
        (FieldType::String, Some(Format::Branches) | None) => {
            "[a-z][a-z0-9 #~-]{0,20}".prop_map(Value::Text).boxed()
        }
    }
}

/// An integration and a draft that fills in everything.
fn good_draft() -> impl Strategy<Value = (&'static Integration, BTreeMap<String, Value>)> {
    select(all().iter().collect::<Vec<_>>()).prop_flat_map(|integration| {
        let fields = integration.fields.iter().filter(|field| field.rest && !field.secret);
        let draft: Vec<_> =
            fields.map(|field| (Just(field.name.to_owned()), good(field))).collect();
        (Just(integration), draft.prop_map(|pairs| pairs.into_iter().collect()))
    })
}

fn everything_given(integration: &Integration) -> Secrets {
    let secrets = integration.fields.iter().filter(|field| field.secret);
    Secrets { given: secrets.map(|field| field.name.to_owned()).collect(), ..Secrets::default() }
}

proptest! {
    #[test]
    fn drafts_that_keep_to_the_rules_pass((integration, draft) in good_draft()) {
        let secrets = everything_given(integration);
        let found = problems(integration, &BTreeMap::new(), &draft, &secrets);
        prop_assert!(found.is_empty(), "{}: {found:?}", integration.slug);
    }

    #[test]
    fn any_text_in_any_field_is_answered_with_rules_of_that_field(
        integration in select(all().iter().collect::<Vec<_>>()),
        texts in proptest::collection::vec("\\PC{0,40}", 40),
    ) {
        let fields = integration.fields.iter().filter(|field| field.rest && !field.secret);
        let draft: BTreeMap<_, _> = fields
            .zip(&texts)
            .map(|(field, text)| (field.name.to_owned(), Value::from_text(field.field_type, text)))
            .collect();
        let secrets = everything_given(integration);
        for problem in problems(integration, &BTreeMap::new(), &draft, &secrets) {
            prop_assert!(integration.field(&problem.field).is_some(), "it stands at a field");
            prop_assert!(!problem.message.is_empty(), "it says something");
            prop_assert!(problem.rule != Rule::Settable, "all of these can be set");
        }
    }

    #[test]
    fn an_address_that_passes_has_a_scheme_and_a_host(text in "(https?:/{0,3})?[a-z0-9:@?#/. ]{0,20}") {
        let draft = [("project_url", Value::Text(text.clone())), ("issues_url", Value::Unset)];
        if at(&check("youtrack", &draft), "project_url").is_none() {
            let url = url::Url::parse(&text).expect("it is one");
            prop_assert!(url.has_host() && matches!(url.scheme(), "http" | "https"), "{text}");
        }
    }

    #[test]
    fn dropping_a_required_field_is_always_noticed((integration, draft) in good_draft()) {
        let secrets = everything_given(integration);
        let required = integration.fields.iter().filter(|field| field.required && !field.secret);
        for field in required {
            let mut without = draft.clone();
            without.remove(field.name);
            let found = problems(integration, &BTreeMap::new(), &without, &secrets);
            prop_assert!(
                found.iter().any(|it| it.field == field.name && it.rule == Rule::Required),
                "{} {}", integration.slug, field.name
            );
        }
    }

    #[test]
    fn forgetting_a_required_secret_is_always_noticed(
        integration in select(all().iter().collect::<Vec<_>>()),
    ) {
        let draft = BTreeMap::new();
        let found = problems(integration, &draft, &draft, &Secrets::default());
        for field in integration.fields.iter().filter(|field| field.required && field.secret) {
            prop_assert!(
                found.iter().any(|it| it.field == field.name),
                "{} {}", integration.slug, field.name
            );
        }
    }
}
