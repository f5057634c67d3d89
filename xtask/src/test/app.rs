//! Starts an application built with the framework, and asks it over HTTP what a user would.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Signal, kill_process};
use serde_json::Value;

use crate::http::{Answer, get};
use crate::process::group_of;
use crate::report::say;
use crate::{Error, Result, Runner};

const POLL: Duration = Duration::from_millis(50);
/// A first start may create a year of a company's activity, in a build that is not optimised.
const READY_SECONDS_MAX: u64 = 600;
const STOP_SECONDS_MAX: u64 = 60;
/// Shorter words on the line that mentions the token are prose.
const TOKEN_LENGTH_MIN: usize = 20;

/// A running application; it is killed when this is dropped without having been stopped.
#[derive(Debug)]
pub(super) struct App {
    child: Child,
    address: SocketAddr,
    log: PathBuf,
}

impl App {
    /// Starts `program serve` on a free port; its data lies in `folder`, unless a database is named.
    pub(super) fn start(runner: &Runner, program: &Path, folder: &Path, database: Option<&str>) -> Result<Self> {
        runner.checkpoint()?;
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
        let address = free.map_err(Error::io("no free port on 127.0.0.1"))?;
        let log = folder.join("output.log");
        let out = fs::File::create(&log).map_err(Error::file(&log))?;
        let err = out.try_clone().map_err(Error::file(&log))?;
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CORTEX_")) {
            command.env_remove(name);
        }
        command.arg("serve").arg("--dev").arg("--data-dir").arg(folder.join("data"));
        command.args(["--listen", &address.to_string()]);
        if let Some(url) = database {
            command.args(["--database-url", url]);
        }
        command.current_dir(folder).process_group(0).stdin(Stdio::null()).stdout(out).stderr(err);
        let child = command.spawn().map_err(Error::io(format!("cannot start `{}`", program.display())))?;
        let mut app = Self { child, address, log };
        app.wait_ready(runner)?;
        Ok(app)
    }

    fn wait_ready(&mut self, runner: &Runner) -> Result<()> {
        let began = Instant::now();
        while began.elapsed().as_secs() < READY_SECONDS_MAX {
            runner.checkpoint()?;
            if let Some(status) = self.child.try_wait().map_err(Error::io("cannot wait for the application"))? {
                return Err(self.failure(&format!("the application ended at once: {status}")));
            }
            if get(self.address, "/health/ready", None).is_ok_and(|answer| answer.status == 200) {
                say(format!("ready after {:.1} s on {}", began.elapsed().as_secs_f64(), self.address));
                return Ok(());
            }
            std::thread::sleep(POLL);
        }
        Err(self.failure(&format!("the application was not ready after {READY_SECONDS_MAX} s")))
    }

    /// Reads every list that its own OpenAPI document offers, with the development token and without.
    pub(super) fn explore(&self, token: Option<&str>) -> Result<()> {
        let answer = self.expect(200, "/api/openapi.json", token)?;
        let what = "the OpenAPI document".to_owned();
        let document: Value = serde_json::from_str(&answer.body).map_err(|source| Error::Json { what, source })?;
        let lists = lists(&document);
        if lists.is_empty() {
            return Err(self.failure("the OpenAPI document offers no list"));
        }
        for path in &lists {
            self.expect(200, path, token)?;
            self.expect(401, path, None)?;
        }
        say(format!("{} lists answer, and only with the token", lists.len()));
        Ok(())
    }

    fn expect(&self, status: u16, path: &str, token: Option<&str>) -> Result<Answer> {
        let answer = get(self.address, path, token)?;
        if answer.status == status {
            return Ok(answer);
        }
        let body: String = answer.body.chars().take(500).collect();
        Err(self.failure(&format!("GET {path}: expected {status}, got {}: {body}", answer.status)))
    }

    /// The token that the first start printed.
    pub(super) fn token(&self) -> Option<String> {
        token_in(&fs::read_to_string(&self.log).unwrap_or_default())
    }

    /// Asks the application to drain and stop; it must end well.
    pub(super) fn stop(mut self) -> Result<()> {
        if let Some(id) = group_of(&self.child) {
            let _ = kill_process(id, Signal::TERM);
        }
        let began = Instant::now();
        while began.elapsed().as_secs() < STOP_SECONDS_MAX {
            match self.child.try_wait().map_err(Error::io("cannot wait for the application"))? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(self.failure(&format!("the application did not stop well: {status}"))),
                None => std::thread::sleep(POLL),
            }
        }
        Err(self.failure(&format!("the application did not stop within {STOP_SECONDS_MAX} s")))
    }

    fn failure(&self, message: &str) -> Error {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        Error::Server(format!("{message}\nits output:\n{}", log.trim_end()))
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The paths that can be read without knowing an id or a required parameter.
fn lists(document: &Value) -> Vec<String> {
    let Some(paths) = document.get("paths").and_then(Value::as_object) else { return Vec::new() };
    let own = paths.iter().filter(|(path, _)| path.starts_with("/api/v1/") && !path.contains('{'));
    let readable = own.filter(|(_, methods)| methods.get("get").is_some_and(|get| !needs_parameter(get)));
    readable.map(|(path, _)| path.clone()).collect()
}

fn needs_parameter(operation: &Value) -> bool {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let required = |parameter: &Value| parameter.get("required") == Some(&Value::Bool(true));
    parameters.is_some_and(|parameters| parameters.iter().any(required))
}

fn token_in(output: &str) -> Option<String> {
    let lines = output.lines().filter(|line| line.to_lowercase().contains("token"));
    let words =
        lines.flat_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.')));
    words.filter(|word| word.len() >= TOKEN_LENGTH_MIN).map(str::to_owned).next()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_are_what_can_be_read_at_once() {
        let document = json!({"paths": {
            "/api/v1/fleet/vehicles": {"get": {"parameters": [{"name": "sort", "required": false}]}, "post": {}},
            "/api/v1/fleet/vehicles/{id}": {"get": {}},
            "/api/v1/fleet/report": {"get": {"parameters": [{"name": "year", "required": true}]}},
            "/api/v1/fleet/sell": {"post": {}},
            "/health/live": {"get": {}},
        }});
        assert_eq!(lists(&document), ["/api/v1/fleet/vehicles"]);
    }

    #[test]
    fn the_token_is_the_long_word_on_its_line() {
        let output =
            "listening on http://127.0.0.1:8080/a-rather-long-path\ndevelopment token: abcDEF0123456789_-xyzw\n";
        assert_eq!(token_in(output).as_deref(), Some("abcDEF0123456789_-xyzw"));
        assert_eq!(token_in("no such thing"), None);
    }
}
