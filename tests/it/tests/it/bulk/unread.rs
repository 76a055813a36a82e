//! Inheritors that nobody has read: whether they have their default's settings is not known.

use std::collections::BTreeSet;

use heirloom_engine::change::{Bulk, Filter, Wish};
use heirloom_engine::core::ids::{Level, ScopeKey, Slug};
use heirloom_engine::core::row::{Agrees, Known, Link, Row};
use heirloom_it::Lab;
use jiff::SignedDuration;

use super::{estate, everything_below, most_overridden, push_defaults};

/// How many are as wanted, who has a step or is left out, and how many of these as unread.
async fn counted(lab: &Lab, slug: &str) -> (u32, BTreeSet<ScopeKey>, u32) {
    let mut selection = everything_below(vec![lab.key("acme")]);
    selection.filter = Filter { level: Some(Level::Project), ..Filter::default() };
    let slug = slug.parse().expect("a slug");
    let bulk = Bulk { slug, wish: Wish::UseDefault, selection };
    let plan = lab.engine.plan_many(lab.id(), bulk).await.expect("some have their own");
    let mut named: BTreeSet<_> = plan.steps.iter().map(|it| it.step.scope).collect();
    assert_eq!(named.len(), plan.total as usize, "all of them are shown");
    let (mut unread, mut offset) = (0, 0);
    loop {
        let window = lab.engine.plan_skipped(plan.id, offset, 200).await.expect("skipped");
        if window.is_empty() {
            return (plan.same, named, unread);
        }
        offset += window.len() as u32;
        unread += window.iter().filter(|it| it.why.contains("were not read")).count() as u32;
        named.extend(window.into_iter().map(|it| it.scope));
    }
}

fn is_unread(known: &Known) -> bool {
    matches!(known, Known::Row(Row { link: Link::Inherited { agrees: Agrees::Unread, .. }, .. }))
}

/// Jira's data lies beside the row: that its flags are the default's proves nothing.
#[tokio::test]
async fn unread_inheritors_are_not_taken_for_wanted_and_a_full_sync_reads_them() {
    let lab = Lab::synced().await;
    let slug: Slug = "jira".parse().expect("a slug");
    let mut expected = BTreeSet::new();
    for id in lab.simulator.world().projects() {
        let key = ScopeKey::project(id);
        // Some cannot be seen.
        let Ok(found) = lab.engine.compare(lab.id(), key, slug.clone()).await else { continue };
        if is_unread(&found.item.known) && found.scope.listed.path.starts_with("acme/") {
            expected.insert(key);
        }
    }
    assert!(!expected.is_empty(), "some were not read");
    let (same, named, unread) = counted(&lab, "jira").await;
    assert!(expected.is_subset(&named), "none is taken for wanted");
    assert!(unread > 0, "and that they were not read is said");
    let full = lab.engine.sync(lab.id(), None, true).await.expect("a full sync");
    assert!(full.complete, "{:?}", full.failed);
    let (now, _, left) = counted(&lab, "jira").await;
    assert_eq!(left, 0, "all are read");
    assert!(now > same, "and those that agree are as wanted: {now} of {same}");
}

#[tokio::test]
async fn a_plan_says_how_old_the_data_is_that_it_rests_on() {
    let lab = estate(20).await;
    let (slug, _) = most_overridden(&lab);
    let fresh = push_defaults(&lab, &slug).await.expect("a plan");
    let minute = SignedDuration::from_mins(1);
    assert!(fresh.made_at.duration_since(fresh.read_from) < minute, "just synced: {fresh:?}");
    lab.engine.discard_plan(fresh.id).await.expect("thrown away");
    lab.clock.shift(SignedDuration::from_hours(24 * 30));
    let old = push_defaults(&lab, &slug).await.expect("a plan");
    let age = old.made_at.duration_since(old.read_from);
    assert!(age > SignedDuration::from_hours(24 * 29), "a month old: {age}");
    lab.sync().await;
    let synced = push_defaults(&lab, &slug).await.expect("a plan");
    assert!(synced.made_at.duration_since(synced.read_from) < minute, "and fresh again");
}
