//! The command line of `cargo xtask`.

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::report::say;
use crate::test::{Options, Step};
use crate::{Error, Result, Runner, Workspace, layers, licences, postgres, test, tidy};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "The project's own commands; CI runs `cargo xtask test`")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run everything CI runs, and list all failures at the end
    Test(TestArgs),
    /// Compare the arrows between crates, and what their sources mention, with the rules
    Layers,
    /// Check what every source file and document must have, and must not have
    Tidy,
    /// Check the licence of every dependency
    Licences,
    /// Start a PostgreSQL server, run a command with CORTEX_TEST_POSTGRES set, stop the server
    Postgres(PostgresArgs),
}

#[derive(Debug, Args)]
struct TestArgs {
    /// Also run what is too slow for every change
    #[arg(long)]
    full: bool,
    /// Install nothing: say what is missing instead
    #[arg(long)]
    no_install: bool,
    /// Run this step only (may be repeated)
    #[arg(long, value_name = "STEP", value_enum)]
    only: Vec<Step>,
}

#[derive(Debug, Args)]
struct PostgresArgs {
    /// Install nothing: say what is missing instead
    #[arg(long)]
    no_install: bool,
    /// The command to run, after `--`
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<String>,
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Error::Interrupted) => {
            say("interrupted");
            ExitCode::from(130)
        }
        Err(error) => {
            say(format!("\nerror: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    match cli.command {
        Command::Test(args) => {
            let options = Options { full: args.full, install: !args.no_install, only: args.only };
            test::run(&Workspace::find()?, &Runner::new()?, &options)
        }
        Command::Layers => {
            layers::check(&Workspace::find()?)?;
            say("layers: every arrow points down");
            Ok(())
        }
        Command::Tidy => {
            tidy::check(&Workspace::find()?)?;
            say("tidy: nothing to mend");
            Ok(())
        }
        Command::Licences => {
            let count = licences::check(&Workspace::find()?)?;
            say(format!("licences: {count} crates are fine"));
            Ok(())
        }
        Command::Postgres(args) => postgres::run_with(&Runner::new()?, !args.no_install, &args.command),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn everything_after_two_dashes_is_the_command() {
        let cli = Cli::try_parse_from(["xtask", "postgres", "--", "cargo", "bench", "--no-run"]).unwrap();
        let Command::Postgres(args) = cli.command else { panic!("another command") };
        assert_eq!(args.command, ["cargo", "bench", "--no-run"]);
    }
}
