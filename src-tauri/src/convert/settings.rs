//! Settings side by side.

use heirloom_engine::change::may_write;
use heirloom_engine::core::catalog::{self, Field, Integration};
use heirloom_engine::core::plan::{Besides, Step};
use heirloom_engine::core::row::Known;
use heirloom_engine::core::settings::{Known as KnownSetting, Pair, Side, Verdict};
use heirloom_engine::core::value::Value;
use heirloom_engine::query::{ChainLink, Comparison, LinkRole};
use heirloom_engine::{Connection, Error};

use super::{item, scope_name, sentence, source};
use crate::dto;

/// Default and own side by side.
pub fn comparison(connection: &Connection, found: &Comparison) -> dto::Comparison {
    let mut scopes = found.ancestors.clone();
    scopes.push(found.scope.clone());
    let shown = item(&found.item, &scopes);
    let own_read_at = (!found.own_assumed)
        .then(|| found.item.kept.as_ref().and_then(|kept| kept.fields_at))
        .flatten();
    dto::Comparison {
        scope: scope_name(&found.scope),
        description: found.item.integration.map_or("", |known| known.description).to_owned(),
        chain: found.chain.iter().map(chain_link).collect(),
        default_from: found
            .default
            .row
            .as_ref()
            .and_then(|_| source(found.default.source, &scopes)),
        default_read_at: found
            .default
            .row
            .as_ref()
            .and_then(|row| row.fields_at)
            .map(|at| at.to_string()),
        own_read_at: own_read_at.map(|at| at.to_string()),
        sections: sections(found.item.integration, &found.pairs),
        edit: edit_offer(connection, found),
        use_default: use_default_offer(connection, found),
        disable: disable_offer(may_write(connection), found),
        use_default_effect: match &found.use_default {
            Some(Ok(step)) => found.item.integration.map(|known| effect(known, step)),
            Some(Err(_)) | None => None,
        },
        item: shown,
    }
}

fn chain_link(link: &ChainLink) -> dto::ChainLink {
    dto::ChainLink {
        scope: scope_name(&link.scope),
        role: match link.role {
            LinkRole::SetsDefault => dto::ChainRole::SetsDefault,
            LinkRole::Inherits => dto::ChainRole::Inherits,
            LinkRole::PassesOn => dto::ChainRole::PassesOn,
            LinkRole::UsesOwn => dto::ChainRole::UsesOwn,
            LinkRole::Off => dto::ChainRole::Off,
            LinkRole::NotVisible => dto::ChainRole::NotVisible,
            LinkRole::Inferred => dto::ChainRole::Inferred,
        },
        source: link.source,
        flows: link.flows,
    }
}

fn edit_offer(connection: &Connection, found: &Comparison) -> dto::Offer {
    let refused = |kind, text: String| dto::Offer::Refused { why: dto::Why { kind, text } };
    match (&found.item.known, found.item.integration) {
        (Known::Unavailable(_), _) | (_, None) => dto::Offer::Absent,
        (_, Some(known))
            if !known.rest
                || known.read_only
                || !known.levels.contains(found.scope.listed.key.level) =>
        {
            dto::Offer::Absent
        }
        _ if found.scope.listed.key.level == heirloom_engine::core::ids::Level::Instance => {
            dto::Offer::Absent
        }
        (Known::Unknown(_), _) => refused(
            dto::WhyKind::NotRead,
            sentence(found.item.why.as_deref().unwrap_or("What is stored could not be read")),
        ),
        (Known::NotSet | Known::Off, Some(known)) if !known.creatable => refused(
            dto::WhyKind::NoApi,
            format!("{} must be installed in GitLab first", known.title),
        ),
        _ => match may_write(connection) {
            Ok(()) => dto::Offer::Offered,
            Err(error) => refused(dto::WhyKind::NoPermission, sentence(&error.to_string())),
        },
    }
}

fn use_default_offer(connection: &Connection, found: &Comparison) -> dto::Offer {
    let refused = |kind, text: String| dto::Offer::Refused { why: dto::Why { kind, text } };
    match (&found.use_default, may_write(connection)) {
        (None, _) => dto::Offer::Absent,
        (Some(_), Err(error)) => refused(dto::WhyKind::NoPermission, sentence(&error.to_string())),
        (Some(Err(why)), _) => refused(dto::WhyKind::NoApi, sentence(&why.to_string())),
        (Some(Ok(_)), Ok(())) => dto::Offer::Offered,
    }
}

/// Whether it can be switched off, for a form of what may be written (`may`).
pub fn disable_offer(may: Result<(), Error>, found: &Comparison) -> dto::Offer {
    let refused = |kind, text: String| dto::Offer::Refused { why: dto::Why { kind, text } };
    match (&found.disable, may) {
        (None, _) => dto::Offer::Absent,
        (Some(_), Err(error)) => refused(dto::WhyKind::NoPermission, sentence(&error.to_string())),
        (Some(Err(why)), _) => refused(dto::WhyKind::NoApi, sentence(&why.to_string())),
        (Some(Ok(())), Ok(())) => dto::Offer::Offered,
    }
}

fn effect(integration: &'static Integration, step: &Step) -> dto::UseDefaultEffect {
    let changes = small(step.changes(integration).len());
    let all = small(
        integration.fields.iter().filter(|field| !field.secret).count() + integration.events.len(),
    );
    let secrets_lost = step
        .besides
        .iter()
        .find_map(|besides| match besides {
            Besides::LosesSecrets { secrets } => Some(titles(integration, secrets)),
            _ => None,
        })
        .unwrap_or_default();
    dto::UseDefaultEffect {
        changes,
        same: all.saturating_sub(changes),
        secrets_lost,
        switches_off: step.besides.contains(&Besides::SwitchesOff),
    }
}

