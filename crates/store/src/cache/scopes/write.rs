//! Writing what listings told.

use heirloom_core::ids::{ConnectionId, ScopeKey};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::{Failure, Listed};
use crate::app::history::{Cause, NewChange, Side, What};
use crate::cache::batch::Batch;
use crate::cache::facts::{id_number, level_number, scope_key, to_json};
use crate::cache::search;
use crate::cache::search::Indexed;
use crate::cache::tree::{self, Node, Place};
use crate::{Error, Result, Store};

/// What a listing tells that the cache does not say.
#[derive(Default)]
struct News {
    new: Vec<Listed>,
    /// Number, as it was, as it is.
    changed: Vec<(i64, Listed, Listed)>,
    /// They were gone.
    back: Vec<ScopeKey>,
    /// They are not listed, and were there.
    missing: Vec<ScopeKey>,
}

impl Store {
    /// Takes over what a listing told, and puts the tree in order again. With `whole`, scopes that
    /// were not listed are marked gone; nothing is deleted. Scopes that appear are noted as a
    /// change once a sync has had all there are: what an earlier one's broken list left out was
    /// there all the time.
    ///
    /// # Errors
    /// When the database refuses; then nothing changed.
    pub fn take_scopes(
        &self,
        connection: ConnectionId,
        cause: Cause,
        scopes: Vec<Listed>,
        whole: bool,
        now: Timestamp,
    ) -> Result<()> {
        self.write(move |db| {
            db.batch(connection, cause, |batch| take(batch, cause, scopes, whole, now))
        })
    }

    /// Marks a scope gone: GitLab answered that it is not there. What was read of it stays, and
    /// counts no more.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn mark_gone(
        &self,
        connection: ConnectionId,
        cause: Cause,
        key: ScopeKey,
        now: Timestamp,
    ) -> Result<()> {
        self.write(move |db| {
            db.batch(connection, cause, |batch| batch.set_gone(key, Some(now), now))
        })
    }

    /// Notes that a scope's integrations could not be read. What was read before stays.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn note_failures(
        &self,
        connection: ConnectionId,
        failures: Vec<(ScopeKey, Failure)>,
    ) -> Result<()> {
        self.write(move |db| {
            db.batch(connection, Cause::Reading, |batch| {
                let mut update = batch.cache.prepare_cached(
                    "UPDATE scope SET failed_at = ?4, failed_kind = ?5, failed_why = ?6 \
                     WHERE connection = ?1 AND level = ?2 AND id = ?3",
                )?;
                for (key, failure) in &failures {
                    update.execute(params![
                        connection.0,
                        level_number(key.level),
                        id_number(*key)?,
                        failure.at.as_millisecond(),
                        to_json("scope.failed_kind", &failure.kind)?,
                        failure.why,
                    ])?;
                }
                Ok(())
            })
        })
    }
}

fn take(
    batch: &mut Batch<'_>,
    cause: Cause,
    scopes: Vec<Listed>,
    whole: bool,
    now: Timestamp,
) -> Result<()> {
    let (cache, connection) = (batch.cache, batch.connection);
    let is_news = has_whole_list(cache, connection)?;
    let News { new, changed, back, missing } = compare(cache, connection, scopes)?;
    let mut moved = !new.is_empty();
    for (reference, was, scope) in changed {
        moved |= was.parent != scope.parent || was.name != scope.name;
        if was.path != scope.path && !was.placeholder {
            let sides = (Side::Path(was.path.clone()), Side::Path(scope.path.clone()));
            batch.note_scope(change(&scope, What::Path, sides, now));
        }
        update(cache, reference, &was, &scope)?;
    }
    for key in back {
        batch.set_gone(key, None, now)?;
    }
    if whole {
        for key in missing {
            batch.set_gone(key, Some(now), now)?;
        }
        if let Cause::Sync(run) = cause {
            cache.execute("UPDATE sync SET listed = max(listed, 1) WHERE run = ?1", [run.0])?;
        }
    }
    for scope in new.iter().filter(|scope| is_news && !scope.placeholder) {
        let sides = (Side::Scope { there: false }, Side::Scope { there: true });
        batch.note_scope(change(scope, What::Scope, sides, now));
    }
    if moved {
        let nodes = (next_reference(cache)?..).zip(&new).map(node).collect();
        let order = tree::put_in_order(cache, connection, nodes)?;
        for (scope, (node, place)) in new.into_iter().zip(order.new) {
            insert(cache, connection, &scope, (&node, place))?;
        }
        if order.moved {
            batch.recount();
        }
    }
    Ok(())
}

fn change(scope: &Listed, what: What, (before, after): (Side, Side), at: Timestamp) -> NewChange {
    NewChange {
        scope: scope.key,
        path: scope.path.clone(),
        slug: None,
        what,
        before,
        after,
        amends: false,
        at,
    }
}

/// Whether a sync has had all groups and projects: before that, what appears is only new to us.
fn has_whole_list(cache: &Connection, connection: ConnectionId) -> Result<bool> {
    Ok(cache
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM sync WHERE connection = ?1 AND listed > 0)")?
        .query_row([connection.0], |row| row.get(0))?)
}

