//! What a sync costs, said before it starts.

use std::time::Duration;

use heirloom_core::ids::{ConnectionId, Level, ScopeKey};
use heirloom_gitlab::Client;

use super::listing::{group_filter, project_filter};
use crate::{Engine, Result};

/// Requests, and how long they take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Requests, roughly.
    pub requests: u32,
    /// Seconds at best.
    pub seconds_from: u32,
    /// Seconds at worst.
    pub seconds_to: u32,
}

/// A fast and a slow answer of a GitLab, in milliseconds: what real servers need for such calls.
const ANSWER_MS: (u32, u32) = (60, 400);

/// Requests under way at once (the client's default ceiling).
const IN_FLIGHT: u32 = 24;

/// Requests by kind, as the client names them.
type Requests = [(&'static str, u32); 5];

impl Cost {
    /// From the number of requests, where no limit is known.
    pub fn of_requests(requests: u32) -> Self {
        let seconds = |ms: u32| {
            let total = u64::from(requests) * u64::from(ms) / u64::from(IN_FLIGHT) / 1000;
            u32::try_from(total).unwrap_or(u32::MAX).max(1)
        };
        Self {
            requests,
            seconds_from: seconds(ANSWER_MS.0),
            seconds_to: seconds(ANSWER_MS.1).max(2),
        }
    }

    /// From requests by kind, at the limits of the server.
    pub(crate) fn within(client: Option<&Client>, requests: &[(&'static str, u32)]) -> Self {
        let all = requests.iter().fold(0, |sum: u32, (_, n)| sum.saturating_add(*n));
        let least = client.map_or(Duration::ZERO, |client| client.least_time(requests));
        let least = u32::try_from(least.as_secs()).unwrap_or(u32::MAX);
        let cost = Self::of_requests(all);
        Self {
            seconds_from: cost.seconds_from.max(least),
            seconds_to: cost.seconds_to.max(least),
            ..cost
        }
    }
}

/// What a sync asks of so many scopes, and of rows whose settings must be read.
fn requests(groups: u32, projects: u32, rows: u32) -> Requests {
    [
        // Version, account, token.
        ("account", 3),
        ("groups", groups.div_ceil(100)),
        ("projects", projects.div_ceil(100)),
        ("integrations", groups.saturating_add(projects)),
        ("integration", rows),
    ]
}

/// Rows of a group that are read one by one: every one of them, since a group can be linked
/// without being copied. A handful of defaults reaches most groups.
const ROWS_PER_GROUP: u32 = 5;

/// The scopes a first sync would read, and its cost. Custom rows are not known yet: one in two
/// projects is a fair guess for the estimate.
pub(crate) async fn of_first(client: &Client, is_admin: bool) -> Result<(u32, Cost)> {
    let (groups, projects) = (group_filter(is_admin), project_filter(is_admin));
    let (groups, projects) =
        tokio::join!(client.count_groups(&groups), client.count_projects(&projects));
    // Above 10,000 GitLab does not tell: the bound is then the honest lower end.
    let groups = u32::try_from(groups?.unwrap_or(10_000)).unwrap_or(u32::MAX);
    let projects = u32::try_from(projects?.unwrap_or(10_000)).unwrap_or(u32::MAX);
    let rows = groups.saturating_mul(ROWS_PER_GROUP).saturating_add(projects / 2);
    let cost = Cost::within(Some(client), &requests(groups, projects, rows));
    Ok((groups.saturating_add(projects), cost))
}

impl Engine {
    /// What a sync of everything, or of one subtree, would cost: at best and at worst, and never
    /// less than the server's limits allow, as far as they are published or were told.
    ///
    /// # Errors
    /// When nothing is known yet and GitLab does not answer.
    pub async fn sync_cost(&self, id: ConnectionId, root: Option<ScopeKey>) -> Result<Cost> {
        let client = self.limits(id).await?;
        if let Some(root) = root {
            let scopes = self.db(move |store| store.subtree(id, root)).await?;
            let groups =
                scopes.iter().filter(|scope| scope.listed.key.level == Level::Group).count();
            let groups = u32::try_from(groups).unwrap_or(u32::MAX);
            let all = u32::try_from(scopes.len()).unwrap_or(u32::MAX);
            let asked = requests(groups, all.saturating_sub(groups), all);
            return Ok(Cost::within(client.as_ref(), &asked));
        }
        let counts = self.db(move |store| store.scope_counts(id)).await?;
        let known = counts.groups + counts.projects;
        if known > 0 {
            let asked = requests(counts.groups, counts.projects, known / 4);
            return Ok(Cost::within(client.as_ref(), &asked));
        }
        let connection = self.connection(id).await?;
        let client = self.client(&connection).await?;
        let (_, cost) = of_first(&client, connection.details.is_admin).await?;
        Ok(cost)
    }

    /// Who knows the server's limits; nobody, where there is no token.
    pub(crate) async fn limits(&self, id: ConnectionId) -> Result<Option<Client>> {
        let connection = self.connection(id).await?;
        Ok(self.client(&connection).await.ok())
    }
}
