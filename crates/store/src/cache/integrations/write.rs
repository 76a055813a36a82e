//! Writing what lists, single readings and inference told.

use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::row::Agrees;
use jiff::Timestamp;

use super::{Flags, Linked, ListRead, ValuesRead};
use crate::app::history::Cause;
use crate::cache::batch::{Batch, CUSTOM, INHERITED, Stored};
use crate::cache::facts::basis_number;
use crate::cache::words;
use crate::{Result, Store};

impl Store {
    /// Takes over lists of active rows. What was on and is not listed any more becomes *off*: its
    /// row is dropped, since what it is now was not asked. Scopes that are not in the cache are
    /// passed over.
    ///
    /// # Errors
    /// When the database refuses; then nothing of this batch is kept.
    pub fn take_lists(
        &self,
        connection: ConnectionId,
        cause: Cause,
        lists: Vec<ListRead>,
    ) -> Result<()> {
        self.write(move |db| {
            db.batch(connection, cause, |batch| {
                lists.iter().try_for_each(|list| take_list(batch, list))
            })
        })
    }

    /// Takes over single readings. Scopes that are not in the cache are passed over.
    ///
    /// # Errors
    /// When the database refuses; then nothing of this batch is kept.
    pub fn take_values(
        &self,
        connection: ConnectionId,
        cause: Cause,
        readings: Vec<ValuesRead>,
    ) -> Result<()> {
        self.write(move |db| {
            db.batch(connection, cause, |batch| {
                readings.iter().try_for_each(|reading| take_reading(batch, reading))
            })
        })
    }

    /// Notes sources of inherited rows, and whether their values are the source's. Where a
    /// project's row moved since its own values were read, and is not known to differ, those are
    /// dropped: they would be shown as if they still held.
    ///
    /// # Errors
    /// When the database refuses; then nothing of this batch is kept.
    pub fn link_rows(
        &self,
        connection: ConnectionId,
        cause: Cause,
        rows: Vec<(ScopeKey, Slug, Linked)>,
        now: Timestamp,
    ) -> Result<()> {
        self.write(move |db| {
            db.batch(connection, cause, |batch| {
                rows.iter()
                    .try_for_each(|(scope, slug, linked)| link(batch, *scope, slug, *linked, now))
            })
        })
    }

    /// Forgets an inferred instance default that nothing suggests any more. That is no change of
    /// the default, so none is noted.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn forget_instance_rows(&self, connection: ConnectionId, keep: Vec<Slug>) -> Result<()> {
        self.write(move |db| {
            db.batch(connection, Cause::Reading, |batch| {
                let slugs = words::slugs(batch.cache, connection)?;
                for (kind, row) in batch.rows(ScopeKey::INSTANCE)?.unwrap_or_default() {
                    let Some(slug) = slugs.get(&kind) else { continue };
                    if row.presence == 0 && row.active && !keep.contains(slug) {
                        batch.put_quietly(ScopeKey::INSTANCE, kind, Some(&row), None)?;
                    }
                }
                Ok(())
            })
        })
    }
}

fn take_list(batch: &mut Batch<'_>, list: &ListRead) -> Result<()> {
    let Some(known) = batch.rows(list.scope)? else { return Ok(()) };
    let mut listed = Vec::with_capacity(list.rows.len());
    let links = list.links.iter().copied().chain(std::iter::repeat(None));
    for (flags, linked) in list.rows.iter().zip(links) {
        let kind = batch.words.kind(batch.cache, &flags.slug, Some(&flags.title))?;
        // A server that lists a kind twice is taken at its last word.
        let was = if listed.contains(&kind) {
            batch.row(list.scope, kind)?.flatten()
        } else {
            known.iter().find(|(held, _)| *held == kind).map(|(_, row)| *row)
        };
        listed.push(kind);
        let mut now = with_flags(batch, list.scope, was.as_ref(), flags, list.at)?;
        if let Some(linked) = linked
            && was.is_none()
            && now.is_inherited()
        {
            now.set_link(list.scope, linked)?;
        }
        // Its scope's list says when it was last seen: a row that did not move is not written.
        if let Some(was) = &was
            && now.active
        {
            let unmoved = Stored { flags_at: was.flags_at, ..now };
            if unmoved == *was {
                now = unmoved;
            }
        }
        batch.put(list.scope, (kind, &flags.slug), was.as_ref(), Some(&now), list.at)?;
    }
    for (kind, row) in &known {
        if row.presence == 0 && row.active && !listed.contains(kind) {
            let slug = batch.words.slug(batch.cache, *kind)?;
            batch.put(list.scope, (*kind, &slug), Some(row), None, list.at)?;
        }
    }
    batch.listed(list.scope, list.at)
}

/// A row as it is after a reading of its flags.
fn with_flags(
    batch: &mut Batch<'_>,
    scope: ScopeKey,
    was: Option<&Stored>,
    flags: &Flags,
    at: Timestamp,
) -> Result<Stored> {
    let mut now = was
        .filter(|row| row.presence == 0)
        .copied()
        .unwrap_or_else(|| Stored { presence: 0, ..Stored::not_set(0) });
    // Until the source is resolved again, an inherited row keeps what was known of it.
    let stays = flags.inherited == Some(true) && was.is_some_and(Stored::is_inherited);
    if !stays {
        now.source = None;
        now.agrees = None;
    }
    now.link = flags.inherited.map(|inherited| if inherited { INHERITED } else { CUSTOM });
    if flags.inherited == Some(true) && now.agrees.is_none() {
        now.set_agrees(Agrees::Unread);
    }
    now.active = flags.active;
    now.basis = 0;
    now.updated_at = flags.updated_at.map(Timestamp::as_millisecond);
    now.events = Some(batch.words.events(batch.cache, &flags.events)?);
    now.flags_at = at.as_millisecond();
    now.label(scope);
    Ok(now)
}

fn take_reading(batch: &mut Batch<'_>, reading: &ValuesRead) -> Result<()> {
    let title = reading.row.as_ref().map(|(flags, _)| flags.title.as_str());
    let kind = batch.words.kind(batch.cache, &reading.slug, title)?;
    let Some(was) = batch.row(reading.scope, kind)? else { return Ok(()) };
    let now = match &reading.row {
        Some((flags, fields)) => {
            let mut now = with_flags(batch, reading.scope, was.as_ref(), flags, reading.at)?;
            now.settings = Some(batch.words.settings(batch.cache, kind, fields)?);
            now.fields_at = Some(reading.at.as_millisecond());
            now.fields_of = now.updated_at;
            now.basis = basis_number(reading.basis);
            now
        }
        None => Stored::not_set(reading.at.as_millisecond()),
    };
    batch.put(reading.scope, (kind, &reading.slug), was.as_ref(), Some(&now), reading.at)
}

fn link(
    batch: &mut Batch<'_>,
    scope: ScopeKey,
    slug: &Slug,
    linked: Linked,
    at: Timestamp,
) -> Result<()> {
    let Some(kind) = batch.words.known_kind(batch.cache, slug)? else { return Ok(()) };
    let Some(was) = batch.row_of_many(scope, kind)?.flatten().filter(Stored::is_inherited) else {
        return Ok(());
    };
    let mut now = was;
    now.set_link(scope, linked)?;
    if scope.level == Level::Project
        && linked.agrees != Agrees::No
        && now.fields_of != now.updated_at
    {
        now.settings = None;
        now.fields_at = None;
    }
    batch.put(scope, (kind, slug), Some(&was), Some(&now), at)
}
