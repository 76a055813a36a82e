//! The tree's order: pre-order intervals, depths and the counts that only depend on shape.

use std::collections::HashMap;

use heirloom_core::ids::{ConnectionId, Level, ScopeKey};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::facts::scope_key;
use crate::Result;

/// Where a scope stands. A scope that hangs in a ring has no interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) interval: Option<(i64, i64)>,
    pub(crate) above: Option<i64>,
    pub(crate) rank: i64,
    pub(crate) depth: u32,
    pub(crate) children: u32,
    pub(crate) projects: u32,
}

/// What the order depends on.
pub(crate) struct Node {
    pub(crate) reference: i64,
    pub(crate) key: ScopeKey,
    pub(crate) parent: Option<ScopeKey>,
    /// In small letters.
    pub(crate) name_key: String,
    pub(crate) gone: bool,
    /// None: it is not in the cache yet.
    pub(crate) kept: Option<Place>,
}

/// What putting in order came to.
pub(crate) struct Order {
    /// Something stands under something else than before.
    pub(crate) moved: bool,
    /// Those that are not in the cache yet, with the places to be written with them.
    pub(crate) new: Vec<(Node, Place)>,
}

/// Every scope of a connection that is in the cache.
fn read(cache: &Connection, connection: ConnectionId) -> Result<Vec<Node>> {
    let mut statement = cache.prepare_cached(
        "SELECT ref, level, id, parent_level, parent_id, name_key, pre, last, above, rank, depth, \
           children, projects, gone_at IS NOT NULL \
         FROM scope WHERE connection = ?1",
    )?;
    let mut rows = statement.query([connection.0])?;
    let mut nodes = Vec::new();
    while let Some(row) = rows.next()? {
        let parent = row.get::<_, Option<i64>>(3)?.zip(row.get::<_, Option<i64>>(4)?);
        nodes.push(Node {
            reference: row.get(0)?,
            key: scope_key(row.get(1)?, row.get(2)?)?,
            parent: parent.map(|(level, id)| scope_key(level, id)).transpose()?,
            name_key: row.get(5)?,
            gone: row.get(13)?,
            kept: Some(Place {
                interval: row.get::<_, Option<i64>>(6)?.zip(row.get(7)?),
                above: row.get(8)?,
                rank: row.get::<_, Option<i64>>(9)?.unwrap_or(-1),
                depth: row.get(10)?,
                children: row.get(11)?,
                projects: row.get(12)?,
            }),
        });
    }
    Ok(nodes)
}

/// Computes every scope's place from its parent, and writes those that moved. Groups come before
/// projects, each by name. `new` ones are not written: whoever does writes them once, with their
/// places.
pub(crate) fn put_in_order(
    cache: &Connection,
    connection: ConnectionId,
    new: Vec<Node>,
) -> Result<Order> {
    let mut nodes = read(cache, connection)?;
    nodes.extend(new);
    let places = places(&nodes);
    let mut update = cache.prepare_cached(
        "UPDATE scope SET pre = ?2, last = ?3, above = ?4, rank = ?5, depth = ?6, children = ?7, \
           projects = ?8 \
         WHERE ref = ?1",
    )?;
    let mut order = Order { moved: false, new: Vec::new() };
    for (node, place) in nodes.into_iter().zip(places) {
        let Some(kept) = node.kept else {
            order.new.push((node, place));
            continue;
        };
        if kept == place {
            continue;
        }
        order.moved |= kept.above != place.above;
        update.execute(params![
            node.reference,
            place.interval.map(|it| it.0),
            place.interval.map(|it| it.1),
            place.above,
            place.rank,
            place.depth,
            place.children,
            place.projects,
        ])?;
    }
    Ok(order)
}

/// Counts a project that went, or came back, wherever it stands below.
pub(crate) fn count_project(cache: &Connection, project: i64, by: i64) -> Result<()> {
    // What hangs in a ring counts nothing.
    let mut count = cache.prepare_cached(
        "UPDATE scope SET projects = projects + ?2 WHERE ref = ?1 AND pre IS NOT NULL \
         RETURNING above",
    )?;
    let mut at = Some(project);
    while let Some(place) = at {
        at = count.query_row(params![place, by], |row| row.get(0)).optional()?.flatten();
    }
    Ok(())
}

/// Walks the tree without recursion. What hangs in a ring is never reached.
fn places(nodes: &[Node]) -> Vec<Place> {
    let by_key: HashMap<ScopeKey, usize> =
        nodes.iter().enumerate().map(|(index, node)| (node.key, index)).collect();
    let instance = by_key.get(&ScopeKey::INSTANCE).copied();
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    let mut roots = Vec::new();
    let mut places = vec![Place::default(); nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        // A parent that was never listed cannot be stood under: the scope stands under the
        // instance until it is.
        let above = node.parent.map(|parent| by_key.get(&parent).copied().or(instance));
        match above {
            Some(Some(above)) => {
                if let (Some(held), Some(over), Some(place)) =
                    (below.get_mut(above), nodes.get(above), places.get_mut(index))
                {
                    held.push(index);
                    place.above = Some(over.reference);
                }
            }
            Some(None) => {}
            None => roots.push(index),
        }
    }
    let order = |index: &usize| {
        nodes.get(*index).map(|node| (node.key.level, node.name_key.as_str(), node.key.id))
    };
    roots.sort_by(|a, b| order(a).cmp(&order(b)));
    for siblings in &mut below {
        siblings.sort_by(|a, b| order(a).cmp(&order(b)));
        for (rank, index) in (0..).zip(siblings.iter()) {
            if let Some(place) = places.get_mut(*index) {
                place.rank = rank;
            }
        }
    }
    walk(nodes, &below, &roots, &mut places);
    places
}

fn walk(nodes: &[Node], below: &[Vec<usize>], roots: &[usize], places: &mut [Place]) {
    enum Visit {
        Enter(usize, u32),
        Leave(usize),
    }
    let mut open: Vec<(i64, u32)> = Vec::new();
    let mut next = 0;
    let mut stack: Vec<Visit> = roots.iter().rev().map(|index| Visit::Enter(*index, 0)).collect();
    while let Some(visit) = stack.pop() {
        match visit {
            Visit::Enter(index, depth) => {
                let (Some(place), Some(node), Some(children)) =
                    (places.get_mut(index), nodes.get(index), below.get(index))
                else {
                    continue;
                };
                place.depth = depth;
                place.children = u32::try_from(children.len()).unwrap_or(u32::MAX);
                let counts = node.key.level == Level::Project && !node.gone;
                open.push((next, u32::from(counts)));
                next += 1;
                stack.push(Visit::Leave(index));
                stack.extend(children.iter().rev().map(|child| Visit::Enter(*child, depth + 1)));
            }
            Visit::Leave(index) => {
                let (first, projects) = open.pop().unwrap_or_default();
                if let Some(place) = places.get_mut(index) {
                    place.interval = Some((first, next - 1));
                    place.projects = projects;
                }
                if let Some(parent) = open.last_mut() {
                    parent.1 += projects;
                }
            }
        }
    }
}
