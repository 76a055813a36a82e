//! The least number of requests for an honest answer, term by term, counted over the server's own
//! state (design.md, *Sync*).

use std::collections::BTreeSet;

use heirloom_core::catalog;
use heirloom_core::ids::Slug;
use heirloom_simulator::Level;

use super::rows::Place;
use super::truth::{Scope, Stored, Truth};

/// Items of a page, the most that GitLab gives.
const PAGE: usize = 100;

/// The terms of a first sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct First {
    /// Pages of groups and projects.
    pub pages: usize,
    /// One list of active rows for each group and project.
    pub scopes: usize,
    /// Rows with settings of their own.
    pub custom: usize,
    /// Groups on an inheriting chain that show no active row, once per kind.
    pub questions: usize,
    /// Inheriting rows of groups: a group can be linked without its values being copied.
    pub of_groups: usize,
    /// Inheriting rows of projects whose flags differ from their source's, or that are older.
    pub of_projects: usize,
    /// Kinds that are inherited from the instance: one row of each stands for the default.
    pub kinds: usize,
}

/// The terms of a sync after some rows changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Second {
    /// Pages of groups and projects.
    pub pages: usize,
    /// One list of active rows for each group and project.
    pub scopes: usize,
    /// Rows that changed.
    pub changed: usize,
    /// Unchanged custom rows of kinds whose data lies beside the row: their time proves nothing.
    pub beside: usize,
}

impl First {
    /// Counts them.
    pub fn of(truth: &Truth) -> Self {
        let mut terms = Self {
            pages: pages(truth),
            scopes: scopes(truth),
            custom: 0,
            questions: 0,
            of_groups: 0,
            of_projects: 0,
            kinds: 0,
        };
        let (mut questions, mut kinds) = (BTreeSet::new(), BTreeSet::new());
        for ((level, id, slug), row) in truth.active() {
            let Some(source) = row.source else {
                terms.custom += 1;
                continue;
            };
            for group in asked(truth, (level, id), &slug) {
                questions.insert((group, slug.clone()));
            }
            if source.0 == Level::Instance {
                kinds.insert(slug.clone());
            }
            if level == Level::Group {
                terms.of_groups += 1;
            } else if truth
                .row(source, &slug)
                .is_none_or(|source_row| is_doubtful(row, source_row, source.0))
            {
                terms.of_projects += 1;
            }
        }
        terms.questions = questions.len();
        terms.kinds = kinds.len();
        terms
    }

    /// All of them.
    pub fn total(&self) -> usize {
        self.pages
            + self.scopes
            + self.custom
            + self.questions
            + self.of_groups
            + self.of_projects
            + self.kinds
    }
}

impl Second {
    /// Counts them, after these rows of projects were given settings of their own.
    pub fn of(truth: &Truth, changed: &BTreeSet<Place>) -> Self {
        let beside = truth.active().filter(|(place, row)| {
            row.source.is_none() && is_beside_row(&place.2) && !changed.contains(place)
        });
        Self {
            pages: pages(truth),
            scopes: scopes(truth),
            changed: changed.len(),
            beside: beside.count(),
        }
    }

    /// All of them.
    pub fn total(&self) -> usize {
        self.pages + self.scopes + self.changed + self.beside
    }
}

/// Groups by offset: the last page says that it is the last. Projects by keyset: a full page does
/// not, so a short or an empty one ends them (contract, section 6).
fn pages(truth: &Truth) -> usize {
    truth.count(Level::Group).div_ceil(PAGE) + truth.count(Level::Project) / PAGE + 1
}

fn scopes(truth: &Truth) -> usize {
    truth.count(Level::Group) + truth.count(Level::Project)
}

/// The groups that have to be asked by name before a row's source is known: those without an active
/// row, nearer than the first that shows settings of its own.
fn asked(truth: &Truth, scope: Scope, slug: &str) -> Vec<Scope> {
    let mut asked = Vec::new();
    for group in truth.above(scope) {
        match truth.row(group, slug).filter(|row| row.active) {
            Some(row) if row.source.is_none() => break,
            Some(_) => {}
            None => asked.push(group),
        }
    }
    asked
}

fn is_doubtful(row: &Stored, source: &Stored, level: Level) -> bool {
    let older = level == Level::Group && row.updated_at < source.updated_at;
    older || row.active != source.active || row.events != source.events
}

fn is_beside_row(slug: &str) -> bool {
    let slug = Slug::new(slug).ok();
    slug.and_then(|slug| catalog::find(&slug)).is_some_and(|kind| kind.data_beside_row)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    const EARLY: &str = "2026-01-01T00:00:00.000Z";
    const LATE: &str = "2026-02-01T00:00:00.000Z";

    fn row(source: &Json, at: &str) -> Json {
        let events = json!({ "push_events": true });
        json!({ "active": true, "source": source, "fields": {}, "events": events, "updated_at": at })
    }

    /// An instance with a wiki, group `a` with Slack, `a/b` and project `a/b/p` below it. The
    /// project's Slack was last written then.
    fn world(slack_written: &str) -> Truth {
        let from_instance = json!(["instance", 0]);
        let scopes = [
            (
                (Level::Instance, 0),
                json!(null),
                json!({ "external-wiki": row(&json!(null), EARLY) }),
            ),
            ((Level::Group, 1), json!("a"), json!({ "slack": row(&json!(null), LATE) })),
            (
                (Level::Group, 2),
                json!("a/b"),
                json!({ "external-wiki": row(&from_instance, EARLY) }),
            ),
            (
                (Level::Project, 3),
                json!("a/b/p"),
                json!({
                    "external-wiki": row(&from_instance, EARLY),
                    "jira": row(&json!(null), EARLY),
                    "slack": row(&json!(["group", 1]), slack_written),
                }),
            ),
        ];
        let scopes = scopes.map(|(scope, path, rows)| {
            let holding = json!({ "path": path, "rows": rows });
            (scope, serde_json::from_value(holding).expect("a holding"))
        });
        Truth::of(scopes.into(), [("a".to_owned(), 1), ("a/b".to_owned(), 2)].into())
    }

    #[test]
    fn a_first_sync_asks_what_lists_do_not_tell() {
        let terms = First::of(&world(LATE));
        let expected = First {
            pages: 2,
            scopes: 3,
            // Slack of a, Jira of the project.
            custom: 2,
            // Slack at a/b, the wiki at a: each once, however many inherit past them.
            questions: 2,
            of_groups: 1,
            of_projects: 0,
            kinds: 1,
        };
        assert_eq!(terms, expected, "each term by itself");
        assert_eq!(terms.total(), 11, "and their sum");
    }

    #[test]
    fn an_inheritor_older_than_its_source_is_doubtful() {
        assert_eq!(First::of(&world(EARLY)).of_projects, 1, "it may not have been written again");
    }

    #[test]
    fn a_second_sync_asks_for_what_changed_and_for_what_no_time_tells() {
        let slack = (Level::Project, 3, "slack".to_owned());
        let terms = Second::of(&world(LATE), &[slack.clone()].into());
        assert_eq!((terms.changed, terms.beside), (1, 1), "Slack, and Jira beside its row");
        let jira = (Level::Project, 3, "jira".to_owned());
        let terms = Second::of(&world(LATE), &[slack, jira].into());
        assert_eq!((terms.changed, terms.beside), (2, 0), "a changed row counts once");
    }
}
