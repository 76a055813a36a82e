//! `show`.

pub(super) mod shape;
pub(super) mod text;

use heirloom_engine::export::ScopeId;

use self::shape::{Brief, Full, Listing};
use crate::args::{Common, Show};
use crate::desk;
use crate::exit::{Exit, Result};
use crate::output;

pub async fn run(common: &Common, arguments: Show) -> Result {
    let engine = desk::engine(common)?;
    let id = desk::reading(&engine, common).await?.id;
    let scope = engine.find_scope(id, &arguments.path, arguments.level).await?;
    let key = scope.listed.key;
    match &arguments.slug {
        Some(slug) => {
            let slug = desk::kind(&engine, id, slug).await?;
            let found = engine.compare(id, key, slug).await?;
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
                output::json(&Listing { scope: ScopeId::of(&scope), integrations })?;
            } else {
                text::listing(&engine, id, &scope, &found).await?;
            }
        }
    }
    Ok(Exit::Done)
}
