//! What `show` tells a person.

use heirloom_core::ids::ConnectionId;
use heirloom_core::row::{Agrees, Basis, Known, Link, Row, Source};
use heirloom_core::settings::{Pair, Side, Verdict};
use heirloom_core::value::flag_label;
use heirloom_engine::export::path_of;
use heirloom_engine::query::{Comparison, Item};
use heirloom_engine::{Engine, Scope};

use super::shape;
use crate::exit::Result;
use crate::output::{columns, line};

/// The widest a value gets; `--json` has it whole.
const WIDEST: usize = 48;

/// One integration: the scope's state, then default and own settings side by side.
pub async fn side_by_side(engine: &Engine, id: ConnectionId, found: &Comparison) -> Result<()> {
    let item = &found.item;
    let from = from(engine, id, item).await?;
    line(format!("{} at {}", item.title, place(&found.scope)))?;
    line(format!("State: {}{from}", item.known.state().label()))?;
    if let Some(why) = &item.why {
        line(why)?;
    }
    if let Some(at) = shape::read_at(found) {
        line(format!("Read: {at:.0}"))?;
    }
    if let Some(note) = assumed(found) {
        line(note)?;
    }
    let (default, own) = (found.default.row.is_some(), item.kept.is_some());
    if !default && !own {
        return Ok(());
    }
    let mut rows = vec![vec![
        String::new(),
        "SETTING".into(),
        format!("DEFAULT{}", default_place(engine, id, found).await?),
        "OWN".into(),
    ]];
    let (mut blank, mut differs) = (0, 0);
    for pair in &found.pairs {
        if is_blank(pair) {
            blank += 1;
            continue;
        }
        let mark = match pair.verdict {
            Verdict::Differs => {
                differs += 1;
                "≠"
            }
            Verdict::CannotCompare => "?",
            Verdict::Same | Verdict::OneSided => "",
        };
        rows.push(vec![
            mark.into(),
            pair.name.clone(),
            value(&pair.sides.default),
            value(&pair.sides.own),
        ]);
    }
    line("")?;
    for text in columns(&rows) {
        line(text)?;
    }
    line("")?;
    let compared = found
        .pairs
        .iter()
        .filter(|pair| matches!(pair.verdict, Verdict::Differs | Verdict::Same))
        .count();
    if default && own {
        line(format!("{differs} of {compared} settings that can be compared differ (≠)"))?;
    }
    if blank > 0 {
        line(format!("{blank} more are set on neither side"))?;
    }
    Ok(())
}

/// Every integration of a scope, those in use first.
pub async fn listing(
    engine: &Engine,
    id: ConnectionId,
    scope: &Scope,
    found: &[Comparison],
) -> Result<()> {
    line(place(scope))?;
    if let Some(failure) = &scope.failure {
        line(format!("Could not be read at {:.0}: {}", failure.at, failure.why))?;
    }
    match scope.listed_at {
        Some(at) => line(format!("Read: {at:.0}"))?,
        None => line("Never read")?,
    }
    let mut rows = Vec::new();
    let mut rest: Vec<(&str, Vec<&str>)> = Vec::new();
    for comparison in found {
        let item = &comparison.item;
        let label = item.known.state().label();
        if item.known.row().is_none() && item.kept.is_none() {
            match rest.iter_mut().find(|(state, _)| *state == label) {
                Some((_, slugs)) => slugs.push(item.slug.as_str()),
                None => rest.push((label, vec![item.slug.as_str()])),
            }
            continue;
        }
        let differing = match item.differing {
            Some((n, of)) if n > 0 => format!("{n} of {of} differ"),
            _ => String::new(),
        };
        rows.push(vec![
            item.slug.to_string(),
            format!("{label}{}", from(engine, id, item).await?),
            differing,
        ]);
    }
    line("")?;
    for text in columns(&rows) {
        line(text)?;
    }
    for (state, slugs) in rest {
        line("")?;
        line(format!("{state}: {}", slugs.join(" ")))?;
    }
    Ok(())
}

pub fn place(scope: &Scope) -> String {
    let key = scope.listed.key;
    match key.level {
        heirloom_core::ids::Level::Instance => format!("the instance ({})", scope.listed.path),
        level => format!("{level} {}", scope.listed.path),
    }
}

/// Where inherited settings come from.
pub async fn from(engine: &Engine, id: ConnectionId, item: &Item) -> Result<String> {
    let Known::Row(Row { link: Link::Inherited { source, .. }, .. }) = &item.known else {
        return Ok(String::new());
    };
    Ok(match (source, shape::source(engine, id, &item.known).await?) {
        (Source::Scope { .. }, Some((scope, basis))) => {
            let how = if basis == Basis::Inferred { ", inferred" } else { "" };
            format!(", from {}{how}", path_of(scope.listed.key, scope.listed.path.clone()))
        }
        (Source::NotAsked(_), _) => ", source not read yet".into(),
        (Source::NotVisible(_) | Source::Scope { .. }, _) => ", source not visible".into(),
    })
}

async fn default_place(engine: &Engine, id: ConnectionId, found: &Comparison) -> Result<String> {
    let Source::Scope { key, basis } = found.default.source else {
        return Ok(String::new());
    };
    if found.default.row.is_none() {
        return Ok(" (none)".into());
    }
    let Some(node) = engine.tree_path(id, key).await?.pop() else { return Ok(String::new()) };
    let how = if basis == Basis::Inferred { ", inferred" } else { "" };
    Ok(format!(" ({}{how})", path_of(key, node.scope.listed.path)))
}

/// What the own column rests on where it was not read.
fn assumed(found: &Comparison) -> Option<&'static str> {
    if !found.own_assumed {
        return None;
    }
    let Known::Row(Row { link: Link::Inherited { agrees, .. }, .. }) = found.item.known else {
        return None;
    };
    Some(match agrees {
        Agrees::Yes => {
            "Own values were not read: flags and times agree with the source, so they are shown as \
             its values"
        }
        Agrees::Unread | Agrees::No => {
            "Own values were not read, and nothing suggests that they differ: shown are the \
             source’s"
        }
    })
}

fn is_blank(pair: &Pair) -> bool {
    [&pair.sides.default, &pair.sides.own].into_iter().all(|side| match side {
        Side::Value(value) => value.is_blank(),
        Side::Absent => true,
        Side::Flag(_) | Side::Hidden | Side::Unread => false,
    })
}

/// A side of a setting, cut to a column's width.
pub fn value(side: &Side) -> String {
    cut(&match side {
        Side::Value(value) => value.label(),
        Side::Flag(flag) => flag_label(*flag).into(),
        Side::Hidden => "hidden by GitLab".into(),
        Side::Unread => "not read".into(),
        Side::Absent => "–".into(),
    })
}

/// A text, cut to a column's width.
pub fn cut(text: &str) -> String {
    if text.chars().count() <= WIDEST {
        return text.to_owned();
    }
    let cut: String = text.chars().take(WIDEST - 1).collect();
    format!("{cut}…")
}
