//! Whether a query fits the schema, and what it costs. Messages and codes are those of the
//! library GitLab uses.

use async_graphql_parser::types::{ExecutableDocument, Field as Asked, Selection, SelectionSet};
use async_graphql_parser::{Pos, Positioned};
use async_graphql_value::Value;
use serde_json::{Value as Json, json};

use super::schema::{self, Argument, Field, Gives, Takes, Type};
use crate::kinds;

/// How deep selections nest at most, fragments included.
pub(super) const DEPTH: usize = 20;
/// So many objects a page has at most.
const MOST_PER_PAGE: i64 = 100;

/// Checks one operation.
pub(super) struct Check<'a> {
    document: &'a ExecutableDocument,
    variables: &'a Json,
    pub errors: Vec<Json>,
    /// Whether it nests too deep, as fragments do that hold each other.
    pub too_deep: bool,
}

impl<'a> Check<'a> {
    pub(super) fn new(document: &'a ExecutableDocument, variables: &'a Json) -> Self {
        Self { document, variables, errors: Vec::new(), too_deep: false }
    }

    fn refuse(&mut self, at: Pos, path: &[String], message: &str, extensions: &Json) {
        self.errors.push(json!({
            "message": message,
            "locations": [{ "line": at.line, "column": at.column }],
            "path": path,
            "extensions": extensions,
        }));
    }

    /// Checks a selection on a type; gives its complexity.
    pub(super) fn selection(
        &mut self,
        on: &'static Type,
        selection: &SelectionSet,
        path: &mut Vec<String>,
    ) -> i64 {
        if path.len() > DEPTH {
            self.too_deep = true;
        }
        if self.too_deep {
            return 0;
        }
        let mut complexity = 0;
        for item in &selection.items {
            complexity += match &item.node {
                Selection::Field(asked) => {
                    path.push(asked.node.response_key().node.to_string());
                    let own = self.field(on, asked, path);
                    path.pop();
                    own
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let on = condition.map_or(Some(on), |c| schema::named(&c.node.on.node));
                    path.push("...".to_owned());
                    let own = on.map_or(0, |on| {
                        self.selection(on, &fragment.node.selection_set.node, path)
                    });
                    path.pop();
                    own
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let Some(fragment) = self.document.fragments.get(name) else {
                        let message = format!("Fragment {name} was used, but not defined");
                        let extensions =
                            json!({ "code": "useAndDefineFragment", "fragmentName": name });
                        self.refuse(item.pos, path, &message, &extensions);
                        continue;
                    };
                    let on = schema::named(&fragment.node.type_condition.node.on.node);
                    path.push(format!("... {name}"));
                    let own = on.map_or(0, |on| {
                        self.selection(on, &fragment.node.selection_set.node, path)
                    });
                    path.pop();
                    own
                }
            };
        }
        complexity
    }

    fn field(
        &mut self,
        on: &'static Type,
        asked: &Positioned<Asked>,
        path: &mut Vec<String>,
    ) -> i64 {
        let name = asked.node.name.node.as_str();
        if name == "__typename" {
            return 1;
        }
        let Some(field) = on.field(name) else {
            let message = format!("Field '{name}' doesn't exist on type '{}'", on.name);
            let extensions =
                json!({ "code": "undefinedField", "typeName": on.name, "fieldName": name });
            self.refuse(asked.pos, path, &message, &extensions);
            return 0;
        };
        self.arguments(field, asked, path);
        let items = &asked.node.selection_set.node.items;
        let mismatch =
            json!({ "code": "selectionMismatch", "nodeName": format!("field '{name}'") });
        match field.gives {
            Gives::Value(kind) if !items.is_empty() => {
                let message = format!(
                    "Selections can't be made on scalars (field '{name}' returns {kind} but has \
                     selections)"
                );
                self.refuse(asked.pos, path, &message, &mismatch);
                0
            }
            Gives::Value(_) => 1,
            Gives::Object(kind) | Gives::Pages(kind) if items.is_empty() => {
                let message = format!(
                    "Field must have selections (field '{name}' returns {kind} but has no \
                     selections. Did you mean '{name} {{ ... }}'?)"
                );
                self.refuse(asked.pos, path, &message, &mismatch);
                0
            }
            Gives::Object(kind) | Gives::Pages(kind) => {
                let below = schema::named(kind)
                    .map_or(0, |kind| self.selection(kind, &asked.node.selection_set.node, path));
                self.complexity(field, asked, below)
            }
        }
    }

