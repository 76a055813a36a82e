//! The tree's order: pre-order intervals, depths and the counts that only depend on shape.

use std::collections::HashMap;

use heirloom_core::ids::{ConnectionId, Level, ScopeKey};
use rusqlite::{Transaction, params};

use super::facts::{id_number, level_number, scope_key};
use crate::Result;

#[derive(Clone, Copy, PartialEq, Eq)]
struct Place {
    pre: i64,
    last: i64,
    depth: u32,
    children: u32,
    projects: u32,
}

struct Node {
    name: String,
    parent: Option<ScopeKey>,
    kept_parent_order: Option<Place>,
}

/// Computes every scope's place from its parent, and writes those that moved. Groups come before
/// projects, each by name. Tells whether the shape changed.
pub(super) fn put_in_order(cache: &Transaction<'_>, connection: ConnectionId) -> Result<bool> {
    let nodes = read(cache, connection)?;
    let mut below: HashMap<Option<ScopeKey>, Vec<ScopeKey>> = HashMap::new();
    for (key, node) in &nodes {
        // A parent that was never listed cannot be stood under: the scope stands under the
        // instance until it is.
        let parent = match node.parent {
            Some(parent) if nodes.contains_key(&parent) => Some(parent),
            Some(_) => Some(ScopeKey::INSTANCE),
            None => None,
        };
        below.entry(parent).or_default().push(*key);
    }
    for siblings in below.values_mut() {
        siblings.sort_by_cached_key(|key| {
            (key.level, nodes.get(key).map(|node| node.name.to_lowercase()), key.id)
        });
    }
    let places = place(&below);
    let mut update = cache.prepare_cached(
        "UPDATE scope SET pre = ?4, last = ?5, depth = ?6, children = ?7, projects = ?8 \
         WHERE connection = ?1 AND level = ?2 AND id = ?3",
    )?;
    let mut moved = false;
    for (key, node) in &nodes {
        let place = places.get(key);
        if node.kept_parent_order.as_ref() == place {
            continue;
        }
        moved = true;
        update.execute(params![
            connection.0,
            level_number(key.level),
            id_number(*key)?,
            place.map(|it| it.pre),
            place.map(|it| it.last),
            place.map_or(0, |it| it.depth),
            place.map_or(0, |it| it.children),
            place.map_or(0, |it| it.projects),
        ])?;
    }
    Ok(moved)
}

fn read(cache: &Transaction<'_>, connection: ConnectionId) -> Result<HashMap<ScopeKey, Node>> {
    let mut statement = cache.prepare_cached(
        "SELECT level, id, parent_level, parent_id, name, pre, last, depth, children, projects \
         FROM scope WHERE connection = ?1",
    )?;
    let mut rows = statement.query([connection.0])?;
    let mut nodes = HashMap::new();
    while let Some(row) = rows.next()? {
        let parent = row.get::<_, Option<i64>>(2)?.zip(row.get::<_, Option<i64>>(3)?);
        let place = row.get::<_, Option<i64>>(5)?.zip(row.get::<_, Option<i64>>(6)?);
        let (depth, children, projects) = (row.get(7)?, row.get(8)?, row.get(9)?);
        nodes.insert(
            scope_key(row.get(0)?, row.get(1)?)?,
            Node {
                name: row.get(4)?,
                parent: parent.map(|(level, id)| scope_key(level, id)).transpose()?,
                kept_parent_order: place.map(|(pre, last)| Place {
                    pre,
                    last,
                    depth,
                    children,
                    projects,
                }),
            },
        );
    }
    Ok(nodes)
}

/// Walks the tree without recursion. What hangs in a cycle is never reached, and so has no place.
fn place(below: &HashMap<Option<ScopeKey>, Vec<ScopeKey>>) -> HashMap<ScopeKey, Place> {
    enum Visit {
        Enter(ScopeKey, u32),
        Leave(ScopeKey),
    }
    let mut places: HashMap<ScopeKey, Place> = HashMap::new();
    let mut open: Vec<(i64, u32)> = Vec::new();
    let mut next = 0;
    let roots = below.get(&None).map(Vec::as_slice).unwrap_or_default();
    let mut stack: Vec<Visit> = roots.iter().rev().map(|key| Visit::Enter(*key, 0)).collect();
    while let Some(visit) = stack.pop() {
        match visit {
            Visit::Enter(key, depth) => {
                let children = below.get(&Some(key)).map(Vec::as_slice).unwrap_or_default();
                let count = u32::try_from(children.len()).unwrap_or(u32::MAX);
                let place = Place { pre: next, last: next, depth, children: count, projects: 0 };
                places.insert(key, place);
                open.push((next, u32::from(key.level == Level::Project)));
                next += 1;
                stack.push(Visit::Leave(key));
                stack.extend(children.iter().rev().map(|child| Visit::Enter(*child, depth + 1)));
            }
            Visit::Leave(key) => {
                let (_, projects) = open.pop().unwrap_or_default();
                if let Some(place) = places.get_mut(&key) {
                    place.last = next - 1;
                    place.projects = projects;
                }
                if let Some(parent) = open.last_mut() {
                    parent.1 += projects;
                }
            }
        }
    }
    places
}
