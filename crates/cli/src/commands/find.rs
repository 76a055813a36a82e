//! `find`.

use heirloom_core::ids::{Level, Slug};
use heirloom_engine::Scope;
use heirloom_engine::export::{ScopeId, field_json};
use heirloom_engine::query::drift::What;
use heirloom_engine::query::drift::{kind_label, what_label};
use heirloom_engine::query::find::{ANYWHERE_FROM, Found, Total, ValueHit};
use serde::Serialize;
use serde_json::Value as Json;

use super::show::text::cut;
use crate::args::{Common, Find};
use crate::desk;
use crate::exit::{Exit, Failure, Result};
use crate::output::{self, line};

#[derive(Serialize)]
struct Shape<'a> {
    query: &'a str,
    scopes: Vec<Place<'a>>,
    values: Vec<Hit<'a>>,
    totals: Totals,
}

#[derive(Serialize)]
struct Place<'a> {
    #[serde(flatten)]
    scope: ScopeId,
    name: &'a str,
    archived: bool,
}

#[derive(Serialize)]
struct Hit<'a> {
    scope: ScopeId,
    slug: &'a Slug,
    field: &'a str,
    value: Json,
    inherited_by: u32,
}

#[derive(Serialize)]
struct Totals {
    scopes: Counted,
    values: Counted,
}

#[derive(Serialize)]
struct Counted {
    n: u32,
    more: bool,
}

pub async fn run(common: &Common, arguments: Find) -> Result {
    let Find { query, limit } = arguments;
    if query.trim().is_empty() {
        return Err(Failure::Usage("there is nothing to look for: type a part of it".into()));
    }
    let engine = desk::engine(common)?;
    let id = desk::synced(&engine, common).await?.id;
    let found = engine.find(id, query.clone(), limit).await?;
    if common.json {
        output::json(&shape(&query, &found))?;
    } else {
        text(&query, &found)?;
    }
    Ok(Exit::Done)
}

fn shape<'a>(query: &'a str, found: &'a Found) -> Shape<'a> {
    let counted = |total: Total| Counted { n: total.n, more: total.more };
    Shape {
        query,
        scopes: found
            .scopes
            .iter()
            .map(|scope| Place {
                scope: ScopeId::of(scope),
                name: &scope.listed.name,
                archived: scope.listed.archived,
            })
            .collect(),
        values: found
            .values
            .iter()
            .map(|hit| Hit {
                scope: ScopeId::of(&hit.scope),
                slug: &hit.slug,
                field: &hit.field,
                value: field_json(&hit.slug, &hit.field, &hit.value),
                inherited_by: hit.inheritors,
            })
            .collect(),
        totals: Totals { scopes: counted(found.total_scopes), values: counted(found.total_values) },
    }
}

fn text(query: &str, found: &Found) -> Result<()> {
    if found.scopes.is_empty() && found.values.is_empty() {
        line(format!("Nothing holds “{query}”"))?;
    }
    if !found.scopes.is_empty() {
        line(heading("Groups and projects", found.scopes.len(), found.total_scopes))?;
        let rows: Vec<Vec<String>> = found.scopes.iter().map(place).collect();
        for text in output::columns(&rows) {
            line(text)?;
        }
    }
    if !found.values.is_empty() {
        if !found.scopes.is_empty() {
            line("")?;
        }
        line(heading("Values", found.values.len(), found.total_values))?;
        let rows: Vec<Vec<String>> = found.values.iter().map(hit).collect();
        for text in output::columns(&rows) {
            line(text)?;
        }
    }
    if query.trim().chars().count() < ANYWHERE_FROM {
        output::note(
            "So few characters are looked for at the beginning of names, paths and values",
        );
    }
    Ok(())
}

fn heading(what: &str, shown: usize, total: Total) -> String {
    let more = if total.more { "more than " } else { "" };
    if usize::try_from(total.n).is_ok_and(|n| n == shown) && !total.more {
        format!("{what}: {shown}")
    } else {
        format!("{what}: {shown} of {more}{} (--limit shows more)", total.n)
    }
}

fn place(scope: &Scope) -> Vec<String> {
    let listed = &scope.listed;
    let archived = if listed.archived { "archived" } else { "" };
    let path = ScopeId::of(scope).path;
    vec![format!("  {}", listed.key.level), path, listed.name.clone(), archived.into()]
}

fn hit(hit: &ValueHit) -> Vec<String> {
    let field = what_label(Some(&hit.slug), &What::Field(hit.field.clone()));
    let inherited = match (hit.scope.listed.key.level, hit.inheritors) {
        (Level::Project, _) => String::new(),
        (Level::Instance | Level::Group, 1) => "1 inherits it".into(),
        (Level::Instance | Level::Group, n) => format!("{n} inherit it"),
    };
    vec![
        format!("  {}", ScopeId::of(&hit.scope).path),
        kind_label(&hit.slug).to_owned(),
        field,
        cut(&hit.value.label()),
        inherited,
    ]
}
