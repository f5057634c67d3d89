//! Runs programs so that ctrl-C and SIGTERM stop them, and nothing is left behind.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::report::say;
use crate::{Error, Result};

/// Starts programs, each in its own process group, and passes a request to stop on to them.
///
/// A program gets its own group so that what it started in turn (a test binary under `cargo`) stops
/// with it, and so that a server outlives the tests that use it until its guard stops it in order.
#[derive(Debug, Clone)]
pub struct Runner {
    state: Arc<State>,
}

/// One of the two streams that a program writes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stream {
    Output,
    Errors,
}

#[derive(Debug, Default)]
struct State {
    interrupted: AtomicBool,
    groups: Mutex<Vec<Pid>>,
}

impl State {
    fn signal(&self, signal: Signal) {
        for group in self.groups.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            // The group may be gone already.
            let _ = kill_process_group(*group, signal);
        }
    }
}

impl Runner {
    /// Takes over SIGINT, SIGTERM and SIGHUP of this process.
    ///
    /// # Errors
    /// Fails when the system refuses the handler.
    pub fn new() -> Result<Self> {
        let state = Arc::new(State::default());
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).map_err(Error::io("cannot handle signals"))?;
        let seen = Arc::clone(&state);
        std::thread::spawn(move || {
            for _ in signals.forever() {
                let again = seen.interrupted.swap(true, Ordering::SeqCst);
                seen.signal(if again { Signal::KILL } else { Signal::TERM });
            }
        });
        Ok(Self { state })
    }

    /// Fails once somebody asked to stop.
    pub(crate) fn checkpoint(&self) -> Result<()> {
        if self.state.interrupted.load(Ordering::SeqCst) { Err(Error::Interrupted) } else { Ok(()) }
    }

    /// Runs a program with this process's output, after printing its command line.
    pub(crate) fn run(&self, command: &mut Command) -> Result<()> {
        say(format!("$ {}", line(command)));
        let child = self.spawn(command)?;
        self.wait(command, child)
    }

    /// The same, also handing each line of one of its streams to `each`.
    pub(crate) fn run_teeing(&self, command: &mut Command, which: Stream, each: impl FnMut(&str)) -> Result<()> {
        say(format!("$ {}", line(command)));
        match which {
            Stream::Output => command.stdout(Stdio::piped()),
            Stream::Errors => command.stderr(Stdio::piped()),
        };
        let mut child = self.spawn(command)?;
        let copied = match (child.stdout.take(), child.stderr.take()) {
            (Some(stdout), _) => tee(stdout, std::io::stdout(), each),
            (None, Some(stderr)) => tee(stderr, std::io::stderr(), each),
            (None, None) => Ok(()),
        };
        copied.map_err(Error::io(line(command)))?;
        self.wait(command, child)
    }

    /// Runs a program quietly; its output is shown only when it fails.
    pub(crate) fn run_quietly(&self, command: &mut Command) -> Result<String> {
        let child = self.spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()))?;
        let group = group_of(&child);
        let output = child.wait_with_output().map_err(Error::io(line(command)))?;
        self.forget(group);
        self.checkpoint()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(text);
        }
        let all = format!("{text}{}", String::from_utf8_lossy(&output.stderr));
        Err(Error::Program { program: line(command), status: format!("{}\n{}", output.status, all.trim_end()) })
    }

    fn spawn(&self, command: &mut Command) -> Result<Child> {
        self.checkpoint()?;
        let child = command.process_group(0).spawn().map_err(Error::io(format!("cannot start `{}`", line(command))))?;
        let group = group_of(&child);
        self.state.groups.lock().unwrap_or_else(PoisonError::into_inner).extend(group);
        if self.checkpoint().is_err() {
            // The signal came between the check and the registration.
            self.state.signal(Signal::TERM);
        }
        Ok(child)
    }

    fn wait(&self, command: &Command, mut child: Child) -> Result<()> {
        let group = group_of(&child);
        let status = child.wait().map_err(Error::io(line(command)))?;
        self.forget(group);
        self.checkpoint()?;
        succeeded(command, status)
    }

    fn forget(&self, group: Option<Pid>) {
        self.state.groups.lock().unwrap_or_else(PoisonError::into_inner).retain(|other| Some(*other) != group);
    }
}

/// The id of a child, which is also the id of its group.
pub(crate) fn group_of(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}

/// Copies a stream line by line; a reader of ours that is gone is no reason to stop.
fn tee(from: impl Read, mut to: impl Write, mut each: impl FnMut(&str)) -> std::io::Result<()> {
    for text in BufReader::new(from).split(b'\n') {
        let text = text?;
        let text = String::from_utf8_lossy(&text);
        let _ = writeln!(to, "{text}");
        each(&text);
    }
    Ok(())
}

fn succeeded(command: &Command, status: ExitStatus) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    Err(Error::Program { program: line(command), status: status.to_string() })
}

/// The command line as one would type it, without the folder of the program.
fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let words = std::iter::once(program.file_name().unwrap_or(program.as_os_str())).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_and_failure_of_a_program_are_kept() {
        let runner = Runner { state: Arc::default() };
        assert_eq!(runner.run_quietly(Command::new("echo").arg("hello")).unwrap(), "hello\n");
        let error = runner.run_quietly(Command::new("sh").args(["-c", "echo why >&2; exit 3"])).unwrap_err();
        assert!(error.to_string().contains("exit status: 3\nwhy"), "{error}");
    }

    #[test]
    fn each_line_is_handed_on() {
        let runner = Runner { state: Arc::default() };
        for (which, script) in [(Stream::Output, "echo a; echo b"), (Stream::Errors, "echo a >&2; echo b >&2")] {
            let mut lines = Vec::new();
            let mut command = Command::new("sh");
            runner.run_teeing(command.args(["-c", script]), which, |line| lines.push(line.to_owned())).unwrap();
            assert_eq!(lines, ["a", "b"]);
        }
    }

    #[test]
    fn an_interrupted_runner_starts_nothing() {
        let runner = Runner { state: Arc::default() };
        runner.state.interrupted.store(true, Ordering::SeqCst);
        assert!(matches!(runner.run_quietly(&mut Command::new("true")), Err(Error::Interrupted)));
    }
}
