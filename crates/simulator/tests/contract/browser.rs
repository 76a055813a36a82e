//! A browser for the settings pages: it keeps its cookie, reads forms and follows nothing.

use reqwest::Method;
use serde_json::Value as Json;
use url::form_urlencoded;

use crate::harness::{Answer, Server};

pub(crate) struct Browser<'a> {
    pub(crate) server: &'a Server,
    client: reqwest::Client,
    cookie: Option<String>,
    pub(crate) csrf: String,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(server: &'a Server) -> Self {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client");
        Self { server, client, cookie: None, csrf: String::new() }
    }

    /// A browser in which somebody signed in.
    pub(crate) async fn of(server: &'a Server, login: &str) -> Self {
        let mut browser = Self::new(server);
        let answer = browser.sign_in(login, server.simulator.password()).await;
        assert_eq!(answer.status, 302, "signed in");
        browser
    }

    pub(crate) async fn sign_in(&mut self, login: &str, password: &str) -> Answer {
        self.get("/users/sign_in").await;
        let form = [("user[login]", login), ("user[password]", password)];
        self.send(Method::POST, "/users/sign_in", &form).await
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        let answer = self.ask(Method::GET, path, String::new()).await;
        if let Some(csrf) = between(&answer.text, "name=\"csrf-token\" content=\"", "\"") {
            self.csrf = csrf.to_owned();
        }
        answer
    }

    /// A form with the token of the page that was read last.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        form: &[(&str, &str)],
    ) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("authenticity_token", &self.csrf)
            .extend_pairs(form)
            .finish();
        self.ask(method, path, body).await
    }

    /// A script of the page calls the API.
    pub(crate) async fn api(
        &self,
        method: Method,
        path: &str,
        body: &str,
        csrf: Option<&str>,
    ) -> Answer {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.server.simulator.url()))
            .header("cookie", self.cookie.as_deref().expect("a session"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.to_owned());
        if let Some(csrf) = csrf {
            request = request.header("x-csrf-token", csrf);
        }
        self.server.send(request).await
    }

    async fn ask(&mut self, method: Method, path: &str, body: String) -> Answer {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.server.simulator.url()))
            .header("accept", "text/html")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let answer = self.server.send(request).await;
        if let Some(cookie) = answer.header("set-cookie") {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        answer
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split(after).next()
}

/// A `data-` attribute of the element with a class.
pub(crate) fn data(page: &Answer, class: &str, name: &str) -> Option<String> {
    let element = between(&page.text, &format!("class=\"{class}\""), ">")?;
    let value = between(element, &format!(" data-{name}=\""), "\"")?;
    let text = value.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<");
    Some(text.replace("&gt;", ">").replace("&amp;", "&"))
}

/// The same, where it holds JSON.
pub(crate) fn data_json(page: &Answer, class: &str, name: &str) -> Json {
    let text = data(page, class, name).unwrap_or_else(|| panic!("no {name} in {}", page.text));
    serde_json::from_str(&text).expect("JSON")
}

/// The value that a form shows for a field.
pub(crate) fn field(page: &Answer, name: &str) -> Json {
    let fields = data_json(page, "js-vue-integration-settings", "fields");
    let found = fields.as_array().and_then(|list| list.iter().find(|f| f["name"] == name).cloned());
    found.unwrap_or_else(|| panic!("no field {name}"))["value"].clone()
}
