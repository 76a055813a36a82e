//! What a sync costs, said before it starts.

use std::time::Duration;

use heirloom_core::ids::{ConnectionId, ScopeKey};
use heirloom_gitlab::{Client, Version};
use heirloom_store::cache::unfinished::Aim;

use super::foretell::foretell;
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
pub(super) type Requests = Vec<(&'static str, u32)>;

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

/// Version, account, token.
const ABOUT_ACCOUNT: u32 = 3;

/// Rows of a group that are read one by one: every one of them, since a group can be linked
/// without being copied. A handful of defaults reaches most groups.
const ROWS_PER_GROUP: u32 = 5;

/// Rows to read of scopes of which nothing is known yet. One custom row in two projects is a fair
/// guess.
pub(super) fn rows_of_unread(groups: u32, projects: u32) -> u32 {
    groups.saturating_mul(ROWS_PER_GROUP).saturating_add(projects / 2)
}

/// Whether an administrator's token is asked for its powers, since it does not say that it has them
/// (contract, section 6); nobody else's is.
async fn is_probed(client: &Client, is_admin: bool) -> heirloom_gitlab::Result<bool> {
    Ok(is_admin && !client.token_self().await?.has_scope("admin_mode"))
}

/// The scopes a first sync would read, and its cost.
pub(crate) async fn of_first(client: &Client, is_admin: bool) -> Result<(u32, Cost)> {
    let probed = is_probed(client, is_admin).await?;
    let sees_all = is_admin && (!probed || client.may_administer().await?);
    let (groups, projects) = (group_filter(sees_all), project_filter(sees_all));
    let (groups, projects) =
        tokio::join!(client.count_groups(&groups), client.count_projects(&projects));
    // Above 10,000 GitLab does not tell: the bound is then the honest lower end.
    let groups = u32::try_from(groups?.unwrap_or(10_000)).unwrap_or(u32::MAX);
    let projects = u32::try_from(projects?.unwrap_or(10_000)).unwrap_or(u32::MAX);
    let asked = [
        ("account", ABOUT_ACCOUNT),
        ("administration", u32::from(probed)),
        ("groups", groups.div_ceil(100).max(1)),
        // The lowest id is hardly ever 1.
        ("projects", projects.div_ceil(100) + 1),
        ("integrations", groups.saturating_add(projects)),
        ("integration", rows_of_unread(groups, projects)),
    ];
    Ok((groups.saturating_add(projects), Cost::within(Some(client), &asked)))
}

impl Engine {
    /// What a sync of everything, or of one subtree, would cost: the requests that it makes if
    /// GitLab has what it had, those that a run before it has made left out. At best and at worst,
    /// and never less than the server's limits allow, as far as they are published or were told.
    ///
    /// # Errors
    /// When nothing is known yet and GitLab does not answer.
    pub async fn sync_cost(
        &self,
        id: ConnectionId,
        root: Option<ScopeKey>,
        full: bool,
    ) -> Result<Cost> {
        let connection = self.connection(id).await?;
        let root = root.unwrap_or(ScopeKey::INSTANCE);
        let counts = self.db(move |store| store.scope_counts(id)).await?;
        if counts.groups + counts.projects == 0 && root == ScopeKey::INSTANCE {
            let client = self.client(&connection).await?;
            return Ok(of_first(&client, connection.details.is_admin).await?.1);
        }
        let client = self.limits(id).await?;
        let mut probed = connection.details.is_admin && root == ScopeKey::INSTANCE;
        if let (true, Some(client)) = (probed, &client) {
            // A server that is away is no reason to say nothing.
            probed = is_probed(client, true).await.unwrap_or(true);
        }
        let version = connection.details.version.parse::<Version>();
        let group_api = version.is_ok_and(|version| version.has_group_api());
        let (aim, now) = (Aim { connection: id, root, full }, self.now());
        let mut asked = self.db(move |store| foretell(store, aim, group_api, now)).await?;
        asked.extend([("account", ABOUT_ACCOUNT), ("administration", u32::from(probed))]);
        Ok(Cost::within(client.as_ref(), &asked))
    }

    /// Who knows the server's limits; nobody, where there is no token.
    pub(crate) async fn limits(&self, id: ConnectionId) -> Result<Option<Client>> {
        let connection = self.connection(id).await?;
        Ok(self.client(&connection).await.ok())
    }
}
