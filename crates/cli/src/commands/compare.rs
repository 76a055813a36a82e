//! `compare`.

use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::row::Link;
use heirloom_core::settings::{self, Side, Verdict};
use heirloom_engine::Engine;
use heirloom_engine::export::{ScopeId, field_json};
use heirloom_engine::query::Comparison;
use heirloom_engine::query::pair::{Setting, TwoRows, TwoScopes};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::show::{shape, text};
use crate::args::{Common, Compare};
use crate::desk;
use crate::exit::{Exit, Result};
use crate::output::{self, line};

#[derive(Serialize)]
struct Shape<'a> {
    a: ScopeId,
    b: ScopeId,
    integrations: Vec<Kind<'a>>,
}

#[derive(Serialize)]
struct Kind<'a> {
    slug: &'a Slug,
    a: Half,
    b: Half,
    /// How many settings are the same on both sides.
    same: usize,
    differs: Vec<&'a str>,
    cannot_compare: Vec<&'a str>,
    settings: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Half {
    state: &'static str,
    link: Option<&'static str>,
    active: Option<bool>,
    source: Option<ScopeId>,
    values: Option<&'static str>,
    read_at: Option<Timestamp>,
}

#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    verdict: &'static str,
    secret: bool,
    a: Option<Json>,
    b: Option<Json>,
}

pub async fn run(common: &Common, arguments: Compare) -> Result {
    let engine = desk::engine(common)?;
    let id = desk::synced(&engine, common).await?.id;
    let a = scope(&engine, id, &arguments.a, arguments.level).await?;
    let b = scope(&engine, id, &arguments.b, arguments.level).await?;
    let slug = match &arguments.slug {
        Some(text) => Some(desk::kind(&engine, id, text).await?),
        None => None,
    };
    let found = engine.compare_two(id, a, b, slug).await?;
    if common.json {
        let mut integrations = Vec::with_capacity(found.kinds.len());
        for kind in &found.kinds {
            integrations.push(of_kind(&engine, id, kind).await?);
        }
        let (a, b) = (ScopeId::of(&found.a), ScopeId::of(&found.b));
        output::json(&Shape { a, b, integrations })?;
    } else {
        side_by_side(&engine, id, &found).await?;
    }
    Ok(Exit::Done)
}

/// A scope by its path. The level is for the path that is both: the other may be of another level.
async fn scope(
    engine: &Engine,
    id: ConnectionId,
    path: &str,
    level: Option<Level>,
) -> Result<ScopeKey> {
    let found = match engine.find_scope(id, path, None).await {
        Err(_) if level.is_some() => engine.find_scope(id, path, level).await,
        found => found,
    };
    Ok(found?.listed.key)
}

async fn of_kind<'a>(engine: &Engine, id: ConnectionId, kind: &'a TwoRows) -> Result<Kind<'a>> {
    let slug = &kind.a.item.slug;
    let named = |verdict: Verdict| {
        let found = kind.settings.iter().filter(move |setting| setting.verdict == verdict);
        found.map(|setting| setting.name.as_str()).collect::<Vec<_>>()
    };
    Ok(Kind {
        slug,
        a: half(engine, id, &kind.a).await?,
        b: half(engine, id, &kind.b).await?,
        same: named(Verdict::Same).len(),
        differs: named(Verdict::Differs),
        cannot_compare: named(Verdict::CannotCompare),
        settings: told(kind)
            .map(|setting| Line {
                name: &setting.name,
                verdict: verdict_name(setting.verdict),
                secret: is_secret(setting),
                a: json_of(slug, &setting.name, &setting.a),
                b: json_of(slug, &setting.name, &setting.b),
            })
            .collect(),
    })
}

async fn half(engine: &Engine, id: ConnectionId, side: &Comparison) -> Result<Half> {
    let row = side.item.known.row();
    let kept = side.item.kept.as_ref().filter(|_| has_row(side));
    let source = shape::source(engine, id, &side.item.known).await?;
    Ok(Half {
        state: side.item.known.state().name(),
        link: row.map(|row| match row.link {
            Link::Custom => "custom",
            Link::Inherited { .. } => "inherited",
        }),
        active: shape::active(side),
        source: source.map(|(scope, _)| ScopeId::of(&scope)),
        values: kept.map(|kept| match (&kept.fields, side.own_assumed) {
            (Some(_), _) => "read",
            (None, true) => "source",
            (None, false) => "unread",
        }),
        read_at: shape::read_at(side),
    })
}

