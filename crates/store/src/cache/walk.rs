//! One integration across a subtree, scope by scope in tree order, a page at a time: no matter how
//! large the subtree is, and without keeping a connection from others in between.

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use rusqlite::params;

use super::facts::{id_number, level_number, scope_key};
use super::integrations::{KEPT, Kept, kept};
use super::scopes::{COLUMNS, Scope, columns};
use crate::{Result, Store};

/// Scopes read at once.
const PAGE: u32 = 1_000;

/// A scope with what is kept of one integration there.
pub type Placed = (Scope, Option<Kept>);

impl Store {
    /// Shows a scope and everything below it to a visitor, each with what is kept of one
    /// integration there.
    ///
    /// # Errors
    /// When the scope is not in the cache, the cache cannot be read, or the visitor fails.
    pub fn visit_kind<E: From<crate::Error>>(
        &self,
        connection: ConnectionId,
        root: ScopeKey,
        slug: &Slug,
        mut visit: impl FnMut(Scope, Option<Kept>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let (mut next, last) = self.interval(connection, root)?;
        while next <= last {
            let (page, seen) = self.page(connection, slug, next, last)?;
            for (scope, kept) in page {
                visit(scope, kept)?;
            }
            next = seen.map_or(last, |pre| pre) + 1;
        }
        Ok(())
    }

    /// Shows the keys of a scope and of everything below it to a visitor, in tree order, so many
    /// at a time.
    ///
    /// # Errors
    /// When the scope is not in the cache, the cache cannot be read, or the visitor fails.
    pub fn visit_keys<E: From<crate::Error>>(
        &self,
        connection: ConnectionId,
        root: ScopeKey,
        at_once: u32,
        mut visit: impl FnMut(&[ScopeKey]) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let (mut next, last) = self.interval(connection, root)?;
        while next <= last {
            let (keys, seen) = self.keys(connection, (next, last), at_once)?;
            visit(&keys)?;
            next = seen.unwrap_or(last) + 1;
        }
        Ok(())
    }

    fn keys(
        &self,
        connection: ConnectionId,
        (from, last): (i64, i64),
        at_once: u32,
    ) -> Result<(Vec<ScopeKey>, Option<i64>)> {
        self.read(|db| {
            let mut statement = db.cache.prepare_cached(
                "SELECT level, id, pre FROM scope \
                 WHERE connection = ?1 AND pre BETWEEN ?2 AND ?3 ORDER BY pre LIMIT ?4",
            )?;
            let mut rows = statement.query(params![connection.0, from, last, at_once])?;
            let (mut keys, mut seen) = (Vec::new(), None);
            while let Some(row) = rows.next()? {
                keys.push(scope_key(row.get(0)?, row.get(1)?)?);
                seen = row.get(2)?;
            }
            Ok((keys, seen))
        })
    }

    /// A scope's pre-order interval.
    fn interval(&self, connection: ConnectionId, root: ScopeKey) -> Result<(i64, i64)> {
        self.read(|db| {
            let found = db
                .cache
                .prepare_cached(
                    "SELECT pre, last FROM scope WHERE connection = ?1 AND level = ?2 AND id = ?3",
                )?
                .query_row(
                    params![connection.0, level_number(root.level), id_number(root)?],
                    |row| Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?)),
                );
            match found {
                Ok((Some(pre), Some(last))) => Ok((pre, last)),
                // In a ring, or gone meanwhile: nothing is below it.
                Ok(_) => Ok((0, -1)),
                Err(rusqlite::Error::QueryReturnedNoRows) => {
                    Err(crate::Error::Missing("this scope"))
                }
                Err(error) => Err(error.into()),
            }
        })
    }

    fn page(
        &self,
        connection: ConnectionId,
        slug: &Slug,
        from: i64,
        last: i64,
    ) -> Result<(Vec<Placed>, Option<i64>)> {
        self.read(|db| {
            let mut statement = db.cache.prepare_cached(&format!(
                "SELECT {COLUMNS}, pre FROM scope \
                 WHERE connection = ?1 AND pre BETWEEN ?2 AND ?3 ORDER BY pre LIMIT ?4"
            ))?;
            let mut rows = statement.query(params![connection.0, from, last, PAGE])?;
            let (mut page, mut seen): (Vec<Placed>, _) = (Vec::new(), None);
            while let Some(row) = rows.next()? {
                seen = row.get("pre")?;
                page.push((columns(row)?.scope()?, None));
            }
            let mut statement = db.cache.prepare_cached(&format!(
                "{KEPT} WHERE scope.connection = ?1 AND slug = ?2 AND scope.pre BETWEEN ?3 AND ?4 \
                 ORDER BY scope.pre"
            ))?;
            let mut rows = statement.query(params![
                connection.0,
                slug.as_str(),
                from,
                seen.unwrap_or(from)
            ])?;
            let mut places = page.iter_mut();
            while let Some(row) = rows.next()? {
                let found = kept(row)?;
                if let Some(place) = places.find(|(scope, _)| scope.listed.key == found.scope) {
                    place.1 = Some(found);
                }
            }
            Ok((page, seen))
        })
    }
}