/// Goes along the cache and the listing side by side, so that neither is held twice. What is
/// listed twice is taken at its last word.
fn compare(cache: &Connection, connection: ConnectionId, mut scopes: Vec<Listed>) -> Result<News> {
    scopes.reverse();
    scopes.sort_by_key(|scope| scope.key);
    scopes.dedup_by_key(|scope| scope.key);
    let mut scopes = scopes.into_iter().peekable();
    let mut news = News::default();
    let mut statement = cache.prepare_cached(
        "SELECT ref, level, id, gone_at IS NOT NULL, parent_level, parent_id, name, path, \
           visibility, personal, archived, pending_deletion, placeholder \
         FROM scope WHERE connection = ?1 ORDER BY level, id",
    )?;
    let mut rows = statement.query([connection.0])?;
    while let Some(row) = rows.next()? {
        let key = scope_key(row.get(1)?, row.get(2)?)?;
        while let Some(new) = scopes.next_if(|scope| scope.key < key) {
            news.new.push(new);
        }
        let gone: bool = row.get(3)?;
        match scopes.next_if(|scope| scope.key == key) {
            None if gone => {}
            None => news.missing.push(key),
            Some(scope) => {
                if gone {
                    news.back.push(key);
                }
                let was = listed(row, key)?;
                if was != scope {
                    news.changed.push((row.get(0)?, was, scope));
                }
            }
        }
    }
    news.new.extend(scopes);
    Ok(news)
}

fn listed(row: &Row<'_>, key: ScopeKey) -> Result<Listed> {
    let parent = row.get::<_, Option<i64>>(4)?.zip(row.get::<_, Option<i64>>(5)?);
    Ok(Listed {
        key,
        parent: parent.map(|(level, id)| scope_key(level, id)).transpose()?,
        name: row.get(6)?,
        path: row.get(7)?,
        visibility: row.get(8)?,
        personal: row.get(9)?,
        archived: row.get(10)?,
        pending_deletion: row.get(11)?,
        placeholder: row.get(12)?,
    })
}

/// The number that the next scope is given.
fn next_reference(cache: &Connection) -> Result<i64> {
    let sql = "SELECT coalesce(max(ref), 0) + 1 FROM scope";
    Ok(cache.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

fn node((reference, scope): (i64, &Listed)) -> Node {
    Node {
        reference,
        key: scope.key,
        parent: scope.parent,
        name_key: scope.name.to_lowercase(),
        gone: false,
        kept: None,
    }
}

fn parent_columns(scope: &Listed) -> Result<(Option<i64>, Option<i64>)> {
    let parent = scope.parent.map(|key| Ok::<_, Error>((level_number(key.level), id_number(key)?)));
    Ok(parent.transpose()?.unzip())
}

/// Writes a new scope, with its place in the tree.
fn insert(
    cache: &Connection,
    connection: ConnectionId,
    scope: &Listed,
    (node, place): (&Node, Place),
) -> Result<()> {
    let parent = parent_columns(scope)?;
    let path_key = scope.path.to_lowercase();
    cache
        .prepare_cached(
            "INSERT INTO scope (ref, connection, level, id, pre, last, above, rank, depth, \
               children, projects, parent_level, parent_id, name, path, name_key, path_key, \
               visibility, personal, archived, pending_deletion, placeholder) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, \
               ?18, ?19, ?20, ?21, ?22)",
        )?
        .execute(params![
            node.reference,
            connection.0,
            level_number(scope.key.level),
            id_number(scope.key)?,
            place.interval.map(|it| it.0),
            place.interval.map(|it| it.1),
            place.above,
            place.rank,
            place.depth,
            place.children,
            place.projects,
            parent.0,
            parent.1,
            scope.name,
            scope.path,
            node.name_key,
            path_key,
            scope.visibility,
            scope.personal,
            scope.archived,
            scope.pending_deletion,
            scope.placeholder,
        ])?;
    search::index_scope(cache, node.reference, &node.name_key, &path_key, Indexed::New)
}

fn update(cache: &Connection, reference: i64, was: &Listed, scope: &Listed) -> Result<()> {
    let parent = parent_columns(scope)?;
    let (name_key, path_key) = (scope.name.to_lowercase(), scope.path.to_lowercase());
    cache
        .prepare_cached(
            "UPDATE scope SET parent_level = ?2, parent_id = ?3, name = ?4, path = ?5, \
               name_key = ?6, path_key = ?7, visibility = ?8, personal = ?9, archived = ?10, \
               pending_deletion = ?11, placeholder = ?12 \
             WHERE ref = ?1",
        )?
        .execute(params![
            reference,
            parent.0,
            parent.1,
            scope.name,
            scope.path,
            name_key,
            path_key,
            scope.visibility,
            scope.personal,
            scope.archived,
            scope.pending_deletion,
            scope.placeholder,
        ])?;
    if was.name != scope.name || was.path != scope.path {
        search::index_scope(cache, reference, &name_key, &path_key, Indexed::Again)?;
    }
    Ok(())
}
