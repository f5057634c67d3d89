//! The command line that every application has.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// What is typed after the program's name.
#[derive(Debug, Parser)]
#[command(version, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) options: Options,
    #[command(subcommand)]
    pub(crate) command: Option<Verb>,
}

/// Options that every command understands.
#[derive(Debug, Default, Args)]
pub(crate) struct Options {
    /// The folder for the database, the token and files [default: ./<name>-data]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// `sqlite:path/to/file.db` or `postgres://user:password@host:5432/name`
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<String>,
    /// Lets every signed-in actor do everything; only on this machine's own addresses
    #[arg(long, global = true)]
    pub(crate) dev: bool,
    /// Starts over: removes the embedded database first
    #[arg(long, global = true)]
    pub(crate) fresh: bool,
    /// Reads this file instead of ./cortex.toml
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Adds the settings of cortex.<profile>.toml
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Sets one key of the configuration: `--set web.timeout=10s`
    #[arg(long, global = true, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Shows more of what happens; twice for everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Migrates and serves (without any command: the same, in development mode)
    Serve,
    /// Brings the database's tables up to date, or shows what would happen
    Migrate {
        #[command(subcommand)]
        step: Option<MigrateStep>,
    },
    /// Shows the configuration and where each value came from
    Config {
        #[command(subcommand)]
        step: ConfigStep,
    },
    /// Checks the configuration, the database, its tables and every health check
    Doctor,
    /// Prints the OpenAPI document
    Openapi,
    /// Commands of the modules
    #[command(external_subcommand)]
    Module(Vec<String>),
}

/// Parts of `migrate`.
#[derive(Debug, Subcommand)]
pub(crate) enum MigrateStep {
    /// Lists every migration and whether it is applied
    Status,
    /// Applies what is missing (the default)
    Up,
    /// Reverts migrations, the last one first
    Down {
        /// How many [default: 1], or a module whose migrations all go, or a module and its migration that stays
        #[arg(value_name = "COUNT | MODULE [NAME]", num_args = 0..=2)]
        how_far: Vec<String>,
    },
    /// Prints the SQL that `up` would run
    DryRun,
}

/// Parts of `config`.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigStep {
    /// Every key with its value and source; secrets are masked
    Show,
}
