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
