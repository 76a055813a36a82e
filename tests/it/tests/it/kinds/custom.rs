use heirloom_engine::core::catalog::Condition;
use heirloom_engine::core::ids::{Level, ScopeKey};
use heirloom_engine::core::row::State;

use super::values::{Filled, SERVER};
use super::{Case, Servers};

/// A first row with everything in it, then everything changed once more.
async fn set_all(case: Case<'_>, scope: ScopeKey) {
    let slug = case.kind.slug;
    let form = case.lab.engine.edit_form(case.lab.id(), scope, case.slug()).await;
    let form = form.unwrap_or_else(|why| panic!("{slug} has a form: {why}"));
    assert_eq!(form.integration.slug, slug, "its own");
    if !case.kind.creatable {
        case.install(scope);
    }
    for seed in [1, 2] {
        let filled = Filled::whole(case.kind, scope.level, SERVER, seed);
        case.save(scope, &filled).await;
        let row = case.stored(scope);
        assert!(row.active, "{slug} is on");
        assert_eq!(row.inherit_from, None, "{slug} is custom");
        case.assert_arrived(&row, &filled);
        case.assert_read_back(scope, &filled).await;
    }
    let item = case.lab.engine.compare(case.lab.id(), scope, case.slug()).await;
    assert_eq!(item.expect("the scope").item.known.state(), State::Custom, "{slug}");
}

#[tokio::test]
async fn every_kind_takes_all_its_fields_secrets_and_events_at_every_level_it_has() {
    let servers = Servers::start("18.10.2-ee").await.open().await;
    let (mut kinds, mut places) = (0, 0);
    for case in servers.cases() {
        kinds += 1;
        for (level, scope) in [(Level::Project, case.project("own")), (Level::Group, case.group())]
        {
            if case.kind.levels.contains(level) {
                set_all(case, scope).await;
                places += 1;
            }
        }
    }
    println!("{kinds} integrations set and read back at {places} places");
    assert_eq!(kinds, 49, "the documentation has 50, of which mock-ci is on no server of users");
}

/// What conditions hide is not sent, and GitLab fills a new row with its own defaults there.
#[tokio::test]
async fn a_first_row_with_only_what_is_required_is_stored_as_planned() {
    let servers = Servers::start("18.10.2-ee").await.open().await;
    for case in servers.cases().filter(|case| case.kind.creatable) {
        let mut filled = Filled::whole(case.kind, Level::Project, SERVER, 1);
        let wanted = |name: &String| {
            case.kind.field(name).is_some_and(|field| {
                let holds = |it: &Condition| it.holds(&Default::default());
                field.required || field.required_if.as_ref().is_some_and(holds)
            })
        };
        filled.draft.fields.retain(|name, _| wanted(name));
        filled.draft.events.clear();
        filled.secrets.retain(|name, _| wanted(name));
        case.save(case.project("own"), &filled).await;
        case.assert_arrived(&case.stored(case.project("own")), &filled);
    }
}

/// Contract, section 2: what is left out stays as it is, required parameters apart.
#[tokio::test]
async fn changing_one_field_of_a_kind_leaves_all_others_as_they_were() {
    let servers = Servers::start("18.10.2-ee").await.open().await;
    for case in servers.cases() {
        let scope = case.project("own");
        if !case.kind.creatable {
            case.install(scope);
        }
        let first = Filled::whole(case.kind, Level::Project, SERVER, 1);
        case.save(scope, &first).await;
        let before = case.stored(scope);
        let second = Filled::whole(case.kind, Level::Project, SERVER, 2);
        // One that nothing else hangs on.
        let one = case.kind.fields.iter().find(|field| {
            let (old, new) =
                (first.draft.fields.get(field.name), second.draft.fields.get(field.name));
            new.is_some() && new != old && !field.clears_secrets && field.choices.is_empty()
        });
        let Some(field) = one else { continue };
        let mut filled = first.clone();
        filled.draft.fields =
            [(field.name.to_owned(), second.draft.fields[field.name].clone())].into();
        filled.draft.events.clear();
        filled.secrets.retain(|name, _| case.kind.field(name).is_some_and(|it| it.required));
        case.save(scope, &filled).await;
        let mut expected = first.clone();
        expected.draft.fields.extend(filled.draft.fields);
        let after = case.stored(scope);
        let slug = case.kind.slug;
        assert_eq!(after.events, before.events, "{slug}: no event moved");
        for (name, value) in &expected.draft.fields {
            let found = super::in_row(case.kind, &after, name);
            assert!(value.same_setting(&found), "{slug} {name} when {} changed", field.name);
        }
    }
}
