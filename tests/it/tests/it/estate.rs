//! What the window asks over many scopes, against the demo company.

use heirloom_engine::Error;
use heirloom_engine::core::ids::{Level, ScopeKey};
use heirloom_engine::core::row::State;
use heirloom_engine::history::HistoryFilter;
use heirloom_engine::query::matrix::MatrixQuestion;
use heirloom_it::Lab;
use heirloom_simulator::ProjectSpec;

#[tokio::test]
async fn the_matrix_says_what_the_scopes_say() {
    let lab = Lab::connected().await;
    lab.sync().await;
    let kinds = lab.engine.kinds(lab.id(), None, None).await.expect("kinds");
    let used: Vec<_> =
        kinds.iter().filter(|kind| kind.in_use).map(|kind| kind.slug.clone()).collect();
    assert!(!used.is_empty(), "the company uses some");
    let question =
        MatrixQuestion { kinds: used.clone(), archived: true, ..MatrixQuestion::default() };
    let head = lab.engine.matrix_head(lab.id(), question.clone()).await.expect("a head");
    assert_eq!(head.rows, head.extent.groups + head.extent.projects + 1, "every scope is a row");
    let page = lab.engine.matrix_rows(lab.id(), question.clone(), 0, 200).await.expect("rows");
    assert_eq!(page.order, head.order, "cut from the order that was told");
    let rows = page.rows;
    for row in rows.iter().filter(|row| row.scope.listed.key != ScopeKey::INSTANCE).take(60) {
        let key = row.scope.listed.key;
        let scope = lab.engine.scope_items(lab.id(), key).await.expect("the scope");
        for cell in &row.cells {
            let item = scope.items.iter().find(|item| item.slug == cell.slug).expect("its item");
            assert_eq!(cell.state, item.known.state(), "{} at {key}", cell.slug);
            assert_eq!(cell.custom_below, item.custom_below, "{} below {key}", cell.slug);
        }
    }
    let sum = lab
        .engine
        .matrix_sum(lab.id(), question.clone(), used.clone(), 0, head.rows - 1)
        .await
        .expect("a sum");
    let cells: u32 = sum.states.values().sum();
    assert_eq!(cells as usize, used.len() * head.rows as usize, "every cell has a state");

    let group = rows
        .iter()
        .find(|row| row.scope.listed.key.level == Level::Group && row.scope.children > 0);
    let group = group.expect("a group that holds something").scope.listed.key;
    let below = MatrixQuestion { root: Some(group), archived: true, ..question.clone() };
    let below = lab.engine.matrix_head(lab.id(), below).await.expect("a head").rows;
    let folded = MatrixQuestion { folded: vec![group], ..question };
    let folded = lab.engine.matrix_head(lab.id(), folded).await.expect("a head").rows;
    assert_eq!(folded, head.rows - (below - 1), "what stands below is folded away, not the group");
}

#[tokio::test]
async fn rows_that_moved_are_not_taken_for_those_that_were_selected() {
    let lab = Lab::connected().await;
    lab.sync().await;
    let question = MatrixQuestion { archived: true, ..MatrixQuestion::default() };
    let before = lab.engine.matrix_head(lab.id(), question.clone()).await.expect("a head");
    let rows = lab.engine.matrix_rows(lab.id(), question.clone(), 0, 500).await.expect("rows").rows;
    let key = lab.key("acme/platform/checkout/payments-api");
    let place = rows.iter().position(|row| row.scope.listed.key == key).expect("its row");
    let place = u32::try_from(place).expect("few rows");
    let scopes = |order| {
        let spans = vec![(place, place)];
        lab.engine.matrix_scopes(lab.id(), question.clone(), spans, order)
    };
    assert_eq!(scopes(before.order).await.expect("still there"), [key], "who stands there");

    lab.sync().await;
    let again = lab.engine.matrix_head(lab.id(), question.clone()).await.expect("a head");
    assert_eq!(again.order, before.order, "a sync that moves no row leaves what is selected");

    let group = lab.key("acme/platform/checkout").id.0;
    let first = ProjectSpec { group, path: "aaa-first".into(), name: None };
    lab.simulator.world().create_project(&first).expect("made");
    lab.sync().await;
    let after = lab.engine.matrix_head(lab.id(), question.clone()).await.expect("a head");
    let refused = scopes(before.order).await.expect_err("somebody else stands there");
    assert!(matches!(&refused, Error::PlanOutdated(_)), "no plan of other scopes: {refused}");
    assert!(refused.to_string().contains("select again"), "and what to do: {refused}");
    assert_ne!(scopes(after.order).await.expect("as they stand now"), [key], "another by now");
}

#[tokio::test]
async fn one_kind_adds_up_across_defaults_values_and_members() {
    let lab = Lab::connected().await;
    lab.sync().await;
    let kinds = lab.engine.kinds(lab.id(), None, None).await.expect("kinds");
    let custom = |state: &State| matches!(state, State::Custom);
    let jira = kinds.iter().find(|kind| kind.slug.as_str() == "jira").expect("Jira");
    let n = jira.counts.iter().filter(|(state, _)| custom(state)).map(|(_, n)| n).sum::<u32>();
    assert!(n > 0, "the company has strays");
    let view = lab.engine.kind_view(lab.id(), jira.slug.clone()).await.expect("the kind");
    assert!(view.defaults.iter().any(|each| each.owner.is_some()), "somebody sets a default");
    let groups = lab
        .engine
        .value_groups(lab.id(), jira.slug.clone(), "url".into(), None)
        .await
        .expect("groups");
    let grouped: u32 = groups.values.iter().map(|(_, n)| n).sum();
    assert_eq!(grouped + groups.unread, n, "every custom row is in one group");
    for (value, n) in groups.values {
        let of = ("url".to_owned(), value.clone());
        let (total, members) = lab
            .engine
            .group_members(lab.id(), jira.slug.clone(), of, None, 0, 100)
            .await
            .expect("members");
        assert_eq!(total, n, "as many as were counted with {value:?}");
        assert!(members.iter().all(|member| custom(&member.item.known.state())), "all custom");
    }
}

#[tokio::test]
async fn the_overview_counts_what_the_trend_counted() {
    let lab = Lab::connected().await;
    lab.sync().await;
    let overview = lab.engine.overview(lab.id(), None, None).await.expect("figures");
    let trend = lab.engine.trend(lab.id()).await.expect("the trend");
    let custom = |counts: &std::collections::BTreeMap<State, u32>| {
        counts.get(&State::Custom).copied().unwrap_or_default()
    };
    let now: u32 = overview.kinds.iter().map(|kind| custom(&kind.counts)).sum();
    let counted: u32 = trend
        .points
        .last()
        .expect("a point")
        .counts
        .iter()
        .filter(|count| count.state == State::Custom)
        .map(|count| count.n)
        .sum();
    assert_eq!(now, counted, "the last sync counted the same");
    assert!(!overview.parts.is_empty(), "groups stand below the instance");
    let (none, _) =
        lab.engine.drift(lab.id(), HistoryFilter::default(), 0, 10).await.expect("history");
    assert_eq!(none, 0, "a first sync is no drift");
}
