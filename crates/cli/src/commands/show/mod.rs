//! `show`.

mod shape;
mod text;

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_engine::Engine;
use heirloom_engine::query::Comparison;

use self::shape::{Brief, Full, Listing, scope_id};
use crate::args::{Common, Show};
use crate::desk;
use crate::exit::{Exit, Failure, Result};
use crate::output;

pub async fn run(common: &Common, arguments: Show) -> Result {
    let engine = desk::engine(common)?;
    let id = desk::named(&engine, common).await?.id;
    let scope = engine.find_scope(id, &arguments.path, arguments.level).await?;
    let key = scope.listed.key;
    match &arguments.slug {
        Some(slug) => {
            let found = one(&engine, id, key, slug).await?;
            if common.json {
                output::json(&Full::of(&engine, id, &found).await?)?;
            } else {
                text::side_by_side(&engine, id, &found).await?;
            }
        }
        None => {
            let mut found = Vec::new();
            for item in engine.scope_items(id, key).await?.items {
                found.push(engine.compare(id, key, item.slug).await?);
            }
            if common.json {
                let mut integrations = Vec::with_capacity(found.len());
                for comparison in &found {
                    integrations.push(Brief::of(&engine, id, comparison).await?);
                }
                output::json(&Listing { scope: scope_id(&scope), integrations })?;
            } else {
                text::listing(&engine, id, &scope, &found).await?;
            }
        }
    }
    Ok(Exit::Done)
}

async fn one(engine: &Engine, id: ConnectionId, key: ScopeKey, text: &str) -> Result<Comparison> {
    let slug = match super::catalog::find(text) {
        Ok(integration) => integration.slug.parse(),
        Err(_) => Slug::new(text),
    };
    let slug = slug.map_err(|error| Failure::Usage(error.to_string()))?;
    let found = engine.compare(id, key, slug).await?;
    if found.item.integration.is_none() && found.item.kept.is_none() {
        return Err(Failure::Usage(format!(
            "no integration is called “{text}”: heirloomctl catalog lists them"
        )));
    }
    Ok(found)
}
