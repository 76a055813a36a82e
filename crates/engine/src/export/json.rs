//! For programs.

use std::io::Write;

use heirloom_core::ids::Slug;
use heirloom_store::app::connections::Connection;
use serde::Serialize;

use super::rows::Estate;
use super::{Part, failed};
use crate::sync::standing::Standing;
use crate::{Engine, Result, json, older};

/// Which GitLab a file is about.
#[derive(Serialize)]
pub(super) struct Head<'a> {
    url: &'a str,
    version: &'a str,
}

impl<'a> Head<'a> {
    pub(super) fn of(connection: &'a Connection) -> Self {
        Self { url: &connection.details.base_url, version: &connection.details.version }
    }
}

/// Which part of it, where it is one.
#[derive(Serialize)]
struct Of<'a> {
    below: Option<&'a str>,
    slug: Option<&'a Slug>,
}

pub(super) fn write(
    engine: &Engine,
    connection: &Connection,
    estate: &Estate,
    out: &mut impl Write,
) -> Result<()> {
    let (store, id) = (engine.store(), connection.id);
    let head = Head::of(connection);
    let at = engine.now();
    let standing = Standing::of(store, id)?;
    let whole = standing.is_whole();
    let synced_at = standing.last.map(|last| last.finished_at);
    out.write_all(b"{\"instance\":")
        .and_then(|()| json::write(out, &head))
        .and_then(|()| write!(out, ",\"exported_at\":\"{at}\",\"synced_at\":"))
        .and_then(|()| json::write(out, &synced_at))
        .and_then(|()| write!(out, ",\"complete\":{whole}"))
        .map_err(failed)?;
    if estate.part != Part::default() {
        let below = estate.part.below.and_then(|root| estate.places.get(&root));
        let of =
            Of { below: below.map(|root| root.path.as_str()), slug: estate.part.slug.as_ref() };
        out.write_all(b",\"part\":").and_then(|()| json::write(out, &of)).map_err(failed)?;
    }
    let untold = older::untold(&connection.details.version);
    if !untold.is_empty() {
        out.write_all(b",\"untold\":").and_then(|()| json::write(out, &untold)).map_err(failed)?;
    }
    out.write_all(b",\"rows\":[").map_err(failed)?;
    let mut first = true;
    estate.visit(store, id, |_, row| {
        let comma = if std::mem::take(&mut first) { "\n" } else { ",\n" };
        out.write_all(comma.as_bytes())?;
        json::write(out, row)
    })?;
    out.write_all(b"\n],\"unread\":[").map_err(failed)?;
    let mut first = true;
    for scope in &estate.unread {
        let comma = if std::mem::take(&mut first) { "\n" } else { ",\n" };
        out.write_all(comma.as_bytes())
            .and_then(|()| json::write(out, &scope.shape()))
            .map_err(failed)?;
    }
    out.write_all(b"\n]}\n").map_err(failed)
}
