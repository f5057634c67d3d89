//! From the command line to what it asks for.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{CommandFactory, FromArgMatches};
use cortex_core::{
    Application, Assembled, Clock, Command, Config, Container, Contributions, Error, Result, Running, SectionInfo,
    SystemClock, shutdown_signal,
};
use cortex_data::{
    AllowAll, Data, Database, DatabaseConfig, DenyAll, Down, Guard, MigrationState, Migrator, Relay, TenancyConfig,
    TenantMigrations,
};
use cortex_web::DevToken;

use super::App;
use super::args::{Arguments, ConfigStep, MigrateStep, Options, Verb};
use super::check;
use super::edge::{self, Edge};

/// What the process was started for; modules find it in the container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// To serve until it is told to stop.
    Serve,
    /// To run one command and end.
    Command,
}

pub(super) async fn run(app: App) -> Result<()> {
    let arguments = match parse(&app.name) {
        Ok(arguments) => arguments,
        Err(stop) => return explain(app, &stop),
    };
    let Arguments { mut options, command } = arguments;
    log(options.verbose);
    options.dev |= command.is_none();
    let setup = Setup::of(&app, options)?;
    match command.unwrap_or(Verb::Serve) {
        Verb::Serve => serve(app, setup).await,
        Verb::Migrate { step } => {
            migrate(&setup.assemble(app, Mode::Command)?, &setup, step.unwrap_or(MigrateStep::Up)).await
        }
        Verb::Config { step: ConfigStep::Show } => show_config(&setup.assemble(app, Mode::Command)?),
        Verb::Doctor => check::doctor(&setup.assemble(app, Mode::Command)?, &setup.db).await,
        Verb::Openapi => {
            let name = app.name.clone();
            openapi(&setup.assemble(app, Mode::Command)?, &name, &setup.data_dir)
        }
        Verb::Module(typed) => command_of_module(app, setup, typed).await,
    }
}

fn parse(name: &str) -> std::result::Result<Arguments, clap::Error> {
    let matches = Arguments::command().name(name.to_owned()).bin_name(name).try_get_matches()?;
    Arguments::from_arg_matches(&matches)
}

/// Prints the help, with the modules' commands, or what is wrong with the command line.
fn explain(app: App, stop: &clap::Error) -> Result<()> {
    if stop.kind() == clap::error::ErrorKind::DisplayHelp
        && std::env::args_os().len() == 2
        && let Ok(setup) = Setup::of(&app, Options::default())
    {
        let name = app.name.clone();
        let assembled = setup.assemble(app, Mode::Command)?;
        let commands = commands(assembled.contributions());
        let after = if commands.is_empty() { String::new() } else { format!("Commands of the modules:\n{commands}") };
        let help = Arguments::command().name(name.clone()).bin_name(name).after_help(after).render_help();
        print(&help.ansi().to_string());
        return Ok(());
    }
    stop.exit()
}

fn commands(contributions: &Contributions) -> String {
    let lines = contributions.of::<Command>().map(|(_, command)| {
        let typed = format!("{} {}", command.name(), command.arguments());
        format!("  {typed:<34} {}\n", command.about())
    });
    lines.collect()
}

/// What every command starts from.
pub(super) struct Setup {
    config: Config,
    pub(super) db: Database,
    data_dir: PathBuf,
    options: Options,
}

impl Setup {
    fn of(app: &App, options: Options) -> Result<Self> {
        let data_dir = options.data_dir.clone().unwrap_or_else(|| PathBuf::from(format!("{}-data", app.name)));
        let config = config(app, &options, &data_dir)?;
        let database: DatabaseConfig = config.section()?;
        let tenancy: TenancyConfig = config.section()?;
        if options.fresh {
            remove_embedded(&database.url)?;
        }
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let db = Database::open_with(&database.options(), tenancy.options()?, clock)?;
        Ok(Self { config, db, data_dir, options })
    }

