//! The stored settings of one integration in one scope.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::clock::Millis;
use crate::kinds::{Events, Field, Kind, KindId, Start};

/// One stored value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Text(Box<str>),
    Integer(i64),
    Boolean(bool),
    List(Box<[Box<str>]>),
}

impl Value {
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Self::Text(text) => text.trim().is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Integer(_) | Self::Boolean(_) => false,
        }
    }

    pub(crate) fn to_json(&self) -> Json {
        match self {
            Self::Text(text) => Json::from(text.as_ref()),
            Self::Integer(number) => Json::from(*number),
            Self::Boolean(on) => Json::from(*on),
            Self::List(items) => items.iter().map(AsRef::as_ref).collect::<Vec<&str>>().into(),
        }
    }

    /// What a test or another process writes straight into a row, without any coercion.
    pub(crate) fn from_json(json: &Json) -> Option<Self> {
        match json {
            Json::Null | Json::Object(_) => None,
            Json::Bool(on) => Some(Self::Boolean(*on)),
            Json::Number(number) => number.as_i64().map(Self::Integer),
            Json::String(text) => Some(Self::text(text)),
            Json::Array(items) => {
                Some(Self::List(items.iter().filter_map(Json::as_str).map(Into::into).collect()))
            }
        }
    }
}

impl Start {
    pub(crate) fn value(self) -> Option<Value> {
        match self {
            Self::Nothing => None,
            Self::True => Some(Value::Boolean(true)),
            Self::False => Some(Value::Boolean(false)),
            Self::Zero => Some(Value::Integer(0)),
            Self::EmptyList => Some(Value::List(Box::default())),
            Self::Text(text) => Some(Value::text(text)),
        }
    }
}

/// The values of a row, in the order of its kind's fields. Rows that inherit share their
/// source's, so a million rows cost little.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Values(Arc<[Option<Value>]>);

impl Values {
    /// What a new record holds.
    pub(crate) fn initial(kind: &Kind) -> Self {
        Self(kind.fields.iter().map(|field| field.initial.value()).collect())
    }

    /// What DELETE leaves (contract, section 2).
    pub(crate) fn blank(kind: &Kind) -> Self {
        Self(kind.fields.iter().map(|field| field.column.value()).collect())
    }

    pub(crate) fn get(&self, position: usize) -> Option<&Value> {
        self.0.get(position).and_then(Option::as_ref)
    }

    pub(crate) fn named(&self, kind: &Kind, name: &str) -> Option<&Value> {
        kind.field(name).and_then(|(position, _)| self.get(position))
    }

    pub(crate) fn set(&mut self, position: usize, value: Option<Value>) {
        if self.0.get(position) == Some(&value) {
            return;
        }
        let mut values: Vec<_> = self.0.to_vec();
        if let Some(slot) = values.get_mut(position) {
            *slot = value;
        }
        self.0 = values.into();
    }

    pub(crate) fn each<'a>(
        &'a self,
        kind: &'static Kind,
    ) -> impl Iterator<Item = (&'static Field, Option<&'a Value>)> {
        kind.fields.iter().zip(self.0.iter().map(Option::as_ref))
    }
}

/// One row of GitLab's `integrations` table.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub id: u64,
    pub kind: KindId,
    pub active: bool,
    pub events: Events,
    /// The id of the default's row; none = custom settings.
    pub inherit_from: Option<u64>,
    pub values: Values,
    pub created_at: Millis,
    pub updated_at: Millis,
}

impl Row {
    pub(crate) fn kind(&self) -> &'static Kind {
        self.kind.kind()
    }

    /// A record that is not stored yet.
    pub(crate) fn new(id: u64, kind: KindId, now: Millis) -> Self {
        Self {
            id,
            kind,
            active: false,
            events: Events::initial(),
            inherit_from: None,
            values: Values::initial(kind.kind()),
            created_at: now,
            updated_at: now,
        }
    }

    /// Takes over everything that propagation copies (contract, section 8).
    pub(crate) fn copy_from(&mut self, source: &Row, now: Millis) {
        self.active = source.active;
        self.events = source.events;
        self.values = source.values.clone();
        self.inherit_from = Some(source.inherit_from.unwrap_or(source.id));
        self.updated_at = now;
    }

    /// Moves `updated_at` as the database would: only if a column of the row itself changed,
    /// not if values changed that live beside it (contract, sections 2 and 10).
    pub(crate) fn touch_since(&mut self, before: &Row, now: Millis) {
        let row_changed = self.active != before.active
            || self.events != before.events
            || self.inherit_from != before.inherit_from;
        if row_changed || (self.values != before.values && !self.kind().beside) {
            self.updated_at = now;
        }
    }

    /// Clears the stored secrets that were not sent along with a changed address
    /// (contract, section 2).
    pub(crate) fn forget_exposed_secrets(&mut self, before: &Row, sent: &[usize]) {
        let kind = self.kind();
        let moved = kind.fields.iter().enumerate().any(|(position, field)| {
            field.exposes_secrets && self.values.get(position) != before.values.get(position)
        });
        if !moved {
            return;
        }
        for (position, field) in kind.fields.iter().enumerate() {
            if field.secret && !sent.contains(&position) {
                self.values.set(position, None);
            }
        }
    }
}
