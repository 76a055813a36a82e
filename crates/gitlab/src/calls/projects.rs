//! Projects (contract, section 6).

use heirloom_core::ids::GitlabId;

use crate::dto::Project;
use crate::http::ask::Ask;
use crate::paging::{PER_PAGE, Pages, offset, ranges};
use crate::{Client, Result};

/// Which projects to list.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ProjectFilter {
    /// Only those in this group or below it, without those merely shared with it; else all the
    /// account can see.
    pub under: Option<GitlabId>,
    /// Only those the account is a member of. Not together with `under`.
    pub membership: bool,
    /// Only those where the account has at least this access level (40 = Maintainer). Narrows an
    /// administrator to own memberships too.
    pub min_access_level: Option<u32>,
    /// Only archived ones, or only those that are not; both when `None`.
    pub archived: Option<bool>,
    /// Only those whose name or path contains this.
    pub search: Option<String>,
}

impl Client {
    /// Projects, in no particular order. Those pending deletion are left out by GitLab.
    ///
    /// All projects are read by keyset, in stretches of ids side by side; those under one group by
    /// page numbers, since GitLab has no keyset there.
    pub fn projects(&self, filter: &ProjectFilter) -> Pages<Project> {
        let list = self.project_list(filter);
        if filter.under.is_some() {
            offset::pages(self.clone(), list.with("sort", "asc"))
        } else {
            ranges::pages(self.clone(), &list)
        }
    }

    /// How many projects a list would have; none above 10,000, where GitLab does not tell.
    ///
    /// # Errors
    /// The token's own problems; those of the network.
    pub async fn count_projects(&self, filter: &ProjectFilter) -> Result<Option<u64>> {
        offset::count(self, &self.project_list(filter)).await
    }

    fn project_list(&self, filter: &ProjectFilter) -> Ask {
        let mut query = vec![("order_by", "id".to_owned()), ("per_page", PER_PAGE.to_owned())];
        if let Some(level) = filter.min_access_level {
            query.push(("min_access_level", level.to_string()));
        }
        if let Some(archived) = filter.archived {
            query.push(("archived", archived.to_string()));
        }
        if let Some(search) = &filter.search {
            query.push(("search", search.clone()));
        }
        if let Some(group) = filter.under {
            query.push(("include_subgroups", "true".to_owned()));
            query.push(("with_shared", "false".to_owned()));
            let group = group.to_string();
            let segments = ["groups", group.as_str(), "projects"];
            return Ask::get("projects", self.base(), segments, &query);
        }
        if filter.membership {
            query.push(("membership", "true".to_owned()));
        }
        Ask::get("projects", self.base(), ["projects"], &query)
    }

    /// One project by its id.
    ///
    /// # Errors
    /// [`Problem::NotFound`](crate::Problem::NotFound) where it is gone or not visible; the
    /// token's own problems; those of the network.
    pub async fn project(&self, id: GitlabId) -> Result<Project> {
        self.project_by(&id.to_string()).await
    }

    /// One project by its full path (`company/team/project`). The old path of a moved project
    /// leads to it, unless its server sends us to another origin.
    ///
    /// # Errors
    /// As [`Client::project`].
    pub async fn project_by_path(&self, full_path: &str) -> Result<Project> {
        self.project_by(full_path.trim_matches('/')).await
    }

    async fn project_by(&self, id_or_path: &str) -> Result<Project> {
        self.get_scope(Ask::get("project", self.base(), ["projects", id_or_path], &[])).await
    }
}