    /// Each page's objects add a hundredth to what is asked of them.
    fn complexity(&self, field: &Field, asked: &Positioned<Asked>, below: i64) -> i64 {
        let own = below + 1;
        if !matches!(field.gives, Gives::Pages(_)) {
            return own;
        }
        let first = asked.node.get_argument("first").map(|value| self.json(&value.node));
        let first = first.and_then(|first| first.as_i64()).unwrap_or(MOST_PER_PAGE);
        own + own * first.clamp(0, MOST_PER_PAGE) / 100
    }

    /// A literal, or what a variable stands for.
    fn json(&self, value: &Value) -> Json {
        literal(value, self.variables)
    }

    fn arguments(&mut self, field: &Field, asked: &Positioned<Asked>, path: &[String]) {
        let sent = &asked.node.arguments;
        let given = |argument: &Argument| {
            sent.iter().any(|(name, value)| {
                name.node.as_str() == argument.name && !self.json(&value.node).is_null()
            })
        };
        let missing: Vec<_> = field
            .arguments
            .iter()
            .filter(|argument| argument.required && !given(argument))
            .map(|argument| argument.name)
            .collect();
        if !missing.is_empty() {
            let missing = missing.join(", ");
            let message =
                format!("Field '{}' is missing required arguments: {missing}", field.name);
            let extensions = json!({
                "code": "missingRequiredArguments",
                "className": "Field",
                "name": field.name,
                "arguments": missing,
            });
            self.refuse(asked.pos, path, &message, &extensions);
        }
        for (name, value) in sent {
            let name_text = name.node.as_str();
            let known = field.arguments.iter().find(|argument| argument.name == name_text);
            let Some(argument) = known else {
                let message =
                    format!("Field '{}' doesn't accept argument '{name_text}'", field.name);
                let extensions = json!({
                    "code": "argumentNotAccepted",
                    "name": field.name,
                    "typeName": "Field",
                    "argumentName": name_text,
                });
                self.refuse(name.pos, path, &message, &extensions);
                continue;
            };
            let json = self.json(&value.node);
            if !fits(argument.takes, &json) {
                let message = format!(
                    "Argument '{name_text}' on Field '{}' has an invalid value ({}). Expected \
                     type '{}'.",
                    field.name,
                    value.node,
                    argument.takes.type_name()
                );
                let extensions = json!({
                    "code": "argumentLiteralsIncompatible",
                    "typeName": "Field",
                    "argumentName": name_text,
                });
                self.refuse(asked.pos, path, &message, &extensions);
            }
        }
    }
}

/// A value with its variables put in; what was not given is null.
pub(super) fn literal(value: &Value, variables: &Json) -> Json {
    match value {
        Value::Variable(name) => variables.get(name.as_str()).cloned().unwrap_or(Json::Null),
        other => other.clone().into_json().unwrap_or(Json::Null),
    }
}

fn fits(takes: Takes, json: &Json) -> bool {
    match takes {
        _ if json.is_null() => true,
        Takes::Boolean => json.is_boolean(),
        Takes::Int => json.is_i64(),
        Takes::Text => json.is_string(),
        Takes::Id => json.is_string() || json.is_i64(),
        Takes::ServiceType => json
            .as_str()
            .is_some_and(|name| kinds::all().any(|kind| schema::service_type(kind.slug) == name)),
    }
}
