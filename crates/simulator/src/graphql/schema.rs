//! The part of GitLab's GraphQL schema that is served: what leads to the integrations of projects
//! (contract, section 5).

/// What a field gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
    /// A value, by the name of its type.
    Value(&'static str),
    /// An object, by the name of its type.
    Object(&'static str),
    /// Pages of objects, by the name of the connection's type.
    Pages(&'static str),
}

/// What an argument takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    Boolean,
    Int,
    Text,
    Id,
    /// One of the service types.
    ServiceType,
}

impl Takes {
    pub(super) fn type_name(self) -> &'static str {
        match self {
            Self::Boolean => "Boolean",
            Self::Int => "Int",
            Self::Text => "String",
            Self::Id => "ID!",
            Self::ServiceType => "ServiceType",
        }
    }
}

#[derive(Debug)]
pub(super) struct Argument {
    pub name: &'static str,
    pub takes: Takes,
    pub required: bool,
}

const fn optional(name: &'static str, takes: Takes) -> Argument {
    Argument { name, takes, required: false }
}

#[derive(Debug)]
pub(super) struct Field {
    pub name: &'static str,
    pub gives: Gives,
    pub arguments: &'static [Argument],
}

const fn value(name: &'static str, kind: &'static str) -> Field {
    Field { name, gives: Gives::Value(kind), arguments: &[] }
}

const fn object(name: &'static str, kind: &'static str) -> Field {
    Field { name, gives: Gives::Object(kind), arguments: &[] }
}

const fn pages(name: &'static str, kind: &'static str, arguments: &'static [Argument]) -> Field {
    Field { name, gives: Gives::Pages(kind), arguments }
}

#[derive(Debug)]
pub(super) struct Type {
    pub name: &'static str,
    pub fields: &'static [Field],
}

impl Type {
    pub(super) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

const FULL_PATH: Argument = Argument { name: "fullPath", takes: Takes::Id, required: true };
const FIRST: Argument = optional("first", Takes::Int);
const AFTER: Argument = optional("after", Takes::Text);
const SERVICE: &[Field] =
    &[value("type", "String"), value("serviceType", "ServiceType"), value("active", "Boolean")];

const TYPES: &[Type] = &[
    Type {
        name: "Query",
        fields: &[
            Field { arguments: &[FULL_PATH], ..object("project", "Project") },
            pages(
                "projects",
                "ProjectConnection",
                &[FIRST, AFTER, optional("membership", Takes::Boolean)],
            ),
            object("currentUser", "CurrentUser"),
            object("metadata", "Metadata"),
        ],
    },
    Type {
        name: "Project",
        fields: &[
            value("id", "ID"),
            value("name", "String"),
            value("path", "String"),
            value("fullPath", "ID"),
            value("archived", "Boolean"),
            pages(
                "services",
                "ServiceConnection",
                &[
                    FIRST,
                    AFTER,
                    optional("active", Takes::Boolean),
                    optional("type", Takes::ServiceType),
                ],
            ),
        ],
    },
    Type { name: "Service", fields: SERVICE },
    Type { name: "BaseService", fields: SERVICE },
    Type { name: "JiraService", fields: SERVICE },
    Type {
        name: "ServiceConnection",
        fields: &[
            object("nodes", "Service"),
            object("edges", "ServiceEdge"),
            object("pageInfo", "PageInfo"),
        ],
    },
    Type { name: "ServiceEdge", fields: &[object("node", "Service"), value("cursor", "String")] },
    Type {
        name: "ProjectConnection",
        fields: &[
            object("nodes", "Project"),
            object("edges", "ProjectEdge"),
            object("pageInfo", "PageInfo"),
            value("count", "Int"),
        ],
    },
    Type { name: "ProjectEdge", fields: &[object("node", "Project"), value("cursor", "String")] },
    Type {
        name: "PageInfo",
        fields: &[
            value("hasNextPage", "Boolean"),
            value("hasPreviousPage", "Boolean"),
            value("startCursor", "String"),
            value("endCursor", "String"),
        ],
    },
    Type {
        name: "CurrentUser",
        fields: &[value("id", "ID"), value("username", "String"), value("name", "String")],
    },
    Type {
        name: "Metadata",
        fields: &[
            value("version", "String"),
            value("revision", "String"),
            value("enterprise", "Boolean"),
        ],
    },
    // There is none that concerns integrations.
    Type { name: "Mutation", fields: &[] },
];

pub(super) fn named(name: &str) -> Option<&'static Type> {
    TYPES.iter().find(|known| known.name == name)
}

/// Whether an object of one type is also of another.
pub(super) fn is_a(name: &str, wanted: &str) -> bool {
    name == wanted || (wanted == "Service" && matches!(name, "BaseService" | "JiraService"))
}

/// The class of an integration, as GraphQL has it: `HangoutsChatService`.
pub(super) fn class(slug: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
    };
    let words: Vec<String> = slug.split('-').map(capital).collect();
    format!("{}Service", words.concat())
}

/// The same among the service types: `HANGOUTS_CHAT_SERVICE`.
pub(super) fn service_type(slug: &str) -> String {
    format!("{}_SERVICE", slug.replace('-', "_").to_uppercase())
}
