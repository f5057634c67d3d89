//! The program as a process that serves, and requests to it over sockets.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value as Json;

/// Longest wait for an answer: far more than any needs, so that a server that hangs fails the test.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);

/// A server, killed with the value.
pub(super) struct Server {
    child: Child,
    pub(super) address: SocketAddr,
    token: String,
}

/// Where requests go, for a client of its own thread.
#[derive(Clone)]
pub(super) struct Door {
    address: SocketAddr,
    token: String,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: Json,
}

/// The program, on this database.
pub(super) fn erp(data: &Path, url: &str, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_erp"));
    command.current_dir(data).arg("--data-dir").arg(data).args(["--database-url", url]).args(words);
    command.env("RUST_LOG", "error").stdout(Stdio::piped()).stderr(Stdio::inherit()).stdin(Stdio::null());
    command
}

impl Server {
    /// Starts, and waits until it is ready.
    pub(super) fn start(data: &Path, url: &str) -> Self {
        let mut command = erp(data, url, &["--listen", "127.0.0.1:0", "--dev"]);
        // Clients that post as fast as they can are the point.
        let mut child = command.args(["--set", "company.demo=false", "--set", "web.rate=0", "serve"]).spawn().unwrap();
        let mut address = None;
        for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
            if let Some((_, rest)) = line.split_once("start page   http://") {
                address = rest.trim_end_matches('/').parse().ok();
            }
            if line.starts_with("ready in") {
                let token = std::fs::read_to_string(data.join("dev-token")).unwrap().trim().to_owned();
                return Self { child, address: address.unwrap(), token };
            }
        }
        panic!("the server ended before it was ready: {:?}", child.wait());
    }

    pub(super) fn door(&self) -> Door {
        Door { address: self.address, token: self.token.clone() }
    }

    /// Kills it, as a loss of power would.
    pub(super) fn kill(mut self) {
        self.child.kill().unwrap();
        let status = self.child.wait().unwrap();
        assert!(!status.success(), "the server ended before it was killed: {status}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A test that failed leaves nothing behind; one that was killed already is no concern.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Door {
    pub(super) fn get(&self, path: &str) -> Json {
        let reply = self.ask("GET", path, None, &Json::Null).unwrap();
        assert_eq!(reply.status, 200, "GET {path}: {}", reply.body);
        reply.body
    }

    /// Sends a body under an idempotency key; `None` when the server did not answer to the end.
    pub(super) fn post(&self, path: &str, key: &str, body: &Json) -> Option<Reply> {
        self.ask("POST", path, Some(key), body)
    }

    fn ask(&self, method: &str, path: &str, key: Option<&str>, body: &Json) -> Option<Reply> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let key = key.map_or(String::new(), |key| format!("Idempotency-Key: {key}\r\n"));
        let (token, length) = (&self.token, body.len());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n{key}Connection: close\r\n\r\n{body}"
        );
        let mut stream = TcpStream::connect(self.address).ok()?;
        stream.set_read_timeout(Some(ANSWER_LIMIT)).unwrap();
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        // An answer that was cut off is none.
        let whole = length.is_none_or(|length: usize| body.len() == length);
        let status = head.split(' ').nth(1)?.parse().ok()?;
        whole.then(|| Reply { status, body: serde_json::from_str(body).unwrap_or(Json::Null) })
    }
}
