//! Answering a query that was checked.

use async_graphql_parser::types::{ExecutableDocument, Field as Asked, Selection, SelectionSet};
use serde_json::{Map, Value as Json, json};

use super::check::literal;
use super::schema::{class, is_a, service_type};
use crate::site::Site;
use crate::world::{Project, Row, User, Viewer, World, access};

/// What a field came to.
enum Found<'a> {
    Value(Json),
    One(Node<'a>),
    Many(Vec<Node<'a>>),
}

/// One object of the graph.
#[derive(Clone)]
pub(super) enum Node<'a> {
    Query,
    Project(&'a Project),
    Service(&'a Row),
    User(&'a User),
    Metadata,
    Pages(Pages<'a>),
    Edge(Box<Node<'a>>),
    PageInfo(Json),
}

/// One page of objects.
#[derive(Clone)]
pub(super) struct Pages<'a> {
    name: &'static str,
    nodes: Vec<Node<'a>>,
    count: usize,
    info: Json,
}

impl<'a> Pages<'a> {
    /// The page that `first` and `after` name, of objects that are all at hand.
    fn new(name: &'static str, all: Vec<Node<'a>>, arguments: &Json) -> Self {
        let count = all.len();
        let first = arguments["first"].as_u64().and_then(|first| usize::try_from(first).ok());
        let first = first.unwrap_or(100).min(100);
        let after = arguments["after"].as_str();
        let start = after
            .and_then(|after| all.iter().position(|node| node.cursor() == after))
            .map_or(0, |position| position + 1);
        let nodes: Vec<_> = all.into_iter().skip(start).take(first).collect();
        let info = json!({
            "hasNextPage": start + nodes.len() < count,
            "hasPreviousPage": start > 0,
            "startCursor": nodes.first().map(Node::cursor),
            "endCursor": nodes.last().map(Node::cursor),
        });
        Self { name, nodes, count, info }
    }
}

impl Node<'_> {
    fn type_name(&self) -> &'static str {
        match self {
            Self::Query => "Query",
            Self::Project(_) => "Project",
            Self::Service(row) if row.kind().slug == "jira" => "JiraService",
            Self::Service(_) => "BaseService",
            Self::User(_) => "CurrentUser",
            Self::Metadata => "Metadata",
            Self::Pages(pages) => pages.name,
            Self::Edge(node) => match **node {
                Self::Service(_) => "ServiceEdge",
                _ => "ProjectEdge",
            },
            Self::PageInfo(_) => "PageInfo",
        }
    }

    /// Opaque to clients.
    fn cursor(&self) -> String {
        let id = match self {
            Self::Project(project) => project.id,
            Self::Service(row) => row.id,
            _ => 0,
        };
        format!("{id:x}")
    }
}

/// What every field may look at.
pub(super) struct Answer<'a> {
    pub site: &'a Site,
    pub world: &'a World,
    pub viewer: Viewer,
    pub document: &'a ExecutableDocument,
    pub variables: &'a Json,
}

impl<'a> Answer<'a> {
    /// The selected fields of one object.
    pub(super) fn object(&self, node: &Node<'a>, selection: &SelectionSet) -> Json {
        let mut body = Map::new();
        self.collect(node, selection, &mut body);
        Json::Object(body)
    }

    fn collect(&self, node: &Node<'a>, selection: &SelectionSet, body: &mut Map<String, Json>) {
        for item in &selection.items {
            let (condition, more) = match &item.node {
                Selection::Field(asked) => {
                    let key = asked.node.response_key().node.to_string();
                    body.insert(key, self.field(node, &asked.node));
                    continue;
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    (condition, &fragment.node.selection_set.node)
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let Some(fragment) = self.document.fragments.get(name) else { continue };
                    (Some(&fragment.node.type_condition), &fragment.node.selection_set.node)
                }
            };
            if condition.is_none_or(|wanted| is_a(node.type_name(), &wanted.node.on.node)) {
                self.collect(node, more, body);
            }
        }
    }

    fn field(&self, node: &Node<'a>, asked: &Asked) -> Json {
        let arguments = asked.arguments.iter();
        let arguments: Json = arguments
            .map(|(name, value)| (name.node.to_string(), literal(&value.node, self.variables)))
            .collect::<Map<_, _>>()
            .into();
        let below = &asked.selection_set.node;
        match self.resolve(node, asked.name.node.as_str(), &arguments) {
            Found::Value(value) => value,
            Found::One(node) => self.object(&node, below),
            Found::Many(nodes) => nodes.iter().map(|node| self.object(node, below)).collect(),
        }
    }

    fn resolve(&self, node: &Node<'a>, name: &str, arguments: &Json) -> Found<'a> {
        let value = |value: Json| Found::Value(value);
        match (node, name) {
            (_, "__typename") => value(node.type_name().into()),
            (Node::Query, "project") => self.project(arguments),
            (Node::Query, "projects") => self.projects(arguments),
            (Node::Query, "currentUser") => {
                let user = self.viewer.user.and_then(|id| self.world.people.user(id));
                user.map_or(Found::Value(Json::Null), |user| Found::One(Node::User(user)))
            }
            (Node::Query, "metadata") if self.viewer.user.is_some() => Found::One(Node::Metadata),
            (Node::Project(project), "id") => value(global_id("Project", project.id)),
            (Node::Project(project), "name") => value(project.name.as_ref().into()),
            (Node::Project(project), "path") => value(project.path.as_ref().into()),
            (Node::Project(project), "fullPath") => value(project.full_path.as_ref().into()),
            (Node::Project(project), "archived") => value(project.archived.into()),
            (Node::Project(project), "services") => self.services(project, arguments),
            (Node::Service(row), "type") => value(class(row.kind().slug).into()),
            (Node::Service(row), "serviceType") => value(service_type(row.kind().slug).into()),
            (Node::Service(row), "active") => value(row.active.into()),
            (Node::User(user), "id") => value(global_id("User", user.id)),
            (Node::User(user), "username") => value(user.username.as_ref().into()),
            (Node::User(user), "name") => value(user.name.as_ref().into()),
            (Node::Metadata, "version") => value(self.site.version.to_string().into()),
            (Node::Metadata, "revision") => value(crate::api::REVISION.into()),
            (Node::Metadata, "enterprise") => value(self.site.version.enterprise().into()),
            (Node::Pages(pages), "nodes") => Found::Many(pages.nodes.clone()),
            (Node::Pages(pages), "edges") => Found::Many(
                pages.nodes.iter().map(|node| Node::Edge(Box::new(node.clone()))).collect(),
            ),
            (Node::Pages(pages), "pageInfo") => Found::One(Node::PageInfo(pages.info.clone())),
            (Node::Pages(pages), "count") => value(pages.count.into()),
            (Node::Edge(node), "node") => Found::One(node.as_ref().clone()),
            (Node::Edge(node), "cursor") => value(node.cursor().into()),
            (Node::PageInfo(info), name) => value(info[name].clone()),
            _ => value(Json::Null),
        }
    }

    fn project(&self, arguments: &Json) -> Found<'a> {
        let path = arguments["fullPath"].as_str().unwrap_or_default();
        let project = self.world.project_by_path(path);
        match project.filter(|project| self.world.sees_project(self.viewer, project)) {
            Some(project) => Found::One(Node::Project(project)),
            None => Found::Value(Json::Null),
        }
    }

    fn projects(&self, arguments: &Json) -> Found<'a> {
        let member = arguments["membership"] == true;
        let seen = |project: &&'a Project| {
            if member {
                self.world.project_membership(self.viewer, project) >= access::GUEST
            } else {
                self.world.sees_project(self.viewer, project)
            }
        };
        let all = self.world.projects.values().rev().filter(seen).map(Node::Project).collect();
        Found::One(Node::Pages(Pages::new("ProjectConnection", all, arguments)))
    }

    /// Whoever may not administer the project finds nothing there, and no error (contract,
    /// section 5).
    fn services(&self, project: &'a Project, arguments: &Json) -> Found<'a> {
        if self.world.project_access(self.viewer, project) < access::MAINTAINER {
            return Found::Value(Json::Null);
        }
        let (active, wanted) = (arguments["active"].as_bool(), arguments["type"].as_str());
        let mut rows: Vec<_> = project
            .rows
            .iter()
            .filter(|row| active.is_none_or(|active| row.active == active))
            .filter(|row| wanted.is_none_or(|name| service_type(row.kind().slug) == name))
            .collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.id));
        let all = rows.into_iter().map(Node::Service).collect();
        Found::One(Node::Pages(Pages::new("ServiceConnection", all, arguments)))
    }
}

fn global_id(kind: &str, id: u64) -> Json {
    format!("gid://gitlab/{kind}/{id}").into()
}
