//! What a person gives a command: settings, secrets, lists of paths.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;

use heirloom_core::catalog::{self, Integration};
use heirloom_core::ids::{ConnectionId, Slug};
use heirloom_core::settings::Settings;
use heirloom_core::value::Value;
use heirloom_engine::Engine;
use heirloom_engine::change::Secrets;
use secrecy::SecretString;

use crate::exit::{Failure, Result};

/// The integration a slug names.
pub fn kind(name: &str) -> Result<(Slug, &'static Integration)> {
    let unknown =
        || Failure::Usage(format!("“{name}” is no integration: heirloomctl catalog lists them"));
    let slug: Slug = name.parse().map_err(|_| unknown())?;
    let known = catalog::find(&slug).ok_or_else(unknown)?;
    Ok((slug, known))
}

/// `name=value` pairs, by the catalog's types. Secrets are refused: a command line can be read by
/// everybody on the computer.
pub fn settings(integration: &'static Integration, pairs: &[String]) -> Result<Settings> {
    let mut settings = Settings::default();
    for pair in pairs {
        let (name, text) = pair
            .split_once('=')
            .ok_or_else(|| Failure::Usage(format!("--field {pair}: write name=value")))?;
        if let Some(event) = integration.event(name) {
            let on = match text {
                "true" | "1" | "on" => true,
                "false" | "0" | "off" => false,
                _ => {
                    return Err(Failure::Usage(format!(
                        "--field {name}: an event is true or false"
                    )));
                }
            };
            settings.events.insert(event.name.to_owned(), on);
            continue;
        }
        let field = integration.field(name).ok_or_else(|| {
            Failure::Usage(format!(
                "{} has no setting {name}: heirloomctl catalog {} lists them",
                integration.title, integration.slug
            ))
        })?;
        if field.secret {
            return Err(Failure::Usage(format!(
                "--field {name}: a secret is not taken on the command line. Name it with \
                 --secret-stdin {name}"
            )));
        }
        let value = Value::from_text(field.field_type, text);
        settings.fields.insert(field.name.to_owned(), value);
    }
    Ok(settings)
}

/// Names of secret fields, as they were typed.
pub fn secret_names(integration: &'static Integration, names: &[String]) -> Result<Vec<String>> {
    names
        .iter()
        .map(|name| match integration.field(name).filter(|field| field.secret) {
            Some(field) => Ok(field.name.to_owned()),
            None => Err(Failure::Usage(format!(
                "--secret-stdin {name}: {} has no such secret",
                integration.title
            ))),
        })
        .collect()
}

/// Reads one line of standard input for each name, in that order.
pub fn from_stdin(secrets: &mut Secrets, names: &[String]) -> Result<()> {
    let mut lines = io::stdin().lock().lines();
    for name in names {
        let line = lines.next().transpose()?.unwrap_or_default();
        if line.is_empty() {
            return Err(Failure::Usage(format!("standard input has no line for {name}")));
        }
        secrets.give(name.clone(), SecretString::from(line));
    }
    Ok(())
}

/// Reads secrets of single scopes: `{"group/project": {"password": "…"}}`.
pub async fn from_file(
    engine: &Engine,
    id: ConnectionId,
    secrets: &mut Secrets,
    file: &Path,
) -> Result<()> {
    let cannot = |why: String| Failure::Usage(format!("{}: {why}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|why| cannot(why.to_string()))?;
    let given: BTreeMap<String, BTreeMap<String, SecretText>> =
        serde_json::from_str(&text).map_err(|why| cannot(misshapen(&why)))?;
    for (path, fields) in given {
        let scope = engine.find_scope(id, &path, None).await?.listed.key;
        for (field, value) in fields {
            secrets.give_at(scope, field, value.0);
        }
    }
    Ok(())
}

/// Where a file of secrets is not as it should be. The parser's own words may hold one.
fn misshapen(why: &serde_json::Error) -> String {
    format!(
        "line {}, column {}: write {{\"group/project\": {{\"password\": \"…\"}}}}",
        why.line(),
        why.column()
    )
}

/// Never printed, not even by an error.
struct SecretText(SecretString);

impl<'de> serde::Deserialize<'de> for SecretText {
    fn deserialize<D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> std::result::Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(SecretString::from(text)))
    }
}

/// Paths as typed, then those of a file, one on each line, as they are read.
pub fn paths<'a>(
    typed: &'a [String],
    file: Option<&'a Path>,
) -> Result<impl Iterator<Item = Result<String>> + 'a> {
    let cannot = |file: &Path, why: io::Error| Failure::Usage(format!("{}: {why}", file.display()));
    let lines = match file {
        Some(path) => {
            let file = File::open(path).map_err(|why| cannot(path, why))?;
            Some(
                BufReader::new(file).lines().map(move |line| line.map_err(|why| cannot(path, why))),
            )
        }
        None => None,
    };
    let listed = lines.into_iter().flatten().filter_map(|line| match line {
        Ok(line) => {
            // An editor's mark at the beginning is no part of the first path.
            let path = line.trim_start_matches('\u{feff}').trim();
            let meant = !path.is_empty() && !path.starts_with('#');
            meant.then(|| Ok(path.to_owned()))
        }
        Err(why) => Some(Err(why)),
    });
    let mut all = typed.iter().cloned().map(Ok).chain(listed).peekable();
    if all.peek().is_none() {
        return Err(Failure::Usage("say where: a full path, or --paths-from FILE".into()));
    }
    Ok(all)
}
