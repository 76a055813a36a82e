//! The estate that is stored: groups four deep, projects in all of them, ten kinds each.

use std::collections::BTreeMap;

use heirloom_core::ids::{ScopeKey, Slug};
use heirloom_core::row::{Agrees, Basis, Source};
use heirloom_core::value::Value;
use heirloom_store::cache::integrations::{Flags, Linked, ListRead, ValuesRead};
use heirloom_store::cache::scopes::Listed;
use jiff::Timestamp;

/// Kinds, with the number of their trigger events.
const KINDS: [(&str, usize); 10] = [
    ("jira", 3),
    ("slack", 12),
    ("jenkins", 3),
    ("datadog", 2),
    ("emails-on-push", 2),
    ("pipelines-email", 1),
    ("microsoft-teams", 10),
    ("external-wiki", 0),
    ("harbor", 0),
    ("mattermost", 12),
];

const EVENTS: [&str; 12] = [
    "push_events",
    "issues_events",
    "merge_requests_events",
    "note_events",
    "confidential_note_events",
    "confidential_issues_events",
    "tag_push_events",
    "pipeline_events",
    "wiki_page_events",
    "job_events",
    "deployment_events",
    "vulnerability_events",
];

const WORDS: [&str; 16] = [
    "payments", "checkout", "identity", "platform", "mobile", "data", "search", "billing",
    "ledger", "gateway", "reports", "catalog", "shipping", "notifier", "import", "console",
];

/// How large it is.
#[derive(Clone, Copy)]
pub struct World {
    pub groups: u64,
    pub projects: u64,
    pub rows: u64,
}

impl World {
    /// The parent of a group: the first hundred are top groups, the others stand ten to a group.
    fn parent(number: u64) -> ScopeKey {
        if number <= 100 { ScopeKey::INSTANCE } else { ScopeKey::group((number - 101) / 10 + 1) }
    }

    fn name(number: u64) -> String {
        let word = |by: u64| WORDS[usize::try_from(number / by % 16).unwrap_or_default()];
        format!("{}-{}-{number}", word(1), word(16))
    }

    fn group_path(number: u64) -> String {
        match Self::parent(number) {
            ScopeKey::INSTANCE => Self::name(number),
            parent => format!("{}/{}", Self::group_path(parent.id.0), Self::name(number)),
        }
    }

    /// Everything a listing tells.
    pub fn scopes(self) -> Vec<Listed> {
        let mut all = vec![listed(ScopeKey::INSTANCE, None, "gitlab.acme.example".into(), None)];
        for number in 1..=self.groups {
            let above = Some(Self::parent(number));
            all.push(listed(
                ScopeKey::group(number),
                above,
                Self::group_path(number),
                Some(Self::name(number)),
            ));
        }
        for number in 1..=self.projects {
            let group = self.group_of(number);
            let name = Self::name(number + 7);
            let path = format!("{}/{name}", Self::group_path(group));
            all.push(listed(
                ScopeKey::project(number),
                Some(ScopeKey::group(group)),
                path,
                Some(name),
            ));
        }
        all
    }

    fn group_of(self, project: u64) -> u64 {
        (project - 1) % self.groups + 1
    }

    /// Groups and projects, in the order they are read.
    pub fn keys(self) -> impl Iterator<Item = ScopeKey> {
        (1..=self.groups).map(ScopeKey::group).chain((1..=self.projects).map(ScopeKey::project))
    }

    /// How many rows a scope has: as many as make up the whole number.
    fn rows_of(self, index: u64) -> usize {
        let scopes = self.groups + self.projects;
        let (each, more) = (self.rows / scopes, self.rows % scopes);
        let one_more = u64::from((index * more) % scopes < more);
        usize::try_from(each + one_more).unwrap_or_default().min(KINDS.len())
    }

    fn index(self, scope: ScopeKey) -> u64 {
        if scope == ScopeKey::group(scope.id.0) {
            scope.id.0 - 1
        } else {
            self.groups + scope.id.0 - 1
        }
    }

    /// One row in ten is custom.
    fn is_custom(index: u64, kind: usize) -> bool {
        (index * 7 + kind as u64 * 3).is_multiple_of(10)
    }

