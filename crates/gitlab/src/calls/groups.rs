//! Groups (contract, section 6).

use heirloom_core::ids::GitlabId;

use crate::dto::Group;
use crate::http::ask::Ask;
use crate::paging::{PER_PAGE, Pages, offset};
use crate::{Client, Result};

/// Which groups to list.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct GroupFilter {
    /// Only those below this group, at any depth; else all the account can see.
    pub under: Option<GitlabId>,
    /// Only those where the account has at least this access level (50 = Owner). Narrows an
    /// administrator to own memberships too. Without it a non-administrator gets every public
    /// group as well, so only administrators leave it out.
    pub min_access_level: Option<u32>,
    /// Only those without a group above. Not together with `under`.
    pub top_level_only: bool,
    /// Only those whose name or path contains this.
    pub search: Option<String>,
}

impl Client {
    /// Groups in the order of their ids.
    ///
    /// A group that is deleted while the list is read can push another one out of it; the next
    /// reading has it.
    pub fn groups(&self, filter: &GroupFilter) -> Pages<Group> {
        offset::pages(self.clone(), self.group_list(filter))
    }

    /// How many groups a list would have; none above 10,000, where GitLab does not tell.
    ///
    /// # Errors
    /// The token's own problems; those of the network.
    pub async fn count_groups(&self, filter: &GroupFilter) -> Result<Option<u64>> {
        offset::count(self, &self.group_list(filter)).await
    }

    fn group_list(&self, filter: &GroupFilter) -> Ask {
        let mut query = vec![
            ("order_by", "id".to_owned()),
            ("sort", "asc".to_owned()),
            ("per_page", PER_PAGE.to_owned()),
        ];
        if let Some(level) = filter.min_access_level {
            query.push(("min_access_level", level.to_string()));
        }
        if filter.top_level_only {
            query.push(("top_level_only", "true".to_owned()));
        }
        if let Some(search) = &filter.search {
            query.push(("search", search.clone()));
        }
        match filter.under {
            None => Ask::get("groups", self.base(), ["groups"], &query),
            Some(id) => {
                let id = id.to_string();
                let segments = ["groups", id.as_str(), "descendant_groups"];
                Ask::get("groups", self.base(), segments, &query)
            }
        }
    }

    /// One group by its id.
    ///
    /// # Errors
    /// [`Problem::NotFound`](crate::Problem::NotFound) where it is gone or not visible; the
    /// token's own problems; those of the network.
    pub async fn group(&self, id: GitlabId) -> Result<Group> {
        self.group_by(&id.to_string()).await
    }

    /// One group by its full path (`company/team`). Old paths of moved groups are not found.
    ///
    /// # Errors
    /// As [`Client::group`].
    pub async fn group_by_path(&self, full_path: &str) -> Result<Group> {
        self.group_by(full_path.trim_matches('/')).await
    }

    async fn group_by(&self, id_or_path: &str) -> Result<Group> {
        // Without this a hundred of its projects come along.
        let query = [("with_projects", "false".to_owned())];
        self.get_scope(Ask::get("group", self.base(), ["groups", id_or_path], &query)).await
    }
}
