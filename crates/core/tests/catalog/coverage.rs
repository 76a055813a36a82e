//! Every parameter of both sources is in the catalog as the source has it, or its deviation is
//! listed with a reason.

use std::collections::BTreeSet;
use std::fmt;

use heirloom_core::catalog::{self, FieldType, Integration};

use crate::deviations::{ACCEPTED, BEYOND, DOCUMENTED, Deviation};
use crate::facts::{Fact, accepted, documented};

/// How the catalog differs from a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// The integration is called otherwise.
    Slug(&'static str),
    /// The parameter is called otherwise.
    Name(&'static str),
    /// The type is another.
    Type(&'static str),
    /// Required in the catalog, not in the source.
    Required,
    /// Required in the source, not in the catalog.
    Optional,
    /// In the catalog, but never sent.
    NotSent,
    /// Not in the catalog.
    LeftOut,
}

/// A deviation found, to be compared with those listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    slug: &'static str,
    parameter: &'static str,
    how: How,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {:?}", self.slug, self.parameter, self.how)
    }
}

#[test]
fn every_documented_parameter_is_in_the_catalog() {
    let facts = documented();
    let covered = facts.len() - compare(&facts, DOCUMENTED);
    println!("{covered}/{} documented", facts.len());
    assert_eq!(facts.len(), 419, "the whole of the documentation was taken down");
    assert_eq!(covered, 419, "each of them is in the catalog");
    let slugs: BTreeSet<_> = facts.iter().map(|fact| fact.slug).collect();
    assert_eq!(slugs.len(), 50, "fifty integrations are documented");
}

#[test]
fn every_accepted_parameter_is_in_the_catalog_but_those_that_must_not_be_sent() {
    let facts = accepted();
    let covered = facts.len() - compare(&facts, ACCEPTED);
    println!("{covered}/{} accepted by 19.3", facts.len());
    assert_eq!(facts.len(), 487, "the whole of the API description was taken down");
    assert_eq!(covered, 465, "all but the work item events of eleven chats");
}

#[test]
fn whatever_neither_source_has_is_listed() {
    let known: BTreeSet<_> = documented()
        .iter()
        .chain(&accepted())
        .filter_map(|fact| Some((integration(fact.slug)?.slug, canonical(fact)?)))
        .collect();
    let mut beyond = BTreeSet::new();
    for integration in catalog::all().iter().filter(|integration| integration.rest) {
        let fields = integration.fields.iter().map(|field| field.name);
        for name in fields.chain(integration.events.iter().map(|event| event.name)) {
            if !known.contains(&(integration.slug, name)) {
                beyond.insert((integration.slug, name));
            }
        }
    }
    let listed = BEYOND.iter().map(|(slug, name, _)| (*slug, *name)).collect();
    assert_eq!(beyond, listed, "left: found in the catalog alone, right: listed as that");
}

/// Fails on a deviation that is not listed, and on a listed one that is none; answers how many
/// parameters the catalog leaves out.
fn compare(facts: &[Fact], listed: &[Deviation]) -> usize {
    let found: BTreeSet<Found> = facts.iter().flat_map(deviations).collect();
    let covers = |entry: &Deviation, found: &Found| {
        (entry.slug == "*" || entry.slug == found.slug)
            && (entry.parameter == "*" || entry.parameter == found.parameter)
            && entry.how == found.how
    };
    let unlisted: Vec<_> = found
        .iter()
        .filter(|found| !listed.iter().any(|entry| covers(entry, found)))
        .map(ToString::to_string)
        .collect();
    assert!(unlisted.is_empty(), "deviations without a reason:\n{}", unlisted.join("\n"));
    for entry in listed {
        assert!(
            found.iter().any(|found| covers(entry, found)),
            "{} {} no longer deviates ({:?}): take it off the list",
            entry.slug,
            entry.parameter,
            entry.how
        );
        assert!(!entry.reason.is_empty(), "{} {}: why?", entry.slug, entry.parameter);
    }
    found.iter().filter(|found| found.how == How::LeftOut).count()
}

fn deviations(fact: &Fact) -> Vec<Found> {
    let mut found = Vec::new();
    let mut add = |how| found.push(Found { slug: fact.slug, parameter: fact.parameter, how });
    let Some(integration) = integration(fact.slug) else {
        add(How::LeftOut);
        return found;
    };
    if integration.slug != fact.slug {
        add(How::Slug(integration.slug));
    }
    let Some(as_listed) = in_catalog(integration, fact.parameter) else {
        add(How::LeftOut);
        return found;
    };
    if as_listed.name != fact.parameter {
        add(How::Name(as_listed.name));
    }
    if as_listed.field_type != fact.field_type() {
        add(How::Type(match as_listed.field_type {
            FieldType::String => "string",
            FieldType::Boolean => "boolean",
            FieldType::Integer => "integer",
            FieldType::StringArray => "array",
        }));
    }
    match (fact.required, as_listed.required) {
        (true, false) => add(How::Optional),
        (false, true) => add(How::Required),
        (true, true) | (false, false) => {}
    }
    if !as_listed.rest {
        add(How::NotSent);
    }
    found
}

/// A parameter as the catalog has it.
struct Listed {
    name: &'static str,
    field_type: FieldType,
    required: bool,
    rest: bool,
}

fn in_catalog(integration: &'static Integration, name: &str) -> Option<Listed> {
    let flag = |name, rest| Listed { name, field_type: FieldType::Boolean, required: false, rest };
    if name == "use_inherited_settings" {
        return integration
            .supports_inherit
            .then(|| flag("use_inherited_settings", integration.rest));
    }
    let field = integration.field(name).map(|field| Listed {
        name: field.name,
        field_type: field.field_type,
        required: field.required,
        rest: field.rest,
    });
    field.or_else(|| integration.event(name).map(|event| flag(event.name, event.rest)))
}

fn canonical(fact: &Fact) -> Option<&'static str> {
    in_catalog(integration(fact.slug)?, fact.parameter).map(|listed| listed.name)
}

fn integration(slug: &str) -> Option<&'static Integration> {
    catalog::all().iter().find(|it| it.slug == slug || it.aliases.contains(&slug))
}
