//! Finds PostgreSQL's programs, and installs the Debian package where they are missing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::report::say;
use crate::{Error, Result, Runner};

/// Where Debian puts each version, in a folder of its own.
const DEBIAN: &str = "/usr/lib/postgresql";
const PACKAGE: &str = "postgresql";
/// What a server needs.
const PROGRAMS: &[&str] = &["initdb", "postgres"];

/// A folder with the programs of one version of PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    bin: PathBuf,
}

impl Installation {
    /// The newest version in Debian's place, else what the search path offers.
    #[must_use]
    pub fn find() -> Option<Self> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        newest(Path::new(DEBIAN))
            .or_else(|| std::env::split_paths(&path).find(|bin| complete(bin)))
            .map(|bin| Self { bin })
    }

    /// The same, installing the Debian package where nothing is found and it is allowed.
    ///
    /// # Errors
    /// Fails when it is missing and may not or cannot be installed; the message says what to install.
    pub fn get(runner: &Runner, may_install: bool) -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        if !may_install {
            return Err(missing("is not installed, and --no-install was given"));
        }
        if !rustix::process::geteuid().is_root() {
            return Err(missing("is not installed, and only root can install it"));
        }
        install(runner)?;
        Self::find().ok_or_else(|| missing("was installed but its programs are not where they should be"))
    }

    /// The path of one of its programs.
    #[must_use]
    pub fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }
}

fn missing(what: &str) -> Error {
    Error::Missing(format!(
        "PostgreSQL {what}\n  \
         help: run `apt-get install {PACKAGE}`, or name a running server: {}=postgres://user@host:port/postgres",
        super::VARIABLE
    ))
}

fn install(runner: &Runner) -> Result<()> {
    say(format!("PostgreSQL is missing: about to install the Debian package `{PACKAGE}`"));
    for arguments in [&["update"][..], &["install", "--yes", "--no-install-recommends", PACKAGE]] {
        runner.run(Command::new("apt-get").arg("--quiet").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    Ok(())
}

fn newest(root: &Path) -> Option<PathBuf> {
    let versions = fs::read_dir(root).ok()?.flatten();
    let numbered = versions.filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path())));
    let complete = numbered.map(|(version, path)| (version, path.join("bin"))).filter(|(_, bin)| complete(bin));
    complete.max_by_key(|(version, _)| *version).map(|(_, bin)| bin)
}

fn complete(bin: &Path) -> bool {
    PROGRAMS.iter().all(|program| bin.join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_complete_version_is_taken() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(newest(root.path()), None);
        for (version, programs) in [("9", PROGRAMS), ("15", PROGRAMS), ("16", &PROGRAMS[..1]), ("notes", PROGRAMS)] {
            let bin = root.path().join(version).join("bin");
            fs::create_dir_all(&bin).unwrap();
            for program in programs {
                fs::write(bin.join(program), "").unwrap();
            }
        }
        assert_eq!(newest(root.path()), Some(root.path().join("15/bin")));
    }
}
