//! One simulator and a plain HTTP client.

use std::time::Duration;

use heirloom_simulator::{Config, Form, Level, Simulator};
use reqwest::{Method, RequestBuilder, StatusCode, header::HeaderMap};
use serde_json::Value as Json;

/// A settings form with custom values.
pub(crate) fn form(fields: &Json) -> Form {
    let fields = fields.as_object().expect("an object").clone().into_iter().collect();
    Form { inherit: Some(false), fields, ..Form::default() }
}

pub(crate) struct Server {
    pub(crate) simulator: Simulator,
    client: reqwest::Client,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("ASCII header"))
    }
}

impl Server {
    /// The demo company, whose defaults propagate at once.
    pub(crate) async fn demo() -> Self {
        Self::start(Config::default()).await
    }

    pub(crate) async fn start(config: Config) -> Self {
        let config = Config { propagation_delay: Duration::from_millis(1), ..config };
        let simulator = Simulator::start(config).await.expect("the simulator starts");
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client");
        Self { simulator, client }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}/api/v4{path}", self.simulator.url()))
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        Answer { status, headers, text: response.text().await.expect("a body") }
    }

    pub(crate) async fn get_as(&self, token: &str, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).header("PRIVATE-TOKEN", token)).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.get_as(self.simulator.token(), path).await
    }

    pub(crate) async fn put_as(&self, token: &str, path: &str, body: &Json) -> Answer {
        self.send(self.request(Method::PUT, path).bearer_auth(token).json(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Json) -> Answer {
        self.put_as(self.simulator.token(), path, &body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        let token = self.simulator.token();
        self.send(self.request(Method::DELETE, path).bearer_auth(token)).await
    }

    pub(crate) fn group(&self, path: &str) -> u64 {
        self.simulator.world().group(path).unwrap_or_else(|| panic!("no group {path}"))
    }

    pub(crate) fn project(&self, path: &str) -> u64 {
        self.simulator.world().project(path).unwrap_or_else(|| panic!("no project {path}"))
    }

    /// `/projects/ID/integrations/SLUG` of a project by path.
    pub(crate) fn of_project(&self, path: &str, slug: &str) -> String {
        format!("/projects/{}/integrations/{slug}", self.project(path))
    }

    /// The same of a group.
    pub(crate) fn of_group(&self, path: &str, slug: &str) -> String {
        format!("/groups/{}/integrations/{slug}", self.group(path))
    }

    pub(crate) fn row(&self, level: Level, path: &str, slug: &str) -> heirloom_simulator::RowView {
        let world = self.simulator.world();
        let id = match level {
            Level::Instance => 0,
            Level::Group => self.group(path),
            Level::Project => self.project(path),
        };
        world.row(level, id, slug).unwrap_or_else(|| panic!("{path} has no {slug}"))
    }
}
