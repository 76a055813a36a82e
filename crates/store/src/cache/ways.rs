//! Some scopes with all that stands above them, each with what is kept of one integration there:
//! asked for together, since asking for each alone takes longer than all the rest.

use std::collections::HashMap;

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use rusqlite::{Connection, params};

use super::facts::{id_number, level_number, scope_key, slug};
use super::integrations::{KEPT, kept};
use super::scopes::{COLUMNS, DEEPEST, Scope, columns};
use super::walk::Placed;
use crate::{Error, Result, Store};

/// Scopes that were asked for, and those above them.
#[derive(Debug, Default)]
pub struct Ways(HashMap<ScopeKey, Placed>);

impl Ways {
    /// One of the scopes; none: it is not in the cache.
    pub fn get(&self, scope: ScopeKey) -> Option<&Placed> {
        self.0.get(&scope)
    }

    /// What a scope stands under, the nearest first, the instance last.
    ///
    /// # Errors
    /// When it stands under itself, which can only come from a lying server.
    pub fn above(&self, scope: &Scope) -> Result<Vec<&Placed>> {
        let mut above = Vec::new();
        let mut parent = scope.listed.parent;
        while let Some(key) = parent {
            if above.len() > DEEPEST {
                return Err(Error::Content { what: "scope.parent", why: "a cycle".into() });
            }
            // As in the tree: under the instance, until its parent is listed.
            let next = self.get(key).or_else(|| self.get(ScopeKey::INSTANCE));
            let Some(next) = next else { return Err(Error::Missing("this scope")) };
            parent = next.0.listed.parent;
            above.push(next);
        }
        Ok(above)
    }
}

impl Store {
    /// Some scopes with all that stands above them, as they are at one moment. Those that the cache
    /// does not have are left out.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn ways(&self, connection: ConnectionId, scopes: &[ScopeKey], slug: &Slug) -> Result<Ways> {
        let wanted = listed(scopes)?;
        self.read_at_once(|cache| {
            let (mut found, numbers) = placed(cache, connection, &wanted)?;
            let mut statement = cache.prepare_cached(&format!(
                "{KEPT} WHERE scope.ref IN (SELECT value FROM json_each(?3)) AND integration.kind = \
                   (SELECT kind.id FROM kind WHERE kind.connection = ?1 AND kind.slug = ?2)"
            ))?;
            let mut rows = statement.query(params![connection.0, slug.as_str(), numbers])?;
            while let Some(row) = rows.next()? {
                let row = kept(row)?;
                if let Some(place) = found.get_mut(&row.scope) {
                    place.1 = Some(row);
                }
            }
            Ok(Ways(found))
        })
    }
}

impl Store {
    /// Which of some integrations are on in some scopes, by slug.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn on_among(
        &self,
        connection: ConnectionId,
        scopes: &[ScopeKey],
        slugs: &[&str],
    ) -> Result<Vec<(ScopeKey, Slug)>> {
        let slugs = super::facts::to_json("slugs", &slugs)?;
        self.read(|db| {
            // Of most families nobody uses another: then no scope need be looked at.
            let mut used = db.cache.prepare_cached(
                "SELECT 1 FROM kind WHERE connection = ?1 \
                   AND slug IN (SELECT value FROM json_each(?2)) LIMIT 1",
            )?;
            if !used.exists(params![connection.0, slugs])? {
                return Ok(Vec::new());
            }
            let wanted = listed(scopes)?;
            let mut statement = db.cache.prepare_cached(
                "SELECT scope.level, scope.id, kind.slug FROM json_each(?2) AS wanted \
                   CROSS JOIN scope ON scope.connection = ?1 \
                     AND scope.level = wanted.value ->> 0 AND scope.id = wanted.value ->> 1 \
                   JOIN integration ON integration.scope = scope.ref AND integration.active = 1 \
                   JOIN kind ON kind.id = integration.kind \
                   WHERE kind.slug IN (SELECT value FROM json_each(?3)) ORDER BY kind.slug",
            )?;
            let mut rows = statement.query(params![connection.0, wanted, slugs])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let name: String = row.get(2)?;
                found.push((scope_key(row.get(0)?, row.get(1)?)?, slug(&name)?));
            }
            Ok(found)
        })
    }
}

/// Scopes looked up at once where only their depth is asked for.
const WINDOW: usize = 1_000;

impl Store {
    /// How far below the instance some scopes are, in their order.
    ///
    /// # Errors
    /// When the cache does not have one of them, or cannot be read.
    pub fn depths(&self, connection: ConnectionId, scopes: &[ScopeKey]) -> Result<Vec<u32>> {
        let mut depths = Vec::with_capacity(scopes.len());
        for some in scopes.chunks(WINDOW) {
            let wanted = listed(some)?;
            self.read(|db| {
                let mut statement = db.cache.prepare_cached(
                    "SELECT depth FROM json_each(?2) LEFT JOIN scope ON connection = ?1 \
                       AND level = value ->> 0 AND scope.id = value ->> 1 ORDER BY key",
                )?;
                let mut rows = statement.query(params![connection.0, wanted])?;
                while let Some(row) = rows.next()? {
                    depths.push(row.get::<_, Option<u32>>(0)?.ok_or(Error::Missing("this scope"))?);
                }
                Ok(())
            })?;
        }
        Ok(depths)
    }
}

/// Keys as SQL takes them.
fn listed(scopes: &[ScopeKey]) -> Result<String> {
    let keys = scopes.iter().map(|key| Ok((level_number(key.level), id_number(*key)?)));
    super::facts::to_json("keys", &keys.collect::<Result<Vec<_>>>()?)
}

/// The scopes and those above them, and the numbers of all of them in the cache.
fn placed(
    cache: &Connection,
    connection: ConnectionId,
    wanted: &str,
) -> Result<(HashMap<ScopeKey, Placed>, String)> {
    let mut statement = cache.prepare_cached(&format!(
        "WITH RECURSIVE way (of_level, of_id) AS ( \
           SELECT 0, 0 \
           UNION SELECT value ->> 0, value ->> 1 FROM json_each(?2) \
           UNION SELECT parent_level, parent_id FROM way CROSS JOIN scope \
             ON connection = ?1 AND level = of_level AND id = of_id \
             WHERE parent_level IS NOT NULL) \
         SELECT {COLUMNS}, ref FROM way CROSS JOIN scope \
           ON connection = ?1 AND level = of_level AND id = of_id"
    ))?;
    let mut rows = statement.query(params![connection.0, wanted])?;
    let (mut found, mut numbers) = (HashMap::new(), Vec::<i64>::new());
    while let Some(row) = rows.next()? {
        numbers.push(row.get("ref")?);
        let scope = columns(row)?.scope()?;
        found.insert(scope.listed.key, (scope, None));
    }
    Ok((found, super::facts::to_json("numbers", &numbers)?))
}
