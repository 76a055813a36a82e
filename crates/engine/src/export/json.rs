//! For programs.

use std::io::Write;

use heirloom_store::app::connections::Connection;
use serde::Serialize;

use super::failed;
use super::rows::Estate;
use crate::{Engine, Result, json};

#[derive(Serialize)]
struct Head<'a> {
    url: &'a str,
    version: &'a str,
}

pub(super) fn write(engine: &Engine, connection: &Connection, out: &mut impl Write) -> Result<()> {
    let (store, id) = (engine.store(), connection.id);
    let estate = Estate::gather(store, id)?;
    let head = Head { url: &connection.details.base_url, version: &connection.details.version };
    let at = engine.now();
    out.write_all(b"{\"instance\":")
        .and_then(|()| json::write(out, &head))
        .and_then(|()| write!(out, ",\"exported_at\":\"{at}\",\"rows\":["))
        .map_err(failed)?;
    let mut first = true;
    estate.visit(store, id, |_, row| {
        let comma = if std::mem::take(&mut first) { "\n" } else { ",\n" };
        out.write_all(comma.as_bytes())?;
        json::write(out, row)
    })?;
    out.write_all(b"\n]}\n").map_err(failed)
}
