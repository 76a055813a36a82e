//! `tree`.

use heirloom_core::ids::{ConnectionId, ScopeKey};
use heirloom_engine::Engine;
use heirloom_engine::export::path_of;
use heirloom_engine::query::tree::Node;
use serde::Serialize;

use crate::args::{Common, Place};
use crate::desk;
use crate::exit::{Exit, Result};
use crate::output;

/// Nodes asked for at once.
const WINDOW: u32 = 500;

#[derive(Serialize)]
struct Shape<'a> {
    level: &'static str,
    id: u64,
    path: String,
    name: &'a str,
    parent: Option<Parent>,
    depth: u32,
    projects: u32,
    custom: u32,
    inherited_differs: u32,
    sets_defaults: u32,
    archived: bool,
    pending_deletion: bool,
    personal: bool,
    unreadable: Option<&'a str>,
}

#[derive(Serialize)]
struct Parent {
    level: &'static str,
    id: u64,
}

pub async fn run(common: &Common, place: Place) -> Result {
    let engine = desk::engine(common)?;
    let id = desk::reading(&engine, common).await?.id;
    let root = match place.path {
        Some(path) => {
            let scope = engine.find_scope(id, &path, place.level).await?;
            engine.tree_path(id, scope.listed.key).await?.pop()
        }
        None => engine.tree_children(id, None, 0, 1).await?.nodes.pop(),
    };
    let Some(root) = root else {
        return Err(desk::nothing_known());
    };
    let top = root.scope.depth;
    let nodes = below(&engine, id, root).await?;
    if common.json {
        output::json(&nodes.iter().map(shape).collect::<Vec<_>>())?;
        return Ok(Exit::Done);
    }
    for node in &nodes {
        output::line(text(node, node.scope.depth.saturating_sub(top)))?;
    }
    Ok(Exit::Done)
}

/// A scope and everything below it, in the tree's order.
async fn below(engine: &Engine, id: ConnectionId, root: Node) -> Result<Vec<Node>> {
    let mut shown = Vec::new();
    let mut next = vec![root];
    while let Some(node) = next.pop() {
        let (key, children) = (node.scope.listed.key, node.scope.children);
        if node.scope.gone_at.is_none() {
            shown.push(node);
        }
        let mut found = Vec::new();
        for offset in (0..children).step_by(WINDOW as usize) {
            let window = engine.tree_children(id, Some(key), offset, WINDOW).await?;
            found.extend(window.nodes);
        }
        next.extend(found.into_iter().rev());
    }
    Ok(shown)
}

fn shape(node: &Node) -> Shape<'_> {
    let listed = &node.scope.listed;
    Shape {
        level: listed.key.level.name(),
        id: listed.key.id.0,
        path: path_of(listed.key, listed.path.clone()),
        name: &listed.name,
        parent: listed.parent.map(|key| Parent { level: key.level.name(), id: key.id.0 }),
        depth: node.scope.depth,
        projects: node.scope.projects,
        custom: node.custom,
        inherited_differs: node.differs,
        sets_defaults: node.sets_defaults,
        archived: listed.archived,
        pending_deletion: listed.pending_deletion,
        personal: listed.personal,
        unreadable: node.scope.failure.as_ref().map(|failure| failure.why.as_str()),
    }
}

fn text(node: &Node, depth: u32) -> String {
    let listed = &node.scope.listed;
    let name = match listed.path.rsplit_once('/') {
        _ if listed.key == ScopeKey::INSTANCE => listed.path.as_str(),
        // A personal project is only recognised by whose it is.
        _ if listed.personal => listed.path.as_str(),
        Some((_, last)) => last,
        None => listed.path.as_str(),
    };
    let mut facts = Vec::new();
    for (count, what) in
        [(node.custom, "custom"), (node.differs, "differs"), (node.sets_defaults, "sets defaults")]
    {
        if count > 0 {
            facts.push(format!("{count} {what}"));
        }
    }
    for (holds, what) in [
        (listed.archived, "archived"),
        (listed.pending_deletion, "pending deletion"),
        (node.scope.failure.is_some(), "cannot be read"),
    ] {
        if holds {
            facts.push(what.into());
        }
    }
    let slash =
        if matches!(listed.key.level, heirloom_core::ids::Level::Project) { "" } else { "/" };
    let facts = if facts.is_empty() { String::new() } else { format!("  ({})", facts.join(", ")) };
    format!("{}{name}{slash}{facts}", "  ".repeat(depth as usize))
}
