//! Running the program, in an environment of its own: no keychain, no home, no token but the one
//! given.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value as Json;
use tempfile::TempDir;

/// The program, with an environment that knows nothing of this computer's.
pub fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heirloomctl"));
    command
        .env_clear()
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What a run left behind.
#[derive(Debug)]
pub struct Ran {
    /// Exit status.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// The one JSON document on standard output.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }

    /// Every line of standard output as JSON.
    pub fn lines(&self) -> Vec<Json> {
        self.out.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
    }
}

/// A data folder and a token, if one is given.
pub struct Desk {
    home: TempDir,
    token: Option<String>,
}

impl Desk {
    /// A desk without a token.
    pub fn new() -> Self {
        Self { home: tempfile::tempdir().expect("a folder"), token: None }
    }

    /// A desk with a connection to a server, by a token for each run.
    pub fn connected(server: &Server) -> Self {
        let desk = Self { token: Some(server.token.clone()), ..Self::new() };
        let ran = desk.run(&["connect", "--url", &server.url, "--name", "demo"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        desk
    }

    /// The same, synced.
    pub fn synced(server: &Server) -> Self {
        let desk = Self::connected(server);
        let ran = desk.run(&["sync"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        desk
    }

    /// From now on every run has this token in its environment, or none.
    pub fn token(mut self, token: Option<&str>) -> Self {
        self.token = token.map(str::to_owned);
        self
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// A path beside the data folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The program at this desk.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program(self.home.path());
        command.args(arguments).env("HEIRLOOM_DATA_DIR", self.data());
        if let Some(token) = &self.token {
            command.env("HEIRLOOM_TOKEN", token);
        }
        command
    }

    /// Runs it to its end.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    /// Runs it to its end with something on standard input.
    pub fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().expect("the program");
        // A program that does not read its input may be gone already.
        let _ = child.stdin.take().expect("standard input").write_all(input.as_bytes());
        finish(child)
    }
}

/// Waits for a program to end.
pub fn finish(child: Child) -> Ran {
    let ended = child.wait_with_output().expect("the program ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ran {
        code: ended.status.code().expect("an exit status, not a signal"),
        out: text(ended.stdout),
        err: text(ended.stderr),
    }
}

/// Sends a signal to a program.
pub fn signal(child: &Child, signal: Signal) {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw).expect("a process id");
    kill_process(pid, signal).expect("the program is there");
}

/// A running `demo-server`.
pub struct Server {
    /// Its address.
    pub url: String,
    /// Its token.
    pub token: String,
    child: Option<Child>,
    _home: TempDir,
}

impl Server {
    /// The demo company.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// One with further arguments.
    pub fn start_with(arguments: &[&str]) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let mut child = program(home.path())
            .args(["demo-server", "--port", "0", "--json"])
            .args(arguments)
            .spawn()
            .expect("the program");
        let mut first = String::new();
        let out = child.stdout.take().expect("standard output");
        BufReader::new(out).read_line(&mut first).expect("a first line");
        let said: Json = serde_json::from_str(&first).expect("JSON on the first line");
        let text = |key: &str| said[key].as_str().expect("a text").to_owned();
        Self { url: text("url"), token: text("token"), child: Some(child), _home: home }
    }

    /// Ends it as the system would, and tells its exit status.
    pub fn end(mut self) -> i32 {
        let child = self.child.take().expect("it runs");
        signal(&child, Signal::TERM);
        finish(child).code
    }

    /// Sends something to its own pages for tests.
    pub fn post(&self, path: &str, body: &Json) {
        self.send("POST", path, body);
    }

    /// The same, by any method.
    pub fn send(&self, method: &str, path: &str, body: &Json) {
        self.send_text(method, path, &body.to_string());
    }

    /// The same, for what is not JSON.
    pub fn send_text(&self, method: &str, path: &str, body: &str) {
        self.answer(method, path, body);
    }

    /// Every request it was sent, first to last.
    pub fn requests(&self) -> Vec<Json> {
        let answer = self.answer("GET", "/__requests", "");
        let body = answer.split_once("\r\n\r\n").map(|(_, body)| body).expect("a body");
        let json: Json = serde_json::from_str(body).expect("JSON");
        json.as_array().expect("a list").clone()
    }

    fn answer(&self, method: &str, path: &str, body: &str) -> String {
        let host = self.url.trim_start_matches("http://");
        let mut socket = TcpStream::connect(host).expect("the server");
        write!(
            socket,
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
        .expect("a request");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 2"), "the server took it: {answer}");
        answer
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
