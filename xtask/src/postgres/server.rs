//! Starts one PostgreSQL server as a user who is not root, and stops it by its process id.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Signal, geteuid, kill_process};
use tempfile::TempDir;

use super::Installation;
use crate::process::group_of;
use crate::report::say;
use crate::{Error, Result, Runner};

const START_SECONDS_MAX: u64 = 60;
/// A fast stop rolls back and writes a checkpoint; on a slow disk that takes a while.
const STOP_SECONDS_MAX: u64 = 30;
const POLL: Duration = Duration::from_millis(20);
/// Somebody else may take the free port before the server does.
const TRIES_MAX: u32 = 3;
/// Owners of the server when this process is root, in order of preference.
const USERS: &[&str] = &["postgres", "nobody"];
const SETTINGS: &str = "\
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
fsync = on
log_min_messages = warning
";

/// A running server; it stops when this is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    url: String,
    // After the child, so that the folder goes last.
    folder: TempDir,
}

impl Server {
    /// Creates a cluster in a temporary folder and starts a server on a free port of the loopback address.
    ///
    /// Whoever can reach that address may log in without a password, as long as the server runs.
    ///
    /// # Errors
    /// Fails with the server's own log when it does not become ready.
    pub fn start(runner: &Runner, installation: &Installation) -> Result<Self> {
        let began = Instant::now();
        let owner = Owner::choose()?;
        let folder = TempDir::with_prefix("cortex-postgres-").map_err(Error::io("cannot create a temporary folder"))?;
        owner.give(folder.path())?;
        let data = folder.path().join("data");
        let mut initdb = owner.command(&installation.program("initdb"), folder.path());
        initdb.arg("--pgdata").arg(&data);
        initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]);
        runner.run_quietly(&mut initdb)?;
        configure(&data)?;
        for attempt in 1..=TRIES_MAX {
            let port = free_port()?;
            let mut child = launch(&owner, installation, folder.path(), &data, port)?;
            match wait_ready(runner, &mut child, &data) {
                Ok(()) => {
                    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
                    say(format!("PostgreSQL: {url} after {:.1} s", began.elapsed().as_secs_f64()));
                    return Ok(Self { child, url, folder });
                }
                Err(Error::Server(_)) if attempt < TRIES_MAX => stop(&mut child),
                Err(error) => {
                    stop(&mut child);
                    return Err(with_log(error, folder.path()));
                }
            }
        }
        Err(Error::Server("PostgreSQL did not start".into()))
    }

    /// The URL of the database `postgres`, in which the tests create their own.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The temporary folder with the cluster and the log.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The process id of the server.
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}

fn configure(data: &Path) -> Result<()> {
    let path = data.join("postgresql.conf");
    let mut file = fs::OpenOptions::new().append(true).open(&path).map_err(Error::file(&path))?;
    file.write_all(SETTINGS.as_bytes()).map_err(Error::file(&path))
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    listener.map(|address| address.port()).map_err(Error::io("no free port on 127.0.0.1"))
}

fn launch(owner: &Owner, installation: &Installation, folder: &Path, data: &Path, port: u16) -> Result<Child> {
    let log = log_path(folder);
    let out = fs::File::create(&log).map_err(Error::file(&log))?;
    let err = out.try_clone().map_err(Error::file(&log))?;
    let mut command = owner.command(&installation.program("postgres"), folder);
    command.arg("-D").arg(data).arg("-p").arg(port.to_string());
    // A group of its own: ctrl-C ends the tests first, then the guard stops the server.
    command.process_group(0).stdin(Stdio::null()).stdout(out).stderr(err);
    command.spawn().map_err(Error::io("cannot start PostgreSQL"))
}

/// Waits until the server itself writes that it is ready, which no other server on the port can do for it.
fn wait_ready(runner: &Runner, child: &mut Child, data: &Path) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(START_SECONDS_MAX);
    while Instant::now() < deadline {
        runner.checkpoint()?;
        if let Some(status) = child.try_wait().map_err(Error::io("cannot wait for PostgreSQL"))? {
            return Err(Error::Server(format!("PostgreSQL ended at once: {status}")));
        }
        let state = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
        if says_ready(&state, child.id()) {
            return Ok(());
        }
        std::thread::sleep(POLL);
    }
    Err(Error::Server(format!("PostgreSQL was not ready after {START_SECONDS_MAX} s")))
}