/// The settings worth telling: not those that are the same, or set on neither side.
fn told(kind: &TwoRows) -> impl Iterator<Item = &Setting> {
    kind.settings
        .iter()
        .filter(|setting| setting.verdict != Verdict::Same)
        .filter(|setting| ![&setting.a, &setting.b].into_iter().all(is_blank))
}

fn is_blank(side: &Side) -> bool {
    match side {
        Side::Value(value) => value.is_blank(),
        Side::Absent => true,
        Side::Flag(_) | Side::Hidden | Side::Unread => false,
    }
}

fn is_secret(setting: &Setting) -> bool {
    matches!(setting.known, Some(settings::Known::Field(field)) if field.secret)
}

const fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Same => "same",
        Verdict::Differs => "differs",
        Verdict::CannotCompare => "cannot_compare",
        Verdict::OneSided => "one_sided",
    }
}

fn json_of(slug: &Slug, name: &str, side: &Side) -> Option<Json> {
    match side {
        Side::Value(value) => Some(field_json(slug, name, value)),
        Side::Flag(flag) => Some(json!(flag)),
        Side::Hidden | Side::Unread | Side::Absent => None,
    }
}

async fn side_by_side(engine: &Engine, id: ConnectionId, found: &TwoScopes) -> Result<()> {
    line(format!("A: {}", text::place(&found.a)))?;
    line(format!("B: {}", text::place(&found.b)))?;
    let alone = found.kinds.len() == 1;
    let (alike, unlike): (Vec<&TwoRows>, Vec<&TwoRows>) =
        found.kinds.iter().partition(|kind| !alone && is_alike(kind));
    if found.kinds.is_empty() {
        line("")?;
        line("Neither has any integration, as far as was read")?;
    }
    for kind in unlike {
        line("")?;
        line(format!(
            "{}: {}{} | {}{}",
            kind.a.item.title,
            kind.a.item.known.state().label(),
            text::from(engine, id, &kind.a.item).await?,
            kind.b.item.known.state().label(),
            text::from(engine, id, &kind.b.item).await?,
        ))?;
        for (name, side) in [("A", &kind.a), ("B", &kind.b)] {
            if side.own_assumed {
                line(format!("  {name}’s values were not read: shown are its source’s"))?;
            }
        }
        if has_row(&kind.a) || has_row(&kind.b) {
            settings_of(kind)?;
        }
    }
    if !alike.is_empty() {
        let titles: Vec<&str> = alike.iter().map(|kind| kind.a.item.title.as_str()).collect();
        line("")?;
        line(format!("The same, as far as can be compared: {}", titles.join(", ")))?;
    }
    Ok(())
}

/// Both sides are in the same state, with the same settings as far as they can be compared.
fn is_alike(kind: &TwoRows) -> bool {
    let compared = |setting: &Setting| !matches!(setting.verdict, Verdict::Differs);
    kind.a.item.known == kind.b.item.known && kind.settings.iter().all(compared)
}

fn has_row(side: &Comparison) -> bool {
    side.item.known.row().is_some() || side.item.kept.as_ref().is_some_and(|kept| kept.active)
}

fn settings_of(kind: &TwoRows) -> Result<()> {
    let mut secrets = Vec::new();
    let mut rows = Vec::new();
    for setting in told(kind) {
        if is_secret(setting) {
            secrets.push(setting.name.as_str());
            continue;
        }
        let mark = match setting.verdict {
            Verdict::Differs => "  ≠",
            Verdict::CannotCompare => "  ?",
            Verdict::OneSided | Verdict::Same => "",
        };
        let (a, b) = (text::value(&setting.a), text::value(&setting.b));
        rows.push(vec![mark.into(), setting.name.clone(), a, b]);
    }
    if rows.is_empty() {
        line("  No setting differs that can be compared")?;
    } else {
        rows.insert(0, ["", "SETTING", "A", "B"].map(String::from).into());
    }
    for text in output::columns(&rows) {
        line(text)?;
    }
    if !secrets.is_empty() {
        line(format!("  Can’t be compared, GitLab returns no secrets: {}", secrets.join(", ")))?;
    }
    Ok(())
}
