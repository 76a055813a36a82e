use heirloom_engine::Error;
use heirloom_engine::core::ids::{Level, ScopeKey};
use heirloom_engine::core::plan::Besides;
use heirloom_engine::core::row::State;
use heirloom_simulator::Form;

use super::values::{Filled, SERVER};
use super::{Case, Servers, applied, in_row, place};

/// Saves as GitLab's settings page does, behind the engine's back.
pub(super) fn save_on_the_page(case: Case<'_>, scope: ScopeKey, filled: &Filled) {
    let (level, id) = place(scope);
    let secrets = filled.secrets.iter().map(|(name, text)| (name.clone(), text.as_str().into()));
    // What is a column with the events there is a box of the form all the same.
    let known = case.row(scope).map(|row| row.fields);
    let fields = filled.draft.fields.iter().map(|(name, value)| (name.clone(), value.to_json()));
    let fields = fields.filter(|(name, _)| {
        name != "archive_trace_events" && known.as_ref().is_none_or(|it| it.contains_key(name))
    });
    let form = Form {
        active: Some(true),
        inherit: Some(false),
        fields: fields.chain(secrets).collect(),
        events: filled.draft.events.clone(),
    };
    let world = case.lab.simulator.world();
    let saved = world.save(level, id, case.kind.slug, &form);
    saved.unwrap_or_else(|why| panic!("{}: {why}", case.kind.slug));
}

/// Custom settings at a project, others as the default above it; then the way back.
async fn use_default_below(
    servers: Servers,
    default_at: impl Fn(Case<'_>) -> Option<ScopeKey>,
) -> usize {
    for case in servers.cases() {
        let Some(above) = default_at(case) else { continue };
        save_on_the_page(
            case,
            case.project("own"),
            &Filled::whole(case.kind, Level::Project, SERVER, 1),
        );
        save_on_the_page(case, above, &Filled::whole(case.kind, above.level, SERVER, 2));
    }
    for lab in servers.labs() {
        lab.simulator.propagated().await;
    }
    let servers = servers.open().await;
    let mut places = 0;
    for case in servers.cases() {
        let Some(above) = default_at(case) else { continue };
        let (slug, scope) = (case.kind.slug, case.project("own"));
        let plan = case.plan_default(scope).await;
        let plan = plan.unwrap_or_else(|why| panic!("{slug}: {why}"));
        applied(slug, &case.apply(&plan, &Default::default()).await);

        let (own, source) = (case.stored(scope), case.stored(above));
        assert_eq!(own.inherit_from, Some(source.id), "{slug} is linked to the default");
        assert_eq!(own.fields, source.fields, "{slug} has all its values, secrets included");
        assert_eq!(own.events, source.events, "{slug} has its events");
        let filled = Filled::whole(case.kind, above.level, SERVER, 2);
        for (name, text) in &filled.secrets {
            assert_eq!(own.fields[name], text.as_str(), "{slug} {name}: no word of ours is stored");
        }
        let found = case.lab.engine.compare(case.lab.id(), scope, case.slug()).await;
        let found = found.expect("the scope");
        assert_eq!(found.item.known.state(), State::Inherited, "{slug} is known to inherit");
        let kept = found.item.kept.expect("a row").settings().expect("read back").fields;
        for (name, value) in &kept {
            assert!(
                value.same_setting(&in_row(case.kind, &own, name)),
                "{slug} {name} is read back"
            );
        }
        places += 1;
    }
    places
}

#[tokio::test]
async fn every_kind_that_groups_have_goes_back_to_the_groups_default() {
    let servers = Servers::start("18.10.2-ee").await;
    let places = use_default_below(servers, |case| {
        (case.kind.supports_inherit && case.kind.levels.group).then(|| case.group())
    });
    println!("{} integrations went back to a group's default", places.await);
}

/// No token reads an instance default: it is inferred from another project that inherits it.
#[tokio::test]
async fn every_kind_that_instances_have_goes_back_to_the_instances_default() {
    let servers = Servers::start_apart("18.10.2-ee").await;
    let places = use_default_below(servers, |case| {
        (case.kind.supports_inherit && case.kind.levels.instance).then_some(ScopeKey::INSTANCE)
    });
    println!("{} integrations went back to the instance's default", places.await);
}

/// Contract, section 8, DANGER: a group is linked without its values being copied, so that they are
/// saved in it first.
#[tokio::test]
async fn a_group_goes_back_with_all_of_the_default_in_it_or_is_refused_with_the_reason() {
    let servers = Servers::start("18.10.2-ee").await;
    let kinds = |case: &Case<'_>| case.kind.supports_inherit && case.kind.levels.group;
    for case in servers.cases().filter(kinds) {
        let sub = case.lab.key(&format!("{}/sub", case.kind.slug));
        save_on_the_page(case, sub, &Filled::whole(case.kind, Level::Group, SERVER, 1));
        save_on_the_page(case, case.group(), &Filled::whole(case.kind, Level::Group, SERVER, 2));
    }
    let servers = servers.open().await;
    let (mut back, mut refused, mut wrong) = (0, Vec::new(), Vec::new());
    for case in servers.cases().filter(kinds) {
        let slug = case.kind.slug;
        let sub = case.lab.key(&format!("{slug}/sub"));
        let (before, mark) = (case.stored(sub), case.lab.mark());
        let plan = match case.plan_default(sub).await {
            Ok(plan) => plan,
            Err(why) => {
                assert!(matches!(why, Error::NotPossible(_)), "{slug}: {why}");
                assert_eq!(case.lab.writes_since(mark), [], "{slug}: nothing is sent");
                assert_eq!(case.stored(sub), before, "{slug}: nothing changed");
                refused.push(slug);
                continue;
            }
        };
        // The default's secrets, which nobody reads, are typed.
        let secrets = Filled::whole(case.kind, Level::Group, SERVER, 2).secrets;
        applied(slug, &case.apply(&plan, &secrets).await);
        let (own, source) = (case.stored(sub), case.stored(case.group()));
        assert_eq!(own.inherit_from, Some(source.id), "{slug} is linked to the default");
        assert_eq!(own.events, source.events, "{slug} has its events");
        let keeps = plan.steps[0].step.besides.iter().find_map(|besides| match besides {
            Besides::KeepsOwn { settings } => Some(settings.clone()),
            _ => None,
        });
        let keeps = keeps.unwrap_or_default();
        for (name, value) in source.fields.iter().filter(|(name, _)| !keeps.contains(name)) {
            let (has, should) = (in_row(case.kind, &own, name), in_row(case.kind, &source, name));
            if !has.same_setting(&should) {
                wrong.push(format!("{slug} {name}: {:?}, not {value}", own.fields.get(name)));
            }
        }
        back += 1;
    }
    assert!(wrong.is_empty(), "what it hands down is the default's: {wrong:#?}");
    println!("{back} integrations went back at a group; refused: {}", refused.join(", "));
    assert!(back > 3 * refused.len(), "to refuse is the exception: {refused:?}");
}

#[tokio::test]
async fn where_nothing_above_sets_a_default_there_is_none_to_use() {
    let servers = Servers::start("18.10.2-ee").await.open().await;
    for case in servers.cases() {
        let mark = case.lab.mark();
        let refused = case.plan_default(case.project("own")).await.expect_err("no default");
        let words = refused.to_string();
        assert!(matches!(refused, Error::NotPossible(_)), "{}: {words}", case.kind.slug);
        assert!(words.contains(case.kind.title), "it says of which: {words}");
        assert_eq!(case.lab.writes_since(mark), [], "{}: nothing is sent", case.kind.slug);
    }
}