    /// The list of one scope. `moved`: as after the rows of one scope in a hundred changed.
    pub fn list(self, scope: ScopeKey, at: Timestamp, moved: bool) -> ListRead {
        let index = self.index(scope);
        let rows = KINDS.iter().enumerate().take(self.rows_of(index)).map(|(kind, (slug, n))| {
            let custom = Self::is_custom(index, kind);
            let turn = usize::try_from(index % 97).unwrap_or_default();
            let changed = moved && index % 100 == 3;
            let events = EVENTS.iter().take(*n).enumerate().map(|(event, name)| {
                let on = !custom || (event + turn) % 5 > 1;
                ((*name).to_owned(), on != (changed && custom && event == 0))
            });
            Flags {
                slug: slug_of(slug),
                title: (*slug).to_owned(),
                active: true,
                inherited: Some(!custom),
                updated_at: Some(time(if changed { 900 } else { 0 })),
                events: events.collect(),
            }
        });
        let rows: Vec<Flags> = rows.collect();
        // Whose values are not the default's is only known once they were read.
        let known = |linked: &Linked| linked.agrees != Agrees::No;
        let links = self.linked(scope, &rows).map(|linked| linked.filter(known)).collect();
        ListRead { scope, at, rows, links }
    }

    /// The readings of a scope's custom rows.
    pub fn values(self, scope: ScopeKey, at: Timestamp, moved: bool) -> Vec<ValuesRead> {
        let index = self.index(scope);
        let list = self.list(scope, at, moved);
        let custom = list.rows.into_iter().filter(|row| row.inherited == Some(false));
        custom
            .map(|row| {
                let changed = moved && index % 100 == 3;
                let host = if index.is_multiple_of(3) && !changed { "jira-old" } else { "jira" };
                let text = |text: String| Value::Text(text);
                let fields = BTreeMap::from([
                    ("url".to_owned(), text(format!("https://{host}.acme.example/{}", row.slug))),
                    ("username".to_owned(), text(format!("svc-{}", index % 500))),
                    ("project_key".to_owned(), text(format!("KEY{index}"))),
                    ("channel".to_owned(), text(format!("#team-{}", index % 2_000))),
                    ("notify_only_broken".to_owned(), Value::Bool(index.is_multiple_of(2))),
                    ("regex".to_owned(), Value::Unset),
                    ("branches".to_owned(), text("default_and_protected".into())),
                ]);
                let row = Some((row.clone(), fields));
                ValuesRead { scope, slug: slug_at(&row), at, basis: Basis::Read, row }
            })
            .collect()
    }

    /// What is found out of a scope's inherited rows after they were listed.
    pub fn links(self, scope: ScopeKey, at: Timestamp) -> Vec<(ScopeKey, Slug, Linked)> {
        let rows = self.list(scope, at, false).rows;
        let links: Vec<_> = self.linked(scope, &rows).collect();
        rows.into_iter()
            .zip(links)
            .filter_map(|(row, linked)| Some((scope, row.slug, linked?)))
            .filter(|(.., linked)| linked.agrees == Agrees::No)
            .collect()
    }

    /// Where inherited rows come from, for each row of a scope.
    fn linked(self, scope: ScopeKey, rows: &[Flags]) -> impl Iterator<Item = Option<Linked>> {
        let index = self.index(scope);
        let group = if scope == ScopeKey::group(scope.id.0) {
            scope.id.0
        } else {
            self.group_of(scope.id.0)
        };
        let mut kind = 0;
        rows.iter().map(move |row| {
            if row.inherited != Some(true) {
                return None;
            }
            let source = if kind % 2 == 0 {
                Source::Scope { key: ScopeKey::INSTANCE, basis: Basis::Inferred }
            } else {
                Source::Scope { key: ScopeKey::group((group - 1) % 100 + 1), basis: Basis::Read }
            };
            let agrees = match (index + kind) % 50 {
                0 => Agrees::No,
                n if n % 2 == 0 => Agrees::Unread,
                _ => Agrees::Yes,
            };
            kind += 1;
            Some(Linked { source, agrees })
        })
    }
}

fn slug_at(row: &Option<(Flags, BTreeMap<String, Value>)>) -> Slug {
    row.as_ref().map_or_else(|| slug_of("jira"), |(flags, _)| flags.slug.clone())
}

/// A slug of the table above, which holds nothing else.
pub fn slug_of(text: &str) -> Slug {
    Slug::new(text).unwrap_or_else(|error| unreachable!("{error}"))
}

/// A second of the estate's own time.
pub fn time(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn listed(key: ScopeKey, parent: Option<ScopeKey>, path: String, name: Option<String>) -> Listed {
    let number = key.id.0;
    let visibility = ["private", "internal", "public"][usize::try_from(number % 3).unwrap_or(0)];
    Listed {
        key,
        parent,
        name: name.unwrap_or_else(|| path.clone()),
        path,
        visibility: Some(visibility.to_owned()),
        personal: false,
        archived: number % 20 == 19,
        pending_deletion: false,
        placeholder: false,
    }
}
