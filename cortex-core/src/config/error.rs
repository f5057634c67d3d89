//! Why a configuration cannot be loaded or used.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::source::ConfigProblem;
use crate::choice::list;
use crate::{Kind, Refusal};

/// Why a configuration cannot be loaded or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file that was asked for cannot be read.
    #[error("cannot read the configuration file `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("`{}` is not valid TOML: line {line}, column {column}: {message}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// There is no file for the profile.
    #[error("the profile `{profile}` has no file `{}`", path.display())]
    NoProfile {
        /// As asked for.
        profile: String,
        /// The file that was looked for.
        path: PathBuf,
        /// The profiles that have a file there.
        known: Vec<String>,
    },
    /// A command-line override is not `section.key=value`.
    #[error("`{text}` does not set a configuration value")]
    Override {
        /// As given, without what follows the first `=`.
        text: String,
    },
    /// An environment variable has the prefix but no usable name or value.
    #[error("the environment variable `{name}` {reason}")]
    Variable {
        /// Its name.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Values are wrong, missing or unknown.
    #[error("{}", all(problems))]
    Invalid {
        /// All of them.
        problems: Vec<ConfigProblem>,
    },
}

fn all(problems: &[ConfigProblem]) -> String {
    match problems {
        [one] => one.to_string(),
        many => {
            let mut text = format!("{} problems in the configuration", many.len());
            for problem in many {
                let _ = write!(text, "\n  {problem}");
                if let Some(help) = problem.help() {
                    let _ = write!(text, "; {help}");
                }
            }
            text
        }
    }
}

impl Refusal for ConfigError {
    fn kind(&self) -> Kind {
        Kind::Config
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => "config.read",
            Self::Syntax { .. } => "config.syntax",
            Self::NoProfile { .. } => "config.profile",
            Self::Override { .. } => "config.override",
            Self::Variable { .. } => "config.variable",
            Self::Invalid { .. } => "config.invalid",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Read { .. } => Some("name a file that exists and may be read, or leave the option out".to_owned()),
            Self::Syntax { .. } => None,
            Self::NoProfile { known, .. } if known.is_empty() => Some("create the file or drop the profile".to_owned()),
            Self::NoProfile { known, .. } => Some(format!("profiles with a file: {}", list(known))),
            Self::Override { .. } => Some("write `section.key=value`, such as `web.port=8080`".to_owned()),
            Self::Variable { .. } => Some("write `CORTEX_SECTION__KEY`, such as `CORTEX_WEB__PORT`".to_owned()),
            Self::Invalid { problems } => match problems.as_slice() {
                [one] => one.help().map(str::to_owned),
                _ => None,
            },
        }
    }
}