/// Pairs in the catalog's sections; what it does not know at the end.
pub fn sections(
    integration: Option<&'static Integration>,
    pairs: &[Pair],
) -> Vec<dto::CompareSection> {
    let rows = |wanted: &dyn Fn(&Pair) -> bool| {
        pairs.iter().filter(|pair| wanted(pair)).map(compare_row).collect::<Vec<_>>()
    };
    let mut sections: Vec<dto::CompareSection> = integration
        .map(|known| known.sections)
        .unwrap_or_default()
        .iter()
        .map(|section| dto::CompareSection {
            kind: section_kind(section.kind),
            title: section.title.to_owned(),
            rows: rows(&|pair| match pair.known {
                Some(KnownSetting::Field(field)) => field.section == section.kind,
                Some(KnownSetting::Event(_)) => section.kind == catalog::SectionKind::Trigger,
                None => false,
            }),
        })
        .collect();
    sections.push(dto::CompareSection {
        kind: dto::SectionKind::Unknown,
        title: "Other settings".into(),
        rows: rows(&|pair| pair.known.is_none()),
    });
    sections.retain(|section| !section.rows.is_empty());
    sections
}

fn compare_row(pair: &Pair) -> dto::CompareRow {
    let field = field_of(pair);
    dto::CompareRow {
        name: pair.name.clone(),
        title: title(pair),
        event: matches!(pair.known, Some(KnownSetting::Event(_))),
        secret: field.is_some_and(|field| field.secret),
        default: side(&pair.sides.default, field),
        own: side(&pair.sides.own, field),
        verdict: match pair.verdict {
            Verdict::Same => dto::Verdict::Same,
            Verdict::Differs => dto::Verdict::Differs,
            Verdict::CannotCompare => dto::Verdict::CannotCompare,
            Verdict::OneSided => dto::Verdict::OneSided,
        },
    }
}

/// A changed setting, before and after.
pub fn change(pair: &Pair) -> dto::Change {
    let field = field_of(pair);
    dto::Change {
        name: pair.name.clone(),
        title: title(pair),
        before: side(&pair.sides.default, field),
        after: side(&pair.sides.own, field),
    }
}

/// The label of a setting.
pub fn title(pair: &Pair) -> String {
    match pair.known {
        Some(KnownSetting::Field(field)) => field.title.to_owned(),
        Some(KnownSetting::Event(event)) => event.title.to_owned(),
        None => pair.name.clone(),
    }
}

fn field_of(pair: &Pair) -> Option<&'static Field> {
    match pair.known {
        Some(KnownSetting::Field(field)) => Some(field),
        Some(KnownSetting::Event(_)) | None => None,
    }
}

/// One side of a setting.
pub fn side(side: &Side, field: Option<&'static Field>) -> dto::Shown {
    match side {
        Side::Value(found) => {
            let plain = match found {
                Value::Text(text) => Some(text.clone()),
                Value::Integer(whole) => Some(whole.to_string()),
                Value::Unset | Value::Empty | Value::Bool(_) | Value::List(_) => None,
            };
            let label = field.zip(plain).and_then(|(field, plain)| {
                field.choices.iter().find(|choice| choice.value == plain)
            });
            dto::Shown::Value {
                value: value(found),
                label: label.map(|choice| choice.label.to_owned()),
            }
        }
        Side::Flag(on) => dto::Shown::Value { value: dto::FieldValue::Bool(*on), label: None },
        Side::Hidden => dto::Shown::Hidden,
        Side::Unread => dto::Shown::Unread,
        Side::Absent => dto::Shown::None,
    }
}

/// A value for the window.
pub fn value(value: &Value) -> dto::FieldValue {
    match value {
        Value::Unset => dto::FieldValue::Unset,
        Value::Empty => dto::FieldValue::Empty,
        Value::Bool(flag) => dto::FieldValue::Bool(*flag),
        Value::Integer(whole) => dto::FieldValue::Integer(whole.to_string()),
        Value::Text(text) => dto::FieldValue::Text(text.clone()),
        Value::List(items) => dto::FieldValue::List(items.clone()),
    }
}

/// Labels of settings by name.
pub fn titles(integration: &Integration, names: &[String]) -> Vec<String> {
    names
        .iter()
        .map(|name| integration.field(name).map_or(name.as_str(), |field| field.title).to_owned())
        .collect()
}

/// The part of a form.
pub fn section_kind(kind: catalog::SectionKind) -> dto::SectionKind {
    match kind {
        catalog::SectionKind::Connection => dto::SectionKind::Connection,
        catalog::SectionKind::Configuration => dto::SectionKind::Configuration,
        catalog::SectionKind::Trigger => dto::SectionKind::Trigger,
    }
}

/// What an integration is for.
pub fn category(integration: Option<&'static Integration>) -> dto::Category {
    match integration.map(|known| known.category) {
        Some(catalog::Category::Tracker) => dto::Category::Tracker,
        Some(catalog::Category::Chat) => dto::Category::Chat,
        Some(catalog::Category::Build) => dto::Category::Build,
        Some(catalog::Category::Mail) => dto::Category::Mail,
        Some(catalog::Category::Wiki) => dto::Category::Wiki,
        Some(catalog::Category::Monitor) => dto::Category::Monitor,
        Some(catalog::Category::Package) => dto::Category::Package,
        Some(catalog::Category::Security) => dto::Category::Security,
        Some(catalog::Category::Other) | None => dto::Category::Other,
    }
}

/// Counts fit the window's numbers.
pub fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
