//! Integrations of a group or a project (contract, sections 1 and 2).

use heirloom_core::catalog;
use heirloom_core::ids::{Level, ScopeKey, Slug};
use serde_json::{Map, Value as Json};

use crate::dto::{IntegrationDetail, IntegrationRow};
use crate::http::ask::{Ask, Verb};
use crate::http::send::Failure;
use crate::{Client, Error, Problem, Result};

impl Client {
    /// A scope's active rows, without values. GitLab gives them all at once.
    ///
    /// # Errors
    /// [`Problem::Forbidden`] without Maintainer (project) or Owner (group), and in archived
    /// groups; [`Problem::NoInstanceApi`] for the instance; the token's own problems; those of
    /// the network.
    pub async fn integrations(&self, scope: ScopeKey) -> Result<Vec<IntegrationRow>> {
        let ask = self.integration_ask("integrations", Verb::Get, scope, None)?;
        self.send_and_read(&ask, |json, _| IntegrationRow::decode_list(json)).await
    }

    /// One row with its values, also one that is switched off. `None` where the scope has no such
    /// row, which is all that “404 Integration Not Found” says.
    ///
    /// # Errors
    /// [`Problem::NotFound`] where the scope itself is gone or not visible;
    /// [`Problem::Refused`] for a kind this server or level does not offer; else as
    /// [`Client::integrations`].
    pub async fn integration(
        &self,
        scope: ScopeKey,
        slug: &Slug,
    ) -> Result<Option<IntegrationDetail>> {
        let ask = self.integration_ask("integration", Verb::Get, scope, Some(slug))?;
        let read = |json, _: &_| match IntegrationDetail::decode(json)? {
            found if found.row.slug == *slug => Ok(found),
            _ => Err(Problem::Decode {
                field: "slug".to_owned(),
                detail: "another integration than was asked for".to_owned(),
            }),
        };
        match self.send_and_read(&ask, read).await {
            Ok(found) => Ok(Some(found)),
            Err(Error { problem: Problem::NotFound { what }, .. }) if what == "Integration" => {
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// Saves a row, sent once. GitLab wants every required parameter each time, keeps what is
    /// left out, and decides inheritance by the row's present state unless
    /// `use_inherited_settings` is among the settings: always send it. The answer may show values
    /// from before an inheritance was taken up: read the row again.
    ///
    /// # Errors
    /// [`Problem::Refused`] with GitLab's words; [`Problem::Maintenance`] in maintenance mode;
    /// else as [`Client::integrations`]. Where [`Error::outcome_unknown`] says so, the row may
    /// have been saved all the same.
    pub async fn put_integration(
        &self,
        scope: ScopeKey,
        slug: &Slug,
        settings: &Map<String, Json>,
    ) -> Result<IntegrationDetail> {
        let mut ask = self.integration_ask("put integration", Verb::Put, scope, Some(slug))?;
        ask.body = Some(Json::Object(settings.clone()));
        let answer = self.send_and_read(&ask, |json, _| IntegrationDetail::decode(json)).await;
        answer.map_err(|mut error| {
            error.problem.forget(slug, settings);
            error
        })
    }

    /// Blanks a row and switches it off, sent once. The row, its events and its link to a default
    /// stay. Deleting twice gives the same as once.
    ///
    /// # Errors
    /// [`Problem::NotFound`] where there is no such row or scope; [`Problem::Refused`] for a kind
    /// that cannot be switched off by token; else as [`Client::put_integration`].
    pub async fn delete_integration(&self, scope: ScopeKey, slug: &Slug) -> Result<()> {
        let ask = self.integration_ask("delete integration", Verb::Delete, scope, Some(slug))?;
        self.send(&ask).await.map(|_| ())
    }

    fn integration_ask(
        &self,
        kind: &'static str,
        verb: Verb,
        scope: ScopeKey,
        slug: Option<&Slug>,
    ) -> Result<Ask> {
        let level = match scope.level {
            Level::Group => "groups",
            Level::Project => "projects",
            Level::Instance => "instance",
        };
        let id = scope.id.to_string();
        let segments = [level, id.as_str(), "integrations"];
        let mut ask =
            Ask::get(kind, self.base(), segments.into_iter().chain(slug.map(Slug::as_str)), &[]);
        ask.verb = verb;
        if scope.level == Level::Instance {
            let problem = Problem::NoInstanceApi;
            return Err(
                self.error(&ask, Failure { problem, request_id: None, may_have_arrived: false })
            );
        }
        Ok(ask)
    }
}

/// Shorter values than this are ordinary words, and no secrets.
const SHORTEST_VALUE: usize = 6;

impl Problem {
    /// Takes the secrets that were sent out of GitLab's words: its refusals may repeat them (it
    /// prints its own error objects, contract, section 2). What the catalog knows to be no secret
    /// stays: `default` is a value of one field and part of another's name.
    fn forget(&mut self, slug: &Slug, sent: &Map<String, Json>) {
        let (Self::Refused { message, .. }
        | Self::Forbidden { message }
        | Self::Maintenance { message, .. }
        | Self::Server { message, .. }) = self
        else {
            return;
        };
        // Keys and certificates have lines, which an error object joins in its own way.
        let integration = catalog::find(slug);
        let is_open = |name: &str| {
            integration.and_then(|known| known.field(name)).is_some_and(|field| !field.secret)
        };
        let secrets = sent.iter().filter(|(name, _)| !is_open(name)).map(|(_, value)| value);
        let lines = secrets.filter_map(Json::as_str).flat_map(str::lines).map(str::trim);
        for line in lines.filter(|line| line.len() >= SHORTEST_VALUE) {
            if message.contains(line) {
                *message = message.replace(line, "[the value sent]");
            }
            // Where long words were cut, the start of a value may be left.
            if let Some(kept) = message.strip_suffix('…') {
                let cut = line
                    .char_indices()
                    .map(|(at, _)| &line[..at])
                    .rfind(|start| start.len() >= SHORTEST_VALUE && kept.ends_with(start));
                if let Some(start) = cut {
                    *message = format!("{}[the value sent]…", &kept[..kept.len() - start.len()]);
                }
            }
        }
    }
}