    fn assemble(&self, app: App, mode: Mode) -> Result<Assembled> {
        let database: DatabaseConfig = self.config.section()?;
        let guard: Arc<dyn Guard> =
            if self.options.dev || mode == Mode::Command { Arc::new(AllowAll) } else { Arc::new(DenyAll) };
        let mut data = Data::new(&self.db).guarded(guard);
        if !database.migrate {
            data = data.without_migrations();
        }
        let mut edge = Edge::closed(&app.name);
        if mode == Mode::Serve {
            edge = edge.listening(self.data_dir.join("dev-token"));
        }
        let base: Application = app.application.config(self.config.clone()).base(data).edge(edge);
        base.setup(move |m| {
            m.instance(Arc::new(mode));
            #[cfg(feature = "exchange")]
            m.instance(Arc::new(cortex_exchange::DefaultTenant(edge::DEVELOPMENT_TENANT)));
        })
        .assemble()
    }
}

fn config(app: &App, options: &Options, data_dir: &std::path::Path) -> Result<Config> {
    let file = data_dir.join(format!("{}.db", app.name));
    let mut builder = match &options.config {
        Some(file) => Config::builder().file(file),
        None => Config::builder().dir("."),
    };
    if let Some(profile) = &options.profile {
        builder = builder.profile(profile);
    }
    builder = builder.default_value(format!("database.url=sqlite:{}", file.display()));
    for pair in &app.defaults {
        builder = builder.default_value(pair.clone());
    }
    builder = builder.process_env().set_all(&options.set);
    if let Some(url) = &options.database_url {
        builder = builder.set(format!("database.url={url}"));
    }
    if let Some(listen) = &options.listen {
        builder = builder.set(format!("web.listen={listen}"));
    }
    builder.load()
}

/// Removes the embedded database that `url` names, with its journal.
fn remove_embedded(url: &str) -> Result<()> {
    let Some(path) = url.strip_prefix("sqlite:") else {
        return Err(Error::config("app.fresh", "`--fresh` only starts an embedded database over")
            .with_help("drop and create the PostgreSQL database yourself, or name another one"));
    };
    for suffix in ["", "-wal", "-shm"] {
        let file = format!("{path}{suffix}");
        match std::fs::remove_file(&file) {
            Ok(()) => {}
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => {
                return Err(Error::config("app.fresh", format!("`{file}` can't be removed: {e}"))
                    .with_help("stop the process that uses it"));
            }
        }
    }
    Ok(())
}

async fn serve(app: App, setup: Setup) -> Result<()> {
    let name = app.name.clone();
    let assembled = setup.assemble(app, Mode::Serve)?;
    let guard = assembled.container().get::<dyn Guard>()?;
    if guard.refuses_everything() {
        return Err(Error::config("app.no_guard", "nothing decides yet who may do what, so nothing may be served")
            .with_help(format!(
                "add a module that installs a guard, or run `{name} serve --dev` on your own machine"
            )));
    }
    if setup.options.dev {
        print("development mode: whoever has the token may do everything; only this machine is listened to\n");
    }
    let running = assembled.start().await.map_err(Error::from)?;
    if setup.options.verbose > 0 {
        print(&running.report().to_string());
    }
    print(&format!("ready in {} ms\n", running.report().total().as_millis()));
    running.until(shutdown_signal()).await.map_err(Error::from)
}

async fn migrate(assembled: &Assembled, setup: &Setup, step: MigrateStep) -> Result<()> {
    let migrator = Migrator::of(&setup.db, assembled.modules(), assembled.contributions());
    let text = migrator
        .off_thread(move |migrator| {
            Ok(match step {
                MigrateStep::Status => status(migrator)?,
                MigrateStep::Up => up(migrator)?,
                MigrateStep::Down { how_far } => done("reverted", &migrator.down(&down(&how_far))?),
                MigrateStep::DryRun => migrator.plan_up()?.iter().map(|step| format!("{step}\n")).collect(),
            })
        })
        .await?;
    print(&text);
    Ok(())
}

/// The main database, then those of tenants; fails when one of them did.
fn up(migrator: &Migrator) -> Result<String> {
    let text = done("applied", &migrator.up()?);
    let report = TenantMigrations::new(migrator).up()?;
    match report.failed.is_empty() {
        true if report.tenants == 0 => Ok(text),
        true => Ok(format!("{text}{report}\n")),
        false => Err(Error::unavailable("tenancy.not_migrated", report.to_string())),
    }
}

