//! An import that is killed, as a process, at moments that nobody chose.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::folder;
use crate::imports::seed;

/// Times that the import is killed before it may end.
const DEATHS: usize = 4;

/// The program, with its data in a folder of its own.
pub(crate) fn erp(data: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_erp"));
    command.current_dir(data).arg("--data-dir").arg(data).args(words);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::null());
    command
}

/// Kills the process after so many lines of its progress and so much time; answers whether it still lived.
pub(crate) fn kill(mut child: Child, lines: usize, moment: Duration) -> bool {
    let progress = BufReader::new(child.stderr.take().unwrap());
    let (told, hears) = mpsc::channel();
    let reader =
        std::thread::spawn(move || progress.lines().map_while(Result::ok).for_each(|line| drop(told.send(line))));
    for _ in 0..lines {
        if hears.recv().is_err() {
            break;
        }
    }
    // Somewhere within one of the next units of work; a line that comes meanwhile only makes it a little earlier.
    drop(hears.recv_timeout(moment));
    child.kill().unwrap();
    let lived = !child.wait().unwrap().success();
    reader.join().unwrap();
    lived
}

#[test]
fn an_import_that_is_killed_goes_on_to_the_same_figures() {
    let Some(dir) = folder("an_import_that_is_killed_goes_on_to_the_same_figures") else { return };
    let mut random = StdRng::seed_from_u64(seed());
    let data = tempfile::tempdir().unwrap();
    let words = ["import", "northwind", dir.to_str().unwrap()];
    let mut deaths = 0;
    for _ in 0..DEATHS {
        let child = erp(data.path(), &words).spawn().unwrap();
        let (lines, moment) = (random.random_range(0..=8), Duration::from_millis(random.random_range(0..400)));
        deaths += usize::from(kill(child, lines, moment));
        // Whatever it left ties out, or there is no company yet.
        let report = erp(data.path(), &["report"]).output().unwrap();
        assert!(report.status.success(), "{}", String::from_utf8_lossy(&report.stderr));
    }
    assert!(deaths > 0, "the import ended before it was killed");
    let whole = erp(data.path(), &words).output().unwrap();
    let text = String::from_utf8_lossy(&whole.stdout).into_owned();
    assert!(whole.status.success(), "{text}{}", String::from_utf8_lossy(&whole.stderr));
    let expected = [
        ("orders", "830", "2155 lines"),
        ("shipped", "809", ""),
        ("open", "21", ""),
        ("net sales", "1,265,793.29 USD", "half up per line (unrounded 1265793.0395)"),
        ("freight", "64,942.69 USD", ""),
        ("stock", "3119", ""),
        ("stock value", "74,050.85 USD", "stock account 74,050.85 USD"),
        ("receivables", "26,925.11 USD", "control account 26,925.11 USD"),
        ("debits", "7,048,419.20 USD", "credits 7,048,419.20 USD"),
        ("orphans", "0", ""),
    ];
    for (what, figure, note) in expected {
        let found = text.lines().any(|line| {
            let line = line.trim();
            line.strip_prefix(what).is_some_and(|rest| rest.trim().starts_with(figure)) && line.contains(note)
        });
        assert!(found, "no {what} {figure} {note} in\n{text}");
    }
    let again = erp(data.path(), &words).output().unwrap();
    assert!(String::from_utf8_lossy(&again.stdout).starts_with("everything was there already"));
}