/// Reads `postmaster.pid`: the first line is the process id, the eighth the state.
fn says_ready(state: &str, process_id: u32) -> bool {
    let mut lines = state.lines();
    let ours = lines.next() == Some(process_id.to_string().as_str());
    ours && lines.nth(6).is_some_and(|line| line.trim() == "ready")
}

/// Asks for a fast stop (SIGINT), then insists. Nothing is reported: this also runs while another error travels.
fn stop(child: &mut Child) {
    for signal in [Signal::INT, Signal::QUIT, Signal::KILL] {
        let Ok(None) = child.try_wait() else { return };
        if let Some(id) = group_of(child) {
            let _ = kill_process(id, signal);
        }
        let deadline = Instant::now() + Duration::from_secs(STOP_SECONDS_MAX);
        while Instant::now() < deadline && matches!(child.try_wait(), Ok(None)) {
            std::thread::sleep(POLL);
        }
    }
}

fn log_path(folder: &Path) -> PathBuf {
    folder.join("server.log")
}

fn with_log(error: Error, folder: &Path) -> Error {
    match (error, fs::read_to_string(log_path(folder))) {
        (Error::Server(message), Ok(log)) => Error::Server(format!("{message}\n{}", log.trim_end())),
        (error, _) => error,
    }
}

/// Who the server runs as: PostgreSQL refuses to run as root.
#[derive(Debug)]
struct Owner {
    /// User and group, when this process is root and must become somebody else.
    become_ids: Option<(u32, u32)>,
    setpriv: bool,
}

impl Owner {
    fn choose() -> Result<Self> {
        let setpriv = ["/usr/bin/setpriv", "/bin/setpriv"].iter().any(|path| Path::new(path).is_file());
        if !geteuid().is_root() {
            return Ok(Self { become_ids: None, setpriv });
        }
        if !setpriv {
            return Err(Error::Missing("`setpriv` (Debian package `util-linux`) is missing".into()));
        }
        let path = Path::new("/etc/passwd");
        let users = fs::read_to_string(path).map_err(Error::file(path))?;
        let ids = USERS.iter().find_map(|name| ids_of(&users, name));
        let ids = ids.ok_or_else(|| Error::Missing(format!("there is no user named {}", USERS.join(" or "))))?;
        Ok(Self { become_ids: Some(ids), setpriv })
    }

    fn give(&self, folder: &Path) -> Result<()> {
        match self.become_ids {
            Some((user, group)) => chown(folder, Some(user), Some(group)).map_err(Error::file(folder)),
            None => Ok(()),
        }
    }

    /// A command that runs as this owner, and gets SIGINT should this process be killed.
    fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(if self.setpriv { Path::new("setpriv") } else { program });
        if self.setpriv {
            command.args(["--pdeathsig", "INT"]);
            if let Some((user, group)) = self.become_ids {
                command.args([format!("--reuid={user}"), format!("--regid={group}"), "--clear-groups".into()]);
            }
            command.arg("--").arg(program);
        }
        command.current_dir(folder);
        command
    }
}

/// The ids of a user and of its group, from the text of `/etc/passwd`.
fn ids_of(users: &str, name: &str) -> Option<(u32, u32)> {
    let mut fields = users.lines().map(|line| line.split(':')).find(|fields| fields.clone().next() == Some(name))?;
    Some((fields.nth(2)?.parse().ok()?, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_from_the_list_of_users() {
        let users = "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65533:nobody:/:/usr/sbin/nologin\n";
        assert_eq!(ids_of(users, "nobody"), Some((65534, 65533)));
        assert_eq!(ids_of(users, "postgres"), None);
    }

    #[test]
    fn only_the_own_server_is_ready() {
        let state = "41\n/data\n1700000000\n5432\n\n127.0.0.1\n  1 2\nready   \n";
        assert!(says_ready(state, 41));
        assert!(!says_ready(state, 42));
        assert!(!says_ready(&state.replace("ready   ", "starting"), 41));
        assert!(!says_ready("41\n", 41));
    }
}