/// `COUNT | MODULE [NAME]`
fn down(words: &[String]) -> Down {
    match words {
        [] => Down::Last(1),
        [one] => one.parse().map_or_else(|_| Down::Module(one.clone()), Down::Last),
        [module, name, ..] => Down::To { module: module.clone(), name: name.clone() },
    }
}

fn status(migrator: &Migrator) -> Result<String> {
    let mut pending = 0;
    let mut text = String::new();
    for migration in migrator.status()? {
        pending += usize::from(migration.state == MigrationState::Pending);
        text.push_str(&format!("{migration}\n"));
    }
    text.push_str(&format!("{pending} pending\n"));
    if pending == 0 {
        for tenant in TenantMigrations::new(migrator).pending()? {
            let why = tenant.migrate_error.map(|error| format!(": {error}")).unwrap_or_default();
            text.push_str(&format!("tenant {} is not migrated{why}\n", tenant.name));
        }
    }
    Ok(text)
}

fn done(what: &str, all: &[cortex_data::Migrated]) -> String {
    if all.is_empty() {
        return "nothing to do\n".to_owned();
    }
    all.iter().map(|m| format!("{what} {}/{} in {} ms\n", m.module, m.name, m.took.as_millis())).collect()
}

fn show_config(assembled: &Assembled) -> Result<()> {
    let config = assembled.container().get::<Config>()?;
    let sections: Vec<_> = assembled.contributions().of::<SectionInfo>().map(|(_, section)| *section).collect();
    print(&format!("{}\n", config.explain(&sections)));
    Ok(())
}

fn openapi(assembled: &Assembled, name: &str, data_dir: &std::path::Path) -> Result<()> {
    let (token, _) = DevToken::load_or_create(&data_dir.join("dev-token"))?;
    let server = edge::server(assembled.container(), name, token)?;
    print(&format!("{}\n", String::from_utf8_lossy(server.openapi())));
    Ok(())
}

/// Options of the program that a command would swallow when they are typed behind it.
const OPTIONS: [&str; 8] =
    ["--data-dir", "--database-url", "--listen", "--dev", "--fresh", "--config", "--profile", "--set"];

/// Refuses options of the program behind a module's command: the command would run on another database than meant.
fn misplaced(words: &[String]) -> Result<()> {
    let is_ours = |word: &&String| OPTIONS.contains(&word.split('=').next().unwrap_or_default());
    match words.iter().find(is_ours) {
        None => Ok(()),
        Some(word) => Err(Error::invalid("app.option", format!("`{word}` stands behind the command"))
            .with_help("options of the program go before the command")),
    }
}

async fn command_of_module(app: App, setup: Setup, typed: Vec<String>) -> Result<()> {
    misplaced(&typed)?;
    let mut words = typed.into_iter();
    let typed = words.next().unwrap_or_default();
    let name = app.name.clone();
    let running = setup.assemble(app, Mode::Command)?.start().await.map_err(Error::from)?;
    let result = run_command(&running, &name, &typed, words.collect()).await;
    // What the command emitted is delivered before the process ends.
    let db = setup.db.clone();
    let delivered = tokio::task::spawn_blocking(move || Relay::new(db).drain().map(|_| ()));
    let delivered = delivered.await.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()));
    running.shutdown().await.map_err(Error::from)?;
    result.and(delivered)
}

async fn run_command(running: &Running, program: &str, typed: &str, words: Vec<String>) -> Result<()> {
    let contributions = Arc::clone(running.contributions());
    let container: Container = running.container().clone();
    let Some((_, command)) = contributions.of::<Command>().find(|(_, command)| command.name() == typed) else {
        let known = commands(&contributions);
        return Err(Error::invalid("app.command", format!("there is no command `{typed}`"))
            .with_help(format!("`{program} --help` lists the commands; those of modules are:\n{known}")));
    };
    command.run(container, words).await
}

fn log(verbose: u8) {
    let level = match verbose {
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(level));
    // A second application in the process (a test) finds the first one's subscriber, which is fine.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

#[expect(clippy::print_stdout, reason = "this is the command line")]
pub(super) fn print(text: &str) {
    print!("{text}");
}

#[expect(clippy::print_stderr, reason = "this is the command line")]
pub(super) fn report(error: &Error) {
    eprintln!("error: {error:?}");
}
